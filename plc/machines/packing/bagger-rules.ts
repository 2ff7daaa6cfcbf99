import type { BagCounters } from '../../logic/bag-count.ts';
import { bagsBetween } from '../../logic/bag-count.ts';
import { notGood } from '../../logic/interlock.ts';
import type { PackMlState } from '../../model/isa88.ts';
import { PACKML_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { BagRecord } from '../../model/record.ts';
import type { RouteProduct } from '../../model/route-product.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent, View } from '../kit.ts';
import { codeOf, earliest, invalidArg, numberArg, textArg } from '../kit.ts';
import { productArg } from '../routes/route-request.ts';
import type { Packing, PackingInput } from './bagger-packing.ts';
import { packingReasons, watchedPacking } from './bagger-packing.ts';
import type { RouteWait } from './bagger-route.ts';
import { routeFaults, routeSuspensions, watchedRoute } from './bagger-route.ts';

/** What a bagger machine is made with. */
export interface BaggerInput {
  readonly id: string;
  readonly route: string;
  readonly sources: readonly string[];
  readonly bagKg: number;
  readonly slots: number;
  readonly packing: PackingInput;
}

/** What is bagged: the order, its lot, the finished bin it comes from, the bag's weight. */
export interface BagJob {
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly source: string;
  /** What it is as regards carry-over, where the line said so. */
  readonly product: RouteProduct | null;
  readonly bagKg: number;
}

export interface BaggerContext extends KitContext {
  readonly state: PackMlState;
  readonly made: BaggerInput;
  readonly job: BagJob | null;
  /** A START came while it had to be reset first. */
  readonly startsNext: boolean;
  /** It bags until the source is empty and completes then. */
  readonly ending: boolean;
  readonly routeWait: RouteWait;
  /** When the route was asked for, or began to come up, process ms. */
  readonly routeAskedMs: number;
  /** Counters when last seen; bags beyond them have no record yet. */
  readonly seen: BagCounters | null;
  readonly orderBags: number;
  readonly packing: Packing;
  readonly starvedSinceMs: number | null;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
  readonly heldSinceUtcMs: number | null;
}

/** Starved for so long it is suspended. */
const SUSPEND_MS = 20_000;
/** Starved for so long with the source at its low level, there is nothing left. */
const EMPTY_MS = 30_000;

const ENABLED: readonly PackMlState[] = ['Execute', 'Suspending', 'Suspended', 'Unsuspending'];
const WITH_A_JOB: readonly PackMlState[] = [
  ...ENABLED,
  'Starting',
  'Holding',
  'Held',
  'Unholding',
  'Completing',
  'Stopping',
  'Aborting',
  'Aborted',
];

export function baggerView(context: BaggerContext): View {
  const { id, made, job } = context;
  return {
    writes: {
      [`${id}.Enable`]: ENABLED.includes(context.state),
      [`${id}.TargetKg`]: job?.bagKg ?? made.bagKg,
    },
    publishes: {
      [`${id}.State`]: codeOf(PACKML_STATES, context.state),
      [`${id}.OrderBags`]: context.orderBags,
      [`${id}.OrderRejects`]: context.packing.orderRejects,
      [`${id}.OrderMetal`]: context.packing.orderMetal,
    },
    status: { kind: 'device', device: id, owner: job?.orderId ?? null, reasons: context.reasons },
    wakeAtMs: earliest(context.deadlineMs, nextStarvedMs(context)),
  };
}

function nextStarvedMs({ starvedSinceMs, state }: BaggerContext): number | null {
  if (starvedSinceMs === null || !ENABLED.includes(state)) return null;
  return starvedSinceMs + (state === 'Execute' ? SUSPEND_MS : EMPTY_MS);
}

/** Its own fault, or a signal without which it must not go on: a reason to hold. */
export function holdReasons(context: BaggerContext, event: EventBase): Reason[] {
  const { id, made, job, packing } = context;
  const doubts = ['Fault', 'Starved', 'Blocked', 'BagCount'].map((role) =>
    notGood(`${id}.${role}`, event.inputs[role]),
  );
  return [
    ...doubts.filter((one) => one !== null),
    ...(isOn(event.inputs['Fault']) ? [reason('device.faulted', { device: id })] : []),
    ...packingReasons(made.packing, packing, event),
    ...(job === null ? [] : releaseReasons(job.source, event)),
    ...routeFaults(context, event),
  ];
}

/** Why nothing may be taken from a finished bin; a signal that is not good releases nothing. */
export function releaseReasons(bin: string, event: EventBase): Reason[] {
  const tag = `${bin}.Released`;
  const doubt = notGood(tag, event.inputs[tag]);
  if (doubt !== null) return [doubt];
  return isOn(event.inputs[tag]) ? [] : [reason('bin.not-released', { bin })];
}

/** Why a START is refused: it names no source of this bagger, or one that is not released. */
export function startRefusals(context: BaggerContext, event: MachineEvent): Reason[] {
  const job = jobOf(context, event);
  return job === null ? [invalidArg('source')] : releaseReasons(job.source, event);
}

/** Why it may not leave Held yet: its own fault is still there. */
export function unholdRefusals(context: BaggerContext, event: EventBase): Reason[] {
  const passing = ['route.device-stopped', 'bagger.weights-off'];
  return holdReasons(context, event).filter((one) => !passing.includes(one.code));
}

/** Outside causes: no way, no product while the source is refilled, or nowhere to put the bags. */
export function suspendReasons(context: BaggerContext, event: EventBase): Reason[] {
  const { job, id } = context;
  const { starvedSinceMs } = { ...context, ...watchedRoute(context, event) };
  const since = isOff(event.inputs['Starved']) ? null : starvedSinceMs;
  const starved = since !== null && event.nowMs - since >= SUSPEND_MS;
  return [
    ...routeSuspensions(context, event),
    ...(isOn(event.inputs['Blocked']) ? [reason('bagger.blocked', { device: id })] : []),
    ...(starved ? [reason('bin.empty', { bin: job?.source ?? id })] : []),
  ];
}

/**
 * Nothing comes any more: starved for long with the source at its low level, and the end was
 * asked for.
 */
export function isEmptied(
  { ending, starvedSinceMs, job, routeWait }: BaggerContext,
  event: EventBase,
): boolean {
  if (!ending || routeWait !== null || starvedSinceMs === null || job === null) return false;
  return isOn(event.inputs[`${job.source}.Low`]) && event.nowMs - starvedSinceMs >= EMPTY_MS;
}

/**
 * What a START asks for; a START without arguments goes on with the job that it had. Null:
 * neither.
 */
export function jobOf(context: BaggerContext, event: MachineEvent): BagJob | null {
  const source = textArg(event, 'source');
  if (source === null) return context.job;
  const bagKg = numberArg(event, 'bagKg') ?? context.made.bagKg;
  if (!context.made.sources.includes(source) || bagKg <= 0) return null;
  const product = productArg(event);
  return { orderId: textArg(event, 'orderId'), lot: textArg(event, 'lot'), source, product, bagKg };
}

function countersOf({ made }: BaggerContext, event: EventBase): BagCounters | null {
  const count = goodNumber(event.inputs['BagCount']);
  const totalG = goodNumber(event.inputs['TotalG']);
  const slotsG = Array.from({ length: made.slots }, (_, slot) =>
    goodNumber(event.inputs[`BagG${slot}`]),
  ).filter((one) => one !== null);
  if (count === null || totalG === null || slotsG.length < made.slots) return null;
  return { count, totalG, slotsG };
}

/**
 * Looks at the counters: a record for each bag that has none yet, and how long it has been
 * starved.
 */
export function watch(context: BaggerContext, event: EventBase): Effect<BaggerContext> {
  const now = countersOf(context, event);
  const starved = !isOff(event.inputs['Starved']);
  const since = starved ? (context.starvedSinceMs ?? event.nowMs) : null;
  const route = { starvedSinceMs: since, ...watchedRoute(context, event) };
  const bags = context.seen === null || now === null ? [] : bagsBetween(context.seen, now);
  const job = WITH_A_JOB.includes(context.state) ? context.job : null;
  const { packing, out: rejects } = watchedPacking(
    context.made.packing,
    context.packing,
    event,
    bags.map((bag) => `${context.id}/${bag.count}`),
    { bagger: context.id, orderId: context.job?.orderId ?? null, lot: context.job?.lot ?? null },
  );
  if (now === null) return { set: { ...route, packing }, out: rejects };
  const records = bags.map((bag): MachineOutput => {
    const record: BagRecord = {
      kind: 'bag',
      bagId: `${context.id}/${bag.count}`,
      orderId: job?.orderId ?? null,
      bagger: context.id,
      lot: job?.lot ?? null,
      netKg: bag.netKg,
      timeMs: event.utcMs,
    };
    return { type: 'record', record };
  });
  const orderBags = context.orderBags + (job === null ? 0 : bags.length);
  return { set: { ...route, packing, seen: now, orderBags }, out: [...records, ...rejects] };
}
