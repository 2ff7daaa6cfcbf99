/**
 * Goal: a limit that was changed in the mill holds from the next start of the controller, for
 * machines that go on with their work as for those that begin anew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { defineMill } from '../../plc/mill/define-mill.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { STOCK_ID } from '../../plc/model/stock.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

let mill: VirtualMill | null = null;
const folder = mkdtempSync(join(tmpdir(), 'mill-restart-'));

afterEach(async () => {
  await mill?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const BIN = 'FB901';
const LARGER_KG = 12_345;

const changed = defineMill({
  ...pilot,
  devices: pilot.devices.map((one) =>
    one.type === 'bin' && one.id === BIN
      ? { ...one, settings: { ...one.settings, capacityKg: LARGER_KG } }
      : one,
  ),
});

it('a machine that is restored keeps its work, and works by the mill as it is now', async () => {
  const file = join(folder, 'spool.sqlite');
  const first = await VirtualMill.start({ seed: 4, file });
  const counted = { bin: BIN, kg: 250, note: 'đếm lại' };
  const answer = await first.command('stock.correct', STOCK_ID, counted);
  expect(answer).toEqual({ accepted: true });
  await first.runFor(2_000);
  const book = (of: VirtualMill) =>
    of.status('stock').find((one) => one.kind === 'stock' && one.bin === BIN);
  const before = book(first);
  expect(before).toMatchObject({ bookKg: counted.kg });
  await first.die();

  mill = await VirtualMill.start({ mill: changed, file, field: first.field, startMs: first.utcMs });
  expect(book(mill)).toEqual({ ...before, capacityKg: LARGER_KG });
});
