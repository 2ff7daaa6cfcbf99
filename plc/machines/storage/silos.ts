import type { DeviceOf, Mill } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import { restored, roles } from '../spec.ts';
import { aerationMachine } from './aeration.machine.ts';
import type { AerationInput } from './aeration-rules.ts';

/** The outside air of a mill; it has one station at most. */
function stationOf(mill: Mill): string | null {
  return mill.devices.find((one) => one.type === 'weatherStation')?.id ?? null;
}

function siloSpec(mill: Mill, { id, settings }: DeviceOf<'temperatureCable'>): MachineSpec {
  const { silo, highC } = settings;
  const station = stationOf(mill);
  const aeration = station === null ? null : (settings.aeration ?? null);
  const input: AerationInput = { id: `${id}:silo`, cable: id, silo, highC, aeration };
  const air = station === null || aeration === null ? {} : roles(station, 'AirT', 'AirHumidityPct');
  const looks = { ...roles(id, 'MaxT'), ...air };
  const reads = { ...looks, ...(aeration === null ? {} : { FanState: `${aeration.fan}.State` }) };
  const spec = restored(input.id, aerationMachine, input, reads);
  return { ...spec, glances: Object.keys(looks) };
}

/** The machines that keep silos with a temperature cable cool. */
export function buildSiloMachines(mill: Mill): MachineSpec[] {
  const cables = mill.devices.filter(
    (one): one is DeviceOf<'temperatureCable'> => one.type === 'temperatureCable',
  );
  return cables.map((one) => siloSpec(mill, one));
}
