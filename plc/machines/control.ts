import type { AnyStateMachine } from 'xstate';
import type {
  BaggingLineDefinition,
  DeviceDefinition,
  DeviceOf,
  DriveTypeName,
  Mill,
  PressLineDefinition,
  RefillDefinition,
  RouteDefinition,
} from '../mill/definition.ts';
import { DRIVE_TYPES } from '../mill/definition.ts';
import { BAG_WEIGHT_SLOTS } from '../mill/types/process.ts';
import type { Condition } from '../model/condition.ts';
import { baggerMachine } from './bagger.machine.ts';
import type { BaggerInput } from './bagger-rules.ts';
import type { MachineSpec } from './contract.ts';
import type { CoolerInput } from './cooler.machine.ts';
import { coolerMachine } from './cooler.machine.ts';
import type { DiverterInput } from './diverter.machine.ts';
import { diverterMachine } from './diverter.machine.ts';
import { driveMachine } from './drive.machine.ts';
import type { DriveInput } from './drive-rules.ts';
import type { GateInput } from './gate.machine.ts';
import { gateMachine } from './gate.machine.ts';
import type { HammerMillInput } from './hammer-mill.machine.ts';
import { hammerMillMachine } from './hammer-mill.machine.ts';
import { pressMachine } from './press.machine.ts';
import type { PressInput } from './press-rules.ts';
import type { RefillInput } from './refill.machine.ts';
import { refillMachine } from './refill.machine.ts';
import { routeMachine } from './route.machine.ts';
import { feederUnits, routePlans, routeTags } from './route-plan.ts';
import type { RouteInput } from './route-rules.ts';
import { safetyMachine } from './safety.machine.ts';

type Reads = Readonly<Record<string, string>>;
type DriveDevice = { [K in DriveTypeName]: DeviceOf<K> }[DriveTypeName];

/** A control module: starts anew and safe, keeps only its counters. */
function fresh(
  id: string,
  logic: AnyStateMachine,
  input: unknown,
  reads: Reads,
  counters: readonly string[] = [],
): MachineSpec {
  return { id, logic, input, reads, version: 1, persistence: 'fresh', counters };
}

/** A unit with work in it: comes back where it was, held. */
function restored(id: string, logic: AnyStateMachine, input: unknown, reads: Reads): MachineSpec {
  return { id, logic, input, reads, version: 1, persistence: 'restored', counters: [] };
}

/** The tags of a device by their role. */
function roles(device: string, ...names: readonly string[]): Reads {
  return Object.fromEntries(names.map((name) => [name, `${device}.${name}`]));
}

/** Tags by their own name. */
function named(tags: readonly string[]): Reads {
  return Object.fromEntries(tags.map((tag) => [tag, tag]));
}

function conditionTags(...lists: readonly (readonly Condition[])[]): Reads {
  return named(lists.flat().map((one) => one.tag));
}

/** The machine that sounds the horn of an area; the mill's first where it has none of its own. */
function hornOf(mill: Mill, area: string | undefined): string | null {
  const horns = mill.devices.filter((one) => one.type === 'safety');
  return (horns.find((one) => one.area === area) ?? horns[0])?.id ?? null;
}

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
  if (device.type === 'press') return `${device.id}:unit`;
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

function coolerSpec(mill: Mill, device: DeviceOf<'cooler'>): MachineSpec {
  const { id, settings } = device;
  const above = mill.flows.filter((one) => one.to === id).map((one) => one.from);
  const press = above.find((one) => mill.deviceById.get(one)?.type === 'press') ?? null;
  // The bed is let down well before its high level, which belongs to upset conditions.
  const input: CoolerInput = { id, fan: settings.fan, press, highPct: settings.highPct * 0.8 };
  return fresh(id, coolerMachine, input, {
    LevelPct: `${id}.LevelPct`,
    FanState: `${settings.fan}.State`,
    ...(press === null ? {} : { PressState: `${press}.State` }),
  });
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
    case 'cooler':
      return coolerSpec(mill, device);
    default:
      return null;
  }
}

function routeSpec(mill: Mill, route: RouteDefinition): MachineSpec {
  const plans = routePlans(mill, route);
  const input: RouteInput = {
    id: route.id,
    plans,
    aspirationRunOnS: route.aspirationRunOnS,
    horn: hornOf(mill, mill.deviceById.get(route.sources[0] ?? '')?.area),
  };
  return restored(route.id, routeMachine, input, named(routeTags(plans)));
}

function refillSpec(mill: Mill, refill: RefillDefinition, turn: number): MachineSpec {
  const bin = mill.deviceById.get(refill.id);
  const material = bin?.type === 'bin' ? bin.settings.material : null;
  const route = mill.routes.find((one) => one.id === refill.route);
  const sources = (route?.sources ?? []).filter((id) => {
    const source = mill.deviceById.get(id);
    return source?.type === 'bin' && material !== null && source.settings.material === material;
  });
  const { startPct, stopPct } = refill;
  const id = `${refill.id}:refill`;
  const input: RefillInput = {
    id,
    bin: refill.id,
    route: refill.route,
    sources,
    startPct,
    stopPct,
    turn,
  };
  return restored(id, refillMachine, input, {
    LevelPct: `${refill.id}.LevelPct`,
    RouteState: `${refill.route}.State`,
    ...named(sources.map((one) => `${one}.Low`)),
  });
}

/** Above its normal speed a controlled feeder may go by this share, to catch up. */
const FEED_HEADROOM = 1.15;

function hammerMillSpec(mill: Mill, device: DeviceOf<'hammerMill'>): MachineSpec | null {
  const { id, settings } = device;
  const feeder = mill.deviceById.get(settings.feeder);
  if (feeder?.type !== 'feeder') return null;
  const { coarseHz, fineHz, hzMax } = feeder.settings;
  const unit = `${id}:unit`;
  const input: HammerMillInput = {
    id: unit,
    mill: id,
    feeder: feeder.id,
    ratedAmps: settings.ratedAmps,
    loadSetPct: settings.loadSetPct,
    hz: { start: fineHz, max: Math.min(hzMax, coarseHz * FEED_HEADROOM) },
  };
  return restored(unit, hammerMillMachine, input, {
    Amps: `${id}.Amps`,
    MillState: `${id}.State`,
    FeederState: `${feeder.id}.State`,
  });
}

function pressSpec(mill: Mill, line: PressLineDefinition): MachineSpec | null {
  const device = mill.deviceById.get(line.press);
  if (device?.type !== 'press') return null;
  const { id, settings } = device;
  const feeder = mill.deviceById.get(settings.feeder);
  if (feeder?.type !== 'feeder') return null;
  const { coarseHz, hzMax, kgPerHourPerHz } = feeder.settings;
  const unit = `${id}:unit`;
  const input: PressInput = {
    id: unit,
    press: id,
    feeder: feeder.id,
    route: line.route,
    source: line.bin,
    ratedAmps: settings.ratedAmps,
    idleAmps: settings.idleAmps,
    capacityTPerH: settings.capacityTPerH,
    kgPerHourPerHz,
    loadSetPct: settings.loadSetPct,
    hz: { warm: coarseHz * 0.6, max: Math.min(hzMax, coarseHz * FEED_HEADROOM) },
  };
  return restored(unit, pressMachine, input, {
    ...roles(id, 'Amps', 'ConditionerT', 'RollSlipPct'),
    PressState: `${id}.State`,
    FeederState: `${feeder.id}.State`,
    ConditionerState: `${settings.conditioner}.State`,
    Hz: `${feeder.id}.Hz`,
    Low: `${line.bin}.Low`,
    RouteState: `${line.route}.State`,
  });
}

function baggerSpec(mill: Mill, line: BaggingLineDefinition): MachineSpec | null {
  const device = mill.deviceById.get(line.bagger);
  if (device?.type !== 'bagger') return null;
  const { id, settings } = device;
  const input: BaggerInput = {
    id,
    route: line.route,
    sources: line.bins,
    bagKg: settings.bagKg,
    slots: BAG_WEIGHT_SLOTS,
  };
  const slots = Array.from({ length: BAG_WEIGHT_SLOTS }, (_, slot) => `BagG${slot}`);
  return restored(id, baggerMachine, input, {
    ...roles(id, 'Filling', 'Starved', 'Blocked', 'Fault', 'BagCount', 'TotalG', ...slots),
    RouteState: `${line.route}.State`,
    ...named(line.bins.map((one) => `${one}.Low`)),
  });
}

/**
 * The machines of a mill below its batches: one per driven or moved device, the horn, the routes,
 * refills, and the units hammer mill, press and bagger. Each output tag of theirs is written by
 * one machine only.
 */
export function buildControlMachines(mill: Mill): MachineSpec[] {
  const turns = new Map<string, number>();
  const turnOf = ({ route }: RefillDefinition) => {
    const turn = turns.get(route) ?? 0;
    turns.set(route, turn + 1);
    return turn;
  };
  const mills = mill.devices.filter((one) => one.type === 'hammerMill');
  return [
    ...mill.devices.map((device) => moduleSpec(mill, device)),
    ...mill.routes.map((route) => routeSpec(mill, route)),
    ...mill.refills.map((refill) => refillSpec(mill, refill, turnOf(refill))),
    ...mills.map((device) => hammerMillSpec(mill, device)),
    ...mill.pressLines.map((line) => pressSpec(mill, line)),
    ...mill.baggingLines.map((line) => baggerSpec(mill, line)),
  ].filter((one) => one !== null);
}
