/**
 * Goal: database, server and controller are killed with SIGKILL, one or two at once, while the mill
 * makes feed: what the field showed is in history or in a time that history calls unknown, nothing
 * is there that was not shown, and records agree with what left the mill. A short run of
 * `npm run soak-processes`, which does it a hundred times.
 */
import { describe, expect, it } from 'vitest';
import { killProcesses } from '../support/process-kills/kill-rounds.ts';

const SEED = 28;
const ROUNDS = 4;

describe('a mill whose processes are killed at random', () => {
  it('loses nothing and has nothing twice, recounted against the field itself', async () => {
    const { rounds, samples, records, faults } = await killProcesses({
      rounds: ROUNDS,
      seed: SEED,
    });
    expect(faults, `seed ${SEED}`).toEqual([]);
    expect(rounds).toHaveLength(ROUNDS);
    expect(samples.stored).toBeGreaterThan(1_000);
    expect(samples.demanded).toBeGreaterThan(100);
    expect(records.doses).toBeGreaterThanOrEqual(20);
  }, 1_500_000);
});
