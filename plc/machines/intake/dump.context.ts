import { readLabel } from '../../logic/lot-label.ts';
import { lotReasons } from '../../logic/lot-register.ts';
import { sackReasons } from '../../logic/sack-check.ts';
import type { SackBin } from '../../mill/sack-bins.ts';
import type { CarryOverRule } from '../../model/carry-over.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { DumpJob } from '../../model/sacks.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { earliest, input, senderOf, stateOf, textArg } from '../kit.ts';
import type { LotsNews } from '../stock/lots-news.ts';

/** What the machine of a dump hopper is made with. */
export interface DumpInput {
  readonly id: string;
  readonly hopper: string;
  readonly route: string;
  /** Bins that it leads to. */
  readonly bins: readonly SackBin[];
  /** It must be low this long before its route is stopped, ms. */
  readonly emptyMs: number;
  readonly carryOver: readonly CarryOverRule[];
}

export type DumpState = 'Idle' | 'Dumping' | 'Emptying' | 'Held';

export interface DumpContext extends KitContext {
  readonly state: DumpState;
  readonly made: DumpInput;
  readonly job: DumpJob | null;
  readonly news: LotsNews;
  readonly emptySinceMs: number | null;
  /** When the route is asked again, process ms. */
  readonly askAtMs: number | null;
  /** Its route was told to stop: the hopper is empty. */
  readonly ending: boolean;
  readonly reasons: readonly Reason[];
}

export const ASK_MS = 5_000;

export function binFor({ made }: DumpContext, bin: string | null): SackBin | undefined {
  return made.bins.find((one) => one.bin === bin);
}

export function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

/** Room of a bin up to its high level, kg; null while its level cannot be trusted. */
function roomKg({ bin, capacityKg, highPct }: SackBin, event: EventBase): number | null {
  const levelPct = goodNumber(event.inputs[`${bin}.LevelPct`]);
  return levelPct === null ? null : Math.max(0, ((highPct - levelPct) / 100) * capacityKg);
}

export function isHigh(bin: string, event: EventBase): boolean {
  return !isOff(event.inputs[`${bin}.High`]);
}

/** Why a scanned sack may not be dumped for this bin: label, lot, quarantine, one person alone. */
export function labelRefusals(context: DumpContext, event: MachineEvent, to: SackBin): Reason[] {
  const { made, news } = context;
  const { material, drug } = to;
  const label = readLabel(textArg(event, 'label') ?? '');
  const facts = label === null ? undefined : news.lots[label.lot];
  const sack = { label, material, drug, facts, next: null };
  const second = textArg(event, 'second');
  const alone = drug && (second === null || second === senderOf(event)?.id);
  return [
    ...sackReasons(made.carryOver, sack, event.utcMs),
    ...(alone ? [reason('lot.drug-needs-two', { material })] : []),
  ];
}

/** Why dumping for a bin is not begun; all of it at once. */
export function startRefusals(context: DumpContext, event: MachineEvent): Reason[] {
  const { hopper } = context.made;
  const bin = textArg(event, 'bin');
  const to = binFor(context, bin);
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  if (to === undefined) return [reason('dump.bin', { bin: bin ?? '?', hopper })];
  const room = roomKg(to, event);
  const full = isHigh(to.bin, event) || (room ?? 0) < to.sackKg;
  const kg = Math.floor(room ?? 0);
  return [
    ...labelRefusals(context, event, to),
    ...(isOn(event.inputs['Low']) ? [] : [reason('dump.hopper-not-empty', { hopper })]),
    ...(full ? [reason('dump.no-room', { bin: to.bin, kg })] : []),
  ];
}

/** Why the sacks that were dumped last may not go on into the bin. */
export function lotFaults({ job, news }: DumpContext, event: EventBase): Reason[] {
  return job === null ? [] : lotReasons(news.lots[job.lot], event.utcMs);
}

function hindrances(context: DumpContext, event: EventBase): Reason[] {
  const { job, made } = context;
  if (job === null) return [];
  const { hopper, bin, lot, sacks } = job;
  const tripped = ['Tripped', null].includes(routeState(event));
  return [
    ...lotFaults(context, event),
    ...(tripped ? [reason('refill.route-tripped', { bin, route: made.route })] : []),
    ...(isHigh(bin, event) ? [reason('bin.high', { bin })] : []),
    ...(sacks === 0 ? [reason('dump.waits-for-sacks', { hopper, bin, lot })] : []),
  ];
}

/** What every event brings up to date. */
export function watched(context: DumpContext, event: EventBase): Partial<DumpContext> {
  const low = isOn(event.inputs['Low']);
  return {
    emptySinceMs: low ? (context.emptySinceMs ?? event.nowMs) : null,
    reasons: hindrances(context, event),
  };
}

/** The hopper has been low for so long that nothing more runs out of it. */
export function isEmpty({ emptySinceMs, made }: DumpContext, event: EventBase): boolean {
  return emptySinceMs !== null && event.nowMs - emptySinceMs >= made.emptyMs;
}

export function dumpView(context: DumpContext): View {
  const { id, job, state, emptySinceMs, made, askAtMs, reasons } = context;
  const emptyAtMs =
    state !== 'Emptying' || emptySinceMs === null ? null : emptySinceMs + made.emptyMs;
  return {
    status: { kind: 'device', device: id, owner: job?.bin ?? null, reasons, dump: job },
    wakeAtMs: earliest(askAtMs, emptyAtMs),
  };
}
