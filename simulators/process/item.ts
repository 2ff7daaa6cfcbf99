import type { DeviceDefinition, DeviceTypeName, Mill } from '../../plc/mill/definition.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { ProcessFaultName } from '../faults/catalogue.ts';
import type { PresentFaults } from '../faults/present.ts';
import type { RunningScenario } from '../faults/running-scenario.ts';
import type { Blend } from './blend.ts';
import type { Chance } from './chance.ts';
import type { Roster } from './roster.ts';

type DeviceOfType<K extends DeviceTypeName> = Extract<DeviceDefinition, { readonly type: K }>;

/** Where product goes from a device; `port` is the position of a diverter that leads there. */
export interface Outlet {
  readonly to: Item;
  readonly port: number | null;
}

/**
 * A device of the simulated mill: what the mill file says of it, its present state, its neighbours.
 */
interface ItemWith<D extends DeviceDefinition, S extends object> {
  readonly id: string;
  readonly device: D;
  readonly behaviour: Behaviour;
  state: S;
  readonly outlets: Outlet[];
  readonly inlets: Item[];
  /** Its tags by their role, so that no name is put together in a step. */
  readonly tagNames: ReadonlyMap<string, string>;
  /** Emergency stops that cut its power. */
  readonly emergencyStops: readonly string[];
  /** Devices that hold it by a hard-wired interlock while their `locks` says so. */
  readonly lockedBy: readonly Item[];
  /** Its place among the devices that take turns in being stepped. */
  readonly phase: number;
  /** Its place in the order of the steps; -1 for what is stepped apart. */
  place: number;
  /** Stepped since it was last measured. */
  fresh: boolean;
  /** Woken since it was last stepped: something was commanded, put in, drawn out or is wrong. */
  touched: boolean;
}

/** A device of type `K` whose state is `S`; by default, any device. */
export type Item<K extends DeviceTypeName = DeviceTypeName, S extends object = object> = ItemWith<
  DeviceOfType<K>,
  S
>;

/** Takes the value of a device's input tag, by role. */
export type Say = (role: string, value: TagScalar) => void;

/**
 * The physics of a device type. Product is handed on by the giver, which first asks the taker for
 * room: `room` and `put` are the taker's side, `draw` lets a gate, screw or conveyor take from a
 * store.
 */
interface BehaviourWith<D extends DeviceDefinition, S extends object> {
  /**
   * How often it is stepped: `fine` where a dose or a cut-off is decided (every 20 ms), `coarse`
   * for all that is slower than that (every 100 ms).
   */
  readonly pace: 'fine' | 'coarse';
  create(device: D, mill: MillState): S;
  step(now: Step, item: ItemWith<D, S>): void;
  /**
   * True when a step would change nothing, and none will before it is woken: it is left out from
   * then on, as most of a mill is at any time.
   */
  idle?(now: Step, item: ItemWith<D, S>): boolean;
  /** True while the field's own safety circuit lets nothing run that feeds it. */
  locks?(item: ItemWith<D, S>): boolean;
  /** Room for product, mg. */
  room?(now: Step, item: ItemWith<D, S>): number;
  /** Takes all of a parcel. */
  put?(now: Step, item: ItemWith<D, S>, parcel: Blend): void;
  /** Gives up to `mg`. */
  draw?(now: Step, item: ItemWith<D, S>, mg: number): Blend;
  /** How readily product flows out, 0..1: the head of a full bin presses harder. */
  head?(now: Step, item: ItemWith<D, S>): number;
  /** All product it holds. */
  held?(state: S): readonly Blend[];
  /** Says the value of each input tag, by role. */
  measure(item: ItemWith<D, S>, say: Say, mill: MillState): void;
}

/** The physics of device type `K`, whose state is `S`; by default, of any. */
export type Behaviour<
  K extends DeviceTypeName = DeviceTypeName,
  S extends object = object,
> = BehaviourWith<DeviceOfType<K>, S>;

export interface Substance {
  readonly material: string;
  readonly lot: string;
}

/**
 * A truck in the yard. Where the mill has a weighbridge it is weighed full and empty; at the pit it
 * tips, or waits its turn.
 */
export interface Truck {
  /** Where it tips; empty until a pit's board shows its plate. */
  pit: string;
  /** Number plate; one without a plate goes where it was sent and heeds no light. */
  readonly plate: string;
  readonly substance: number;
  readonly tareKg: number;
  mg: number;
  stage: 'arriving' | 'waiting' | 'tipping' | 'leaving' | 'gone';
  /** The weighbridge it stands on, and for how long yet, s. */
  bridge: string | null;
  weighS: number;
}

/** What came in or went out of the mill under a name, by substance: mg. */
export type NamedMasses = Record<string, Record<number, number>>;

/** In and out of a store since the mill was new, mg. */
export interface Turnover {
  inMg: number;
  outMg: number;
}

/**
 * The whole simulated mill. All that changes is plain data, so that it can be saved and restored.
 */
export interface MillState {
  readonly mill: Mill;
  /**
   * Devices, the last in the flow of product first, so that room is made before it is asked for.
   */
  readonly items: readonly Item[];
  readonly roster: Roster;
  /** The devices that moved since they were last measured. */
  moved: Item[];
  readonly byId: ReadonlyMap<string, Item>;
  readonly byType: ReadonlyMap<DeviceTypeName, readonly Item[]>;
  /** The device whose tag it is. */
  readonly byTag: ReadonlyMap<string, Item>;
  /** Connections whose controller was in its safe state in the last step. */
  safe: ReadonlySet<string>;
  /** The faults' revision at which the devices were last woken. */
  faultsSeen: number;
  /** The watchdogs of the field's controllers. */
  readonly heartbeats: readonly Item[];
  readonly chance: Chance;
  readonly faults: PresentFaults;
  /** Process time since the mill was new, ms. */
  timeMs: number;
  /** Time that has passed and is less than a step, ms. */
  owedMs: number;
  /**
   * How many times faster than the clock process time runs; heartbeats are watched in real time.
   */
  speed: number;
  substances: Substance[];
  sources: NamedMasses;
  losses: NamedMasses;
  bags: { count: number; content: Blend };
  trucks: Truck[];
  /** What is still to happen by a scenario. */
  scenario: RunningScenario | null;
}

/** One step of time: how long, what is commanded, what is wrong. */
export interface Step {
  readonly mill: MillState;
  readonly dtS: number;
  on(item: Pick<Item, 'tagNames'>, role: string): boolean;
  number(item: Pick<Item, 'tagNames'>, role: string): number;
  text(item: Pick<Item, 'tagNames'>, role: string): string;
  faulty(id: string, fault: ProcessFaultName): boolean;
}

/** The number by which blends know a substance. */
export function substanceOf(mill: MillState, material: string, lot: string): number {
  const known = mill.substances.findIndex((one) => one.material === material && one.lot === lot);
  return known >= 0 ? known : mill.substances.push({ material, lot }) - 1;
}

/** Books a mass under a name. */
export function book(into: NamedMasses, name: string, substance: number, mg: number): void {
  if (mg === 0) return;
  const masses = into[name] ?? {};
  masses[substance] = (masses[substance] ?? 0) + mg;
  into[name] = masses;
}

/** Books all of a blend as lost under a name. */
export function lose(mill: MillState, name: string, blend: Blend): void {
  for (const part of blend.parts) book(mill.losses, name, part.substance, part.mg);
}

export function hasFault(mill: MillState, id: string, fault: ProcessFaultName): boolean {
  return mill.faults.has(id, fault);
}

/** All devices of these types. */
export function itemsOf(mill: MillState, types: readonly DeviceTypeName[]): readonly Item[] {
  const only = types[0];
  if (types.length === 1 && only !== undefined) return mill.byType.get(only) ?? [];
  return types.flatMap((type) => mill.byType.get(type) ?? []);
}

/** Rounds a measured value to so many decimals, as a transmitter does. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
