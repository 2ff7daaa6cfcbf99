import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { UnitFinding } from './carry-over-check.ts';
import { binFinding, wayFindings } from './carry-over-check.ts';
import type { PlanBoard } from './plan-board.ts';
import type { PlanRequest, Trace } from './plan-types.ts';
import type { PlanLine } from './ways.ts';

/** Where an order goes from its line. Members are null where there is none, with a reason. */
export interface ChosenWay {
  readonly press: string | null;
  readonly bin: string | null;
  readonly bagger: string | null;
  readonly reasons: readonly Reason[];
}

/** First by `keyOf`, and among equals the first of the list: the same plan every time. */
function leastBy<T>(list: readonly T[], keyOf: (one: T) => readonly number[]): T | null {
  let best: { one: T; key: readonly number[] } | null = null;
  for (const one of list) {
    const key = keyOf(one);
    const at = key.findIndex((value, index) => value !== best?.key[index]);
    if (best === null || (at >= 0 && (key[at] ?? 0) < (best.key[at] ?? 0))) best = { one, key };
  }
  return best?.one ?? null;
}

export function traceOf(request: PlanRequest): Trace {
  return { formulaCode: request.recipe.formulaCode, nature: request.recipe.nature };
}

/** The press that is free first; a change of die or a flush makes it wait behind an equal one. */
function choosePress(board: PlanBoard, request: PlanRequest, line: PlanLine): string | null {
  const open = line.presses.filter((id) => board.input.ways.presses.has(id));
  return leastBy(open, (press) => {
    const dieChange =
      request.dieMm !== null && board.die(press) !== null && board.die(press) !== request.dieMm;
    const findings = wayFindings(board, [press], traceOf(request)).length;
    const kgPerS = board.input.ways.presses.get(press)?.kgPerS ?? 1;
    return [board.freeMs(press) + (dieChange ? 1_800_000 : 0) + findings * 900_000, -kgPerS];
  });
}

function pressOf(board: PlanBoard, request: PlanRequest, line: PlanLine) {
  if (!request.recipe.procedure.pelleted) return { press: null, reasons: [] };
  if (request.press === null) {
    const press = choosePress(board, request, line);
    return { press, reasons: press === null ? [reason('plan.no-press', { line: line.id })] : [] };
  }
  const reaches = line.presses.includes(request.press);
  const fault = reason('plan.press-unreachable', { press: request.press, line: line.id });
  return { press: reaches ? request.press : null, reasons: reaches ? [] : [fault] };
}

/** Finished bins that a press, or a line's mash, reaches, but for those of other lines. */
function reachedBins(board: PlanBoard, line: PlanLine, press: string | null): readonly string[] {
  const { presses, lines } = board.input.ways;
  const reached = press === null ? line.mashBins : (presses.get(press)?.bins ?? []);
  const others = lines.filter(({ id }) => id !== line.id).flatMap((one) => one.finishedBins);
  return reached.filter((bin) => line.finishedBins.includes(bin) || !others.includes(bin));
}

function baggersOf(board: PlanBoard, bin: string, wanted: string | null): string[] {
  const { baggers } = board.input.ways;
  return [...baggers.values()]
    .filter(({ id, bins }) => bins.includes(bin) && (wanted === null || id === wanted))
    .map(({ id }) => id);
}

/** The diverter between a bin and a bagger that other bins share; null: there is none. */
export function chuteOf(board: PlanBoard, bin: string | null, bagger: string | null) {
  if (bin === null || bagger === null) return null;
  return board.input.ways.baggers.get(bagger)?.chutes.get(bin) ?? null;
}

/** When a bagger can be filled from a bin: it is free, and so is the chute that leads to it. */
export function baggerFreeMs(board: PlanBoard, bin: string, bagger: string): number {
  const chute = chuteOf(board, bin, bagger);
  return Math.max(board.freeMs(bagger), chute === null ? 0 : board.freeMs(chute));
}

/** The bagger of a bin that can be filled from it first. */
export function chooseBagger(board: PlanBoard, bin: string, wanted: string | null): string | null {
  return leastBy(baggersOf(board, bin, wanted), (one) => [baggerFreeMs(board, bin, one)]);
}

/**
 * What must be done to a bin before it takes this order. A flush may lie where its drug lay: it is
 * used in feed of that class only.
 */
function dirtOf(board: PlanBoard, request: PlanRequest, bin: string): UnitFinding | null {
  return request.kind === 'flush' ? null : binFinding(board, bin, traceOf(request));
}

/** A bin is really empty some time after its forecast, ms. */
const EMPTYING_MARGIN_MS = 300_000;

/**
 * The bin for an order: bulk without a drug goes on top of its own product where there is room;
 * bags are made out of a bin of their own, and medicated feed never lies upon another lot. Else the
 * bin that is empty first, near the bagger that is free first. A bin must be ready when the order
 * begins, not only when its product arrives: the line checks it then.
 */
function chooseBin(
  board: PlanBoard,
  request: PlanRequest,
  bins: readonly string[],
  startMs: number,
): string | null {
  const next = traceOf(request);
  const packed = request.packaging === 'bags';
  const fit = bins.filter(
    (bin) =>
      (board.input.ways.finishedKg.get(bin) ?? 0) >= request.orderKg &&
      (!packed || baggersOf(board, bin, request.bagger).length > 0) &&
      dirtOf(board, request, bin) === null,
  );
  const mayJoin = !packed && next.nature.drugClass === 'none';
  const same = fit.find(
    (bin) =>
      mayJoin &&
      board.filledMs(bin) + EMPTYING_MARGIN_MS <= startMs &&
      !board.isEmpty(bin, startMs) &&
      board.roomKg(bin, next.formulaCode, startMs) >= request.orderKg,
  );
  if (same !== undefined) return same;
  const open = fit.filter((bin) => Number.isFinite(board.emptyMs(bin)));
  return leastBy(open, (bin) => {
    const bagger = packed ? chooseBagger(board, bin, request.bagger) : null;
    return [
      Math.max(startMs, board.emptyMs(bin) + EMPTYING_MARGIN_MS),
      bagger === null ? 0 : baggerFreeMs(board, bin, bagger),
      board.emptyMs(bin),
    ];
  });
}

function givenBin(board: PlanBoard, request: PlanRequest, bin: string, startMs: number): Reason[] {
  const next = traceOf(request);
  if (!board.isKnown(bin)) return [reason('plan.bin-unknown', { bin })];
  const found = dirtOf(board, request, bin);
  if (found !== null) return [found.reason];
  const content = board.contentOf(bin, startMs);
  if (content !== null && content.formulaCode !== next.formulaCode) {
    return [reason('bin.other-content', { bin, content: content.formulaCode })];
  }
  const roomKg = board.roomKg(bin, next.formulaCode, startMs);
  if (roomKg >= request.orderKg) return [];
  return [reason('plan.no-room', { bin, kg: request.orderKg, roomKg: Math.round(roomKg) })];
}

/** What a flush is planned for. */
export interface FlushOf {
  readonly order: string;
  /** The bin that the order behind it needs. */
  readonly notInto: string | null;
  /** The diverter before the bagger that it must flush; null: none. */
  readonly chute: string | null;
}

function binOf(
  board: PlanBoard,
  request: PlanRequest,
  line: PlanLine,
  press: string | null,
  at: { readonly startMs: number; readonly flush: FlushOf | null },
): { bin: string | null; reasons: Reason[] } {
  const { startMs, flush } = at;
  const bins = reachedBins(board, line, press);
  const wanted = request.destination;
  if (wanted === null) {
    const chute = flush?.chute ?? null;
    const open = bins.filter(
      (one) =>
        one !== flush?.notInto && (chute === null || chuteOf(board, one, request.bagger) === chute),
    );
    const bin = chooseBin(board, request, open, startMs);
    const fault = reason('plan.no-finished-bin', { kg: request.orderKg });
    return { bin, reasons: bin === null ? [fault] : [] };
  }
  if (!bins.includes(wanted)) {
    return {
      bin: null,
      reasons: [reason('plan.bin-unreachable', { from: press ?? line.id, bin: wanted })],
    };
  }
  return { bin: wanted, reasons: givenBin(board, request, wanted, startMs) };
}

/**
 * Chooses what the request leaves open, and checks what it does not.
 * @param flush what the request, a flush, is planned for.
 */
export function chooseWay(
  board: PlanBoard,
  request: PlanRequest,
  line: PlanLine,
  flush: FlushOf | null,
): ChosenWay {
  const { press, reasons } = pressOf(board, request, line);
  if (press === null && request.recipe.procedure.pelleted) {
    return { press: null, bin: null, bagger: null, reasons };
  }
  const startMs = Math.max(board.freeMs(line.id), press === null ? 0 : board.freeMs(press));
  const { bin, reasons: binReasons } = binOf(board, request, line, press, { startMs, flush });
  const all: Reason[] = [...reasons, ...binReasons];
  if (bin === null || request.packaging === 'bulk') {
    return { press, bin, bagger: null, reasons: all };
  }
  const bagger = chooseBagger(board, bin, request.bagger);
  if (bagger === null) {
    all.push(reason('plan.bagger-unreachable', { bin, bagger: request.bagger ?? '?' }));
  }
  return { press, bin, bagger, reasons: all };
}
