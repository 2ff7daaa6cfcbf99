import type { TagScalar } from '../../plc/model/tag.ts';
import { zeroOf } from '../../plc/model/tag.ts';
import type { Fault } from './faults.ts';
import { faultFits, faultNeeds } from './faults.ts';
import type { MillState } from './item.ts';
import { rounded } from './item.ts';

const SENSOR_FAULTS: ReadonlySet<string> = new Set(['bias', 'noise', 'frozen']);

/** What a sensor with a fault shows instead of `value`. */
function faultyValue(state: MillState, fault: Fault, value: TagScalar): TagScalar {
  if (fault.fault === 'frozen') return fault.frozen ?? value;
  if (typeof value !== 'number' || fault.value === null) return value;
  if (fault.fault === 'bias') return rounded(value + fault.value, 3);
  // A swing of one second's period: the noise of a loose wire, and the same on every replay.
  return rounded(value + fault.value * Math.sin((state.timeMs / 1000) * 2 * Math.PI), 3);
}

/** Every input tag of the field as its sensor shows it now. Reads the state and changes nothing. */
export function measure(state: MillState): Map<string, TagScalar> {
  const values = new Map<string, TagScalar>();
  for (const item of state.items) {
    item.behaviour.measure(
      item,
      (role, value) => {
        values.set(`${item.id}.${role}`, value);
      },
      state,
    );
  }
  for (const tag of state.mill.plainTags) {
    if (tag.direction === 'input') values.set(tag.name, zeroOf(tag.dataType));
  }
  for (const fault of state.faults) {
    if (!SENSOR_FAULTS.has(fault.fault)) continue;
    const name = `${fault.device}.${fault.role}`;
    const value = values.get(name);
    if (value !== undefined) values.set(name, faultyValue(state, fault, value));
  }
  return values;
}

/** A fault that cannot be put on; the person who asked for it must mend the request. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultError';
  }
}

/** A fault as a person asks for it. */
export interface FaultRequest {
  readonly device: string;
  readonly fault: Fault['fault'];
  readonly role?: string | undefined;
  readonly value?: number | undefined;
}

function checkedFault(state: MillState, request: FaultRequest): Fault {
  const { device, fault, role, value } = request;
  const item = state.byId.get(device);
  if (item === undefined) throw new FaultError(`unknown device ${device}`);
  if (!faultFits(fault, item.device.type)) {
    throw new FaultError(`a ${item.device.type} cannot have the fault ${fault}`);
  }
  const needs = faultNeeds(fault);
  if (needs === 'nothing') return { device, fault, role: null, value: null, frozen: null };
  const shown = role === undefined ? undefined : measure(state).get(`${device}.${role}`);
  if (role === undefined || shown === undefined) {
    throw new FaultError(`${fault} needs the role of a sensor of ${device}`);
  }
  if (needs === 'role') return { device, fault, role, value: null, frozen: shown };
  if (value === undefined || typeof shown !== 'number') {
    throw new FaultError(`${fault} needs a value, and a sensor that shows a number`);
  }
  return { device, fault, role, value, frozen: null };
}

/**
 * Puts a fault on a device; the same fault (on the same sensor) is replaced.
 * @throws {FaultError} when device, fault, role and value do not go together.
 */
export function setFault(state: MillState, request: FaultRequest): void {
  const fault = checkedFault(state, request);
  clearFault(state, request);
  state.faults.push(fault);
}

/**
 * Takes a fault off again; without a role, from all the device's sensors. Returns how many there
 * were.
 */
export function clearFault(state: MillState, request: FaultRequest): number {
  const before = state.faults.length;
  state.faults = state.faults.filter(
    (one) =>
      one.device !== request.device ||
      one.fault !== request.fault ||
      (request.role !== undefined && one.role !== request.role),
  );
  return before - state.faults.length;
}
