import type {
  BaggingLineDefinition,
  DeviceOf,
  DeviceTypeName,
  Mill,
  PressLineDefinition,
} from '../mill/definition.ts';
import { BAG_WEIGHT_SLOTS } from '../mill/types/process.ts';
import type { MachineSpec } from './contract.ts';
import type { MagnetInput } from './devices/magnet.machine.ts';
import { MAGNET_COUNTERS, magnetMachine } from './devices/magnet.machine.ts';
import type { CoaterInput } from './finishing/coater.machine.ts';
import { COATER_COUNTERS, coaterMachine } from './finishing/coater.machine.ts';
import { coolerMachine } from './finishing/cooler.machine.ts';
import type { CoolerInput } from './finishing/cooler-rules.ts';
import { COOLER_COUNTERS } from './finishing/cooler-rules.ts';
import type { CrumblerInput } from './finishing/crumbler.machine.ts';
import { crumblerMachine } from './finishing/crumbler.machine.ts';
import { finishedBinMachine } from './finishing/finished-bin.machine.ts';
import type { FinishedBinInput } from './finishing/finished-bin-rules.ts';
import { pressMachine } from './finishing/press.machine.ts';
import type { PressInput } from './finishing/press-rules.ts';
import type { HammerMillInput } from './grinding/hammer-mill.machine.ts';
import { hammerMillMachine } from './grinding/hammer-mill.machine.ts';
import { baggerMachine } from './packing/bagger.machine.ts';
import type { PackingInput } from './packing/bagger-packing.ts';
import type { BaggerInput } from './packing/bagger-rules.ts';
import { loadOutSpec } from './packing/load-out.ts';
import type { Reads } from './spec.ts';
import { fresh, named, restored, roles } from './spec.ts';

function coolerSpec(mill: Mill, device: DeviceOf<'cooler'>): MachineSpec {
  const { id, settings } = device;
  const above = mill.flows.filter((one) => one.to === id).map((one) => one.from);
  const press = above.find((one) => mill.deviceById.get(one)?.type === 'press') ?? null;
  const { fan, bedM, exhaustHighC } = settings;
  const input: CoolerInput = { id, fan, press, bedM, exhaustHighC };
  const reads = {
    ...roles(id, 'LevelPct', 'ExhaustT', 'ProductT', 'AirT', 'DamperShutLS'),
    FanState: `${fan}.State`,
    ...(press === null ? {} : { PressState: `${press}.State` }),
  };
  const spec = fresh(id, coolerMachine, input, reads, COOLER_COUNTERS);
  return { ...spec, glances: ['AirT'] };
}

function crumblerSpec({ id, settings }: DeviceOf<'crumbler'>): MachineSpec {
  const { gapMmMin, gapMmMax } = settings;
  const unit = `${id}:unit`;
  const input: CrumblerInput = { id: unit, crumbler: id, gapMmMin, gapMmMax };
  return fresh(unit, crumblerMachine, input, roles(id, 'GapMm', 'BypassFb'));
}

function magnetSpec({ id, settings }: DeviceOf<'magnet'>): MachineSpec {
  const { passedBy, cleanEveryH } = settings;
  const input: MagnetInput = { id: `${id}:unit`, magnet: id, passedBy, cleanEveryH };
  const reads = { ...roles(id, 'InPlace'), PassedBy: `${passedBy}.State` };
  return fresh(input.id, magnetMachine, input, reads, MAGNET_COUNTERS);
}

/** Above its normal speed a controlled feeder may go by this share, to catch up. */
const FEED_HEADROOM = 1.15;

function hammerMillSpec(mill: Mill, device: DeviceOf<'hammerMill'>): MachineSpec | null {
  const { id, settings } = device;
  const feeder = mill.deviceById.get(settings.feeder);
  if (feeder?.type !== 'feeder') return null;
  const { coarseHz, fineHz, hzMax, kgPerHourPerHz } = feeder.settings;
  const above = mill.flows.find(
    ({ from, to }) => to === feeder.id && mill.deviceById.get(from)?.type === 'bin',
  )?.from;
  const unit = `${id}:unit`;
  const input: HammerMillInput = {
    id: unit,
    mill: id,
    feeder: feeder.id,
    ratedAmps: settings.ratedAmps,
    loadSetPct: settings.loadSetPct,
    idlePct: (100 * settings.idleAmps) / settings.ratedAmps,
    kgPerHourPerHz,
    hz: { start: fineHz, max: Math.min(hzMax, coarseHz * FEED_HEADROOM) },
  };
  const reads = {
    ...roles(id, 'Amps', 'kWh'),
    ...(above === undefined ? {} : { Low: `${above}.Low` }),
    MillState: `${id}.State`,
    FeederState: `${feeder.id}.State`,
    Hz: `${feeder.id}.Hz`,
  };
  // What is measured changes in every scan; it looks by itself as often as it acts.
  return { ...restored(unit, hammerMillMachine, input, reads, 3), glances: ['Amps', 'kWh', 'Hz'] };
}

function pressSpec(mill: Mill, line: PressLineDefinition): MachineSpec | null {
  const device = mill.deviceById.get(line.press);
  if (device?.type !== 'press') return null;
  const { id, settings } = device;
  const feeder = mill.deviceById.get(settings.feeder);
  if (feeder?.type !== 'feeder') return null;
  const { coarseHz, hzMax, kgPerHourPerHz } = feeder.settings;
  const boilers = mill.devices.flatMap((one) =>
    one.type === 'boiler' ? [{ id: one.id, lowBar: one.settings.lowBar }] : [],
  );
  const unit = `${id}:unit`;
  const input: PressInput = {
    id: unit,
    press: id,
    feeder: feeder.id,
    conditioner: settings.conditioner,
    route: line.route,
    source: line.bin,
    ratedAmps: settings.ratedAmps,
    idleAmps: settings.idleAmps,
    capacityTPerH: settings.capacityTPerH,
    kgPerHourPerHz,
    loadSetPct: settings.loadSetPct,
    hz: { warm: coarseHz * 0.6, max: Math.min(hzMax, coarseHz * FEED_HEADROOM) },
    boilers,
    helpers: line.fines === null ? [] : [line.fines],
    coater: line.coater === null ? null : `${line.coater}:unit`,
    crumbler: line.crumbler === undefined ? null : `${line.crumbler}:unit`,
  };
  const reads = {
    ...roles(id, 'Amps', 'ConditionerT', 'MoisturePct', 'RollSlipPct', 'kWh'),
    ...named(boilers.map((one) => `${one.id}.PressureBar`)),
    PressState: `${id}.State`,
    FeederState: `${feeder.id}.State`,
    ConditionerState: `${settings.conditioner}.State`,
    Hz: `${feeder.id}.Hz`,
    Low: `${line.bin}.Low`,
    RouteState: `${line.route}.State`,
  };
  // Only the load and the slip of the rolls are acted upon at once.
  const pressures = boilers.map((one) => `${one.id}.PressureBar`);
  const glances = ['ConditionerT', 'MoisturePct', 'kWh', 'Hz', ...pressures];
  return { ...restored(unit, pressMachine, input, reads, 3), glances };
}

function coaterSpec(mill: Mill, { id, settings }: DeviceOf<'coater'>): MachineSpec | null {
  const pump = settings.pump === null ? undefined : mill.deviceById.get(settings.pump);
  if (pump?.type !== 'feeder') return null;
  const { hzMax, kgPerHourPerHz } = pump.settings;
  const unit = `${id}:unit`;
  const pctMax = settings.liquidKgPerHMax / (10 * settings.capacityTPerH);
  const { deviationPct } = settings;
  const rates = { hzMax, kgPerHourPerHz, pctMax, deviationPct };
  const above = mill.flows.find(({ to }) => to === pump.id)?.from;
  const tank = above === undefined ? undefined : mill.deviceById.get(above);
  const from = tank?.type === 'bin' ? { tank: tank.id, material: tank.settings.material } : null;
  const source = from ?? { tank: null, material: null };
  const input: CoaterInput = { id: unit, coater: id, pump: pump.id, ...source, ...rates };
  const reads = { ...roles(id, 'BeltTPerH', 'LiquidKgPerH'), DrumState: `${id}.State` };
  return fresh(unit, coaterMachine, input, reads, COATER_COUNTERS);
}

/** The metal detector and checkweigher behind a bagger. */
function packingOf(mill: Mill, bagger: string): PackingInput {
  const behind = mill.devices.filter(
    (one) => 'bagger' in one.settings && one.settings.bagger === bagger,
  );
  const idOf = (type: DeviceTypeName) => behind.find((one) => one.type === type)?.id ?? null;
  return { metalDetector: idOf('metalDetector'), checkweigher: idOf('checkweigher') };
}

function packingReads({ metalDetector, checkweigher }: PackingInput): Reads {
  return {
    ...(metalDetector === null
      ? {}
      : {
          Metal: `${metalDetector}.Detected`,
          Looked: `${metalDetector}.Count`,
          MetalRejects: `${metalDetector}.Rejects`,
        }),
    ...(checkweigher === null
      ? {}
      : { Weighed: `${checkweigher}.Count`, Rejects: `${checkweigher}.Rejects` }),
  };
}

function baggerSpec(mill: Mill, line: BaggingLineDefinition): MachineSpec | null {
  const device = mill.deviceById.get(line.bagger);
  if (device?.type !== 'bagger') return null;
  const { id, settings } = device;
  const packing = packingOf(mill, id);
  const input: BaggerInput = {
    id,
    route: line.route,
    sources: line.bins,
    bagKg: settings.bagKg,
    slots: BAG_WEIGHT_SLOTS,
    packing,
  };
  const slots = Array.from({ length: BAG_WEIGHT_SLOTS }, (_, slot) => `BagG${slot}`);
  const reads = {
    ...roles(id, 'Filling', 'Starved', 'Blocked', 'Fault', 'BagCount', 'TotalG', ...slots),
    ...packingReads(packing),
    RouteState: `${line.route}.State`,
    ...named(line.bins.flatMap((one) => [`${one}.Low`, `${one}.Released`])),
  };
  return restored(id, baggerMachine, input, reads, 4);
}

function finishedBinSpec(mill: Mill, { id, settings }: DeviceOf<'bin'>): MachineSpec | null {
  if (settings.kind !== 'finished') return null;
  const input: FinishedBinInput = { id, carryOver: mill.carryOver };
  const spec = restored(id, finishedBinMachine, input, roles(id, 'LevelPct', 'Low'), 2);
  return { ...spec, follows: ['lots'] };
}

/** The machines of the units that grind, press, cool, bag and load. */
export function buildUnitMachines(mill: Mill): MachineSpec[] {
  const mills = mill.devices.filter((one) => one.type === 'hammerMill');
  const coolers = mill.devices.filter((one) => one.type === 'cooler');
  return [
    ...coolers.map((device) => coolerSpec(mill, device)),
    ...mills.map((device) => hammerMillSpec(mill, device)),
    ...mill.pressLines.map((line) => pressSpec(mill, line)),
    ...mill.devices.map((one) => (one.type === 'coater' ? coaterSpec(mill, one) : null)),
    ...mill.devices.map((one) => (one.type === 'crumbler' ? crumblerSpec(one) : null)),
    ...mill.devices.map((one) => (one.type === 'magnet' ? magnetSpec(one) : null)),
    ...mill.baggingLines.map((line) => baggerSpec(mill, line)),
    ...mill.devices.map((one) => (one.type === 'loadOut' ? loadOutSpec(mill, one) : null)),
    ...mill.devices.map((one) => (one.type === 'bin' ? finishedBinSpec(mill, one) : null)),
  ].filter((one) => one !== null);
}
