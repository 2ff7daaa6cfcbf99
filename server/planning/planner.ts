import { batchSizes, type PlannedDose, planDoses } from '../../plc/logic/batch-plan.ts';
import { flushKgAfter, natureLeft } from '../../plc/logic/carry-over.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';

import { flushBefore, wayFindings } from './carry-over-check.ts';
import {
  baggerFreeMs,
  type ChosenWay,
  chooseWay,
  chuteOf,
  type FlushOf,
  traceOf,
} from './choose-way.ts';
import { PlanBoard } from './plan-board.ts';
import { batchS, MASH_WAY_S, PELLET_WAY_S, PRESS_CHANGE_S } from './plan-times.ts';
import type {
  Plan,
  PlanChange,
  PlanInput,
  PlannedOrder,
  PlanRequest,
  PlanStage,
} from './plan-types.ts';
import type { PlanLine } from './ways.ts';

const MS = 1_000;
/** A press stands so long while its die is changed, min. */
export const DIE_CHANGE_MIN = 30;

const DIE_WHY = { vi: 'Sản phẩm cần khuôn khác', en: 'The product needs another die' };
const SCREEN_WHY = {
  vi: 'Sản phẩm cần lưới nghiền khác',
  en: 'The product needs another screen in the hammer mills',
};

function rounded(kg: number): number {
  return Math.round(kg * 10) / 10;
}

/**
 * Each dose must be weighable within its tolerance: no less than a division of its scale. DOMAIN 4
 * asks for 10 g on the scale of 100 kg, whose division that is.
 */
function toleranceReasons(
  line: PlanLine,
  request: PlanRequest,
  doses: readonly PlannedDose[],
): Reason[] {
  return doses.flatMap(({ scale: id, material, targetKg, toleranceKg }) => {
    const scale = line.scales.find((one) => one.id === id);
    const isDrug = request.recipe.items.some((item) => item.material === material && item.drug);
    // A drug is held to 1 %, whatever the scale allows.
    const allowedKg = isDrug ? Math.min(toleranceKg, targetKg * 0.01) : toleranceKg;
    if (scale === undefined || allowedKg >= scale.divisionKg - 1e-9) return [];
    const { divisionKg } = scale;
    return reason('plan.tolerance', { scale: id, material, divisionKg, toleranceKg: allowedKg });
  });
}

function stockReasons(
  board: PlanBoard,
  request: PlanRequest,
  doses: readonly PlannedDose[],
  count: number,
): Reason[] {
  return doses.flatMap(({ material, targetKg }) => {
    const kg = targetKg * count;
    const missingKg = kg - board.stockKg(material);
    if (missingKg <= 1e-6) return [];
    const substitutes = request.substitutes[material] ?? [];
    return [
      reason('plan.stock-missing', {
        material,
        missingKg: rounded(missingKg),
        kg: rounded(kg),
      }),
      ...substitutes
        .filter((substitute) => board.stockKg(substitute) >= kg)
        .map((substitute) => reason('plan.substitute', { material, substitute })),
    ];
  });
}

interface LinePlan {
  readonly line: PlanLine;
  readonly batches: { readonly count: number; readonly eachKg: number };
  readonly doses: readonly PlannedDose[];
  readonly way: ChosenWay;
  readonly reasons: readonly Reason[];
}

function onLine(
  board: PlanBoard,
  request: PlanRequest,
  line: PlanLine,
  flush: FlushOf | null,
): LinePlan {
  const batchKg = request.batchKg ?? line.batchKg;
  const batches = batchSizes(request.orderKg, batchKg);
  const { doses, reasons } = planDoses(request.recipe.items, batches.eachKg, line.scales);
  const way = chooseWay(board, request, line, flush);
  const size =
    batchKg > line.mixerKg ? [reason('order.batch-size', { batchKg, mixerKg: line.mixerKg })] : [];
  return {
    line,
    batches,
    doses,
    way,
    reasons: [
      ...size,
      ...reasons,
      ...toleranceReasons(line, request, doses),
      ...stockReasons(board, request, doses, batches.count),
      ...way.reasons,
    ],
  };
}

/** The line of the request; where it is open, the first free one that can make it at all. */
function chooseLine(
  board: PlanBoard,
  request: PlanRequest,
  flush: FlushOf | null,
): LinePlan | null {
  const lines = board.input.ways.lines.filter(
    ({ id }) => request.line === null || request.line === id,
  );
  const plans = lines.map((line) => onLine(board, request, line, flush));
  const startMs = ({ line, way }: LinePlan) =>
    Math.max(board.freeMs(line.id), way.press === null ? 0 : board.freeMs(way.press));
  plans.sort((a, b) => a.reasons.length - b.reasons.length || startMs(a) - startMs(b));
  return plans[0] ?? null;
}

/** Changes of die and screen, and how long the units stand for them, ms. */
function setUp(board: PlanBoard, request: PlanRequest, press: string | null) {
  const changes: PlanChange[] = [];
  if (press !== null && request.dieMm !== null) {
    const die = board.die(press);
    if (die !== null && die !== request.dieMm) {
      changes.push({ kind: 'die', unit: press, flushKg: 0, why: DIE_WHY });
    }
    board.setDie(press, request.dieMm);
  }
  if (request.screenMm !== null) {
    if (board.screenMm !== null && board.screenMm !== request.screenMm) {
      changes.push({ kind: 'screen', unit: 'grinding', flushKg: 0, why: SCREEN_WHY });
    }
    board.screenMm = request.screenMm;
  }
  const dieMs = changes.some(({ kind }) => kind === 'die') ? DIE_CHANGE_MIN * 60 * MS : 0;
  return { changes, dieMs };
}

interface Times {
  readonly stages: readonly PlanStage[];
  /** When the finished bin begins and ends to fill, and is empty again; null while it is stored. */
  readonly fillMs: number;
  readonly filledMs: number;
  readonly emptyMs: number | null;
}

/**
 * Puts an order on its units. The mixer may not be further ahead of the press than the press bin
 * holds; a press bin takes the next order when the one before has left it.
 */
function schedule(board: PlanBoard, request: PlanRequest, plan: LinePlan, dieMs: number): Times {
  const { line, batches, doses, way } = plan;
  const { orderKg } = request;
  const press = way.press === null ? undefined : board.input.ways.presses.get(way.press);
  const mixMs = batches.count * batchS(line, doses, request.recipe.procedure) * MS;
  const pressFreeMs = press === undefined ? 0 : board.freeMs(press.id) + dieMs;
  const startMs = Math.max(board.freeMs(line.id), pressFreeMs - mixMs / batches.count);
  let mixEndMs = startMs + mixMs;
  const stages: PlanStage[] = [];
  let fillMs = startMs + mixMs / batches.count + MASH_WAY_S * MS;
  let filledMs = mixEndMs + MASH_WAY_S * MS;
  if (press !== undefined) {
    const pressStartMs = Math.max(pressFreeMs, fillMs);
    const pressEndMs = Math.max(pressStartMs + (orderKg / press.kgPerS) * MS, filledMs);
    mixEndMs = Math.max(mixEndMs, pressEndMs - (press.binKg / press.kgPerS) * MS);
    stages.push({ stage: 'pressing', unit: press.id, startMs: pressStartMs, endMs: pressEndMs });
    board.occupy(press.id, pressEndMs + PRESS_CHANGE_S * MS);
    fillMs = pressStartMs + PELLET_WAY_S * MS;
    filledMs = pressEndMs + PELLET_WAY_S * MS;
  }
  stages.unshift({ stage: 'dosing', unit: line.id, startMs, endMs: mixEndMs });
  board.occupy(line.id, mixEndMs);
  const bagger = way.bagger === null ? undefined : board.input.ways.baggers.get(way.bagger);
  if (bagger === undefined) return { stages, fillMs, filledMs, emptyMs: null };
  const bin = way.bin ?? '';
  const bagStartMs = Math.max(fillMs, baggerFreeMs(board, bin, bagger.id));
  const bagMs = (orderKg / request.bagKg / bagger.bagsPerS) * MS;
  const bagEndMs = Math.max(bagStartMs + bagMs, filledMs);
  stages.push({ stage: 'bagging', unit: bagger.id, startMs: bagStartMs, endMs: bagEndMs });
  board.occupy(bagger.id, bagEndMs);
  const chute = bagger.chutes.get(bin);
  if (chute !== undefined) board.occupy(chute, bagEndMs);
  return { stages, fillMs, filledMs, emptyMs: bagEndMs };
}

function orderOf(request: PlanRequest, plan: LinePlan): Order {
  const { line, way } = plan;
  return {
    orderId: request.planId,
    ...request.recipe,
    orderKg: request.orderKg,
    batchKg: request.batchKg ?? line.batchKg,
    line: line.id,
    destination: way.bin ?? request.destination ?? '',
    packaging: request.packaging,
    bagKg: request.bagKg,
    lot: `TP-${request.planId}`,
    kind: request.kind,
    presses: way.press === null ? [] : [way.press],
    bagger: way.bagger,
    dueTimeMs: request.dueTimeMs,
    customer: request.customer,
  };
}

/** What the units of the way remember when the order has passed. */
function leaveTraces(board: PlanBoard, request: PlanRequest, units: readonly string[]): void {
  const { recipe, kind, orderKg } = request;
  for (const unit of units) {
    const before = board.trace(unit);
    const left = natureLeft(board.input.carryOver, before?.nature ?? null, {
      kind,
      nature: recipe.nature,
      orderKg,
    });
    const formulaCode = kind === 'feed' ? recipe.formulaCode : (before?.formulaCode ?? '');
    board.leave(unit, left === null ? null : { formulaCode, nature: left });
  }
}

/** A flush that is too small for what lies on its way cleans nothing. */
function flushShort(board: PlanBoard, request: PlanRequest, units: readonly string[]): Reason[] {
  if (request.kind === 'feed') return [];
  const asked = units.map((unit) => {
    const drugClass = board.trace(unit)?.nature.drugClass;
    return drugClass === undefined ? 0 : flushKgAfter(board.input.carryOver, drugClass);
  });
  const flushKg = Math.max(0, ...asked);
  if (request.orderKg >= flushKg) return [];
  return [reason('plan.flush-short', { kg: request.orderKg, flushKg })];
}

function impossible(request: PlanRequest, reasons: readonly Reason[]): PlannedOrder {
  const { recipe, orderKg, packaging, bagKg, kind, dueTimeMs, customer, planId } = request;
  const batchKg = request.batchKg ?? orderKg;
  const order: Order = {
    ...{ orderId: planId, ...recipe, orderKg, batchKg, line: request.line ?? '' },
    ...{ destination: request.destination ?? '', packaging, bagKg, lot: `TP-${planId}`, kind },
    ...{ presses: [], bagger: null, dueTimeMs, customer },
  };
  const batches = batchSizes(orderKg, batchKg);
  const nothing = { doses: [], stages: [], changes: [], notes: [], press: null, flushFor: null };
  return { planId, order, batches, ...nothing, reasons };
}

/**
 * Puts one order on the board, the flush that it needs before it. An order that cannot be made is
 * given back with every reason and leaves the board as it was.
 */
export function planNext(
  board: PlanBoard,
  request: PlanRequest,
  flushOf: FlushOf | null = null,
): readonly PlannedOrder[] {
  const plan = chooseLine(board, request, flushOf);
  if (plan === null) {
    const formula = request.recipe.formulaCode;
    return [impossible(request, [reason('plan.no-line', { formula })])];
  }
  const { line, way, batches, doses } = plan;
  const chute = chuteOf(board, way.bin, way.bagger);
  const units = [line.id, way.press, way.bagger, chute].filter((one) => one !== null);
  const next = traceOf(request);
  const findings = request.kind === 'flush' ? [] : wayFindings(board, units, next);
  const flush = flushBefore(board, request, line, { ...way, chute }, findings);
  if (flush !== null && 'planId' in flush) {
    const isChuteDirty = findings.some(({ change }) => change.unit === chute);
    const [flushed] = planNext(board, flush, {
      ...{ order: request.planId, notInto: way.bin, chute: isChuteDirty ? chute : null },
    });
    if (flushed !== undefined && flushed.reasons.length === 0) {
      const { press, bagger, bin: destination } = way;
      const fixed = { ...request, line: line.id, press, bagger, destination };
      return [flushed, ...planNext(board, fixed)];
    }
  }
  const reasons = [
    ...plan.reasons,
    ...findings.map((one) => one.reason),
    ...(flush !== null && 'code' in flush ? [flush] : []),
    ...flushShort(board, request, units),
  ];
  const order = orderOf(request, plan);
  const refused = { planId: request.planId, order, press: way.press, batches, doses };
  const flushFor = flushOf?.order ?? null;
  const carryOver = findings.map((one) => one.change);
  if (reasons.length > 0 || way.bin === null) {
    return [{ ...refused, flushFor, stages: [], changes: carryOver, reasons, notes: [] }];
  }
  const { changes, dieMs } = setUp(board, request, way.press);
  const times = schedule(board, request, plan, dieMs);
  const { stages } = times;
  leaveTraces(board, request, units);
  board.fill(way.bin, next, request.orderKg, times);
  if (request.recipe.nature.drugClass !== 'none') board.leave(way.bin, next);
  for (const { material, targetKg } of doses) board.take(material, targetKg * batches.count);
  const endMs = Math.max(...stages.map((one) => one.endMs));
  const lateMs = request.dueTimeMs === null ? 0 : endMs - request.dueTimeMs;
  const notes = lateMs > 0 ? [reason('plan.late', { lateMin: Math.ceil(lateMs / 60_000) })] : [];
  return [{ ...refused, flushFor, stages, changes, reasons: [], notes }];
}

/** Orders as they were planned, with what they cost in changes. */
export function summed(orders: readonly PlannedOrder[], nowMs: number): Plan {
  const changes = orders.flatMap((one) => one.changes);
  return {
    orders,
    endMs: Math.max(nowMs, ...orders.flatMap(({ stages }) => stages.map(({ endMs }) => endMs))),
    flushes: orders.filter(({ order }) => order.kind === 'flush').length,
    dieChanges: changes.filter(({ kind }) => kind === 'die').length,
    screenChanges: changes.filter(({ kind }) => kind === 'screen').length,
  };
}

/**
 * Plans a queue in its order (issue "orders"): per order the doses by scale and bin, a forecast of
 * each stage, the changes it needs and every reason against it. Pure: the same input gives the same
 * plan.
 */
export function planOrders(input: PlanInput, requests: readonly PlanRequest[]): Plan {
  const board = new PlanBoard(input);
  const orders = requests.flatMap((request) => planNext(board, request));
  return summed(orders, input.start.nowMs);
}
