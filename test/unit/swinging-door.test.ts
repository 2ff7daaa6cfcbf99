/**
 * Goal: what swinging-door compression drops is never further from the line between its stored
 * neighbours than the bound that was promised, whatever the signal does.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoorPoint } from '../../plc/logic/swinging-door.ts';
import { doorAt, passDoor } from '../../plc/logic/swinging-door.ts';

/** What is stored of a signal, its last point included. */
function storedOf(points: readonly DoorPoint[], bound: number): DoorPoint[] {
  const [first, ...rest] = points;
  if (first === undefined) return [];
  const stored = [first];
  let door = doorAt(first);
  for (const point of rest) {
    const passed = passDoor(door, point, bound);
    door = passed.door;
    if (passed.store !== null) stored.push(passed.store);
  }
  if (door.held !== null) stored.push(door.held);
  return stored;
}

/** How far the line between the stored neighbours is from a point. */
function errorAt(stored: readonly DoorPoint[], { timeMs, value }: DoorPoint): number {
  const after = stored.findIndex((one) => one.timeMs >= timeMs);
  const [left, right] = [stored[Math.max(0, after - 1)], stored[after]];
  if (left === undefined || right === undefined) return Number.POSITIVE_INFINITY;
  if (right.timeMs === timeMs) return Math.abs(right.value - value);
  const share = (timeMs - left.timeMs) / (right.timeMs - left.timeMs);
  return Math.abs(left.value + share * (right.value - left.value) - value);
}

const signal = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 60_000 }),
      move: fc.oneof(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: -50, max: 50 }),
      ),
    }),
    { minLength: 1, maxLength: 200 },
  )
  .map((steps) => {
    let [timeMs, value] = [0, 0];
    return steps.map(({ stepMs, move }) => {
      timeMs += stepMs;
      value += move;
      return { timeMs, value };
    });
  });

describe('the swinging door', () => {
  it('drops nothing that is further from the stored line than the bound', () => {
    fc.assert(
      fc.property(signal, fc.double({ min: 0, max: 20, noNaN: true }), (points, bound) => {
        const stored = storedOf(points, bound);
        const worst = Math.max(...points.map((point) => errorAt(stored, point)));
        expect(worst).toBeLessThanOrEqual(bound + 1e-9);
      }),
    );
  });

  it('stores only points that were measured, in the order of time, first and last among them', () => {
    fc.assert(
      fc.property(signal, fc.double({ min: 0, max: 20, noNaN: true }), (points, bound) => {
        const stored = storedOf(points, bound);
        expect(points.filter((point) => stored.includes(point))).toEqual(stored);
        expect([stored[0], stored.at(-1)]).toEqual([points[0], points.at(-1)]);
      }),
    );
  });

  it('stores two points of a ramp and four of a ramp with a step', () => {
    const ramp = Array.from({ length: 100 }, (_, at) => ({ timeMs: at * 1_000, value: at }));
    expect(storedOf(ramp, 0.5)).toEqual([ramp[0], ramp[99]]);
    const step = ramp.map((point, at) => (at < 50 ? point : { ...point, value: point.value + 40 }));
    expect(storedOf(step, 0.5)).toEqual([step[0], step[49], step[50], step[99]]);
  });

  it('refuses a point that is not later than the newest', () => {
    const door = doorAt({ timeMs: 5, value: 1 });
    expect(() => passDoor(door, { timeMs: 5, value: 2 }, 1)).toThrow(RangeError);
  });
});
