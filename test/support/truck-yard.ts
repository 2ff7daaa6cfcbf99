/**
 * Goal: trucks of raw material for the tests: booked, let in and sampled by people's commands, then
 * driven over weighbridge and pit by the simulator.
 */

import type { Mill } from '../../plc/mill/definition.ts';
import type { TruckRecord } from '../../plc/model/record-stock.ts';
import { TRUCK_DESK_ID } from '../../plc/model/truck.ts';
import { sendTruck } from '../../simulators/process/index.ts';
import type { VirtualMill } from './virtual-mill.ts';

/** No more than so many drive about in the yard at once; the others wait outside. */
const TRUCKS_IN_YARD_MAX = 12;

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

export interface PlannedDelivery extends Delivery {
  /** After the beginning of the day, ms. */
  readonly atMs: number;
}

/** What a day of 2,000 t takes of each material, by its share of all trucks. */
const SHARES: readonly (readonly [material: string, share: number, kg: number])[] = [
  ['MAIZE', 0.55, 30_000],
  ['SBM', 0.21, 28_000],
  ['WHEAT-BRAN', 0.05, 20_000],
  ['RICE-BRAN', 0.04, 20_000],
  ['FISH-MEAL', 0.03, 20_000],
  ['BROKEN-RICE', 0.03, 25_000],
  ['DDGS', 0.03, 25_000],
  ['SOY-OIL', 0.06, 10_000],
];
const HOUR_MS = 3_600_000;
/** Trucks come by day and in the evening, ms of the day. */
const OPEN_MS = 20 * HOUR_MS;

function isStored(mill: Mill, material: string): boolean {
  return mill.devices.some(
    (one) =>
      one.type === 'bin' && one.settings.kind === 'silo' && one.settings.material === material,
  );
}

/** The trucks of a day (DOMAIN 2: 60-80), evenly spread with a little chance from the seed. */
export function truckPlan(mill: Mill, seed: number, count: number): PlannedDelivery[] {
  let state = seed >>> 0;
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const owed = new Map(SHARES.map(([material]) => [material, 0]));
  return Array.from({ length: count }, (_, index) => {
    for (const [material, share] of SHARES) owed.set(material, (owed.get(material) ?? 0) + share);
    const stored = SHARES.filter(([material]) => isStored(mill, material));
    const [next] = [...stored].sort((a, b) => (owed.get(b[0]) ?? 0) - (owed.get(a[0]) ?? 0));
    const [material, , kg] = next ?? ['MAIZE', 1, 30_000];
    owed.set(material, (owed.get(material) ?? 0) - 1);
    const laterMs = Math.round(0.5 * chance() * (OPEN_MS / count));
    return {
      atMs: Math.round((index * OPEN_MS) / count) + laterMs,
      plate: `51C-${String(seed % 100).padStart(2, '0')}${String(index).padStart(3, '0')}`,
      material,
      kg: Math.round((kg * (0.95 + 0.1 * chance())) / 20) * 20,
    };
  });
}

/** Delivers a plan as its times come; call `look` every minute or so of the mill's time. */
export class TruckDay {
  readonly #mill: VirtualMill;
  readonly #startMs: number;
  #left: readonly PlannedDelivery[];
  /** Commands of people that the trucks took: booking, gate, sample. */
  actions = 0;

  constructor(mill: VirtualMill, plan: readonly PlannedDelivery[]) {
    this.#mill = mill;
    this.#startMs = mill.utcMs;
    this.#left = plan;
  }

  async look(): Promise<void> {
    const nowMs = this.#mill.utcMs - this.#startMs;
    const room = TRUCKS_IN_YARD_MAX - this.#mill.field.trucks.length;
    const due = this.#left.filter(({ atMs }) => atMs <= nowMs).slice(0, Math.max(0, room));
    this.#left = this.#left.filter((one) => !due.includes(one));
    for (const one of due) {
      await deliver(this.#mill, one);
      this.actions += 3;
    }
  }
}
