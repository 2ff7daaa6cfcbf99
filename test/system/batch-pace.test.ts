/** Goal: the lines of the reference mill are as fast as their scales (DOMAIN 2 and 4). */
import { beforeAll, describe, expect, it } from 'vitest';
import { type LinePace, paceOfLines } from '../support/batch-pace.ts';

const SEED = 5;

describe('both lines of the reference mill, an hour of 6 t batches', () => {
  let paces: LinePace[] = [];

  beforeAll(async () => {
    paces = await paceOfLines(SEED);
  }, 600_000);

  it('makes at least ten batches an hour on each line', () => {
    for (const { line, batchesPerHour } of paces) {
      expect(batchesPerHour, line).toBeGreaterThanOrEqual(10);
    }
  });

  it('loses less than a second between batches, between orders as well', () => {
    for (const { line, toNextDoseS, toMixerS } of paces) {
      expect(toNextDoseS.length, line).toBeGreaterThanOrEqual(10);
      for (const [batch, atMixerS] of toMixerS.entries()) {
        const lostS = atMixerS + (toNextDoseS[batch] ?? 0);
        expect(lostS, `${line}, batch ${batch + 1}`).toBeLessThan(1);
      }
    }
  });
});
