// Goal: the rules of a route in DOMAIN 3, one by one, on the physics of the pilot mill: one owner
// at a time with a queue, the order of start and stop, trips, change of destination, the second
// destination at a high level, and drug compatibility before anything moves.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { DrugClass, FeedNature, Species } from '../../plc/model/carry-over.ts';
import { MOTOR_STATES, PRESS_PHASES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import type { RouteStatus } from '../../plc/model/status.ts';
import { MachineBench } from '../support/machine-bench.ts';

let mill: MachineBench;

beforeEach(() => {
  mill = new MachineBench(pilot, buildControlMachines(pilot), 11, 200);
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(2_000);
});

const LINE = { kind: 'machine', id: 'LINE1' } as const;
const state = (id: string) => ROUTE_STATES[Number(mill.code(`${id}.State`))];
const drive = (id: string) => MOTOR_STATES[Number(mill.code(`${id}.State`))];
const shown = (id: string) => mill.documents.get(id) as unknown as RouteStatus;
const reached = (id: string, wanted: string, limitMs = 300_000) =>
  mill.until(() => state(id) === wanted, limitMs);

const grind = (destination: string, more: object = {}) => ({
  source: destination === 'DB403' ? 'SI204' : 'SI201',
  destination,
  ...more,
});
const toFinished = (destination: string, more: object = {}) => ({
  source: 'SB601',
  destination,
  ...more,
});

function feed(drugClass: DrugClass, species: Species, withdrawal = false): FeedNature {
  return { drugClass, species, withdrawal };
}

function product(lot: string, nature: FeedNature, more: object = {}) {
  return { orderId: `2611-${lot}`, lot, nature, ...more };
}

/** Runs a route with a product for half a minute and lets it clear. */
function carry(route: string, way: object, stop: object = {}): void {
  expect(mill.command(route, 'START', { ...way }, LINE)).toEqual({ accepted: true });
  expect(reached(route, 'Running')).toBe(true);
  mill.runFor(30_000);
  mill.command(route, 'STOP', { ...stop }, LINE);
  expect(reached(route, 'Idle', 1_200_000)).toBe(true);
}

describe('Route: reserved by one owner at a time', () => {
  it('refuses a START while it runs, and takes one that waits into its queue', () => {
    mill.command('GRIND', 'START', grind('DB401'));
    expect(reached('GRIND', 'Running')).toBe(true);
    const refusal = mill.command('GRIND', 'START', grind('DB403'));
    expect(refusal).toMatchObject({ accepted: false, reasons: [{ code: 'route.busy' }] });
    expect(mill.command('GRIND', 'START', grind('DB403', { wait: true }))).toEqual({
      accepted: true,
    });
    expect(shown('GRIND').queue).toMatchObject([{ by: 'lan', destination: 'DB403' }]);
    mill.command('GRIND', 'STOP');
    expect(mill.until(() => shown('GRIND').destination === 'DB403', 900_000)).toBe(true);
    expect(reached('GRIND', 'Running')).toBe(true);
    expect(shown('GRIND').queue).toEqual([]);
  });

  it("serves a running order's need before a routine refill that asked earlier", () => {
    mill.command('GRIND', 'START', grind('DB401'));
    expect(reached('GRIND', 'Running')).toBe(true);
    const routine = grind('DB402', { source: 'SI202', wait: true, priority: 'routine' });
    mill.command('GRIND', 'START', routine);
    mill.command('GRIND', 'START', grind('DB403', { wait: true }), LINE);
    expect(shown('GRIND').queue.map((one) => one.destination)).toEqual(['DB403', 'DB402']);
  });

  it('keeps at most eight waiting, refuses the next, and lets each take its request back', () => {
    mill.command('GRIND', 'START', grind('DB401'));
    expect(reached('GRIND', 'Running')).toBe(true);
    const ask = (n: number) =>
      mill.command('GRIND', 'START', grind('DB403', { wait: true }), {
        kind: 'machine',
        id: `REFILL${n}`,
      });
    for (let n = 1; n <= 8; n += 1) expect(ask(n)).toEqual({ accepted: true });
    expect(ask(9)).toMatchObject({ reasons: [{ code: 'route.queue-full' }] });
    expect(ask(3)).toEqual({ accepted: true });
    expect(shown('GRIND').queue).toHaveLength(8);
    mill.command('GRIND', 'CANCEL', { destination: 'DB403' }, { kind: 'machine', id: 'REFILL3' });
    expect(shown('GRIND').queue).toHaveLength(7);
    expect(ask(9)).toEqual({ accepted: true });
  });

  it('tells who has waited too long that it will not be served', () => {
    mill.command('GRIND', 'START', grind('DB401'));
    expect(reached('GRIND', 'Running')).toBe(true);
    mill.command('GRIND', 'START', grind('DB403', { wait: true, waitS: 30 }), LINE);
    mill.runFor(31_000);
    expect(shown('GRIND').queue).toEqual([]);
    const told = mill.sent.find((one) => one.command === 'EXPIRED');
    expect(told).toMatchObject({ to: 'LINE1', args: { reasons: [{ code: 'route.wait-over' }] } });
  });

  it('gives up after its time where another route holds its devices, and says who', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901'));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    mill.command('MIXTOPRESS', 'START', { source: 'SB601', destination: 'PB701', waitS: 20 });
    mill.runFor(10_000);
    expect(state('MIXTOPRESS')).toBe('Starting');
    mill.runFor(12_000);
    expect(state('MIXTOPRESS')).toBe('Idle');
    expect(shown('MIXTOPRESS').reasons).toContainEqual(
      expect.objectContaining({ code: 'route.wait-over' }),
    );
    expect(shown('MIXTOPRESS').reasons).toContainEqual(
      expect.objectContaining({
        code: 'route.reserved',
        objects: expect.objectContaining({ owner: 'MIXTOFIN' }),
      }),
    );
    expect(state('MIXTOFIN')).toBe('Running');
  });
});

describe('Route: at a high level it goes to its pre-selected second destination', () => {
  it('closes the source, clears, switches and reopens, and turns nothing while product flows', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901', { second: 'FB902' }));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    const turnsBefore = mill.sent.filter((one) => one.command === 'POSITION').length;
    const source = mill.sent.filter((one) => one.command === 'START').at(-1)?.to ?? '';
    mill.sent.length = 0;
    mill.forced.set('FB901.High', true);
    mill.runFor(400);
    expect(state('MIXTOFIN')).toBe('Changing');
    expect(drive(source)).not.toBe('Running');
    expect(mill.sent.some((one) => one.command === 'POSITION')).toBe(false);
    expect(turnsBefore).toBeGreaterThan(0);
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    expect(shown('MIXTOFIN')).toMatchObject({ destination: 'FB902', second: null });
    const order = mill.sent.filter((one) => ['STOP', 'POSITION', 'START'].includes(one.command));
    expect(order[0]).toMatchObject({ to: source, command: 'STOP' });
    expect(order.at(-1)).toMatchObject({ to: source, command: 'START' });
    const turned = order.findIndex((one) => one.command === 'POSITION');
    expect(turned).toBeGreaterThan(0);
    const movements = mill.records.filter((one) => one.kind === 'movement');
    expect(movements).toMatchObject([{ from: 'SB601', to: 'FB901' }]);
  });

  it('keeps the devices that both ways have running throughout', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901', { second: 'FB902' }));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    mill.sent.length = 0;
    mill.forced.set('FB901.High', true);
    mill.runFor(400);
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    const stopped = mill.sent.filter((one) => one.command === 'STOP').map((one) => one.to);
    expect(stopped).toHaveLength(1);
  });

  it('ends as without one where the second destination is full as well', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901', { second: 'FB902' }));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    mill.forced.set('FB902.High', true);
    mill.forced.set('FB901.High', true);
    mill.runFor(400);
    expect(state('MIXTOFIN')).toBe('Clearing');
    expect(reached('MIXTOFIN', 'Idle', 900_000)).toBe(true);
  });
});

describe('Route: change of destination under way', () => {
  it('goes from one bin to another while its source waits', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901'));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    expect(mill.command('MIXTOFIN', 'CHANGE', { destination: 'FB902' }, LINE)).toEqual({
      accepted: true,
    });
    mill.runFor(400);
    expect(state('MIXTOFIN')).toBe('Changing');
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    expect(shown('MIXTOFIN').destination).toBe('FB902');
  });

  it('refuses a destination that is full, that it has already, or that no way leads to', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901'));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    mill.forced.set('FB902.High', true);
    const answers = ['FB902', 'FB901', 'PB701'].map((destination) =>
      mill.command('MIXTOFIN', 'CHANGE', { destination }),
    );
    expect(answers).toMatchObject([
      { reasons: [{ code: 'route.destination-full' }] },
      { reasons: [{ code: 'route.same-destination' }] },
      { reasons: [{ code: 'route.no-path' }] },
    ]);
  });

  it('trips when a device stops during the change, and everything clears and stops', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901', { second: 'FB902' }));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    const devices = mill.sent.filter((one) => one.command === 'START').map((one) => one.to);
    mill.forced.set('FB901.High', true);
    mill.runFor(400);
    const kept = devices.find((id) => drive(id) === 'Running') ?? '';
    mill.forced.set(`${kept}.Trip`, true);
    mill.runFor(600);
    expect(state('MIXTOFIN')).toBe('Tripped');
    expect(mill.until(() => devices.every((id) => drive(id) !== 'Running'), 900_000)).toBe(true);
    expect(shown('MIXTOFIN').reasons).toMatchObject([{ objects: { device: kept } }]);
  });

  it('comes back tripped and with all outputs off after a restart in mid-change', () => {
    mill.command('MIXTOFIN', 'START', toFinished('FB901', { second: 'FB902' }));
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    mill.forced.set('FB901.High', true);
    mill.runFor(400);
    expect(state('MIXTOFIN')).toBe('Changing');
    mill.restart();
    mill.runFor(20_000);
    expect(state('MIXTOFIN')).toBe('Tripped');
    const on = [...mill.outputs].filter(([tag, on]) => /Cmd$/.test(tag) && on === true);
    expect(on).toEqual([]);
  });
});

describe('Route: drug compatibility is checked before it is reserved', () => {
  const medicated = product('M1', feed('antibiotic', 'pig'));
  const finisher = product('F1', feed('none', 'pig', true));
  const flush = (kg: number) => product('S1', feed('none', 'pig'), { kind: 'flush', kg });

  it('refuses the feed that must not follow a drug, with class, rule and flush in kg', () => {
    carry('MIXTOFIN', toFinished('FB901', { product: medicated }));
    const answer = mill.command('MIXTOFIN', 'START', toFinished('FB902', { product: finisher }));
    expect(answer).toMatchObject({
      accepted: false,
      reasons: [
        {
          code: 'carry-over.flush',
          objects: {
            'drug.en': 'antibiotic',
            lot: 'M1',
            flushKg: 480,
            missingKg: 480,
            'why.en': 'Feed before slaughter: flush with material without drug',
          },
        },
      ],
    });
    expect(state('MIXTOFIN')).toBe('Idle');
  });

  it('a medicated order followed by a forbidden feed is refused; the right flush makes it legal', () => {
    const cocci = product('C1', feed('ionophore', 'broiler'));
    const duck = product('D1', feed('none', 'duck'));
    const next = toFinished('FB902', { product: duck });
    carry('MIXTOFIN', toFinished('FB901', { product: cocci }));
    expect(mill.command('MIXTOFIN', 'START', next, LINE)).toMatchObject({ accepted: false });
    carry('MIXTOFIN', toFinished('FB902', { product: flush(200) }));
    expect(mill.command('MIXTOFIN', 'START', next, LINE)).toMatchObject({
      accepted: false,
      reasons: [{ code: 'carry-over.flush', objects: { missingKg: 280 } }],
    });
    carry('MIXTOFIN', toFinished('FB902', { product: flush(300) }));
    expect(mill.command('MIXTOFIN', 'START', next, LINE)).toEqual({ accepted: true });
  });

  it('counts a flush by what STOP says has passed, and not at all when the route tripped', () => {
    carry('MIXTOFIN', toFinished('FB901', { product: medicated }));
    carry('MIXTOFIN', toFinished('FB902', { product: flush(480) }), { kg: 100 });
    expect(shown('MIXTOFIN').residues).toMatchObject([{ lot: 'M1', flushedKg: 100 }]);
    mill.command('MIXTOFIN', 'START', toFinished('FB902', { product: flush(480) }), LINE);
    expect(reached('MIXTOFIN', 'Running')).toBe(true);
    const last = mill.sent.filter((one) => one.command === 'START').at(-1)?.to ?? '';
    mill.forced.set(`${last}.Trip`, true);
    expect(reached('MIXTOFIN', 'Tripped')).toBe(true);
    mill.forced.delete(`${last}.Trip`);
    mill.runFor(200_000);
    expect(shown('MIXTOFIN').residues).toMatchObject([{ lot: 'M1', flushedKg: 100 }]);
  });

  it('remembers on every route that shares a device with it, and after a restart', () => {
    carry('MIXTOFIN', toFinished('FB901', { product: medicated }));
    mill.restart();
    mill.runFor(2_000);
    const way = { source: 'SB601', destination: 'PB701', product: finisher };
    expect(mill.command('MIXTOPRESS', 'START', way, LINE)).toMatchObject({
      accepted: false,
      reasons: [{ code: 'carry-over.flush', objects: { lot: 'M1' } }],
    });
  });

  it('lets the same class of drug follow, and any feed after one without drugs', () => {
    carry('MIXTOFIN', toFinished('FB901', { product: medicated }));
    const again = product('M2', feed('antibiotic', 'piglet'));
    carry('MIXTOFIN', toFinished('FB902', { product: again }));
    expect(shown('MIXTOFIN').residues).toMatchObject([{ lot: 'M2' }]);
  });

  it('is opened by a person who has cleaned the way by hand', () => {
    carry('MIXTOFIN', toFinished('FB901', { product: medicated }));
    const way = toFinished('FB901');
    expect(mill.command('MIXTOFIN', 'CLEANED', way)).toEqual({ accepted: true });
    const answer = mill.command('MIXTOFIN', 'START', { ...way, product: finisher }, LINE);
    expect(answer).toEqual({ accepted: true });
    expect(mill.command('MIXTOFIN', 'CLEANED', way)).toMatchObject({ accepted: false });
  });

  it('takes what was last brought to its source for its product where nobody names one', () => {
    carry('MIXTOPRESS', { source: 'SB601', destination: 'PB701', product: medicated });
    mill.command('PELLET', 'START', { source: 'PB701', destination: 'FB901' });
    expect(shown('PELLET').product).toMatchObject({ lot: 'M1' });
  });

  it('refuses a person whose product is not known over a rest of a drug', () => {
    const mash = { source: 'SB601', destination: 'PB701' };
    carry('MIXTOPRESS', { ...mash, product: medicated });
    carry('PELLET', { source: 'PB701', destination: 'FB901' });
    mill.command('MIXTOPRESS', 'CLEANED', mash);
    const answer = mill.command('PELLET', 'START', { source: 'PB701', destination: 'FB901' });
    expect(answer).toMatchObject({ accepted: false, reasons: [{ code: 'carry-over.unknown' }] });
  });

  it('is passed on by a press: pellets for withdrawal are refused after a medicated run', () => {
    carry('MIXTOPRESS', { source: 'SB601', destination: 'PB701', product: medicated });
    const order = { destination: 'FB901', setC: 80, product: finisher };
    mill.command('PM701:unit', 'START', order, LINE);
    mill.runFor(1_000);
    expect(PRESS_PHASES[Number(mill.code('PM701.Phase'))]).toBe('Stopped');
    expect(mill.documents.get('PM701:unit')).toMatchObject({
      reasons: [{ code: 'carry-over.flush', objects: { place: 'PB701' } }],
    });
  });

  it('is passed on by a bagger', () => {
    const way = { source: 'FB901', destination: 'BG1001', product: medicated };
    carry('BAG', way);
    mill.forced.set('FB901.Released', true);
    const job = { orderId: '2611-F1', lot: 'F1', source: 'FB901', bagKg: 25, product: finisher };
    mill.command('BG1001', 'START', job, LINE);
    mill.runFor(30_000);
    expect(mill.documents.get('BG1001')).toMatchObject({
      reasons: [{ code: 'carry-over.flush' }],
    });
    expect(state('BAG')).toBe('Idle');
  });
});
