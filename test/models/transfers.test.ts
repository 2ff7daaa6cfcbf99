// Goal: an engineer moves so much from one bin to another along a route of the mill: what must not
// be moved is refused with its reasons, it stops at the mass, and the layers of the book move with
// it.
import { beforeEach, describe, expect, it } from 'vitest';
import { bookKg } from '../../plc/logic/layers.ts';
import { buildMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import { LOTS_ID } from '../../plc/model/lots.ts';
import type { MovementRecord } from '../../plc/model/record.ts';
import type { DeviceStatus } from '../../plc/model/status.ts';
import { STOCK_ID } from '../../plc/model/stock.ts';
import { contentOf } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

/** Along the grinding route of the pilot mill: from a silo to a dosing bin. */
const UNIT = 'GRIND:unit';

let mill: MachineBench;

/** The machines of that route and the books: all else stands still. */
const specs = buildMachines({ ...pilot, refills: [] }).filter(({ id }) =>
  /^(SF201|CC201|FD301|HM301|EL301|DS301|FN301|GRIND|STOCK|LOTS|ES001)/.test(id),
);

beforeEach(() => {
  mill = new MachineBench(pilot, specs, 17, 200);
  mill.runFor(2_000);
});

const codes = (answer: CommandResult) =>
  answer.accepted ? [] : answer.reasons.map(({ code }) => code);
const job = () => (mill.documents.get(UNIT) as DeviceStatus | undefined)?.transfer ?? null;
const heldKg = (bin: string) =>
  contentOf(mill.state, bin)
    .flatMap(({ parts }) => parts)
    .reduce((sum, { kg }) => sum + kg, 0);
const inBook = (bin: string) => {
  const { bins } = mill.context(STOCK_ID) as {
    bins: Record<string, { book: Parameters<typeof bookKg>[0] }>;
  };
  return bins[bin]?.book ?? { layers: [], owedKg: 0 };
};
const start = (args: object = {}) =>
  mill.command(UNIT, 'START', { source: 'SI201', destination: 'DB401', kg: 300, ...args });

describe('A transfer from bin to bin', () => {
  it('stops at its mass, and moves the layers of the book as much', () => {
    const [before, lots] = [heldKg('DB401'), inBook('DB401').layers.length];
    expect(start()).toEqual({ accepted: true });
    mill.runFor(1_000);
    expect(job()).toMatchObject({
      source: 'SI201',
      destination: 'DB401',
      targetKg: 300,
      by: 'lan',
    });
    expect(mill.until(() => job() === null, 3_600_000)).toBe(true);
    mill.runFor(120_000);
    const movedKg = heldKg('DB401') - before;
    expect(Math.abs(movedKg - 300)).toBeLessThan(60);
    const { layers } = inBook('DB401');
    expect(layers.length).toBeGreaterThanOrEqual(lots);
    expect(layers.at(-1)?.[0]?.lot).toBe('NGO-2611-01');
    expect(Math.abs(bookKg(inBook('DB401')) - heldKg('DB401'))).toBeLessThan(5);
    const moved = mill.records.filter((one): one is MovementRecord => one.kind === 'movement');
    expect(moved).toMatchObject([{ from: 'SI201', to: 'DB401' }]);
  });

  it('is refused without room, beyond what there is, for what no level shows, and another way', () => {
    expect(codes(start({ kg: 1e6 }))).toEqual(['transfer.room', 'transfer.short']);
    expect(codes(start({ kg: 0.5 }))).toEqual(['transfer.too-little']);
    expect(codes(start({ source: 'DB401', destination: 'SI201' }))).toEqual(['transfer.no-way']);
    expect(codes(start({ destination: 'DB404' }))).toContain('transfer.other-material');
    mill.lost.add('DB401.LevelPct');
    mill.runFor(1_000);
    expect(codes(start())).toEqual(['transfer.level']);
  });

  it('moves no lot that is in quarantine', () => {
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'NGO-2611-01', on: true, note: 'mốc' });
    mill.runFor(1_000);
    expect(codes(start())).toEqual(['lot.quarantined']);
  });

  it('ends with what has moved when it is stopped, and says how much', () => {
    start({ kg: 1_000 });
    expect(mill.until(() => (job()?.movedKg ?? 0) > 50, 600_000)).toBe(true);
    expect(mill.command(UNIT, 'STOP')).toEqual({ accepted: true });
    expect(mill.until(() => job() === null, 3_600_000)).toBe(true);
    const { reasons } = mill.documents.get(UNIT) as DeviceStatus;
    expect(reasons.map(({ code }) => code)).toEqual(['transfer.stopped']);
  });

  it('comes back Held from a restart, and goes on for the rest', () => {
    start({ kg: 300 });
    expect(mill.until(() => (job()?.movedKg ?? 0) > 50, 600_000)).toBe(true);
    mill.restart();
    mill.runFor(1_000);
    expect(mill.code('GRIND.State')).not.toBe(1);
    expect(job()?.movedKg).toBeGreaterThan(50);
    mill.command('GRIND', 'RESET');
    mill.runFor(400_000);
    expect(mill.command(UNIT, 'RESUME')).toEqual({ accepted: true });
    expect(mill.until(() => job() === null, 3_600_000)).toBe(true);
  });
});
