import { bookKg, EMPTY_BOOK, toMilligram } from '../../logic/layers.ts';
import type { MovementRecord } from '../../model/record.ts';
import type { RouteStatus } from '../../model/status.ts';
import type { Transfer } from './stock.context.ts';
import {
  DIFFERENCE_MS,
  DIFFERENCE_PCT,
  LOOK_MS,
  REMEMBERED_MAX,
  REST_MS,
  STEP_PCT,
} from './stock.context.ts';
import type { StockTurn } from './stock.turn.ts';
import { binOf, bringIn, measuredKg, move, setBin, way } from './stock.turn.ts';

/** Whether the stock keeper books this way by what its levels say. */
function isBooked({ context }: StockTurn, { from, to }: Pick<Transfer, 'from' | 'to'>): boolean {
  const { made } = context;
  return (
    made.bins[from] !== undefined && !made.baggers.includes(to) && !made.weighedPits.includes(from)
  );
}

/** Whether it empties the bin under a mixer, into which every batch has come with its mass. */
function fromSurge({ context }: StockTurn, { from }: Pick<Transfer, 'from'>): boolean {
  return Object.values(context.made.surges).includes(from);
}

/**
 * What has moved and is not booked yet, kg; null while it cannot be told. Nothing weighs a
 * transfer: the level of its destination tells how much lies there, the book how much was there
 * and was taken meanwhile. Where the destination is no bin, the level of the source tells; and
 * where the source is a surge bin, whose mass is known from the scales, while a press may be
 * drawing from the destination what is booked only when it comes out behind it.
 */
function unbookedKg(turn: StockTurn, of: Transfer): number | null {
  if (of.weighedKg !== null) return toMilligram(of.weighedKg - of.movedKg);
  const [source, destination] = [binOf(turn, of.from), binOf(turn, of.to)];
  const bySource = destination === null || fromSurge(turn, of);
  const measured = measuredKg(turn, bySource ? of.from : of.to);
  if (measured === null) return null;
  const book = bookKg((bySource ? source : destination)?.book ?? EMPTY_BOOK);
  return toMilligram(bySource ? book - measured : measured + baggedKg(turn, of.to) - book);
}

/** What was bagged from a bin and is not booked yet: its level has lost it already. */
function baggedKg({ context }: StockTurn, bin: string): number {
  const bagged = Object.values(context.bagged).filter(({ from }) => from === bin);
  return bagged.reduce((sum, one) => sum + one.kg, 0);
}

/** Books what a transfer has moved, if it is more than `leastKg`. */
function settle(turn: StockTurn, of: Transfer, leastKg: number): Transfer {
  const kg = isBooked(turn, of) ? unbookedKg(turn, of) : null;
  return kg === null || kg <= leastKg ? of : book(turn, of, kg);
}

/** Books the last of a transfer; what was on its way and has not come is lost, not in its bin. */
function close(turn: StockTurn, of: Transfer): void {
  const { onItsWayKg = 0, movementId, from } = settle(turn, of, 0);
  if (onItsWayKg <= 0) return;
  const causeId = `lost/${movementId}`;
  move(turn, way({ cause: 'correction', causeId, from, to: null, estimated: true }), onItsWayKg);
}

function book(turn: StockTurn, of: Transfer, kg: number): Transfer {
  const { movementId: causeId, from, to, onItsWayKg } = of;
  const said = { cause: 'movement', causeId, to, estimated: of.weighedKg === null } as const;
  // More than was on its way is moisture and steam: it is not taken from what came in behind.
  const taken = Math.min(kg, onItsWayKg ?? kg);
  let { parts } = of;
  parts += move(turn, way({ ...said, from, first: parts }), taken);
  if (taken < kg) {
    const lot = binOf(turn, from)?.last ?? { lot: null, material: null };
    const more = [{ ...lot, kg: toMilligram(kg - taken) }];
    parts += bringIn(turn, way({ ...said, from: null, first: parts }), more);
  }
  const rest = onItsWayKg === undefined ? {} : { onItsWayKg: toMilligram(onItsWayKg - taken) };
  return { ...of, ...rest, parts, movedKg: toMilligram(of.movedKg + kg) };
}

/**
 * Before so much is taken from a bin: if the book is short of it while product is coming in, at
 * least what is missing has come, whatever the level says yet.
 */
export function bringBefore(turn: StockTurn, bin: string, kg: number): void {
  const known = binOf(turn, bin);
  const short = known === null ? 0 : toMilligram(kg - bookKg(known.book));
  if (short <= 0) return;
  for (const [route, one] of Object.entries(turn.context.transfers)) {
    if (one.to !== bin || !isBooked(turn, one)) continue;
    const next = book(turn, one, Math.max(short, unbookedKg(turn, one) ?? 0));
    turn.context = { ...turn.context, transfers: { ...turn.context.transfers, [route]: next } };
    return;
  }
  settleInto(turn, bin);
}

/** Least mass that is booked of a running transfer, kg. */
function stepKg({ context }: StockTurn, { from, to }: Transfer): number {
  const bin = context.made.bins[to] ?? context.made.bins[from];
  return ((bin?.capacityKg ?? 0) * STEP_PCT) / 100;
}

/** A route shows itself: a transfer begins when it runs, and another when its way changes. */
export function followRoute(turn: StockTurn, route: RouteStatus): void {
  const { source, destination } = route;
  if (route.state !== 'Running' || source === null || destination === null) return;
  const { transfers, ended } = turn.context;
  const known = transfers[route.route];
  if (known !== undefined && known.from === source && known.to === destination) return;
  // The route names its movement by the moment in which it began to run, which is this scan.
  const begun = newTransfer(`${route.route}/${turn.event.utcMs}`, source, destination);
  // What a truck or sacks bring is booked when it is told; until then its bin is moving too.
  const byTruck = turn.context.made.weighedPits.includes(source);
  if (!isBooked(turn, begun) && !byTruck) return;
  if (known !== undefined) {
    const last = { ...known, endsAtMs: turn.event.nowMs + REST_MS };
    turn.context = { ...turn.context, ended: [...ended, last].slice(-REMEMBERED_MAX) };
  }
  settleInto(turn, destination);
  settleOutOf(turn, destination);
  const now = { ...turn.context.transfers, [route.route]: begun };
  turn.context = { ...turn.context, transfers: now };
}

function newTransfer(movementId: string, from: string, to: string): Transfer {
  return { movementId, from, to, parts: 1, movedKg: 0, weighedKg: null, endsAtMs: null };
}

/** What ended before into this bin is settled before something new comes in. */
function settleInto(turn: StockTurn, bin: string): void {
  for (const one of turn.context.ended.filter(({ to }) => to === bin)) close(turn, one);
  const ended = turn.context.ended.filter(({ to }) => to !== bin);
  turn.context = { ...turn.context, ended };
}

/**
 * Something new comes into a bin that ran empty: what its book has left over is on its way out of
 * it, or was never there. Else it would come out as part of the new.
 */
function settleOutOf(turn: StockTurn, bin: string): void {
  if (turn.context.made.bins[bin]?.product !== true || measuredKg(turn, bin) !== 0) return;
  const onItsWayKg = Math.max(0, bookKg(binOf(turn, bin)?.book ?? EMPTY_BOOK));
  const leaves = (one: Transfer) => one.from === bin && isBooked(turn, one);
  const { transfers, ended } = turn.context;
  const running = Object.entries(transfers).find(([, one]) => leaves(one));
  if (running !== undefined) {
    const [route, one] = running;
    // Known since the first of it came in; by now the book has some of the new as well.
    if (one.onItsWayKg !== undefined) return;
    const next = { ...transfers, [route]: { ...one, onItsWayKg } };
    turn.context = { ...turn.context, transfers: next };
    return;
  }
  for (const one of ended.filter(leaves)) close(turn, one);
  turn.context = { ...turn.context, ended: ended.filter((one) => !leaves(one)) };
  emptyOut(turn, bin);
}

/** A transfer has ended: what it moved is settled once the level is at rest. */
export function endTransfer(turn: StockTurn, record: MovementRecord): void {
  const route = record.movementId.slice(0, record.movementId.lastIndexOf('/'));
  const { [route]: running, ...transfers } = turn.context.transfers;
  const known = running ?? newTransfer(record.movementId, record.from, record.to);
  turn.context = { ...turn.context, transfers };
  if (!isBooked(turn, known)) return;
  const endsAtMs = turn.event.nowMs + REST_MS;
  const last: Transfer = { ...known, weighedKg: record.massKg, endsAtMs };
  // A surge bin is empty now, and the next batch, of another lot perhaps, may come at once.
  if (fromSurge(turn, last)) {
    close(turn, last);
    return;
  }
  const kept = [...turn.context.ended, last];
  for (const one of kept.slice(0, -REMEMBERED_MAX)) close(turn, one);
  turn.context = { ...turn.context, ended: kept.slice(-REMEMBERED_MAX) };
}

/** Settles what has come to rest; while a level cannot be trusted it waits. */
export function settleEnded(turn: StockTurn): void {
  const kept: Transfer[] = [];
  for (const one of turn.context.ended) {
    const due = one.endsAtMs !== null && turn.event.nowMs >= one.endsAtMs;
    if (!due) kept.push(one);
    else if (unbookedKg(turn, one) === null) {
      kept.push({ ...one, endsAtMs: turn.event.nowMs + LOOK_MS });
    } else close(turn, one);
  }
  turn.context = { ...turn.context, ended: kept };
}

/** Now and then: running transfers are settled, and levels compared with the book. */
export function lookAround(turn: StockTurn): void {
  for (const [route, one] of Object.entries(turn.context.transfers)) {
    const next = settle(turn, one, stepKg(turn, one));
    turn.context = {
      ...turn.context,
      transfers: { ...turn.context.transfers, [route]: next },
    };
  }
  compareLevels(turn);
  turn.context = { ...turn.context, lookAtMs: turn.event.nowMs + LOOK_MS };
}

/** Bins that product is coming into or leaving by a route. */
function movingBins({ context }: StockTurn): Set<string> {
  const all = [...Object.values(context.transfers), ...context.ended];
  return new Set(all.flatMap(({ from, to }) => [from, to]));
}

/** A bin of product that has run empty: what its book has left over was never there. */
function emptyOut(turn: StockTurn, id: string): void {
  const bin = binOf(turn, id);
  const kg = bin === null ? 0 : bookKg(bin.book);
  if (bin === null || kg === 0) return;
  const causeId = `empty/${id}/${turn.event.utcMs}`;
  const said = { cause: 'correction', causeId, estimated: true } as const;
  if (kg > 0) move(turn, way({ ...said, from: id, to: null }), kg);
  else bringIn(turn, way({ ...said, from: null, to: id }), [{ ...bin.last, kg: -kg }]);
}

function compareLevels(turn: StockTurn): void {
  const moving = movingBins(turn);
  const { nowMs } = turn.event;
  for (const [id, made] of Object.entries(turn.context.made.bins)) {
    const bin = binOf(turn, id);
    const measured = measuredKg(turn, id);
    if (bin === null || measured === null) continue;
    if (made.product && measured === 0 && !moving.has(id)) emptyOut(turn, id);
    if (!made.watched) continue;
    const offKg = Math.abs(bookKg(bin.book) - measured);
    const off = offKg > (made.capacityKg * DIFFERENCE_PCT) / 100;
    const since = off && !moving.has(id) ? (bin.differsSinceMs ?? nowMs) : null;
    const long = since !== null && nowMs - since >= DIFFERENCE_MS;
    // Once told it stands until book and level agree, whatever moves meanwhile.
    const differs = long || (bin.differs && off);
    if (since === bin.differsSinceMs && differs === bin.differs) continue;
    setBin(turn, id, { differsSinceMs: since, differs });
  }
}
