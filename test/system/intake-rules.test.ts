/**
 * Goal: each rule and alarm of Intake and Storage (DOMAIN 4) by its name, on the pits, bays and
 * silos of the reference mill in virtual time, with the simulator's trucks and faults.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { reference } from '../../plc/mill/mills/reference.ts';
import { contentOf, fillByHand, setFault } from '../../simulators/process/index.ts';
import { partOf } from '../support/part-mill.ts';
import { accounts, stockOf, stockRecords } from '../support/stock-accounts.ts';
import { deliver, truckOf } from '../support/truck-yard.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

/** Pits, silos of grain, liquid bays and tanks. */
const INTAKE = partOf(
  reference,
  ({ area, type, id }) =>
    ['intake', 'grain'].includes(area) ||
    (area === 'liquids' && !/^(TP|FM|TD)/.test(id)) ||
    type === 'heartbeat',
);
const SEED = 31;
const HOUR_MS = 3_600_000;

let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

async function started(): Promise<VirtualMill> {
  mill = await VirtualMill.start({ mill: INTAKE, seed: SEED, served: true });
  await mill.runFor(2_000);
  return mill;
}

const alarms = (running: VirtualMill) => running.controller.alarms.map((one) => one.alarmId);
const reasonsOf = (running: VirtualMill, device: string) =>
  running
    .status('device')
    .flatMap((one) => (one.kind === 'device' && one.device === device ? one.reasons : []))
    .map((one) => one.code);

function lotKg(running: VirtualMill, bin: string, lot: string): number {
  const parts = contentOf(running.field, bin).flatMap((one) => one.parts);
  return parts.filter((one) => one.lot === lot).reduce((sum, one) => sum + one.kg, 0);
}

/** A truck of maize whose load is on its way up to the silos. */
async function conveying(): Promise<VirtualMill> {
  const running = await started();
  await deliver(running, { plate: '51C-7', material: 'MAIZE', kg: 20_000 });
  const flows = () => (running.ledger().inTransit['EP11'] ?? 0) > 10;
  await running.until('maize in the leg', flows, HOUR_MS);
  return running;
}

describe('intake', () => {
  it('high level: the load goes on to the second silo by close, clear, switch, reopen', async () => {
    const running = await started();
    // SI101 has less room than its level says: only its high switch knows.
    setFault(running.field, { fault: 'bias', device: 'SI101', role: 'LevelPct', value: -1 });
    const fillKg = 2_500_000 * 0.9465 - 1_500_000;
    fillByHand(running.field, { material: 'MAIZE', lot: 'OLD', kg: fillKg, bin: 'SI101' });
    await running.runFor(5_000);
    await deliver(running, { plate: '51C-8', material: 'MAIZE', kg: 30_000 });
    const truck = () => truckOf(running, '51C-8');
    const opened = () => running.output('GP1.OpenCmd') === true;
    const position = () => running.output('DP11.Req');
    await running.until('the gate of the pit opens', opened, HOUR_MS);
    const first = position();
    const ways: string[] = [];
    for (let second = 0; second < 7_200 && truck().state !== 'Complete'; second += 1) {
      const now = `${opened() ? 'open' : 'closed'} at ${position() === first ? 'first' : 'second'}`;
      if (ways.at(-1) !== now) {
        ways.push(now);
        const { inTransit } = running.ledger();
        const movingKg = ['CP11', 'EP11', 'SP11', 'CP12'].map((id) => inTransit[id] ?? 0);
        if (ways.length === 3) expect(Math.max(...movingKg)).toBeLessThan(5);
      }
      await running.runFor(1_000);
    }
    expect(truck().state).toBe('Complete');
    expect(ways.slice(0, 4)).toEqual([
      'open at first',
      'closed at first',
      'closed at second',
      'open at second',
    ]);
    const lot = truck().lot ?? '';
    const [one, two, ...more] = truck().destinations;
    expect([one?.bin, more]).toEqual(['SI101', []]);
    expect((one?.kg ?? 0) + (two?.kg ?? 0)).toBeCloseTo(30_000, 3);
    // The share of each is told by a level that shows tenths of 2,500 t.
    for (const { bin, kg } of truck().destinations) {
      if (kg === null) throw new Error(`no mass for ${bin}`);
      expect(lotKg(running, bin, lot)).toBeGreaterThan(2_000);
      expect(Math.abs(kg - lotKg(running, bin, lot)), bin).toBeLessThan(6_000);
    }
  }, 600_000);

  it('material not the ticket: the sample finds other goods, and the truck is rejected', async () => {
    const running = await started();
    await deliver(running, {
      plate: '51C-9',
      material: 'MAIZE',
      kg: 1,
      sample: { material: 'WHEAT' },
    });
    const { state, reasons } = truckOf(running, '51C-9');
    expect(state).toBe('Rejected');
    expect(reasons).toEqual([
      { code: 'intake.other-material', objects: { ticket: 'MAIZE', found: 'WHEAT' } },
    ]);
  }, 60_000);

  it('liquid trucks unload at all three bays, each into the tank of its material', async () => {
    const running = await started();
    const loads = [
      ['SOY-OIL', 'TLB1', 'TK1'],
      ['ANIMAL-FAT', 'TLB2', 'TK2'],
      ['FISH-OIL', 'TLB3', 'TK3'],
      ['LECITHIN', 'TLB3', 'TK4'],
    ] as const;
    for (const [material] of loads) {
      await deliver(running, { plate: `60H-${material}`, material, kg: 8_000 });
    }
    const truck = (material: string) => truckOf(running, `60H-${material}`);
    const done = () => loads.every(([material]) => truck(material).state === 'Complete');
    await running.until('four complete trucks', done, 3 * HOUR_MS);
    const booked = await stockRecords(running);
    for (const [material, pit, tank] of loads) {
      const { lot, destinations, truckId } = truck(material);
      expect(truck(material).pit, material).toBe(pit);
      expect(destinations, material).toEqual([{ bin: tank, kg: 8_000 }]);
      expect(booked.filter((one) => one.causeId === truckId)).toHaveLength(1);
      expect(lotKg(running, tank, lot ?? ''), material).toBeGreaterThan(7_992);
    }
    for (const [material, { bookKg, simulatedKg }] of await accounts(running)) {
      expect(Math.abs(bookKg - simulatedKg) / simulatedKg, material).toBeLessThan(0.001);
    }
    // An unloading takes longer than book and level may differ: that is no difference.
    expect(alarms(running)).toEqual([]);
  }, 600_000);
});

describe('the leg of a pit', () => {
  const stopped = (running: VirtualMill) => running.output('EP11.Cmd') === false;
  const upstream = (running: VirtualMill) =>
    running.output('CP11.Cmd') === false && running.output('GP1.OpenCmd') === false;

  async function stands(running: VirtualMill, alarm: string): Promise<void> {
    await running.until('the leg stands', () => stopped(running), 2 * HOUR_MS);
    await running.runFor(1_000);
    expect(upstream(running)).toBe(true);
    expect(reasonsOf(running, 'EP11').length).toBeGreaterThan(0);
    const isRaised = () => alarms(running).includes(`EP11.${alarm}`);
    await running.until(`the alarm ${alarm}`, isRaised, 120_000);
  }

  it.each([
    ['underspeed', 'underspeed', 'Fault'],
    ['belt drift', 'belt-drift', 'BeltDrift'],
    ['hot bearing 80', 'hot-bearing', 'BearingHot'],
  ] as const)(
    '%s: it stops, all before it at once, and it says why',
    async (_name, fault, alarm) => {
      const running = await conveying();
      setFault(running.field, { fault, device: 'EP11' });
      await stands(running, alarm);
    },
    300_000,
  );

  it('hot bearing 70 is an alarm and stops nothing', async () => {
    const running = await conveying();
    setFault(running.field, { fault: 'hot-bearing', device: 'EP11' });
    const warm = () => Number(running.last('EP11.BearingT')) >= 70;
    await running.until('a warm bearing', warm, HOUR_MS);
    expect(stopped(running)).toBe(false);
    const isRaised = () => alarms(running).includes('EP11.BearingHot');
    await running.until('the alarm', isRaised, 120_000);
  }, 300_000);

  it('plug: a leg that stands under flow is not started again', async () => {
    const running = await conveying();
    setFault(running.field, { fault: 'welded', device: 'CP11' });
    setFault(running.field, { fault: 'trip', device: 'EP11' });
    const plugged = () => alarms(running).includes('EP11.Plugged');
    await running.until('a plugged leg', plugged, HOUR_MS);
    expect(stopped(running)).toBe(true);
    expect(running.output('GP1.OpenCmd')).toBe(false);
    await running.command('device.reset', 'EP11');
    await running.runFor(10_000);
    expect(stopped(running)).toBe(true);
  }, 300_000);
});

describe('storage', () => {
  it('book against level > 3 % is an alarm, 2 % is none', async () => {
    const running = await started();
    const add = (kg: number) =>
      fillByHand(running.field, { material: 'WHEAT', lot: 'X', kg, bin: 'SI107' });
    const differs = () => stockOf(running).find((one) => one.bin === 'SI107')?.differs;
    add(30_000);
    await running.runFor(HOUR_MS / 3);
    expect(differs()).toBe(false);
    add(22_500);
    await running.runFor(HOUR_MS / 3);
    expect(differs()).toBe(true);
    expect(alarms(running)).toContain('SI107.BookDiffers');
  }, 600_000);
});
