import type { DeviceDefinition, DeviceOf, DriveTypeName, Mill } from '../../mill/definition.ts';
import { isDrive, isGate, isPositioner } from '../../mill/definition.ts';
import type { Condition } from '../../model/condition.ts';
import type { MachineSpec } from '../contract.ts';
import { feederUnits } from '../routes/route-plan.ts';
import { conditionTags, fresh, hornOf, named, roles } from '../spec.ts';
import { MODED_COUNTERS } from './device-mode.ts';
import type { DiverterInput } from './diverter.machine.ts';
import { diverterMachine } from './diverter.machine.ts';
import { driveMachine } from './drive.machine.ts';
import type { DriveInput } from './drive-rules.ts';
import { DRIVE_COUNTERS } from './drive-rules.ts';
import { flowAbove, flowTags } from './flow-watch.ts';
import type { GateInput } from './gate.machine.ts';
import { gateMachine } from './gate.machine.ts';
import { safetyMachine } from './safety.machine.ts';

type DriveDevice = { [K in DriveTypeName]: DeviceOf<K> }[DriveTypeName];

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

/** What an idling motor draws at most, as a share of its idle current. */
const IDLE_BAND = 1.3;

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
    timeZone: mill.timeZone,
    permissives,
    interlocks,
    protections,
    runUpBy,
    isElevator: device.type === 'elevator',
    isStarDelta: settings.starter === 'starDelta',
    idleAmps: device.type === 'hammerMill' ? device.settings.idleAmps * IDLE_BAND : null,
    rated: device.type === 'feeder' ? { kW: settings.ratedKw, amps: settings.ratedAmps } : null,
    hz: initialHz(device, unit),
    unit,
    horn: hornOf(mill, device.area),
  };
  // A leg that loses its speed is stopped at once; others look at theirs only while they run up.
  const speed = runUpBy === null ? [] : [runUpBy];
  const amps = input.rated === null && input.idleAmps === null ? [] : ['Amps'];
  const reads = {
    ...roles(id, 'RunFb', 'Trip', 'Local', ...amps, ...speed),
    ...(input.isStarDelta ? roles(id, 'DeltaFb') : {}),
    ...conditionTags(permissives, interlocks, protections),
  };
  const counters = [...DRIVE_COUNTERS, ...MODED_COUNTERS];
  return {
    ...fresh(id, driveMachine, input, reads, counters),
    glances: input.isElevator ? amps : [...amps, ...speed],
  };
}

/** What counts only before a start wakes nobody. */
function onlyBefore(permissives: readonly Condition[], interlocks: readonly Condition[]): string[] {
  const kept = new Set(interlocks.map((one) => one.tag));
  return permissives.map((one) => one.tag).filter((tag) => !kept.has(tag));
}

const NOTHING_ABOVE = { movers: [], sources: [] } as const;

/** The machine of one device; null for what has none here (bins, scales, heartbeats, baggers). */
function moduleSpec(mill: Mill, device: DeviceDefinition): MachineSpec | null {
  const { id, permissives, interlocks } = device;
  if (isDrive(device)) return driveSpec(mill, device);
  if (isGate(device)) {
    const input: GateInput = { id, travelS: device.settings.travelS, permissives, interlocks };
    const reads = roles(id, 'OpenLS', 'CloseLS');
    const conditions = conditionTags(permissives, interlocks);
    const spec = fresh(id, gateMachine, input, { ...reads, ...conditions }, MODED_COUNTERS);
    return { ...spec, glances: onlyBefore(permissives, interlocks) };
  }
  if (isPositioner(device)) {
    const { positions, travelS } = device.settings;
    const above = device.type === 'distributor' ? flowAbove(mill, id) : NOTHING_ABOVE;
    const input: DiverterInput = { id, positions, travelS, above, permissives };
    const reads = {
      ...roles(id, 'Pos', 'InPos'),
      ...named(flowTags(above)),
      ...conditionTags(permissives),
    };
    const spec = fresh(id, diverterMachine, input, reads, MODED_COUNTERS);
    return { ...spec, glances: onlyBefore(permissives, []) };
  }
  return device.type === 'safety' ? fresh(id, safetyMachine, { id }, {}) : null;
}

/**
 * The control modules of a mill: one machine for each driven or moved device, and the horns. Each
 * output tag of theirs is written by one machine only.
 */
export function buildControlModules(mill: Mill): MachineSpec[] {
  return mill.devices.map((device) => moduleSpec(mill, device)).filter((one) => one !== null);
}
