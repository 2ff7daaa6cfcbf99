import type { DosingBin, DosingScale } from '../../logic/batch-plan.ts';
import type { DeviceOf, DeviceTypeName, LineDefinition, Mill } from '../../mill/definition.ts';
import type { HandAddPlace } from '../../mill/hand-adds.ts';
import { handAddsOf } from '../../mill/hand-adds.ts';
import type { MachineSpec } from '../contract.ts';
import type { MeterInput } from '../dosing/meter-dose.context.ts';
import { meterSpec } from '../dosing/meter-dose.machine.ts';
import type { DosingFeeder, ScaleInput } from '../dosing/scale-dose.context.ts';
import { scaleSpec } from '../dosing/scale-dose.machine.ts';
import { allocationSpec } from './allocation.machine.ts';
import type { LineInput, LinePress } from './batch.context.ts';
import { lineSpec } from './batch.machine.ts';
import { handAddSpec } from './hand-add.machine.ts';
import type { MixerInput } from './mixer.context.ts';
import { mixerSpec } from './mixer.machine.ts';

/** A device of the type that its place in the mill asks for. */
function deviceOf<K extends DeviceTypeName>(mill: Mill, id: string, type: K): DeviceOf<K> {
  const device = mill.deviceById.get(id);
  if (device?.type !== type)
    throw new TypeError(`${id} is no ${type}: the mill file must be mended`);
  return device as DeviceOf<K>;
}

function upstream(mill: Mill, id: string): string[] {
  return mill.flows.filter((flow) => flow.to === id).map((flow) => flow.from);
}

/** Feeders that fill a scale, each with the bins above it. */
function feedersOf(mill: Mill, scale: string): string[] {
  return upstream(mill, scale).filter((id) => mill.deviceById.get(id)?.type === 'feeder');
}

function binsOf(mill: Mill, scale: string): (DosingBin & { readonly tank: boolean })[] {
  return feedersOf(mill, scale).flatMap((feeder) =>
    upstream(mill, feeder).map((id) => {
      const { material, lot, kind } = deviceOf(mill, id, 'bin').settings;
      return { bin: id, feeder, material, lot, tank: kind === 'tank' };
    }),
  );
}

/** A scale as batches are planned with it. */
export function dosingScale(mill: Mill, id: string): DosingScale {
  const { settings } = deviceOf(mill, id, 'scale');
  const bins = binsOf(mill, id);
  return {
    id,
    capacityKg: settings.capacityKg,
    minimumKg: settings.minimumDivisions * settings.divisionKg,
    tolerancePct: settings.tolerancePct,
    toleranceKg: settings.toleranceKg,
    liquid: bins.length > 0 && bins.every((bin) => bin.tank),
    bins: bins.map(({ bin, feeder, material, lot }) => ({ bin, feeder, material, lot })),
  };
}

/** The pump, its bin and its settings, as a meter doses with them. */
function meterFeeding(mill: Mill, id: string) {
  const { settings } = deviceOf(mill, id, 'doseMeter');
  const [bin] = upstream(mill, settings.pump);
  const { coarseHz, fineHz, kgPerHourPerHz } = deviceOf(mill, settings.pump, 'feeder').settings;
  return { settings, bin: bin ?? '', feeder: { coarseHz, fineHz, kgPerHourPerHz } };
}

/** A meter as batches are planned with it: a liquid scale with one pump that is never full. */
export function meterScale(mill: Mill, id: string): DosingScale {
  const { settings, bin } = meterFeeding(mill, id);
  const { pump: feeder, capacityKg, minimumKg, tolerancePct, toleranceKg } = settings;
  const { material, lot } = deviceOf(mill, bin, 'bin').settings;
  return {
    ...{ id, capacityKg, minimumKg, tolerancePct, toleranceKg },
    ...{ liquid: true, metered: true, bins: [{ bin, feeder, material, lot }] },
  };
}

/** What the machine of a dosing meter is made with. */
export function meterInput(mill: Mill, id: string): MeterInput {
  const { settings, bin, feeder } = meterFeeding(mill, id);
  const { pump, valve, kgPerPulse, kgPerHMax, capacityKg, settleS } = settings;
  const feeders = { [pump]: feeder };
  return { id, pump, valve, kgPerPulse, kgPerHMax, capacityKg, settleS, bin, feeders };
}

/** Everything that the batches of a line are dosed with, as they are planned with it. */
export function dosingPlaces(mill: Mill, line: LineDefinition): DosingScale[] {
  return [
    ...line.scales.map((id) => dosingScale(mill, id)),
    ...(line.meters ?? []).map((id) => meterScale(mill, id)),
    ...handAddsOf(mill, line).map(handScale),
  ];
}

/** A hand-add as batches are planned with it: a scale without feeders. */
function handScale({ id, materials, ...place }: HandAddPlace): DosingScale {
  const { capacityKg, minimumKg, tolerancePct, toleranceKg } = place;
  const weighs = { id, capacityKg, minimumKg, tolerancePct, toleranceKg };
  return { ...weighs, liquid: false, bins: [], byHand: materials };
}

/** What the machine of a scale is made with. */
export function scaleInput(mill: Mill, id: string): ScaleInput {
  const { divisionKg, capacityKg, settleS, dischargeGate } = deviceOf(mill, id, 'scale').settings;
  const feeders: Record<string, DosingFeeder> = {};
  for (const feeder of feedersOf(mill, id)) {
    const { coarseHz, fineHz, kgPerHourPerHz } = deviceOf(mill, feeder, 'feeder').settings;
    feeders[feeder] = { coarseHz, fineHz, kgPerHourPerHz };
  }
  const bins = binsOf(mill, id).map(({ bin }) => bin);
  const knockers: Record<string, string> = {};
  for (const bin of bins) {
    const { knocker } = deviceOf(mill, bin, 'bin').settings;
    if (knocker !== undefined) knockers[bin] = knocker;
  }
  return {
    ...{ id, divisionKg, capacityKg, settleS, gate: dischargeGate },
    ...{ feeders, bins, knockers, learns: true },
  };
}

function mixerInput(mill: Mill, line: LineDefinition): MixerInput {
  const { capacityKg, dischargeS, dischargeGate } = deviceOf(mill, line.mixer, 'mixer').settings;
  return {
    id: `${line.mixer}:unit`,
    mixer: line.mixer,
    gate: dischargeGate,
    surge: line.surge,
    capacityKg,
    dischargeS,
    routes: [line.routes.mixToPress, line.routes.mixToFinished],
  };
}

/** Bins that the line's scales and meters are fed from. */
function dosingBins(mill: Mill, line: LineDefinition): ReadonlySet<string> {
  return new Set(dosingPlaces(mill, line).flatMap(({ bins }) => bins.map(({ bin }) => bin)));
}

/** The routes that refill bins of the line's scales, each once. */
function refillRoutes(mill: Mill, line: LineDefinition): string[] {
  const bins = dosingBins(mill, line);
  return [...new Set(mill.refills.filter(({ id }) => bins.has(id)).map(({ route }) => route))];
}

/** The bins of the line's scales that are refilled by themselves. */
function refilledBins(mill: Mill, line: LineDefinition): string[] {
  const bins = dosingBins(mill, line);
  return mill.refills.map(({ id }) => id).filter((id) => bins.has(id));
}

function pressesOf(mill: Mill, line: LineDefinition): LinePress[] {
  return mill.pressLines
    .filter(({ press }) => line.presses.includes(press))
    .map(({ press, bin, route }) => ({
      id: press,
      unit: `${press}:unit`,
      bin,
      binKg: deviceOf(mill, bin, 'bin').settings.capacityKg,
      destinations: destinationsOf(mill, route),
    }));
}

function destinationsOf(mill: Mill, route: string): readonly string[] {
  return mill.routes.find(({ id }) => id === route)?.destinations ?? [];
}

function lineInput(mill: Mill, line: LineDefinition): LineInput {
  const { mixToPress, mixToFinished } = line.routes;
  return {
    id: line.id,
    scales: dosingPlaces(mill, line),
    binKg: Object.fromEntries(
      [...dosingBins(mill, line)].map((bin) => [
        bin,
        deviceOf(mill, bin, 'bin').settings.capacityKg,
      ]),
    ),
    mixer: line.mixer,
    mixerUnit: `${line.mixer}:unit`,
    mixerKg: deviceOf(mill, line.mixer, 'mixer').settings.capacityKg,
    surge: line.surge,
    finishedBins: line.finishedBins,
    mashBins: destinationsOf(mill, mixToFinished),
    tracedBins: line.finishedBins.filter((bin) => mill.tagByName.has(`${bin}.BinState`)),
    presses: pressesOf(mill, line),
    baggers: mill.baggingLines
      .filter(({ bagger }) => line.baggers.includes(bagger))
      .map(({ bagger, bins }) => ({ id: bagger, bins })),
    routes: { mixToPress, mixToFinished },
    refillRoutes: refillRoutes(mill, line),
    refilledBins: refilledBins(mill, line),
    carryOver: mill.carryOver,
  };
}

/** The machines that make batches: each line, its mixer and its scales. */
export function buildBatchMachines(mill: Mill): MachineSpec[] {
  const lines = mill.lines.flatMap((line) => [
    lineSpec(lineInput(mill, line)),
    mixerSpec(mixerInput(mill, line)),
    ...line.scales.map((scale) => scaleSpec(scaleInput(mill, scale))),
    ...(line.meters ?? []).map((id) => meterSpec(meterInput(mill, id))),
    ...handAddsOf(mill, line).map(({ id, divisionKg }) =>
      handAddSpec({ id, divisionKg, carryOver: mill.carryOver }),
    ),
  ]);
  const shared = mill.lines.flatMap(({ presses, baggers }) => [...presses, ...baggers]);
  return [...lines, ...[...new Set(shared)].map(allocationSpec)];
}
