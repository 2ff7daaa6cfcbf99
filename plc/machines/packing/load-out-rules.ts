import { carryOver } from '../../logic/carry-over.ts';
import { notGood } from '../../logic/interlock.ts';
import type { CarryOverRule, FeedNature } from '../../model/carry-over.ts';
import type { FinishedContent } from '../../model/finished-bin.ts';
import type { RouteState } from '../../model/isa88.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { LoadOutState } from '../../model/load-out.ts';
import { LOAD_OUT_STATES } from '../../model/load-out.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { LoadRecord } from '../../model/record.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { codeOf, flagArg, input, invalidArg, numberArg, stateOf, textArg } from '../kit.ts';
import { natureArg } from '../nature-arg.ts';
import { releaseReasons } from './bagger-rules.ts';

/** What the machine of a load-out spout is made with. */
export interface LoadOutInput {
  readonly id: string;
  /** The route that leads here from each finished bin. */
  readonly routes: Readonly<Record<string, string>>;
  readonly compartmentKgMax: number;
  readonly flowKgPerS: number;
  /** How long product is on its way after its source was closed, ms. */
  readonly travelMs: number;
  readonly carryOver: readonly CarryOverRule[];
}

/** One compartment that is loaded. */
export interface LoadJob {
  readonly bin: string;
  readonly route: string;
  readonly truck: string;
  readonly compartment: number;
  readonly targetKg: number;
  /** It takes the rest of its bin, and ends when that is empty. */
  readonly untilEmpty?: boolean;
  readonly content: FinishedContent;
  /** What the compartment carried before, and the certificate that it was cleaned by. */
  readonly last: FeedNature | null;
  readonly certificate: string | null;
  readonly startedUtcMs: number;
}

export interface LoadOutContext extends KitContext {
  readonly state: LoadOutState;
  readonly made: LoadOutInput;
  /** What each finished bin holds, as its machine tells. */
  readonly contents: Readonly<Record<string, FinishedContent>>;
  readonly job: LoadJob | null;
  /** What compartments carried that were loaded here: by truck and number. */
  readonly lastLoads: Readonly<Record<string, FeedNature>>;
  /** Lot of the load before: what drips behind it into the next compartment is of this one. */
  readonly dripLot: string | null;
  /** The most that the compartment was seen to hold, kg, and when it last rose, process ms. */
  readonly netKg: number;
  readonly roseMs: number;
  /** What it held when its source was closed after the coarse flow, kg; null once that is known. */
  readonly closedKg: number | null;
  /** What still comes after the source of a route was closed, learnt: kg. */
  readonly tailsKg: Readonly<Record<string, number>>;
  /** How long the next fine opening is, ms; null: coarse. */
  readonly pulseMs: number | null;
  readonly pulses: number;
  /** It is closed with what it has. */
  readonly ending: boolean;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
  readonly heldSinceUtcMs: number | null;
}

/** A compartment is done within this share of its target, and never finer than this mass, kg. */
const TOLERANCE_SHARE = 0.005;
const TOLERANCE_KG_MIN = 20;
/** Below this many tolerances there is nothing to be weighed. */
const TARGET_TOLERANCES_MIN = 10;
/** So much of the same lot may have dripped into a compartment before its own load begins, kg. */
const DRIP_KG_MAX = 100;
/** Until it is learnt, no more than this share of the target is taken to be on its way. */
const TAIL_SHARE_MAX = 0.6;
/** Fine openings for one compartment, and the shares and limits of one: kg of what lacks, ms. */
const PULSES_MAX = 4;
const PULSE_SHARE = 0.8;
const PULSE_MS_MIN = 500;
const PULSE_MS_MAX = 20_000;
/** Without a rise for so long beyond the time of travel, the source gives nothing, ms. */
const NO_FLOW_MS = 120_000;

export function toleranceKg({ job }: LoadOutContext): number {
  return Math.max(TOLERANCE_KG_MIN, (job?.targetKg ?? 0) * TOLERANCE_SHARE);
}

export function loadOutView(context: LoadOutContext): View {
  const { id, state, job, deadlineMs } = context;
  return {
    writes: { [`${id}.MoveOn`]: state === 'Done' },
    publishes: { [`${id}.State`]: codeOf(LOAD_OUT_STATES, state) },
    status: {
      kind: 'device',
      device: id,
      owner: job?.content.orderId ?? null,
      reasons: context.reasons,
    },
    wakeAtMs: deadlineMs,
  };
}

export function loadRoute({ job }: LoadOutContext, event: EventBase): RouteState | null {
  return job === null ? null : stateOf(ROUTE_STATES, input(event.inputs, `${job.route}.State`));
}

/** Why nothing may be loaded: no truck, a spout that is up, a fault, a signal that is not good. */
function placeReasons({ id }: LoadOutContext, { inputs }: EventBase): Reason[] {
  const doubts = ['TruckInPlace', 'SpoutDown', 'Fault', 'Compartment', 'ActualKg'].map((role) =>
    notGood(`${id}.${role}`, inputs[role]),
  );
  return [
    ...doubts.filter((one) => one !== null),
    ...(isOff(inputs['TruckInPlace']) ? [reason('load.no-truck', { device: id })] : []),
    ...(isOff(inputs['SpoutDown']) ? [reason('load.spout-up', { device: id })] : []),
    ...(isOn(inputs['Fault']) ? [reason('device.faulted', { device: id })] : []),
  ];
}

/**
 * The last-load check (DOMAIN 4): what the compartment carried before may be followed by this one,
 * or it was cleaned where the matrix of carry-over asks for a flush or cleaning.
 */
export function lastLoadReasons(
  rules: readonly CarryOverRule[],
  last: FeedNature | null,
  next: FeedNature,
  cleaned: boolean,
): Reason[] {
  if (last === null) return cleaned ? [] : [reason('load.last-load-unknown')];
  const { verdict } = carryOver(rules, last, next);
  const drug = last.drugClass;
  if (verdict.kind === 'forbidden') return [reason('load.last-load-forbidden', { drug })];
  if (verdict.kind === 'allowed' || cleaned) return [];
  return [reason('load.last-load-clean', { drug })];
}

function massReasons(context: LoadOutContext, event: MachineEvent): Reason[] {
  const { id, made } = context;
  const kg = numberArg(event, 'compartmentKg');
  if (kg === null) return [invalidArg('compartmentKg')];
  const inIt = goodNumber(event.inputs['ActualKg']) ?? 0;
  const wanted = goodNumber(event.inputs['TargetKg']) ?? 0;
  const min = TOLERANCE_KG_MIN * TARGET_TOLERANCES_MIN;
  const max = wanted > 0 ? Math.min(wanted, made.compartmentKgMax) : made.compartmentKgMax;
  const isDrip = context.dripLot !== null && context.dripLot === textArg(event, 'lot');
  const emptyKg = isDrip ? DRIP_KG_MAX : TOLERANCE_KG_MIN;
  return [
    ...(kg < min || kg > max ? [reason('load.mass', { device: id, min, max })] : []),
    ...(inIt > emptyKg ? [reason('load.not-empty', { device: id, kg: inIt })] : []),
  ];
}

/** Truck and compartment, as loads remember them. */
function compartmentKey(event: MachineEvent): string {
  const number = goodNumber(event.inputs['Compartment']) ?? 0;
  return `${textArg(event, 'truck') ?? '?'}/${number}`;
}

/** Whoever names a last load without a drug must not forget what this mill itself loaded last. */
function known(
  { lastLoads, made }: LoadOutContext,
  event: MachineEvent,
  last: FeedNature | null,
): Reason[] {
  const loaded = lastLoads[compartmentKey(event)];
  if (loaded === undefined || last === null || flagArg(event, 'cleaned') === true) return [];
  if (loaded.drugClass === 'none' || loaded.drugClass === last.drugClass) return [];
  const drug = loaded.drugClass;
  return made.carryOver.some(({ after }) => after === drug)
    ? [reason('load.last-load-known', { drug, truck: textArg(event, 'truck') ?? '?' })]
    : [];
}

/** Compartments whose last load is remembered. */
const LAST_LOADS_MAX = 400;

/** What the compartment that is closed now has carried. */
export function rememberedLoads({ lastLoads, job, netKg }: LoadOutContext) {
  if (job === null || job.content.nature === null || netKg <= 0) return lastLoads;
  const key = `${job.truck}/${job.compartment}`;
  const { [key]: _before, ...others } = lastLoads;
  const all = Object.entries({ ...others, [key]: job.content.nature });
  return Object.fromEntries(all.slice(-LAST_LOADS_MAX));
}

function contentReasons(context: LoadOutContext, event: MachineEvent, bin: string): Reason[] {
  const { made, contents } = context;
  const content = contents[bin];
  if (content?.nature == null) return [reason('bin.content-unknown', { bin })];
  const lot = textArg(event, 'lot');
  const other = lot === content.lot ? [] : [{ bin, content: content.lot ?? '?', lot: lot ?? '?' }];
  const last = natureArg(event, 'last');
  const said = flagArg(event, 'cleaned') === true;
  const cleaned = said && textArg(event, 'certificate') !== null;
  return [
    ...(said && !cleaned ? [reason('load.no-certificate')] : []),
    ...known(context, event, last),
    ...other.map((objects) => reason('load.other-lot', objects)),
    ...lastLoadReasons(made.carryOver, last, content.nature, cleaned),
  ];
}

/** Why a START is refused; all of it at once. */
export function loadRefusals(context: LoadOutContext, event: MachineEvent): Reason[] {
  const bin = textArg(event, 'bin');
  if (bin === null || context.made.routes[bin] === undefined) {
    return [reason('load.bin', { bin: bin ?? '?', device: context.id })];
  }
  return [
    ...placeReasons(context, event),
    ...releaseReasons(bin, event),
    ...massReasons(context, event),
    ...contentReasons(context, event, bin),
  ];
}

/** The job that a START asks for; null where it names no bin of this spout. */
export function loadJob(context: LoadOutContext, event: MachineEvent): LoadJob | null {
  const bin = textArg(event, 'bin') ?? '';
  const [route, content] = [context.made.routes[bin], context.contents[bin]];
  const targetKg = numberArg(event, 'compartmentKg');
  if (route === undefined || content === undefined || targetKg === null) return null;
  return {
    bin,
    route,
    truck: textArg(event, 'truck') ?? '?',
    compartment: goodNumber(event.inputs['Compartment']) ?? 0,
    targetKg,
    untilEmpty: flagArg(event, 'untilEmpty') === true,
    content,
    last: natureArg(event, 'last'),
    certificate: textArg(event, 'certificate'),
    startedUtcMs: event.utcMs,
  };
}

/** The truck drew forward, or its next compartment stands below the spout. */
export function hasMoved({ job }: LoadOutContext, { inputs }: EventBase): boolean {
  return (
    !isOn(inputs['TruckInPlace']) ||
    !isOn(inputs['SpoutDown']) ||
    goodNumber(inputs['Compartment']) !== (job?.compartment ?? null)
  );
}

/** The compartment has what it should have. */
export function isLoaded(context: LoadOutContext): boolean {
  return context.job !== null && context.netKg >= context.job.targetKg - toleranceKg(context);
}

/** The machine of its bin says that it is empty. */
export function isBinEmpty({ job, contents }: LoadOutContext): boolean {
  return job !== null && contents[job.bin] === undefined;
}

/** Its bin gives nothing more. Once its source is closed that is no matter any more. */
function isDry(context: LoadOutContext, event: EventBase): boolean {
  const { made, roseMs, state } = context;
  const gaveNothing = state === 'Coarse' && event.nowMs - roseMs >= made.travelMs + NO_FLOW_MS;
  return state !== 'Clearing' && (gaveNothing || isBinEmpty(context));
}

/** A truck that has left takes along what dripped into it: the next one brings its own. */
export function dripLotOf({ dripLot }: LoadOutContext, { inputs }: EventBase): string | null {
  return isOff(inputs['TruckInPlace']) ? null : dripLot;
}

/** Why it may not go on: quality holds the bin, the truck moved, a fault, no product. */
export function loadHoldReasons(context: LoadOutContext, event: EventBase): Reason[] {
  const { id, job, ending } = context;
  if (job === null) return [];
  const place = placeReasons(context, event);
  const moved = place.length === 0 && hasMoved(context, event);
  // One that is closed with what it has takes no more from its bin, whatever becomes of that.
  const dry = !ending && isDry(context, event);
  const release = ending || isBinEmpty(context) ? [] : releaseReasons(job.bin, event);
  return [
    ...place,
    ...(moved ? [reason('load.moved', { device: id })] : []),
    ...release,
    ...(dry ? [reason('bin.empty', { bin: job.bin })] : []),
  ];
}

/** The weight as it is now, and when it last rose. */
export function weighed(context: LoadOutContext, event: EventBase): Partial<LoadOutContext> {
  const { job, netKg, roseMs } = context;
  const now = goodNumber(event.inputs['ActualKg']);
  if (job === null || now === null || now <= netKg || hasMoved(context, event)) {
    return { netKg, roseMs };
  }
  return { netKg: now, roseMs: event.nowMs };
}

/** What is taken to be on its way when the source is closed, kg. */
function tailKg({ job, made, tailsKg }: LoadOutContext): number {
  if (job === null) return 0;
  const guess = (made.flowKgPerS * made.travelMs) / 1000;
  return Math.min(tailsKg[job.route] ?? guess, job.targetKg * TAIL_SHARE_MAX);
}

/** True when what is on its way fills the compartment. */
export function isTimeToClose(context: LoadOutContext, event: EventBase): boolean {
  const { netKg = 0 } = weighed(context, event);
  return context.job !== null && netKg >= context.job.targetKg - tailKg(context);
}

/** What came after the source was closed, taken over by half. */
export function learntTails(context: LoadOutContext): LoadOutContext['tailsKg'] {
  const { job, closedKg, netKg, tailsKg } = context;
  if (job === null || closedKg === null || context.ending) return tailsKg;
  return { ...tailsKg, [job.route]: (tailKg(context) + (netKg - closedKg)) / 2 };
}

/** How long the source is opened for what lacks, ms; null: it is left as it is. */
export function nextPulseMs(context: LoadOutContext): number | null {
  const { job, netKg, made, pulses, ending } = context;
  if (job === null || ending || pulses >= PULSES_MAX || isLoaded(context)) return null;
  if (job.untilEmpty === true && isBinEmpty(context)) return null;
  const wantedMs = (1000 * PULSE_SHARE * (job.targetKg - netKg)) / made.flowKgPerS;
  return Math.min(PULSE_MS_MAX, Math.max(PULSE_MS_MIN, wantedMs));
}

/** The record of the compartment that is closed now; none where nothing came. */
export function loadRecords({ id, job, netKg }: LoadOutContext, event: EventBase): MachineOutput[] {
  if (job === null || netKg <= 0) return [];
  const record: LoadRecord = {
    kind: 'load',
    loadId: `${id}/${job.startedUtcMs}`,
    spout: id,
    truck: job.truck,
    compartment: job.compartment,
    bin: job.bin,
    orderId: job.content.orderId,
    lot: job.content.lot,
    targetKg: job.targetKg,
    netKg,
    last: job.last,
    certificate: job.certificate,
    startedTimeMs: job.startedUtcMs,
    endedTimeMs: event.utcMs,
  };
  return [{ type: 'record', record }];
}
