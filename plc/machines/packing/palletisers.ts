import type { DeviceOf, Mill } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import { restored, roles } from '../spec.ts';
import { palletiserMachine } from './palletiser.machine.ts';
import type { PalletiserInput } from './palletiser-rules.ts';

const SIGNALS = [
  'Fault',
  'PalletReady',
  'Blocked',
  'Stacking',
  'Pallets',
  'BagsOnPallet',
  'LastPalletBags',
] as const;

function palletiserSpec({ id, settings }: DeviceOf<'palletiser'>): MachineSpec {
  const { bagger, bagsPerPallet } = settings;
  const input: PalletiserInput = { id, bagger, bagsPerPallet };
  const reads = { ...roles(id, ...SIGNALS), BaggerState: `${bagger}.State` };
  return {
    ...restored(id, palletiserMachine, input, reads),
    hears: ['bag', 'bag-reject'],
    // What goes with a pallet is looked at when the pallet is counted.
    glances: ['LastPalletBags'],
  };
}

/** The machines that stack what the baggers fill. */
export function buildPalletiserMachines(mill: Mill): MachineSpec[] {
  return mill.devices.flatMap((one) => (one.type === 'palletiser' ? [palletiserSpec(one)] : []));
}
