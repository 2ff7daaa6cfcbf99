/**
 * Goal: truck intake (DOMAIN 4): appointment, gate, sample accepted or rejected, gross weight, pit
 * permit for ONE material, a route to a silo that the machine chooses, lot number, tare, stock
 * booking - on the reference mill in virtual time, with the simulator's trucks.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { buildIntakeMachines } from '../../plc/machines/intake/intake.ts';
import { buildStockMachine } from '../../plc/machines/stock/stock.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { stockOf, stockRecords } from '../support/stock-accounts.ts';
import { deliver, TruckDay, truckOf, truckPlan } from '../support/truck-yard.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

/** All of the reference mill but its refills, which would move stock meanwhile, and its lines. */
async function started(): Promise<VirtualMill> {
  const control = buildControlMachines(reference).filter(({ id }) => !id.endsWith(':refill'));
  const machines = [...control, ...buildIntakeMachines(reference), buildStockMachine(reference)];
  mill = await VirtualMill.start({ mill: reference, machines, seed: 31, served: true });
  await mill.runFor(2_000);
  return mill;
}

const alarms = (running: VirtualMill) => running.controller.alarms.map((one) => one.alarmId);

describe('a day of trucks', () => {
  it('60-80 trucks a day bring what the silos are for, the same for each seed', () => {
    const plan = truckPlan(reference, 5, 72);
    expect(plan).toEqual(truckPlan(reference, 5, 72));
    expect(plan).toHaveLength(72);
    expect(new Set(plan.map((one) => one.plate)).size).toBe(72);
    expect(plan.every((one, index) => one.atMs >= (plan[index - 1]?.atMs ?? 0))).toBe(true);
    const tonnes = plan.reduce((sum, one) => sum + one.kg, 0) / 1_000;
    expect(tonnes).toBeGreaterThan(1_800);
    expect(plan.some((one) => one.material === 'SOY-OIL')).toBe(true);
  });
});

describe('truck intake', () => {
  it('takes a truck from appointment to stock, as a lot of its own', async () => {
    const running = await started();
    const [first] = truckPlan(reference, 31, 72);
    if (first === undefined) throw new Error('the plan of the day is empty');
    const load = { plate: '51C-123.45', material: 'MAIZE', kg: 12_000 };
    const yard = new TruckDay(running, [{ ...first, ...load, atMs: 0 }]);
    await yard.look();
    const state = () => truckOf(running, '51C-123.45').state;
    await running.until('a complete truck', () => state() === 'Complete', 3_600_000);
    const truck = truckOf(running, '51C-123.45');
    expect(truck.grossKg).toBe(26_000);
    expect(truck.tareKg).toBe(14_000);
    const silo = truck.destinations[0]?.bin ?? '';
    const settings = reference.deviceById.get(silo)?.settings;
    expect(settings).toMatchObject({ material: 'MAIZE' });
    expect(truck.destinations).toEqual([{ bin: silo, kg: 12_000 }]);
    const booked = (await stockRecords(running)).filter((one) => one.cause === 'truck');
    expect(booked.map(({ causeId, lot, kg, to }) => ({ causeId, lot, kg, to }))).toEqual([
      { causeId: truck.truckId, lot: truck.lot, kg: 12_000, to: silo },
    ]);
    const lots =
      stockOf(running)
        .find((one) => one.bin === silo)
        ?.layers.flat() ?? [];
    expect(lots.find((one) => one.lot === truck.lot)?.kg).toBe(12_000);
    expect(running.ledger().bins[silo]?.inKg).toBeGreaterThan(12_000 * 0.99);
    expect(alarms(running)).toEqual([]);
    expect(running.log.filter((line) => line.level === 'error')).toEqual([]);
  }, 600_000);

  it('rejects a sample beyond the limits of its material, and says every one', async () => {
    const running = await started();
    const sample = { moisturePct: 16, mycotoxinPpb: 80, material: 'WHEAT' };
    await deliver(running, { plate: '51C-000.01', material: 'MAIZE', kg: 9_000, sample });
    const { state, reasons } = truckOf(running, '51C-000.01');
    expect(state).toBe('Rejected');
    expect(reasons.map((one) => one.code)).toEqual([
      'intake.other-material',
      'intake.moist',
      'intake.mycotoxin',
    ]);
  }, 300_000);

  it('wrong pit: a truck without the permit of a pit sees no green light and is an alarm', async () => {
    const running = await started();
    await deliver(running, { plate: '51C-1', material: 'MAIZE', kg: 6_000 });
    await deliver(running, { plate: '51C-2', material: 'SBM', kg: 6_000, pit: 'PIT1' });
    const wrong = () => alarms(running).some((one) => /^TL[12]\.WrongPit$/.test(one));
    await running.until('the alarm', wrong, 1_200_000);
    const tippedKg = () => running.ledger().bins['PIT1']?.inKg ?? 0;
    const beforeKg = tippedKg();
    await running.runFor(120_000);
    expect(beforeKg).toBeLessThanOrEqual(6_000);
    expect(tippedKg()).toBe(beforeKg);
  }, 600_000);

  it('net weight off the supplier by more than 0.5 % is an alarm', async () => {
    const running = await started();
    await deliver(running, { plate: '51C-3', material: 'MAIZE', kg: 6_000, ticketKg: 6_100 });
    const complete = () => truckOf(running, '51C-3').state === 'Complete';
    await running.until('a complete truck', complete, 3_600_000);
    await running.runFor(1_000);
    expect(alarms(running).some((one) => one.endsWith('.NetDiffers'))).toBe(true);
  }, 600_000);
});
