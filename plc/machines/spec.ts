import type { AnyStateMachine } from 'xstate';
import type { Mill } from '../mill/definition.ts';
import type { Condition } from '../model/condition.ts';
import type { MachineSpec } from './contract.ts';

export type Reads = Readonly<Record<string, string>>;
/** A control module: starts anew and safe, keeps only its counters. */
export function fresh(
  id: string,
  logic: AnyStateMachine,
  input: unknown,
  reads: Reads,
  counters: readonly string[] = [],
): MachineSpec {
  return { id, logic, input, reads, version: 1, persistence: 'fresh', counters };
}

/** A unit with work in it: comes back where it was, held. */
export function restored(
  id: string,
  logic: AnyStateMachine,
  input: unknown,
  reads: Reads,
  version = 1,
): MachineSpec {
  return { id, logic, input, reads, version, persistence: 'restored', counters: [] };
}

/** The tags of a device by their role. */
export function roles(device: string, ...names: readonly string[]): Reads {
  return Object.fromEntries(names.map((name) => [name, `${device}.${name}`]));
}

/** Tags by their own name. */
export function named(tags: readonly string[]): Reads {
  return Object.fromEntries(tags.map((tag) => [tag, tag]));
}

export function conditionTags(...lists: readonly (readonly Condition[])[]): Reads {
  return named(lists.flat().map((one) => one.tag));
}

/** The machine that sounds the horn of an area; the mill's first where it has none of its own. */
export function hornOf(mill: Mill, area: string | undefined): string | null {
  const horns = mill.devices.filter((one) => one.type === 'safety');
  return (horns.find((one) => one.area === area) ?? horns[0])?.id ?? null;
}
