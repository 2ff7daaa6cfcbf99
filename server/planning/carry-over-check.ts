import { carryOver, flushKgAfter } from '../../plc/logic/carry-over.ts';
import type { CarryOverRule, DrugClass, FeedNature } from '../../plc/model/carry-over.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { Text } from '../../plc/model/text.ts';
import type { ControlRecipe } from '../../recipes/control-recipe.ts';
import type { PlanBoard } from './plan-board.ts';
import type { PlanChange, PlanRequest, Trace } from './plan-types.ts';
import type { PlanLine } from './ways.ts';

const NO_RULE: Text = {
  vi: 'Ma trận không có quy tắc cho nhóm thuốc này: không cho phép',
  en: 'No rule of the matrix speaks of this drug class: not allowed',
};

/** What one unit of a way asks for before the next product. */
export interface UnitFinding {
  readonly change: PlanChange;
  readonly reason: Reason;
  readonly before: Trace;
}

/** The matrix of carry-over for one unit (DOMAIN 4); null where nothing must happen. */
function findingOf(
  rules: readonly CarryOverRule[],
  unit: string,
  before: Trace | null,
  next: Trace,
): UnitFinding | null {
  if (before === null) return null;
  const { verdict, rule } = carryOver(rules, before.nature, next.nature);
  if (verdict.kind === 'allowed') return null;
  const { drugClass } = before.nature;
  const flushKg = verdict.kind === 'flush' ? verdict.flushKg : flushKgAfter(rules, drugClass);
  const objects = {
    unit,
    before: before.formulaCode,
    next: next.formulaCode,
    drugClass,
    flushKg,
  };
  return {
    before,
    change: { kind: verdict.kind, unit, flushKg, why: rule?.why ?? NO_RULE },
    reason: reason(`plan.carry-over-${verdict.kind}`, objects),
  };
}

/**
 * What a finished bin asks for before this product. A flush does not go through a bin that is
 * empty, so a bin is cleaned where a way would be flushed.
 */
export function binFinding(board: PlanBoard, bin: string, next: Trace): UnitFinding | null {
  const found = findingOf(board.input.carryOver, bin, board.trace(bin), next);
  if (found === null || found.change.kind !== 'flush') return found;
  return {
    before: found.before,
    change: { ...found.change, kind: 'clean' },
    reason: reason('plan.carry-over-clean', found.reason.objects),
  };
}

/** All that the units of a way ask for before this product. */
export function wayFindings(
  board: PlanBoard,
  units: readonly string[],
  next: Trace,
): UnitFinding[] {
  return units.flatMap(
    (unit) => findingOf(board.input.carryOver, unit, board.trace(unit), next) ?? [],
  );
}

const CLASS_TEXTS: Readonly<Record<DrugClass, Text>> = {
  none: { vi: 'không thuốc', en: 'no drug' },
  ionophore: { vi: 'ionophore', en: 'ionophore' },
  coccidiostat: { vi: 'thuốc cầu trùng', en: 'coccidiostat' },
  antibiotic: { vi: 'kháng sinh', en: 'antibiotic' },
  anthelmintic: { vi: 'thuốc giun', en: 'anthelmintic' },
};

/** The material that a line flushes with: what its largest scale has most bins of. */
function flushMaterial(board: PlanBoard, line: PlanLine): string | null {
  const count = new Map<string, number>();
  for (const { material } of line.scales[0]?.bins ?? []) {
    if (material !== null && board.stockKg(material) > 0) {
      count.set(material, (count.get(material) ?? 0) + 1);
    }
  }
  const best = [...count].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0];
  return best?.[0] ?? null;
}

/**
 * What flushes a way after a drug (21 CFR 225.65): one material without drug. It takes rests of the
 * drug with it: its code names their class, so that it lies in a bin and lot of its own, and is
 * used in feed of that class only.
 */
export function flushRecipe(
  material: string,
  after: FeedNature,
  procedure: ControlRecipe['procedure'],
): ControlRecipe {
  const { vi, en } = CLASS_TEXTS[after.drugClass];
  return {
    formulaCode: `FLUSH-${after.drugClass.toUpperCase()}`,
    formulaVersion: 1,
    product: {
      vi: `Mẻ đẩy sạch sau ${vi}, chỉ dùng lại cho cám cùng nhóm thuốc`,
      en: `Flush after ${en}, for feed of the same class only`,
    },
    items: [{ material, pct: 100, drug: false }],
    procedure,
    nature: { drugClass: 'none', species: after.species, withdrawal: false },
  };
}

/** Kinds of findings that the planner cures by itself with a flush before the order. */
function isCurable(findings: readonly UnitFinding[]): boolean {
  return findings.length > 0 && findings.every(({ change }) => change.kind === 'flush');
}

/**
 * The flush that makes an order legal; null where none is needed or none would do. It goes the way
 * of the order, so that everything behind the mixer is flushed too.
 */
export function flushBefore(
  board: PlanBoard,
  request: PlanRequest,
  line: PlanLine,
  way: {
    readonly press: string | null;
    readonly bagger: string | null;
    readonly chute: string | null;
  },
  findings: readonly UnitFinding[],
): PlanRequest | Reason | null {
  const worst = [...findings].sort((a, b) => b.change.flushKg - a.change.flushKg)[0];
  if (request.kind === 'flush' || worst === undefined || !isCurable(findings)) return null;
  const material = flushMaterial(board, line);
  if (material === null) return reason('plan.no-flush-material', { line: line.id });
  const isPackingDirty = findings.some(
    ({ change: { unit } }) => unit === way.bagger || unit === way.chute,
  );
  return {
    planId: `${request.planId}-F`,
    kind: 'flush',
    recipe: flushRecipe(material, worst.before.nature, request.recipe.procedure),
    substitutes: {},
    dieMm: request.dieMm,
    screenMm: request.screenMm,
    orderKg: worst.change.flushKg,
    batchKg: null,
    line: line.id,
    press: way.press,
    destination: null,
    bagger: isPackingDirty ? way.bagger : null,
    packaging: isPackingDirty ? 'bags' : 'bulk',
    bagKg: request.bagKg,
    dueTimeMs: null,
    customer: null,
  };
}
