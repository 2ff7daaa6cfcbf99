// Goal: bins whose material comes in sacks are asked for by level as a task, and filled by a person
// who scans the lot: by a dump hopper and its route, or by hand; the book has the lot in its
// layers. An expired, quarantined or wrong lot is refused; two persons bring a drug (DOMAIN 4).
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import { LOTS_ID } from '../../plc/model/lots.ts';
import { BAG_STORE, SACKS_ID } from '../../plc/model/sacks.ts';
import type { DeviceStatus, StatusDocument } from '../../plc/model/status.ts';
import { STOCK_ID } from '../../plc/model/stock.ts';
import { contentOf, fillByHand } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { partOf } from '../support/part-mill.ts';

/** The bag dump of line 1 with the bins that it leads to, and two micro bins, one for a drug. */
const PART = partOf(
  reference,
  ({ id, type, area }) =>
    /^(BD1|GD1|CD1|ED1|SD1|DD1|FND1|FLD1|D[SBF]12[1-8]|BA12[1-8]|DU11[67]|UF11[67])$/.test(id) ||
    (type === 'safety' && area === 'meals') ||
    type === 'heartbeat',
);
const GLUTEN = '(10)CG-7(17)301231(240)CORN-GLUTEN';
const DRUG = '(10)CX-1(17)301231(240)COCCIDIOSTAT';
const LIVE_MS = 2_000;

let mill: MachineBench;

beforeEach(() => {
  mill = new MachineBench(PART, buildMachines(PART), 5, 200);
  for (const bin of ['DB122', 'DB123', 'DB124', 'DB125', 'DB126', 'DB127', 'DB128']) level(bin, 70);
  for (const bin of ['DU116', 'DU117']) level(bin, 70);
  level('DB121', 20);
  mill.runFor(LIVE_MS);
});

function level(bin: string, pct: number): void {
  mill.forced.set(`${bin}.LevelPct`, pct);
}

const tasks = () => {
  const document = mill.documents.get(SACKS_ID) as StatusDocument | undefined;
  return document?.kind === 'sacks' ? document.tasks : [];
};
const codes = (answer: CommandResult) =>
  answer.accepted ? [] : answer.reasons.map(({ code }) => code);
const dumping = () => (mill.documents.get('BD1:unit') as DeviceStatus | undefined)?.dump ?? null;
const start = (args: object) => mill.command('BD1:unit', 'START', { bin: 'DB121', ...args });
const book = (bin: string) => {
  const { bins } = mill.context(STOCK_ID) as {
    bins: Record<string, { book: { layers: { lot: string; kg: number }[][] } }>;
  };
  return bins[bin]?.book.layers.flat() ?? [];
};
const inBin = (bin: string, lot: string) =>
  contentOf(mill.state, bin)
    .flatMap(({ parts }) => parts)
    .filter((part) => part.lot === lot)
    .reduce((sum, { kg }) => sum + kg, 0);

/** A person dumps so many sacks, as fast as the hopper takes them. */
function dump(sacks: number, lot: string): void {
  let left = sacks * 50;
  for (let times = 0; left > 1e-3 && times < 60; times += 1) {
    left -= fillByHand(mill.state, { bin: 'BD1', material: 'CORN-GLUTEN', lot, kg: left });
    mill.runFor(20_000);
  }
  expect(left).toBeLessThan(1e-3);
}

describe('Bagged bins refilled from the dump hopper', () => {
  it('are asked for by level: so many sacks of the material into the hopper, the emptiest first', () => {
    expect(tasks()).toMatchObject([
      { bin: 'DB121', material: 'CORN-GLUTEN', hopper: 'BD1', sacks: 338, sackKg: 50, kg: 16_900 },
    ]);
    level('DU116', 4);
    mill.runFor(60_000);
    expect(tasks()).toMatchObject([
      { bin: 'DU116', hopper: null, urgent: true },
      { bin: 'DB121', urgent: false },
    ]);
    level('DB121', 80);
    mill.runFor(60_000);
    expect(tasks().map(({ bin }) => bin)).toEqual(['DU116']);
  });

  it('are filled lot by lot along the route, and the book has the layers of what was dumped', () => {
    expect(start({ label: GLUTEN })).toEqual({ accepted: true });
    expect(mill.until(() => mill.outputs.get('GD1.OpenCmd') === true, 120_000)).toBe(true);
    dump(40, 'CG-7');
    expect(mill.command('BD1:unit', 'TIPPED', { sacks: 40 })).toEqual({ accepted: true });
    const next = '(10)CG-8(17)301231(240)CORN-GLUTEN';
    expect(mill.command('BD1:unit', 'SCAN_LOT', { label: next })).toEqual({ accepted: true });
    dump(10, 'CG-8');
    expect(mill.command('BD1:unit', 'TIPPED', { sacks: 10 })).toEqual({ accepted: true });
    expect(dumping()).toMatchObject({ bin: 'DB121', lot: 'CG-8', sacks: 50, kg: 2_500 });
    expect(mill.command('BD1:unit', 'STOP')).toEqual({ accepted: true });
    expect(mill.until(() => dumping() === null, 30 * 60_000)).toBe(true);
    expect(book('DB121').slice(-2)).toMatchObject([
      { lot: 'CG-7', kg: 2_000 },
      { lot: 'CG-8', kg: 500 },
    ]);
    // What the book has of a lot is in the bin, but for what clings to the way.
    expect(inBin('DB121', 'CG-7')).toBeGreaterThan(1_998);
    expect(inBin('DB121', 'CG-8')).toBeGreaterThan(490);
    expect(mill.records.filter((one) => one.kind === 'stock')).toMatchObject([
      { cause: 'receipt', to: 'DB121', lot: 'CG-7', kg: 2_000, by: 'lan', estimated: false },
      { cause: 'receipt', to: 'DB121', lot: 'CG-8', kg: 500, by: 'lan' },
    ]);
  });

  it('take no expired, quarantined, unreadable or wrong lot, and nothing while the hopper holds another', () => {
    expect(codes(start({ label: '???' }))).toEqual(['hand-add.unreadable']);
    expect(codes(start({ label: '(10)A(240)SALT' }))).toEqual(['hand-add.wrong-material']);
    expect(codes(start({ label: '(10)A(17)200229(240)CORN-GLUTEN' }))).toEqual([
      'hand-add.expired',
    ]);
    expect(codes(start({ label: GLUTEN, bin: 'DU116' }))).toEqual(['dump.bin']);
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'CG-7', on: true, note: 'mốc' });
    mill.runFor(LIVE_MS);
    expect(codes(start({ label: GLUTEN }))).toEqual(['lot.quarantined']);
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'CG-7', on: false, note: 'đã kiểm' });
    mill.forced.set('BD1.Low', false);
    mill.runFor(LIVE_MS);
    expect(codes(start({ label: GLUTEN }))).toEqual(['dump.hopper-not-empty']);
    mill.forced.delete('BD1.Low');
    level('DB121', 96);
    mill.runFor(LIVE_MS);
    expect(codes(start({ label: GLUTEN }))).toEqual(['dump.no-room']);
  });

  it('are closed when the lot is put into quarantine while it is dumped, until quality frees it', () => {
    start({ label: GLUTEN });
    expect(mill.until(() => mill.outputs.get('GD1.OpenCmd') === true, 120_000)).toBe(true);
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'CG-7', on: true, note: 'mốc' });
    mill.runFor(LIVE_MS);
    expect(mill.outputs.get('GD1.OpenCmd')).toBe(false);
    expect(codes(mill.command('BD1:unit', 'RESUME'))).toEqual(['lot.quarantined']);
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'CG-7', on: false, note: 'đã kiểm' });
    mill.runFor(LIVE_MS);
    expect(mill.command('BD1:unit', 'RESUME')).toEqual({ accepted: true });
  });

  it('come back Held from a restart, and go on when they are resumed', () => {
    start({ label: GLUTEN });
    mill.runFor(60_000);
    mill.restart();
    mill.runFor(LIVE_MS);
    expect(mill.outputs.get('GD1.OpenCmd')).not.toBe(true);
    expect(dumping()).toMatchObject({ bin: 'DB121', lot: 'CG-7' });
    mill.command('DUMP1', 'RESET');
    expect(mill.command('BD1:unit', 'RESUME')).toEqual({ accepted: true });
    expect(mill.until(() => mill.outputs.get('GD1.OpenCmd') === true, 180_000)).toBe(true);
  });
});

describe('A micro bin filled by hand', () => {
  const receive = (args: object) =>
    mill.command(STOCK_ID, 'RECEIVE', {
      ...{ bin: 'DU117', material: 'COCCIDIOSTAT', lot: 'CX-1', kg: 20 },
      ...args,
    });

  it('with a drug needs the label of the lot with its expiry date, and a second person', () => {
    expect(codes(receive({}))).toEqual(['lot.drug-needs-label', 'lot.drug-needs-two']);
    expect(codes(receive({ label: '(10)CX-1(240)COCCIDIOSTAT', second: 'minh' }))).toEqual([
      'hand-add.no-expiry',
    ]);
    expect(codes(receive({ label: DRUG, second: 'lan' }))).toEqual(['lot.drug-needs-two']);
    expect(receive({ label: DRUG, second: 'minh' })).toEqual({ accepted: true });
    expect(book('DU117').at(-1)).toMatchObject({ lot: 'CX-1', kg: 20 });
  });

  it('is closed for dosing once its lot has expired', () => {
    const today = new Date(mill.utcMs).toISOString().slice(2, 10).replaceAll('-', '');
    const label = `(10)CX-2(17)${today}(240)COCCIDIOSTAT`;
    mill.command(STOCK_ID, 'CORRECT', { bin: 'DU117', kg: 0, note: 'kiểm kê' });
    expect(receive({ lot: 'CX-2', label, second: 'minh' })).toEqual({ accepted: true });
    const closed = () => {
      const document = mill.documents.get(LOTS_ID) as StatusDocument | undefined;
      const bins = document?.kind === 'lots' ? document.bins : {};
      return bins['DU117']?.reasons.map(({ code }) => code) ?? [];
    };
    mill.runFor(LIVE_MS);
    expect(closed()).toEqual([]);
    mill.nowMs += 24 * 3_600_000;
    mill.runFor(LIVE_MS);
    expect(closed()).toEqual(['lot.expired']);
  });

  it('takes its sacks out of the store, where their receipt was booked', () => {
    const drug = { material: 'COCCIDIOSTAT', lot: 'CX-1' };
    receive({ ...drug, bin: BAG_STORE, kg: 100 });
    expect(book(BAG_STORE)).toMatchObject([{ lot: 'CX-1', kg: 100 }]);
    receive({ label: DRUG, second: 'minh' });
    expect(book(BAG_STORE)).toMatchObject([{ lot: 'CX-1', kg: 80 }]);
    expect(mill.records.at(-1)).toMatchObject({ kind: 'stock', from: BAG_STORE, to: 'DU117' });
  });
});
