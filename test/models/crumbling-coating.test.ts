// Goal: the rules of Crumbling, Sieving and Coating (DOMAIN 4) by their names, on a press line of
// the reference mill and the physics of the simulator.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { ROUTE_STATES } from '../../plc/model/isa88.ts';
import { setFault } from '../../simulators/process/index.ts';
import { kgIn, layersIn } from '../support/bin-layers.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { partOf } from '../support/part-mill.ts';
import { PressBench, pressLines } from '../support/press-bench.ts';

const SEED = 7;
const PART = pressLines('1');
const PRESS = { kind: 'machine', id: 'PM1:unit' } as const;

let line: PressBench;

beforeEach(() => {
  line = new PressBench(PART, SEED);
});

const setGap = (mm: number) => line.mill.command('CR1:unit', 'SET', { mm }, PRESS);
const isRaised = (alarm: string) => line.mill.raised.has(alarm);

describe('Crumbling: gap 1-3 mm', () => {
  it('pellets go whole past the rolls unless the product asks for crumbs', () => {
    expect(line.start()).toEqual({ accepted: true });
    line.mill.runFor(15_000);
    expect(line.isOn('CR1.BypassOpen')).toBe(true);
    expect(line.mill.tag('CR1.BypassFb')).toMatchObject({ value: true });
  });

  it('the gap of the product is set before it comes, and verified by its feedback', () => {
    expect(line.start({ crumbleMm: 1.8 })).toEqual({ accepted: true });
    line.mill.runFor(15_000);
    expect(line.isOn('CR1.BypassOpen')).toBe(false);
    expect(line.mill.outputs.get('CR1.SetMm')).toBe(1.8);
    expect(line.value('CR1.GapMm')).toBeCloseTo(1.8, 1);
    expect(line.mill.tag('CR1.BypassFb')).toMatchObject({ value: false });
    line.mill.runFor(30_000);
    expect(isRaised('CR1.GapOff')).toBe(false);
  });

  it.each([
    [1, true],
    [3, true],
    [0, true],
    [0.9, false],
    [3.1, false],
  ])('a gap of %s mm: taken %s', (mm, isTaken) => {
    expect(setGap(mm).accepted).toBe(isTaken);
  });

  it.each([
    ['rolls that do not move', 2, 'crumbler.gap-off'],
    ['a flap that does not move', 0, 'crumbler.bypass-stuck'],
  ])('%s are told after 20 s', (_what, mm, code) => {
    setGap(mm === 0 ? 2 : 0);
    line.mill.runFor(15_000);
    setFault(line.mill.state, { device: 'CR1', fault: 'stuck' });
    setGap(mm);
    line.mill.runFor(19_000);
    expect(isRaised('CR1.GapOff')).toBe(false);
    line.mill.runFor(2_000);
    expect(isRaised('CR1.GapOff')).toBe(true);
    expect(line.reasonsOf('CR1:unit')).toEqual([code]);
  });

  it('after a restart pellets stay whole until the press goes on with its order', () => {
    line.press(4, { crumbleMm: 2, coatPct: 2 });
    line.mill.restart();
    line.mill.runFor(2_000);
    expect(line.isOn('CR1.BypassOpen')).toBe(true);
    line.mill.command('PELLET1', 'RESET');
    expect(line.mill.until(() => line.mill.code('PELLET1.State') === 0, 10 * 60_000)).toBe(true);
    expect(line.mill.command('PM1:unit', 'RESUME')).toEqual({ accepted: true });
    line.mill.runFor(1_000);
    expect(line.isOn('CR1.BypassOpen')).toBe(false);
    expect(line.mill.outputs.get('CR1.SetMm')).toBe(2);
    expect(line.mill.context('CO1:unit')).toMatchObject({ pct: 2 });
  }, 120_000);
});

describe('Sieving returns fines WITH their lot and drug flag', () => {
  it('the bin that fines come back to keeps the drug of the run that they came from', () => {
    const nature = { drugClass: 'ionophore', species: 'broiler', withdrawal: false };
    const product = { vi: 'Gà', en: 'Broiler', orderId: '2611-0007', lot: 'L1', nature };
    line.press(6, { product });
    line.mill.runFor(4 * 60_000);
    expect(line.isOn('FR1.Cmd')).toBe(true);
    line.mill.command('PM1:unit', 'STOP');
    expect(line.mill.until(() => line.phase() === 'Stopped', 45 * 60_000)).toBe(true);
    expect(line.mill.documents.get('PELLET1')).toMatchObject({
      residues: [{ nature: { drugClass: 'ionophore' }, lot: 'L1' }],
    });
    const forLaying = { drugClass: 'none', species: 'layer', withdrawal: true };
    const next = { ...product, lot: 'L2', orderId: '2611-0008', nature: forLaying };
    line.start({ product: next, lot: 'L2' });
    line.mill.runFor(1_000);
    expect(line.phase()).toBe('Stopped');
    const [refusal] = line.reasonsOf('PM1:unit');
    expect(refusal).toMatch(/^carry-over\./);
  }, 300_000);
});

describe('Coating: liquid on belt-weigher flow, +-2 %', () => {
  it.each([1, 3])(
    'lays %s %% on what passes, over ten minutes',
    (pct) => {
      line.press(20, { coatPct: pct });
      line.mill.runFor(5 * 60_000);
      let productKg = 0;
      let liquidKg = 0;
      for (let s = 0; s < 600; s += 1) {
        line.mill.runFor(1_000);
        productKg += line.value('CO1.BeltTPerH') / 3.6;
        liquidKg += line.value('CO1.LiquidKgPerH') / 3_600;
      }
      const offPct = 100 * ((100 * liquidKg) / productKg / pct - 1);
      expect(productKg).toBeGreaterThan(2_000);
      expect(Math.abs(offPct), `off by ${offPct.toFixed(2)} %, seed ${SEED}`).toBeLessThan(2);
      expect(isRaised('CO1.RatioOff')).toBe(false);
    },
    240_000,
  );

  it('an empty tank is told by liquid that is off its share, and pressing goes on', () => {
    line.press(20, { coatPct: 3 });
    line.mill.runFor(4 * 60_000);
    layersIn(line.mill.state, 'OT1').length = 0;
    expect(line.mill.until(() => isRaised('CO1.RatioOff'), 3 * 60_000)).toBe(true);
    expect(line.reasonsOf('CO1:unit')).toEqual(['coater.ratio-off']);
    expect(line.phase()).toBe('Pressing');
  }, 240_000);

  it('what left its tank is written down when the run ends, once', () => {
    line.press(3, { coatPct: 2 });
    const before = kgIn(line.mill.state, 'OT1');
    line.mill.command('PM1:unit', 'STOP');
    expect(line.mill.until(() => line.phase() === 'Stopped', 45 * 60_000)).toBe(true);
    const moved = line.mill.records.filter((one) => one.kind === 'movement' && one.from === 'OT1');
    expect(moved).toMatchObject([{ to: 'CO1', material: 'SOY-OIL' }]);
    const [one] = moved;
    const leftKg = before - kgIn(line.mill.state, 'OT1');
    const writtenKg = one?.kind === 'movement' ? Number(one.massKg) : 0;
    expect(leftKg).toBeGreaterThan(40);
    expect(Math.abs(writtenKg - leftKg)).toBeLessThan(0.05 * leftKg);
  }, 300_000);

  it('lays on no more than what plugs: 6 %', () => {
    const answer = line.mill.command('CO1:unit', 'SET', { pct: 6.1 }, PRESS);
    expect(answer.accepted).toBe(false);
  });
});

describe('Coating: its tank', () => {
  const LIQUID = partOf(
    reference,
    ({ id, area, type }) =>
      /^(TK1|TP1|FM1|TD1|LT11|LT21|OT[1-5])$/.test(id) ||
      (type === 'safety' && area === 'liquids') ||
      (type === 'heartbeat' && /UTILITIES|PELLETING|DOSING/.test(id)),
  );

  it('is refilled by its level from the liquid tank, and left when it is full enough', () => {
    const mill = new MachineBench(LIQUID, buildControlMachines(LIQUID), SEED, 200);
    mill.runFor(2_000);
    const route = () => ROUTE_STATES[Number(mill.code('LIQ1.State'))];
    mill.runFor(30_000);
    expect(route()).toBe('Idle');
    layersIn(mill.state, 'OT3').length = 0;
    const before = kgIn(mill.state, 'TK1');
    expect(mill.until(() => route() === 'Running', 120_000)).toBe(true);
    expect(mill.until(() => route() === 'Idle', 90 * 60_000)).toBe(true);
    const filledKg = kgIn(mill.state, 'OT3');
    expect(filledKg).toBeGreaterThan(5_800);
    expect(filledKg).toBeLessThan(6_600);
    expect(before - kgIn(mill.state, 'TK1')).toBeCloseTo(filledKg, -1);
    for (const other of ['OT1', 'LT11']) {
      expect(mill.sent.some(({ args }) => args['destination'] === other)).toBe(false);
    }
  }, 240_000);
});
