// Goal: the rules of magnets at the intake and before the mills (DOMAIN 4) by their names: cleaned
// in time, metal watched, and nothing flows past a drawer that is out.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { chain } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import { at, bin } from '../../plc/mill/mills/reference/places.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { pourInto } from '../support/bin-layers.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { partOf } from '../support/part-mill.ts';

/** Mill 1 with its bin, feeder and magnet. */
const PART = partOf(
  reference,
  ({ id, type }) =>
    /^(PG1|FG1|HM1|CG1|EG1|MG1|ESGRINDING)$/.test(id) ||
    (type === 'heartbeat' && /GRINDING|FEEDERS/.test(id)),
);
const MILL = defineMill({
  ...PART,
  devices: [
    ...PART.devices,
    bin('surge', 'SINK', text('Phễu', 'Hopper'), at('grinding', 900, 700), 20_000),
  ],
  flows: [...PART.flows, ...chain('EG1', 'SINK')],
});

let mill: MachineBench;
const isRaised = (alarm: string) => mill.raised.has(alarm);
const isOn = (tag: string) => mill.outputs.get(tag) === true;
const drawer = (isOut: boolean) => {
  const fault = { device: 'MG1', fault: 'drawer-out' } as const;
  if (isOut) setFault(mill.state, fault);
  else clearFault(mill.state, fault);
};

function feed(): void {
  for (const id of ['EG1', 'CG1', 'HM1', 'FG1']) {
    mill.command(id, 'MODE', { mode: 'Manual' });
    expect(mill.command(id, 'START')).toEqual({ accepted: true });
    mill.runFor(50_000);
  }
  expect(isOn('FG1.Cmd')).toBe(true);
}

beforeEach(() => {
  mill = new MachineBench(MILL, buildControlMachines(MILL), 3, 200);
  pourInto(mill.state, 'PG1', 10_000, ['MAIZE', 'L1']);
  mill.runFor(2_000);
});

describe('Magnet before a mill', () => {
  it('a drawer pulled out while product flows stops the feeder in the same scan', () => {
    feed();
    drawer(true);
    mill.scan();
    expect(isOn('FG1.Cmd')).toBe(false);
    expect(isOn('HM1.Cmd')).toBe(true);
    expect(isRaised('MG1.DrawerOut')).toBe(true);
    expect(mill.command('FG1', 'START')).toMatchObject({
      accepted: false,
      reasons: [{ objects: { tag: 'MG1.InPlace' } }],
    });
    drawer(false);
    mill.runFor(1_000);
    expect(isRaised('MG1.DrawerOut')).toBe(false);
    expect(isOn('FG1.Cmd')).toBe(false);
    expect(mill.command('FG1', 'START')).toEqual({ accepted: true });
  });

  it('a switch that cannot be trusted counts as a drawer that is out', () => {
    feed();
    mill.lost.add('MG1.InPlace');
    mill.scan();
    expect(isOn('FG1.Cmd')).toBe(false);
  });

  it('pulled out while nothing flows it is no alarm', () => {
    drawer(true);
    mill.runFor(5_000);
    expect(isRaised('MG1.DrawerOut')).toBe(false);
  });

  it('metal on it is watched: much of it is a process alarm that stops nothing', () => {
    feed();
    setFault(mill.state, { device: 'MG1', fault: 'metal' });
    expect(mill.until(() => lastValueOf(mill.tag('MG1.Covered')) === true, 60 * 60_000)).toBe(true);
    expect(isOn('FG1.Cmd')).toBe(true);
    const alarm = MILL.alarms.find(({ id }) => id === 'MG1.Covered');
    expect(alarm?.condition).toMatchObject({ tag: 'MG1.Covered', comparison: 'is', limit: true });
  }, 120_000);

  it('cleaning interval: due after 24 h of product, counted over a restart; cleaning begins anew', () => {
    mill.forced.set('FG1.State', 2);
    const hours = (h: number) => {
      for (let minutes = 0; minutes < h * 60; minutes += 1) {
        mill.nowMs += 60_000 - 200;
        mill.scan();
      }
    };
    hours(23.9);
    expect(isRaised('MG1.CleaningDue')).toBe(false);
    hours(0.2);
    expect(isRaised('MG1.CleaningDue')).toBe(true);
    mill.forced.set('FG1.State', 0);
    mill.scan();
    // A short look into it is no cleaning.
    drawer(true);
    mill.runFor(5_000);
    drawer(false);
    mill.runFor(1_000);
    expect(isRaised('MG1.CleaningDue')).toBe(true);
    drawer(true);
    mill.runFor(12_000);
    drawer(false);
    mill.runFor(1_000);
    expect(isRaised('MG1.CleaningDue')).toBe(false);
    expect(Number(lastValueOf(mill.tag('MG1.PassedH')))).toBe(0);
  });

  it('its hours outlive a restart of the controller', () => {
    const spec = buildControlMachines(MILL).find(({ id }) => id === 'MG1:unit');
    expect(spec).toMatchObject({ persistence: 'fresh', counters: ['passedMs'] });
  });
});

describe('Magnet of the intake', () => {
  it.each([1, 2])('pit %i: the drum stops while its metal drawer is out, and so the route', (n) => {
    const drum = reference.deviceById.get(`MP${n}1`);
    expect(drum?.interlocks).toContainEqual({
      tag: `MM${n}.InPlace`,
      comparison: 'is',
      limit: true,
    });
    expect(reference.deviceById.get(`MM${n}`)?.settings).toMatchObject({ passedBy: `MP${n}1` });
  });
});
