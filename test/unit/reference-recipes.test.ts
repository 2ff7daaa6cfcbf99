/**
 * Goal: each formula that comes with the software can be dosed on each line of the reference mill:
 * every material has a bin on a scale fine enough for it, and no scale is overfull, from a full
 * batch down to half of one.
 */
import { describe, expect, it } from 'vitest';
import { orderReasons } from '../../plc/logic/batch-plan.ts';
import { dosingPlaces } from '../../plc/machines/batching/batching.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { orderOf } from '../support/finisher-order.ts';

const { formulas } = await loadRecipes();

describe.each(reference.lines.map((line) => ({ line })))('$line.id', ({ line }) => {
  const scales = dosingPlaces(reference, line);
  const mixer = reference.deviceById.get(line.mixer);
  const mixerKg = mixer?.type === 'mixer' ? mixer.settings.capacityKg : 0;

  it.each([...formulas.values()].map(({ code }) => code))('can dose %s', async (code) => {
    for (const batchKg of [6_000, 3_000]) {
      const order = await orderOf(code, {
        orderId: '2611-0001',
        orderKg: batchKg,
        batchKg,
        line: line.id,
        destination: line.finishedBins[0] ?? '',
      });
      expect(orderReasons(order, mixerKg, scales), `batch of ${batchKg} kg`).toEqual([]);
    }
  });
});
