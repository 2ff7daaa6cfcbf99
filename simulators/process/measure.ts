import type { TagScalar } from '../../plc/model/tag.ts';
import { zeroOf } from '../../plc/model/tag.ts';
import type { Fault } from '../faults/catalogue.ts';
import { numberOf } from '../faults/catalogue.ts';
import type { FaultRequest } from '../faults/check.ts';
import { checkedFault } from '../faults/check.ts';
import type { FaultFilter } from '../faults/present.ts';
import type { Item, MillState } from './item.ts';
import { rounded } from './item.ts';

/** What a sensor with a fault shows instead of `value`. */
function faultyValue(state: MillState, fault: Fault, value: TagScalar): TagScalar {
  if (fault.fault === 'frozen') return fault.frozen ?? value;
  if (typeof value !== 'number') return value;
  const size = numberOf(fault, 'value');
  if (fault.fault === 'bias') return rounded(value + size, 3);
  // A swing of one second's period: the noise of a loose wire, and the same on every replay.
  return rounded(value + size * Math.sin((state.timeMs / 1000) * 2 * Math.PI), 3);
}

/** What the sensor shows, with all that is wrong with it. */
function shownValue(state: MillState, item: Item, role: string, value: TagScalar): TagScalar {
  let shown = value;
  for (const fault of state.faults.all) {
    if (fault.device === item.id && fault.role === role) shown = faultyValue(state, fault, shown);
  }
  return shown;
}

/** A device with a fault is measured each time: its sensor may swing by itself. */
function movedOrFaulty(state: MillState): readonly Item[] {
  if (state.faults.all.length === 0) return state.moved;
  const faulty = new Set(state.faults.all.map(({ device }) => device));
  const items = [...faulty].map((id) => (id === null ? undefined : state.byId.get(id)));
  return [...new Set([...state.moved, ...items.filter((one) => one !== undefined)])];
}

/** A sensor and what it showed at the last look; without a name where the mill has no such tag. */
interface Sensor {
  readonly role: string;
  readonly name: string | undefined;
  shown: TagScalar | undefined;
}

/**
 * The field's sensors as they are read: of the devices that moved since the last look, only what
 * is different. Whoever watches a whole mill pays for its changes alone.
 */
export class Readings {
  private readonly sensors = new Map<Item, Sensor[]>();
  private faultsSeen = -1;

  /** Reads what moved, and tells each tag that shows something else than before. */
  update(state: MillState, tell: (name: string, value: TagScalar) => void): void {
    const all = state.faults.revision !== this.faultsSeen;
    this.faultsSeen = state.faults.revision;
    for (const item of all ? state.items : movedOrFaulty(state)) {
      item.fresh = false;
      this.look(state, item, tell);
    }
    state.moved = [];
    for (const item of state.heartbeats) this.look(state, item, tell);
  }

  /** A device says its tags in the same order each time: the next sensor is nearly always meant. */
  private look(state: MillState, item: Item, tell: (name: string, value: TagScalar) => void): void {
    const sensors = this.sensorsOf(item);
    const isFaulty = state.faults.hasAny(item.id);
    let place = 0;
    const say = (role: string, value: TagScalar): void => {
      let sensor = sensors[place];
      if (sensor?.role === role) place += 1;
      else sensor = sensorFor(sensors, item, role);
      if (sensor.name === undefined) return;
      const shown = isFaulty ? shownValue(state, item, role, value) : value;
      if (sensor.shown === shown) return;
      sensor.shown = shown;
      tell(sensor.name, shown);
    };
    item.behaviour.measure(item, say, state);
  }

  private sensorsOf(item: Item): Sensor[] {
    const known = this.sensors.get(item);
    if (known !== undefined) return known;
    const sensors: Sensor[] = [];
    this.sensors.set(item, sensors);
    return sensors;
  }
}

function sensorFor(sensors: Sensor[], item: Item, role: string): Sensor {
  const known = sensors.find((one) => one.role === role);
  if (known !== undefined) return known;
  const sensor: Sensor = { role, name: item.tagNames.get(role), shown: undefined };
  sensors.push(sensor);
  return sensor;
}

/** Every input tag of the field as its sensor shows it now. Reads the state and changes nothing. */
export function measure(state: MillState): Map<string, TagScalar> {
  const values = new Map<string, TagScalar>();
  for (const item of [...state.heartbeats, ...state.items]) {
    item.behaviour.measure(
      item,
      (role, value) => {
        const name = item.tagNames.get(role);
        if (name !== undefined) values.set(name, shownValue(state, item, role, value));
      },
      state,
    );
  }
  for (const tag of state.mill.plainTags) {
    if (tag.direction === 'input') values.set(tag.name, zeroOf(tag.dataType));
  }
  return values;
}

/** What one sensor shows now, or undefined where there is none. */
function readingOf(state: MillState, tag: string): TagScalar | undefined {
  return measure(state).get(tag);
}

/**
 * Puts a fault on a device, connection or unit; the same fault at the same place is replaced.
 * @throws {FaultError} naming all that does not go together.
 */
export function setFault(state: MillState, request: FaultRequest): Fault {
  const fault = checkedFault(state.mill, request, (tag) => readingOf(state, tag));
  state.faults.add(fault);
  return fault;
}

/** Takes off again all faults that have what is given; returns how many there were. */
export function clearFault(state: MillState, filter: FaultFilter): number {
  return state.faults.clear(filter);
}
