/**
 * Goal: an order that needs more than its bins hold is made without a person: the bins are filled
 * in turn by the one grinding route, and a dose whose bin ran empty goes on when there is product.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { DoseRecord } from '../../plc/model/record.ts';
import { beginOrders } from '../support/orders-begun.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const BATCHES = 16;

let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

function lineOf(running: VirtualMill) {
  const [document] = running.status('line');
  if (document?.kind !== 'line') throw new Error('the line shows nothing');
  return document;
}

async function dosesOf(running: VirtualMill): Promise<readonly DoseRecord[]> {
  return (await running.records()).filter((one): one is DoseRecord => one.kind === 'dose');
}

describe('an order of 8 t from bins that hold 700 kg', () => {
  it('is dosed to its end without a decision of a person, each dose in tolerance', async () => {
    mill = await VirtualMill.start({ seed: 5 });
    const running = mill;
    await beginOrders(running, [
      {
        ...{ formula: 'BROILER-FIN', line: 'LINE1', destination: 'FB901' },
        ...{ orderKg: BATCHES * 500, batchKg: 500 },
      },
    ]);
    const waited = new Map<string, number>();
    const isMade = () => lineOf(running).orders[0]?.batchesDone === BATCHES;
    const endMs = running.utcMs + 3 * 3_600_000;
    while (!isMade() && running.utcMs < endMs) {
      await running.runFor(10_000);
      const waits = lineOf(running).reasons.filter(({ code }) => code === 'dose.bin-empty');
      for (const { objects } of waits) {
        const bin = String(objects['bin']);
        waited.set(bin, (waited.get(bin) ?? 0) + 10_000);
      }
    }
    expect(isMade(), JSON.stringify(lineOf(running))).toBe(true);
    // The mill grinds less than the line can take: it must have stood for two bins at least.
    expect(waited.size, JSON.stringify([...waited])).toBeGreaterThanOrEqual(2);

    const doses = await dosesOf(running);
    expect(new Set(doses.map((one) => one.doseId)).size).toBe(doses.length);
    expect(doses.filter((one) => one.decidedBy !== null)).toEqual([]);
  }, 300_000);
});
