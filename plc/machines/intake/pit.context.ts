import type { SiloState } from '../../logic/silo-choice.ts';
import { chooseSilo } from '../../logic/silo-choice.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { PitState } from '../../model/pit.ts';
import { PIT_STATES } from '../../model/pit.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { codeOf, earliest, input, numberArg, stateOf, textArg } from '../kit.ts';

/** A silo that a pit's route leads to. */
export interface PitSilo {
  readonly bin: string;
  readonly material: string | null;
  readonly capacityKg: number;
  readonly highPct: number;
  /** Highest temperature at which it still takes fresh product, degC; null: it has no cable. */
  readonly hotC: number | null;
}

export interface PitInput {
  /** Its light, and the id of its machine. */
  readonly id: string;
  readonly pit: string;
  readonly route: string;
  readonly desk: string;
  readonly silos: readonly PitSilo[];
  /** It must be low this long with no truck at it before its route is stopped, ms. */
  readonly emptyMs: number;
}

/** The truck that has the permit. */
export interface PitJob {
  readonly truckId: string;
  readonly plate: string;
  readonly material: string;
  readonly loadKg: number;
}

/** A silo that took part of a load: its measured content when the route to it began and ended. */
export interface Filled {
  readonly bin: string;
  readonly fromKg: number;
  readonly toKg: number;
}

export interface PitContext extends KitContext {
  readonly state: PitState;
  readonly made: PitInput;
  readonly job: PitJob | null;
  readonly destination: string | null;
  readonly second: string | null;
  readonly filled: readonly Filled[];
  /** The right truck has been seen at the pit, and has left again. */
  readonly came: boolean;
  readonly left: boolean;
  /** The route was told to stop because pit and truck are empty. */
  readonly ending: boolean;
  readonly emptySinceMs: number | null;
  /** When the route is asked again, process ms. */
  readonly askAtMs: number | null;
  readonly wrongTruck: boolean;
  readonly noDestination: boolean;
}

export const ASK_MS = 5_000;
/** A load may be so much more than its ticket says. */
const LOAD_MARGIN = 1.05;

export function plateAt(event: EventBase): string | null {
  const plate = event.inputs['Plate'];
  if (!isOn(event.inputs['Occupied']) || plate?.quality !== 'good') return null;
  return typeof plate.value === 'string' && plate.value !== '' ? plate.value : null;
}

export function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

/** Measured content of a silo, kg; null while its level is not good. */
export function contentKg(silo: PitSilo, event: EventBase): number | null {
  const levelPct = goodNumber(event.inputs[`${silo.bin}.LevelPct`]);
  return levelPct === null ? null : (levelPct / 100) * silo.capacityKg;
}

function siloStates({ made }: PitContext, event: EventBase): SiloState[] {
  return made.silos.map((silo) => {
    const content = contentKg(silo, event);
    const tooHotC = silo.hotC ?? Number.POSITIVE_INFINITY;
    const warmC = silo.hotC === null ? 0 : goodNumber(event.inputs[`${silo.bin}.MaxT`]);
    return {
      bin: silo.bin,
      material: silo.material,
      roomKg: content === null ? null : (silo.highPct / 100) * silo.capacityKg - content,
      contentKg: content ?? 0,
      high: !isOff(event.inputs[`${silo.bin}.High`]),
      hot: warmC === null || warmC > tooHotC,
    };
  });
}

/** The silos for a load, those that are full now left out. */
export function choice(context: PitContext, event: EventBase, job: PitJob) {
  return chooseSilo(siloStates(context, event), job.material, job.loadKg * LOAD_MARGIN);
}

/** The truck that a PERMIT names; null when something of it is missing. */
export function jobOf(event: MachineEvent): PitJob | null {
  const [truckId, plate] = [textArg(event, 'truckId'), textArg(event, 'plate')];
  const [material, loadKg] = [textArg(event, 'material'), numberArg(event, 'loadKg')];
  if (truckId === null || plate === null || material === null || loadKg === null) return null;
  return { truckId, plate, material, loadKg };
}

/** Why a truck gets no permit for this pit now. */
export function permitRefusals(context: PitContext, event: MachineEvent): Reason[] {
  const job = jobOf(event);
  const { pit } = context.made;
  if (job === null) return [reason('command.invalid', { path: 'truck', fault: 'incomplete' })];
  const { material } = job;
  const empty = isOn(event.inputs['Low']) ? [] : [reason('intake.pit-not-empty', { pit })];
  const routeIdle = routeState(event) === 'Idle';
  const busy = routeIdle ? [] : [reason('route.busy', { route: context.made.route })];
  const none = choice(context, event, job).first === null;
  return [...empty, ...busy, ...(none ? [reason('intake.no-silo', { material })] : [])];
}

/** Green while the truck with the permit may come and tip. */
function isGreen(context: PitContext): boolean {
  const open = context.state === 'Permitted' || context.state === 'Tipping';
  return open && !context.wrongTruck && !context.left;
}

export function pitView(context: PitContext): View {
  const { id, job } = context;
  const green = isGreen(context);
  return {
    writes: { [`${id}.PermitCmd`]: green, [`${id}.PermitPlate`]: green ? (job?.plate ?? '') : '' },
    publishes: { [`${id}.State`]: codeOf(PIT_STATES, context.state) },
    alarms: {
      [`${id}.WrongPit`]: context.wrongTruck,
      [`${id}.NoDestination`]: context.noDestination,
    },
    wakeAtMs: earliest(
      context.askAtMs,
      context.emptySinceMs === null ? null : context.emptySinceMs + context.made.emptyMs,
    ),
  };
}
