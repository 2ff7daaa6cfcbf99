/**
 * Goal: the controller is killed at random moments of batches: each time the order comes back Held
 * with nothing moving, no dose is lost or made twice, and after the resume the totals of batch and
 * order are those of their doses and of what left the bins. `npm run soak-kills` does it 200 times.
 */
import { describe, expect, it } from 'vitest';
import { killAtRandom } from '../support/kill-moments.ts';

const SEED = 20_261_125;
const KILLS = 20;
/** With this one a scale was emptied, and filled again, while the disk still knew it full. */
const BEHIND_SEED = 41;

describe('a controller killed in mid-batch', () => {
  it(`comes back Held ${KILLS} times of ${KILLS}, and accounts for every dose`, async () => {
    const { kills, states, faults } = await killAtRandom(KILLS, SEED);
    expect(faults, `seed ${SEED}`).toEqual([]);
    expect(kills).toBe(KILLS);
    expect(new Set(states)).toEqual(new Set(['Held']));
  }, 300_000);

  it('goes on also where its disk was far behind: a scale may know more than the mixer', async () => {
    const { kills, states, faults } = await killAtRandom(KILLS, BEHIND_SEED, {
      everyMs: 40_000,
      behindMs: 20_000,
    });
    expect(faults, `seed ${BEHIND_SEED}`).toEqual([]);
    expect(kills).toBe(KILLS);
    expect(new Set(states)).toEqual(new Set(['Held']));
  }, 300_000);
});
