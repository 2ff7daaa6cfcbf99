// Goal: a dosing bin is refilled by level, by what the orders will take, and by the hours of the
// energy tariff; an order never starves while the storage has material (DOMAIN 4, dosing-bin
// auto-refill). On the physics of the pilot mill, whose four main bins share one grinding route.
import { describe, expect, it } from 'vitest';
import { binDemands } from '../../plc/logic/bin-demand.ts';
import { fillsUpAt, priceAt, untilChangeMs } from '../../plc/logic/tariff.ts';
import { buildControlMachines, buildMachines } from '../../plc/machines/index.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { VIETNAM_TARIFF } from '../../plc/mill/mills/tariff.ts';
import { ROUTE_STATES } from '../../plc/model/isa88.ts';
import { LOTS_ID } from '../../plc/model/lots.ts';
import type { DeviceStatus, RouteStatus } from '../../plc/model/status.ts';
import type { Tariff } from '../../plc/model/tariff.ts';
import { MachineBench } from '../support/machine-bench.ts';

let mill: MachineBench;

/** Always peak, never peak, or always cheap: the clock of the bench begins in the morning. */
function tariff(price: 'peak' | 'normal' | 'off-peak'): Tariff {
  const allDay = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMin: 0, toMin: 1_440 }];
  return {
    utcOffsetMin: 420,
    peak: price === 'peak' ? allDay : [],
    offPeak: price === 'off-peak' ? allDay : [],
    fillBeforeMin: 90,
  };
}

function begin(
  price: 'peak' | 'normal' | 'off-peak' = 'normal',
  more: Partial<Mill> = {},
  build = buildControlMachines,
): void {
  const definition: Mill = { ...pilot, tariff: tariff(price), ...more };
  mill = new MachineBench(definition, build(definition), 11, 200);
  for (const { id } of pilot.refills) level(id, 75);
  mill.runFor(2_000);
}

function level(bin: string, pct: number): void {
  mill.forced.set(`${bin}.LevelPct`, pct);
}

/** The line tells what its orders take, in batches of a tenth of the bin. */
function demand(bin: string, batches: number): void {
  const device = pilot.deviceById.get(bin);
  const capacityKg = device?.type === 'bin' ? device.settings.capacityKg : 0;
  const batchKg = capacityKg / 10;
  const args = { kg: batches * batchKg, batchKg };
  const answer = mill.command(`${bin}:refill`, 'DEMAND', args, { kind: 'machine', id: 'LINE1' });
  expect(answer).toEqual({ accepted: true });
}

const state = () => ROUTE_STATES[Number(mill.code('GRIND.State'))];
const grinding = () => mill.documents.get('GRIND') as unknown as RouteStatus;
const reasons = (bin: string) =>
  (mill.documents.get(`${bin}:refill`) as unknown as DeviceStatus).reasons.map((one) => one.code);
const starts = () =>
  mill.sent
    .filter((one) => one.to === 'GRIND' && one.command === 'START')
    .map((one) => one.args['destination']);

describe('Dosing-bin auto-refill by demand of the order queue', () => {
  it('fills a bin that an order will empty, though it is above its start level', () => {
    begin();
    level('DB402', 50);
    mill.runFor(30_000);
    expect(state()).toBe('Idle');
    demand('DB402', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(grinding().destination).toBe('DB402');
  });

  it('fills the bin whose order starves first before an emptier one that no order needs', () => {
    begin();
    level('DB401', 12);
    level('DB402', 20);
    demand('DB402', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(starts()[0]).toBe('DB402');
  });

  it("a running order's need comes before a routine refill, which leaves the route at once", () => {
    begin();
    level('DB401', 25);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(grinding().destination).toBe('DB401');
    level('DB403', 15);
    demand('DB403', 6);
    mill.runFor(1_000);
    expect(grinding().queue).toMatchObject([{ by: 'DB403:refill', priority: 'order' }]);
    expect(mill.until(() => grinding().destination === 'DB403', 600_000)).toBe(true);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    // And the routine one has its turn afterwards.
    level('DB403', 90);
    expect(mill.until(() => grinding().destination === 'DB401', 600_000)).toBe(true);
  });

  it('two bins that orders need do not take the route from each other', () => {
    begin();
    level('DB401', 20);
    demand('DB401', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    level('DB403', 15);
    demand('DB403', 6);
    mill.runFor(60_000);
    expect(grinding()).toMatchObject({ destination: 'DB401', state: 'Running' });
    expect(grinding().queue).toHaveLength(1);
  });

  /** DB401 is being filled from this level for an order when there is nothing left in DB403. */
  function standForDB403(levelPct: number): void {
    begin();
    level('DB401', levelPct);
    demand('DB401', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    mill.forced.set('DB401.High', false);
    level('DB403', 4);
    demand('DB403', 6);
  }

  it('one whose line can go on leaves the route to one whose line stands', () => {
    standForDB403(20);
    // Not before the drives of the route may be started again.
    mill.runFor(540_000);
    expect(grinding()).toMatchObject({ destination: 'DB401', state: 'Running' });
    expect(mill.until(() => grinding().destination === 'DB403', 900_000)).toBe(true);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
  });

  it('nor then when its own line would stand next', () => {
    standForDB403(15);
    mill.runFor(780_000);
    expect(grinding()).toMatchObject({ destination: 'DB401', state: 'Running' });
  });

  it('a run is not cut short for a bin that is nearly as full, but for a much emptier one', () => {
    begin();
    level('DB401', 25);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    level('DB401', 42);
    level('DB403', 28);
    mill.forced.set('DB401.High', false);
    mill.runFor(930_000);
    expect(grinding()).toMatchObject({ destination: 'DB401', state: 'Running' });
    level('DB403', 20);
    expect(mill.until(() => grinding().destination === 'DB403', 600_000)).toBe(true);
  });

  it('leaves the queue when the orders are gone', () => {
    begin();
    level('DB401', 25);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    level('DB403', 15);
    demand('DB403', 6);
    mill.runFor(1_000);
    level('DB403', 90);
    demand('DB403', 0);
    mill.runFor(1_000);
    expect(grinding().queue).toEqual([]);
  });
});

describe('Dosing-bin auto-refill of twins, bins with the same material over one scale', () => {
  const priorities = () =>
    mill.sent
      .filter((one) => one.to === 'GRIND' && one.command === 'START')
      .map((one) => one.args['priority']);

  it('an order does not starve by an empty bin while its twin has product', () => {
    begin('normal', maizeAlsoIn('DB402'));
    level('DB402', 84);
    for (const bin of ['DB401', 'DB402']) demand(bin, 8);
    level('DB401', 4);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(priorities()[0]).toBe('routine');
  });

  it('an order that will starve has the emptiest of them filled first', () => {
    begin('normal', maizeAlsoIn('DB402'));
    for (const bin of ['DB401', 'DB402']) demand(bin, 6);
    level('DB401', 19);
    level('DB402', 1);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect([starts()[0], priorities()[0]]).toEqual(['DB402', 'order']);
  });

  it('a twin with a lot in quarantine feeds no order: the other one is filled for it', () => {
    begin('normal', maizeAlsoIn('DB402'), buildMachines);
    level('DB402', 84);
    for (const bin of ['DB401', 'DB402']) demand(bin, 8);
    const lot = pilot.deviceById.get('DB402')?.settings;
    const quarantine = { lot: lot !== undefined && 'lot' in lot ? lot.lot : null, on: true };
    expect(mill.command(LOTS_ID, 'QUARANTINE', { ...quarantine, note: 'mốc' })).toEqual({
      accepted: true,
    });
    mill.runFor(1_000);
    level('DB401', 4);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect([starts()[0], priorities()[0]]).toEqual(['DB401', 'order']);
  });

  it('they do not take the route from each other', () => {
    begin('normal', maizeAlsoIn('DB402'));
    level('DB401', 25);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    level('DB401', 60);
    level('DB402', 5);
    mill.forced.set('DB401.High', false);
    mill.runFor(930_000);
    expect(grinding()).toMatchObject({ destination: 'DB401', state: 'Running' });
  });
});

describe('Dosing-bin auto-refill by source', () => {
  it('goes on from the next source when the first has run empty, and says when none is left', () => {
    begin('normal', maizeAlsoIn('SI202'));
    level('DB401', 20);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(grinding().source).toBe('SI201');
    mill.forced.set('SI201.Low', true);
    expect(mill.until(() => grinding().source === 'SI202', 900_000)).toBe(true);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    mill.forced.set('SI202.Low', true);
    expect(mill.until(() => state() === 'Idle', 900_000)).toBe(true);
    mill.runFor(30_000);
    expect(state()).toBe('Idle');
    expect(reasons('DB401')).toEqual(['refill.no-source']);
  });

  it('does not start a route that has tripped, and says that it waits for a person', () => {
    begin();
    level('DB401', 20);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    mill.forced.set('HM301.Trip', true);
    expect(mill.until(() => state() === 'Tripped', 60_000)).toBe(true);
    mill.runFor(60_000);
    expect(state()).toBe('Tripped');
    expect(reasons('DB401')).toEqual(['refill.route-tripped']);
  });
});

/** The pilot mill with maize in another bin, too. */
function maizeAlsoIn(bin: string): Partial<Mill> {
  const devices = pilot.devices.map((one) =>
    one.id === bin && one.type === 'bin'
      ? { ...one, settings: { ...one.settings, material: materialOf('SI201') } }
      : one,
  );
  return { devices, deviceById: new Map(devices.map((one) => [one.id, one])) };
}

function materialOf(bin: string): string | null {
  const device = pilot.deviceById.get(bin);
  return device?.type === 'bin' ? device.settings.material : null;
}

describe('Dosing-bin auto-refill by the hours of the energy tariff', () => {
  it('lets a bin that no order needs wait in the peak, and says so', () => {
    begin('peak');
    level('DB401', 25);
    mill.runFor(60_000);
    expect(state()).toBe('Idle');
    expect(reasons('DB401')).toEqual(['refill.peak']);
    level('DB401', 14);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
  });

  it('waits in the peak only for as long as what there is will last', () => {
    begin('peak');
    level('DB401', 50);
    demand('DB401', 4);
    mill.runFor(60_000);
    expect(state()).toBe('Idle');
    demand('DB401', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(grinding().destination).toBe('DB401');
  });

  it('is never at the cost of a starving order', () => {
    begin('peak');
    level('DB401', 25);
    demand('DB401', 8);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
    expect(grinding().destination).toBe('DB401');
  });

  it('fills up while energy is cheap', () => {
    begin('off-peak');
    level('DB401', 60);
    expect(mill.until(() => state() === 'Running', 120_000)).toBe(true);
  });

  it('the hours of Viet Nam: peaks on workdays, nights off-peak, filled up before a peak', () => {
    // 23 November 2026 is a Monday; local time is seven hours ahead.
    const local = (day: number, hour: number, min = 0) => Date.UTC(2026, 10, day, hour - 7, min);
    const price = (day: number, hour: number, min = 0) =>
      priceAt(VIETNAM_TARIFF, local(day, hour, min));
    expect(price(23, 9, 29)).toBe('normal');
    expect(price(23, 9, 30)).toBe('peak');
    expect(price(23, 11, 30)).toBe('normal');
    expect(price(23, 18)).toBe('peak');
    expect(price(23, 23)).toBe('off-peak');
    expect(price(24, 3, 59)).toBe('off-peak');
    expect(price(29, 18)).toBe('normal');
    expect(fillsUpAt(VIETNAM_TARIFF, local(23, 7, 59))).toBe(false);
    expect(fillsUpAt(VIETNAM_TARIFF, local(23, 8))).toBe(true);
    expect(untilChangeMs(VIETNAM_TARIFF, local(23, 7))).toBe(3_600_000);
  });
});

describe('Demand of the order queue', () => {
  it('adds up what all orders take, shares it among bins of one material, first order first', () => {
    const items = (material: string, pct: number) => ({
      items: [{ material, pct, drug: false }],
    });
    const orders = [
      { order: items('MAIZE', 60), batches: 2, eachKg: 1_000 },
      { order: items('MAIZE', 50), batches: 4, eachKg: 1_000 },
      { order: items('SBM', 20), batches: 1, eachKg: 1_000 },
    ];
    const bins = [
      { bin: 'A', material: 'MAIZE' },
      { bin: 'B', material: 'MAIZE' },
      { bin: 'C', material: 'SBM' },
      { bin: 'D', material: 'SALT' },
    ];
    expect(binDemands(orders, bins)).toEqual({
      A: { kg: 1_600, batchKg: 300 },
      B: { kg: 1_600, batchKg: 300 },
      C: { kg: 200, batchKg: 200 },
      D: { kg: 0, batchKg: 0 },
    });
  });
});
