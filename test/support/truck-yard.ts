/**
 * Goal: trucks of raw material for the tests: booked, let in and sampled by people's commands, then
 * driven over weighbridge and pit by the simulator.
 */

import type { TruckRecord } from '../../plc/model/record-stock.ts';
import { TRUCK_DESK_ID } from '../../plc/model/truck.ts';
import { sendTruck } from '../../simulators/process/index.ts';
import type { VirtualMill } from './virtual-mill.ts';

export interface Delivery {
  readonly plate: string;
  readonly material: string;
  readonly kg: number;
  readonly ticketKg?: number;
  /** What the laboratory finds; within every limit without it. */
  readonly sample?: Partial<Sample>;
  /** A driver who heeds no board goes there. */
  readonly pit?: string;
}

interface Sample {
  readonly moisturePct: number;
  readonly proteinPct: number;
  readonly mycotoxinPpb: number;
  readonly material: string;
}

const SOUND = { moisturePct: 7.5, proteinPct: 70, mycotoxinPpb: 1 };

export function trucksOf(mill: VirtualMill): readonly Omit<TruckRecord, 'kind'>[] {
  const [desk] = mill.status('trucks');
  return desk?.kind === 'trucks' ? desk.trucks : [];
}

export function truckOf(mill: VirtualMill, plate: string): Omit<TruckRecord, 'kind'> {
  const truck = trucksOf(mill).findLast((one) => one.plate === plate);
  if (truck === undefined) throw new Error(`no truck ${plate} at the desk`);
  return truck;
}

async function must(mill: VirtualMill, name: Parameters<VirtualMill['command']>[0], args: object) {
  const result = await mill.command(name, TRUCK_DESK_ID, args);
  if (!result.accepted)
    throw new Error(`${name} ${JSON.stringify(args)}: ${JSON.stringify(result)}`);
}

/** A truck comes: booked, at the gate, sampled and, if accepted, on its way to the weighbridge. */
export async function deliver(mill: VirtualMill, delivery: Delivery): Promise<void> {
  const { plate, material, kg, sample, pit } = delivery;
  const ticketKg = delivery.ticketKg ?? kg;
  const supplierLot = `NCC-${plate}`;
  await must(mill, 'truck.book', { plate, material, supplier: 'NCC 1', supplierLot, ticketKg });
  const { truckId } = truckOf(mill, plate);
  await must(mill, 'truck.arrive', { truckId });
  await must(mill, 'truck.sample', { truckId, material, ...SOUND, ...sample });
  const { state, lot } = truckOf(mill, plate);
  if (state !== 'Accepted') return;
  const load = { material, lot: lot ?? `${material}-${truckId}`, kg, plate };
  sendTruck(mill.field, pit === undefined ? load : { ...load, pit });
}
