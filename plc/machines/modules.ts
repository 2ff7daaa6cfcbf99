import type { DeviceDefinition, DeviceOf, DriveTypeName, Mill } from '../mill/definition.ts';
import { DRIVE_TYPES } from '../mill/definition.ts';
import type { Condition } from '../model/condition.ts';
import type { MachineSpec } from './contract.ts';
import type { DiverterInput } from './diverter.machine.ts';
import { diverterMachine } from './diverter.machine.ts';
import { driveMachine } from './drive.machine.ts';
import type { DriveInput } from './drive-rules.ts';
import type { GateInput } from './gate.machine.ts';
import { gateMachine } from './gate.machine.ts';
import { feederUnits } from './route-plan.ts';
import { safetyMachine } from './safety.machine.ts';
import { conditionTags, fresh, hornOf, roles } from './spec.ts';

type DriveDevice = { [K in DriveTypeName]: DeviceOf<K> }[DriveTypeName];

function isDrive(device: DeviceDefinition): device is DriveDevice {
  return (DRIVE_TYPES as readonly string[]).includes(device.type);
}

/** What trips a drive until a reset (DOMAIN 3 and 4): plug, belt drift, hot bearing, vibration. */
function protectionsOf(device: DriveDevice): Condition[] {
  const off = (role: string): Condition => ({
    tag: `${device.id}.${role}`,
    comparison: 'is',
    limit: false,
  });
  const below = (role: string, limit: number): Condition => ({
    tag: `${device.id}.${role}`,
    comparison: 'below',
    limit,
  });
  if (device.type === 'elevator') return [off('Plug'), off('Align'), below('BearingT', 80)];
  if (device.type === 'hammerMill') return [below('BearingT', 85), below('Vibration', 11)];
  return [];
}

/** Drives that a unit may stop and whose frequency it sets though a route owns them. */
function unitOf(mill: Mill, device: DriveDevice): string | null {
  if (device.type === 'press' || device.type === 'hammerMill') return `${device.id}:unit`;
  return feederUnits(mill).get(device.id) ?? null;
}

function initialHz(device: DriveDevice, unit: string | null): DriveInput['hz'] {
  if (device.type !== 'feeder') return null;
  const { hzMax, coarseHz, fineHz } = device.settings;
  return { max: hzMax, initial: unit === null ? coarseHz : fineHz };
}

function driveSpec(mill: Mill, device: DriveDevice): MachineSpec {
  const { id, settings, permissives, interlocks } = device;
  const protections = protectionsOf(device);
  const unit = unitOf(mill, device);
  const speedRole = device.type === 'feeder' ? 'Hz' : 'SpeedPct';
  const runUpBy = mill.tagByName.has(`${id}.${speedRole}`) ? speedRole : null;
  const input: DriveInput = {
    id,
    hornS: settings.hornS,
    feedbackS: settings.feedbackS,
    runUpS: settings.runUpS,
    startsPerHourMax: settings.startsPerHourMax,
    permissives,
    interlocks,
    protections,
    runUpBy,
    stopsOnUnderspeed: device.type === 'elevator',
    hz: initialHz(device, unit),
    unit,
    horn: hornOf(mill, device.area),
  };
  const reads = {
    ...roles(id, 'RunFb', 'Trip', 'Local', ...(runUpBy === null ? [] : [runUpBy])),
    ...conditionTags(permissives, interlocks, protections),
  };
  return fresh(id, driveMachine, input, reads, ['starts', 'runMs']);
}

/** The machine of one device; null for what has none here (bins, scales, heartbeats, baggers). */
function moduleSpec(mill: Mill, device: DeviceDefinition): MachineSpec | null {
  const { id, permissives, interlocks } = device;
  if (isDrive(device)) return driveSpec(mill, device);
  switch (device.type) {
    case 'gate': {
      const input: GateInput = { id, travelS: device.settings.travelS, permissives, interlocks };
      const reads = roles(id, 'OpenLS', 'CloseLS');
      return fresh(id, gateMachine, input, { ...reads, ...conditionTags(permissives, interlocks) });
    }
    case 'diverter': {
      const { positions, travelS } = device.settings;
      const input: DiverterInput = { id, positions, travelS };
      return fresh(id, diverterMachine, input, roles(id, 'Pos', 'InPos'));
    }
    case 'safety':
      return fresh(id, safetyMachine, { id }, {});
    default:
      return null;
  }
}

/**
 * The control modules of a mill: one machine for each driven or moved device, and the horns. Each
 * output tag of theirs is written by one machine only.
 */
export function buildControlModules(mill: Mill): MachineSpec[] {
  return mill.devices.map((device) => moduleSpec(mill, device)).filter((one) => one !== null);
}
