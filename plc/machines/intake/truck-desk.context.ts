import type { IntakeLimits } from '../../mill/definition.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { TruckRecord, TruckSample } from '../../model/record-stock.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent, View } from '../kit.ts';
import { earliest, numberArg, textArg } from '../kit.ts';

export type Truck = Omit<TruckRecord, 'kind'>;

/** A pit or bay: its light's machine, and the materials that its route leads to silos for. */
export interface DeskPit {
  readonly light: string;
  readonly materials: readonly string[];
}

export interface DeskInput {
  readonly id: string;
  readonly bridges: readonly string[];
  readonly pits: readonly DeskPit[];
  /** Materials in sacks: no pit takes them, persons carry them into the store. */
  readonly bagged: readonly string[];
  readonly limits: Readonly<Record<string, IntakeLimits>>;
}

export interface DeskContext extends KitContext {
  readonly state: 'Open';
  readonly made: DeskInput;
  readonly trucks: readonly Truck[];
  /** Trucks booked so far: part of their ids. */
  readonly booked: number;
  /** Truck that each pit has, by light. */
  readonly pits: Readonly<Record<string, string>>;
  /** Pits that were asked for a permit and have not answered. */
  readonly asked: Readonly<Record<string, string>>;
  readonly askAtMs: number | null;
  /** Share of the load in each silo, by truck, once its pit is clear. */
  readonly cleared: Readonly<Record<string, readonly { bin: string; share: number }[]>>;
  /** Lights whose last truck was off its ticket by more than 0.5 %. */
  readonly differing: Readonly<Record<string, boolean>>;
}

/** Trucks in the yard or expected at once, and trucks that are remembered. */
export const OPEN_MAX = 150;
export const REMEMBERED_MAX = 250;
/** A truck that is done is shown for a day, ms. */
export const SHOWN_MS = 24 * 3_600_000;
/** Pits are asked again so often, ms. */
export const ASK_MS = 5_000;
/** Net weight off the supplier's: more than this is an alarm (DOMAIN 4), %. */
export const NET_DIFFERS_PCT = 0.5;

const DONE = ['Complete', 'Rejected', 'Cancelled'];

export function isDone(truck: Truck): boolean {
  return DONE.includes(truck.state);
}

/** Which truck stands weighed on a bridge and may drive on. */
function mayGo(context: DeskContext, bridge: string, plate: string): boolean {
  const truck = context.trucks.findLast((one) => one.plate === plate);
  if (truck === undefined || bridge === '') return false;
  return !['Booked', 'Arrived', 'Accepted', 'Tipped'].includes(truck.state);
}

export interface Bridge {
  readonly id: string;
  readonly plate: string | null;
  /** Weight that stands still and can be trusted, kg. */
  readonly kg: number | null;
}

export function bridgesOf({ made }: DeskContext, event: EventBase): Bridge[] {
  return made.bridges.map((id) => {
    const plate = event.inputs[`${id}.Plate`];
    const there = isOn(event.inputs[`${id}.Occupied`]);
    const still = isOn(event.inputs[`${id}.Stable`]) && isOff(event.inputs[`${id}.Overload`]);
    const read = plate?.quality === 'good' && typeof plate.value === 'string' ? plate.value : '';
    return {
      id,
      plate: there && read !== '' ? read : null,
      kg: there && still ? goodNumber(event.inputs[`${id}.Net`]) : null,
    };
  });
}

/** What the desk shows besides its lists: the lights of the bridges are set in `weighAll`. */
export function deskView(context: DeskContext): View {
  const alarms = Object.fromEntries(
    context.made.pits.map(({ light }) => [
      `${light}.NetDiffers`,
      context.differing[light] === true,
    ]),
  );
  return {
    alarms,
    status: { kind: 'trucks', desk: context.id, trucks: context.trucks },
    wakeAtMs: earliest(context.askAtMs),
  };
}

/** Whether the truck on each bridge may drive on: outputs of this scan. */
export function goLights(context: DeskContext, event: EventBase): MachineOutput[] {
  return bridgesOf(context, event).map(({ id, plate }) => ({
    type: 'write',
    tag: `${id}.GoCmd`,
    value: plate !== null && mayGo(context, id, plate),
  }));
}

export function record(truck: Truck): MachineOutput {
  return { type: 'record', record: { kind: 'truck', ...truck } };
}

/** One truck becomes another; every change is written down. */
export function changed(
  context: DeskContext,
  truckId: string,
  change: Partial<Truck>,
): Effect<DeskContext> {
  const trucks = context.trucks.map((one) =>
    one.truckId === truckId ? { ...one, ...change } : one,
  );
  const now = trucks.find((one) => one.truckId === truckId);
  return { set: { trucks }, out: now === undefined ? [] : [record(now)] };
}

export function both(
  context: DeskContext,
  ...steps: readonly ((context: DeskContext) => Effect<DeskContext>)[]
): Effect<DeskContext> {
  let set: Partial<DeskContext> = {};
  const out: MachineOutput[] = [];
  for (const step of steps) {
    const done = step({ ...context, ...set });
    set = { ...set, ...done.set };
    out.push(...(done.out ?? []));
  }
  return { set, out };
}

export function truckOf(context: DeskContext, event: MachineEvent): Truck | undefined {
  const truckId = textArg(event, 'truckId');
  return context.trucks.find((one) => one.truckId === truckId);
}

export function sampleOf(event: MachineEvent): TruckSample | null {
  const moisturePct = numberArg(event, 'moisturePct');
  const proteinPct = numberArg(event, 'proteinPct');
  const mycotoxinPpb = numberArg(event, 'mycotoxinPpb');
  if (moisturePct === null || proteinPct === null || mycotoxinPpb === null) return null;
  return { moisturePct, proteinPct, mycotoxinPpb };
}

/** Why a sample is not accepted: every limit of the material that it breaks. */
export function sampleFaults(
  limits: IntakeLimits | undefined,
  ticket: string,
  found: string,
  sample: TruckSample,
): Reason[] {
  const other = ticket === found ? [] : [reason('intake.other-material', { ticket, found })];
  if (limits === undefined) return other;
  const { moisturePct, proteinPct, mycotoxinPpb } = sample;
  const { moisturePctMax, proteinPctMin, mycotoxinPpbMax } = limits;
  return [
    ...other,
    ...(moisturePct > moisturePctMax
      ? [reason('intake.moist', { found: moisturePct, limit: moisturePctMax })]
      : []),
    ...(proteinPct < proteinPctMin
      ? [reason('intake.protein', { found: proteinPct, limit: proteinPctMin })]
      : []),
    ...(mycotoxinPpb > mycotoxinPpbMax
      ? [reason('intake.mycotoxin', { found: mycotoxinPpb, limit: mycotoxinPpbMax })]
      : []),
  ];
}
