import { notGood } from '../../logic/interlock.ts';
import type { Residues } from '../../logic/residue.ts';
import type { Clearable, Clearing } from '../../logic/route-order.ts';
import { nextLookMs } from '../../logic/route-order.ts';
import type { CarryOverRule } from '../../model/carry-over.ts';
import type { RouteState } from '../../model/isa88.ts';
import { DIVERTER_STATES, GATE_STATES, MOTOR_STATES, ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MovementRecord } from '../../model/record.ts';
import type { RouteProduct } from '../../model/route-product.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, Inputs, MachineOutput } from '../contract.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, earliest, input, send, stateOf } from '../kit.ts';
import type { RouteDevice, RoutePlan } from './route-plan.ts';
import { planKey } from './route-plan.ts';
import type { Waiting } from './route-queue.ts';
import { shownQueue } from './route-queue.ts';
import type { RouteRequest } from './route-request.ts';
import { carryOverRefusals, shownResidues } from './route-residue.ts';

/** What a route machine is made with. */
export interface RouteInput {
  readonly id: string;
  readonly plans: Readonly<Record<string, RoutePlan>>;
  readonly aspirationRunOnS: number;
  readonly horn: string | null;
  /** Places of all its ways where rests stay, and the other routes that share one of them. */
  readonly places: readonly string[];
  readonly peers: readonly string[];
  readonly carryOver: readonly CarryOverRule[];
}

export interface RouteContext extends KitContext {
  readonly state: RouteState;
  readonly made: RouteInput;
  readonly plan: RoutePlan | null;
  /** Where it goes on to when the destination is full; where it is being turned to now. */
  readonly second: RoutePlan | null;
  readonly next: RoutePlan | null;
  /** Devices that run on while the destination changes. */
  readonly kept: readonly string[];
  /** The START that it runs by: who had it started, and for what. */
  readonly request: RouteRequest | null;
  readonly product: RouteProduct | null;
  /** Mass that has passed, as STOP told it, kg. */
  readonly passedKg: number | null;
  /** STARTs that wait for it, the next one first. */
  readonly queue: readonly Waiting[];
  /** Until when it waits for devices that another one holds, process ms. */
  readonly waitUntilMs: number | null;
  /** What the last medicated product left on its places. */
  readonly residues: Residues;
  /** How many devices have been told to start, counted from the downstream end. */
  readonly started: number;
  readonly deadlineMs: number | null;
  readonly clearing: Clearing | null;
  /** Hoppers that are high: the feeders above them stand. */
  readonly paused: readonly string[];
  /** Refusals of its commands since the last step. */
  readonly refusals: readonly Reason[];
  /** Why it tripped; empty while all is well. */
  readonly tripped: readonly Reason[];
  /** Why it stopped or waits, for people. */
  readonly reasons: readonly Reason[];
  readonly runningSinceUtcMs: number | null;
  readonly trippedSinceUtcMs: number | null;
}

/** A route that was paused by a full hopper goes on when the hopper is this low, %. */
const RESUME_PCT = 40;
/** A cooler counts as empty below this, %. */
const COOLER_EMPTY_PCT = 3;

export function routeView(context: RouteContext): View {
  const { id, plan, clearing, state } = context;
  const shown = state === 'Clearing' && context.tripped.length > 0 ? 'Tripped' : state;
  const empties = state === 'Clearing' || state === 'Changing';
  const clears = empties && clearing !== null && context.deadlineMs === null;
  return {
    publishes: { [`${id}.State`]: codeOf(ROUTE_STATES, shown) },
    status: {
      kind: 'route',
      route: id,
      state: shown,
      source: plan?.source ?? null,
      destination: (context.next ?? plan)?.destination ?? null,
      second: context.second?.destination ?? null,
      owner: context.request?.by ?? null,
      product: context.product,
      queue: shownQueue(context.queue),
      residues: shownResidues(context.residues),
      reasons: context.reasons,
    },
    wakeAtMs: earliest(
      clears
        ? (nextLookMs(plan?.devices ?? [], clearing) ?? switchMs(context))
        : context.deadlineMs,
      nextInQueueMs(context),
    ),
  };
}

/** A way that has run empty for a change goes on at once: what is kept running wakes nobody. */
function switchMs({ state, sinceMs }: RouteContext): number | null {
  return state === 'Changing' ? sinceMs : null;
}

/** The first that waits is looked at as soon as the route is idle; else until one gives up. */
function nextInQueueMs({ state, queue, sinceMs }: RouteContext): number | null {
  if (queue.length === 0) return null;
  return state === 'Idle' ? sinceMs : Math.min(...queue.map((one) => one.untilMs));
}

/** The way that a START asks for. */
export function plannedWay(
  { made }: RouteContext,
  { source, destination }: Pick<RouteRequest, 'source' | 'destination'>,
): RoutePlan | null {
  return made.plans[planKey(source, destination)] ?? null;
}

/** Why there is no such way, or none to the second destination; empty where there are both. */
export function pathRefusals(context: RouteContext, request: RouteRequest): Reason[] {
  const { source, destination, second } = request;
  return [destination, ...(second === null ? [] : [second])]
    .filter((one) => plannedWay(context, { source, destination: one }) === null)
    .map((one) => reason('route.no-path', { route: context.id, source, destination: one }));
}

/**
 * Why a START is refused before anything moves: no way, no room, or a rest of a drug on it
 * (DOMAIN 3: check the destination).
 */
export function requestRefusals(
  context: RouteContext,
  request: RouteRequest,
  inputs: Inputs,
): Reason[] {
  const plan = plannedWay(context, request);
  const paths = pathRefusals(context, request);
  if (plan === null || paths.length > 0) return paths;
  return [...fullReasons(plan, inputs), ...carryOverRefusals(context, plan, request)];
}

/** Why the destination takes nothing more: it is high, or its switch cannot be trusted. */
export function fullReasons(plan: RoutePlan, inputs: Inputs): Reason[] {
  if (!plan.watchesHigh) return [];
  const tag = `${plan.destination}.High`;
  const doubt = notGood(tag, inputs[tag]);
  if (doubt !== null) return [doubt];
  return isOn(inputs[tag]) ? [reason('route.destination-full', { bin: plan.destination })] : [];
}

/** True when a device does what it was started for. */
export function isUp(device: RouteDevice, inputs: Inputs): boolean {
  const value = input(inputs, `${device.id}.State`);
  if (device.kind === 'gate') return stateOf(GATE_STATES, value) === 'Open';
  if (device.kind === 'drive') return stateOf(MOTOR_STATES, value) === 'Running';
  return true;
}

export function isInPosition(id: string, inputs: Inputs): boolean {
  return stateOf(DIVERTER_STATES, input(inputs, `${id}.State`)) === 'InPosition';
}

/**
 * Devices in the order of their start: aspiration, then the downstream end first, the source
 * last.
 */
export function startOrder(plan: RoutePlan): RouteDevice[] {
  return [...plan.aspiration, ...[...plan.devices].reverse()];
}

/** What a trip of these devices stops at once: all up to this index, -1 for nothing. */
export interface Trip {
  readonly through: number;
  readonly reasons: readonly Reason[];
}

/**
 * What has stopped of a route that should run, of the devices from `first` on. A drive stops all
 * upstream of it; a diverter out of position likewise; without aspiration only the source stops
 * and the rest clears.
 */
export function tripOf(
  { plan, id: route }: Pick<RouteContext, 'plan' | 'id'>,
  inputs: Inputs,
  first = 0,
  shouldRun: (index: number, device: string) => boolean = (index) => index >= first,
): Trip | null {
  if (plan === null) return null;
  const stopped = (device: string) => reason('route.device-stopped', { device, route });
  const found: { through: number; reason: Reason }[] = [];
  plan.devices.forEach((one, index) => {
    if (shouldRun(index, one.id) && !isUp(one, inputs)) {
      found.push({ through: index, reason: stopped(one.id) });
    }
  });
  for (const { id, upstream } of plan.diverters) {
    if (upstream > first && !isInPosition(id, inputs)) {
      found.push({ through: upstream - 1, reason: stopped(id) });
    }
  }
  for (const fan of plan.aspiration) {
    if (first === 0 && !isUp(fan, inputs)) found.push({ through: 0, reason: stopped(fan.id) });
  }
  if (found.length === 0) return null;
  return {
    through: Math.max(...found.map((one) => one.through)),
    reasons: found.map((one) => one.reason),
  };
}

/** True when nothing more comes to this device from what it empties. */
export function isEmptied(plan: RoutePlan, inputs: Inputs) {
  return (device: Clearable): boolean => {
    const found = plan.devices.find((one) => one.id === device.id);
    if (found?.kind === 'cooler') {
      // Without air nothing hot is let out: its bed stays in it until the next run.
      if (plan.aspiration.some((fan) => !isUp(fan, inputs))) return true;
      const levelPct = goodNumber(inputs[`${found.id}.LevelPct`]);
      return levelPct !== null && levelPct < COOLER_EMPTY_PCT;
    }
    const hopper = found?.hopper ?? null;
    return hopper === null || hopper === plan.source || isOn(inputs[`${hopper}.Low`]);
  };
}

export function startCommands(device: RouteDevice): MachineOutput[] {
  if (device.kind === 'gate') return [send(device.id, 'OPEN')];
  const start = send(device.id, 'START', { horn: false });
  return device.hz === null ? [start] : [send(device.id, 'SET_HZ', { hz: device.hz }), start];
}

export function stopCommand(device: RouteDevice): MachineOutput {
  return send(device.id, device.kind === 'gate' ? 'CLOSE' : 'STOP');
}

/** Everything that a route reserves. */
export function reserved(plan: RoutePlan): string[] {
  return [...plan.devices, ...plan.diverters, ...plan.aspiration].map((one) => one.id);
}

/** The hoppers that are high now; one that was stays so until it is well down (hysteresis). */
export function highHoppers(context: RouteContext, inputs: Inputs): string[] {
  return (context.plan?.hoppers ?? [])
    .map((one) => one.id)
    .filter((id) => {
      if (!isOff(inputs[`${id}.High`])) return true;
      const levelPct = goodNumber(inputs[`${id}.LevelPct`]);
      return context.paused.includes(id) && (levelPct === null || levelPct > RESUME_PCT);
    });
}

/** Sets the feeders above each hopper to a stand, or back to their flow, where that changes. */
export function pauseCommands(context: RouteContext, high: readonly string[]): MachineOutput[] {
  return (context.plan?.hoppers ?? []).flatMap(({ id, feeders }) => {
    const now = high.includes(id);
    if (now === context.paused.includes(id)) return [];
    return feeders.map((one) => send(one.id, 'SET_HZ', { hz: now ? 0 : one.hz }));
  });
}

/** The movement that ends now; none if nothing ran. */
export function movement(context: RouteContext, event: EventBase): MachineOutput[] {
  const { plan, id, product, runningSinceUtcMs } = context;
  if (plan === null || runningSinceUtcMs === null) return [];
  const record: MovementRecord = {
    kind: 'movement',
    movementId: `${id}/${runningSinceUtcMs}`,
    from: plan.source,
    to: plan.destination,
    material: plan.material,
    lot: product?.lot ?? plan.lot,
    massKg: null,
    startedTimeMs: runningSinceUtcMs,
    endedTimeMs: event.utcMs,
  };
  return [{ type: 'record', record }];
}
