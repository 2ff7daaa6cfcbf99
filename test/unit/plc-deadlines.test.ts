/** Goal: what is due is taken in the order of its time, once, and not before. */
import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../plc/runtime/deadlines.ts';
import type { Chance } from '../../simulators/process/chance.ts';
import { uniform } from '../../simulators/process/chance.ts';

const SEED = 4;

function takeAll(deadlines: Deadlines<number>, nowMs: number): number[] {
  const taken: number[] = [];
  for (let due = deadlines.take(nowMs); due !== null; due = deadlines.take(nowMs)) {
    taken.push(due.atMs);
  }
  return taken;
}

describe('deadlines', () => {
  it('come in the order of their time, and none before its time', () => {
    const chance: Chance = { seed: SEED };
    const deadlines = new Deadlines<number>();
    const all = Array.from({ length: 500 }, () => Math.floor(uniform(chance) * 1_000));
    for (const atMs of all) deadlines.push(atMs, atMs);
    const sorted = all.toSorted((a, b) => a - b);
    const early = takeAll(deadlines, 400);
    expect(early, `seed ${SEED}`).toEqual(sorted.filter((atMs) => atMs <= 400));
    expect(takeAll(deadlines, 1_000), `seed ${SEED}`).toEqual(sorted.filter((atMs) => atMs > 400));
    expect(deadlines.take(Number.MAX_VALUE)).toBeNull();
  });

  it('that never come are not kept', () => {
    const deadlines = new Deadlines<string>();
    deadlines.push(Number.POSITIVE_INFINITY, 'never');
    expect(deadlines.take(Number.POSITIVE_INFINITY)).toBeNull();
  });
});
