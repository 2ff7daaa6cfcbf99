import type { DeviceTypeName } from '../../plc/mill/definition.ts';
import { DRIVE_TYPES } from '../../plc/mill/definition.ts';
import type { TagScalar } from '../../plc/model/tag.ts';

/** What a fault needs beside its device: nothing, a sensor (role), or a sensor and a number. */
type FaultNeeds = 'nothing' | 'role' | 'role and value';

interface FaultKind {
  readonly types: readonly DeviceTypeName[] | 'all';
  readonly needs: FaultNeeds;
  /** What happens, for the person who injects it. */
  readonly effect: string;
}

const BEARINGS: readonly DeviceTypeName[] = ['elevator', 'hammerMill'];

/** Every fault that can be put on a device (DOMAIN 6); those of the network are in the servers. */
export const FAULT_KINDS = {
  bias: { types: 'all', needs: 'role and value', effect: 'a sensor reads so much too high' },
  noise: { types: 'all', needs: 'role and value', effect: 'a sensor swings by +- so much' },
  frozen: { types: 'all', needs: 'role', effect: 'a sensor stays at its present value' },
  'feedback-lost': { types: DRIVE_TYPES, needs: 'nothing', effect: 'it runs, RunFb stays off' },
  welded: { types: DRIVE_TYPES, needs: 'nothing', effect: 'the contactor does not open' },
  trip: { types: DRIVE_TYPES, needs: 'nothing', effect: 'the motor protection acts' },
  local: { types: DRIVE_TYPES, needs: 'nothing', effect: 'the local switch is on' },
  underspeed: { types: DRIVE_TYPES, needs: 'nothing', effect: 'speed falls to 70 %' },
  'hot-bearing': { types: BEARINGS, needs: 'nothing', effect: 'a bearing warms to 95 degC' },
  vibration: { types: ['hammerMill'], needs: 'nothing', effect: 'vibration rises to 9 mm/s' },
  'belt-drift': { types: ['elevator'], needs: 'nothing', effect: 'the belt runs off centre' },
  stuck: { types: ['gate', 'diverter'], needs: 'nothing', effect: 'it stays where it is' },
  bridged: { types: ['bin'], needs: 'nothing', effect: 'nothing leaves the bin' },
  choke: { types: ['press'], needs: 'nothing', effect: 'the die chokes' },
  blocked: { types: ['bagger'], needs: 'nothing', effect: 'bags cannot leave' },
  'machine-fault': { types: ['bagger'], needs: 'nothing', effect: 'the bagger reports a fault' },
  'e-stop': { types: ['safety'], needs: 'nothing', effect: 'an emergency stop is pressed' },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULT_KINDS;
export const FAULT_NAMES = Object.keys(FAULT_KINDS) as FaultName[];

/** A fault that is present. `role` and `value` where its kind needs them. */
export interface Fault {
  readonly device: string;
  readonly fault: FaultName;
  readonly role: string | null;
  readonly value: number | null;
  /** What a frozen sensor shows. */
  readonly frozen: TagScalar | null;
}

/** True where a fault of this kind can be put on a device of this type. */
export function faultFits(fault: FaultName, type: DeviceTypeName): boolean {
  const kind: FaultKind = FAULT_KINDS[fault];
  return kind.types === 'all' || kind.types.includes(type);
}

export function faultNeeds(fault: FaultName): FaultNeeds {
  return FAULT_KINDS[fault].needs;
}
