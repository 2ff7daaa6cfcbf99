/**
 * Goal: whatever way a pit or the truck desk goes, the light of a pit is green for the truck that
 * has the permit and for nobody else, each command is answered once, and a restart comes back held
 * with the light off.
 */
import { describe, expect, it } from 'vitest';
import { buildIntakeMachines } from '../../plc/machines/intake/intake.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { TruckRecord } from '../../plc/model/record-stock.ts';
import type { Walk, Walked } from '../support/machine-walk.ts';
import { answers, MachineWalk } from '../support/machine-walk.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 400;
const specs = buildIntakeMachines(reference);

function specOf(id: string) {
  const spec = specs.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`the reference mill has no machine ${id}`);
  return spec;
}

/** The first truck on the day on which walks begin. */
const TRUCK_ID = 'T010909-1';
const TRUCK = { truckId: 'T1', plate: '51C-1', material: 'MAIZE', loadKg: 30_000 };

const pit: Walk = {
  spec: specOf('TL1'),
  values: {
    Occupied: [false, true],
    Plate: ['51C-1', '51C-1', '51C-2', ''],
    Low: [true, true, false],
    RouteState: [0, 2, 2, 1, 3, 4],
    'SI101.High': [false, false, true],
    'SI102.High': [false],
    'SI101.LevelPct': [60],
    'SI101.MaxT': [27],
    'SI102.LevelPct': [50],
    'SI102.MaxT': [27],
  },
  commands: [
    { type: 'PERMIT', args: TRUCK, by: 'UNIT' },
    { type: 'PERMIT', args: { ...TRUCK, material: 'GOLD' }, by: 'UNIT' },
    { type: 'WITHDRAW', by: 'UNIT' },
    { type: 'RESUME' },
    { type: 'NONSENSE' },
  ],
};

const desk: Walk = {
  spec: specOf('TRUCKS'),
  values: {
    'WB1.Occupied': [true, false],
    'WB1.Stable': [true, false],
    'WB1.Overload': [false, false, true],
    'WB1.Net': [40_000, 14_000],
    'WB1.Plate': ['51C-1', ''],
  },
  commands: [
    {
      type: 'BOOK',
      args: {
        plate: '51C-1',
        material: 'MAIZE',
        supplier: 'A',
        supplierLot: 'B',
        ticketKg: 26_000,
      },
    },
    { type: 'ARRIVE', args: { truckId: TRUCK_ID } },
    {
      type: 'SAMPLE',
      args: {
        truckId: TRUCK_ID,
        material: 'MAIZE',
        ...{ moisturePct: 13, proteinPct: 8, mycotoxinPpb: 5 },
      },
    },
    { type: 'WEIGH', args: { truckId: TRUCK_ID, bridge: 'WB1' } },
    { type: 'PERMIT', args: { truckId: TRUCK_ID, pit: 'TL1' } },
    { type: 'CANCEL', args: { truckId: TRUCK_ID, note: 'broken' } },
    { type: 'NONSENSE' },
  ],
};

function walkOf(
  of: Walk,
  seed: number,
  look: (walk: MachineWalk, walked: Walked) => void,
): Set<string> {
  const walk = new MachineWalk(of, seed);
  const states = new Set<string>();
  for (let step = 0; step < STEPS; step += 1) {
    const walked = walk.step();
    states.add(walked.state);
    if (walked.isCommand) {
      expect(answers(walked), `seed ${seed}: ${walked.event} in ${walked.state}`).toHaveLength(1);
    }
    look(walk, walked);
  }
  return states;
}

describe('a pit', () => {
  it('reaches every state, and is green only for the truck with the permit', () => {
    const states = new Set<string>();
    for (const seed of SEEDS) {
      const seen = walkOf(pit, seed, (walk) => {
        if (walk.written.get('TL1.PermitCmd') !== true) return;
        expect(walk.written.get('TL1.PermitPlate'), `seed ${seed}`).toBe('51C-1');
        expect(['Permitted', 'Tipping'], `seed ${seed}`).toContain(walk.state);
      });
      for (const state of seen) states.add(state);
      const walk = new MachineWalk(pit, seed);
      for (let step = 0; step < 60; step += 1) walk.step();
      const { state } = walk.restore();
      expect(['Free', 'Held'], `seed ${seed}`).toContain(state);
      expect(walk.written.get('TL1.PermitCmd'), `seed ${seed}`).toBe(false);
      states.add(state);
    }
    expect([...states].sort()).toEqual(
      ['Conveying', 'Free', 'Held', 'Permitted', 'Stopped', 'Tipping'].sort(),
    );
  });
});

describe('the truck desk', () => {
  it('answers each command once, and lets nobody off the bridge unweighed', () => {
    let released = 0;
    for (const seed of SEEDS) {
      walkOf(desk, seed, (walk, { event, context }) => {
        if (event !== 'SCAN' || walk.written.get('WB1.GoCmd') !== true) return;
        released += 1;
        const { trucks } = context as { trucks: readonly TruckRecord[] };
        const truck = trucks.findLast((one) => one.plate === '51C-1');
        const sentAway = truck?.state === 'Cancelled' || truck?.state === 'Rejected';
        expect(truck?.grossKg != null || sentAway, `seed ${seed}`).toBe(true);
      });
    }
    expect(released).toBeGreaterThan(0);
  });
});
