import type { DeviceOf, Mill } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import { fresh, named, roles } from '../spec.ts';
import type { AirNetInput } from './air-net.machine.ts';
import { airNetMachine } from './air-net.machine.ts';
import type { FilterInput } from './filter.machine.ts';
import { filterMachine } from './filter.machine.ts';

/** Shares of the alarm limit at which a filter is pulsed, and below which it is clean enough. */
const PULSE_FROM = 0.6;
const PULSE_TO = 0.4;

function filterSpec({ id, settings }: DeviceOf<'filter'>): MachineSpec {
  const input: FilterInput = {
    id,
    fan: settings.fan,
    startMbar: PULSE_FROM * settings.highMbar,
    stopMbar: PULSE_TO * settings.highMbar,
  };
  const reads = {
    ...roles(id, 'DiffMbar', 'Cleaning', 'VentBurst', 'Isolated'),
    FanState: `${settings.fan}.State`,
  };
  return fresh(id, filterMachine, input, reads, ['pulses']);
}

function airNetSpec({ id, settings }: DeviceOf<'airNet'>): MachineSpec {
  const { compressors, lowBar } = settings;
  const input: AirNetInput = { id, compressors, lowBar };
  const reads = {
    ...roles(id, 'PressureBar'),
    ...named(compressors.flatMap((one) => [`${one}.RunFb`, `${one}.Trip`])),
  };
  return fresh(id, airNetMachine, input, reads, ['lead']);
}

/** The machines of what serves all lines: bag filters and compressed air. */
export function buildUtilityMachines(mill: Mill): MachineSpec[] {
  return mill.devices.flatMap((one) => {
    if (one.type === 'filter') return [filterSpec(one)];
    return one.type === 'airNet' ? [airNetSpec(one)] : [];
  });
}
