/**
 * Goal: a trend shows what was recorded: gaps stay gaps, doubt stays doubt, live points follow
 * history.
 */
import { describe, expect, it } from 'vitest';
import {
  appended,
  gapsOf,
  held,
  POINTS_MAX,
  type Point,
  toColumns,
} from '../../hmi/src/displays/trend/trend-data.ts';

describe('the data of a trend', () => {
  it('joins tags with different times without inventing a value or a gap', () => {
    const columns = toColumns([
      [
        [1_000, 10, 0],
        [3_000, 12, 0],
      ],
      [[2_000, 5, 1]],
    ]);
    expect(columns.times).toEqual([1, 2, 3]);
    expect(columns.values[0]).toEqual([10, undefined, 12]);
    expect(columns.values[1]).toEqual([undefined, 5, undefined]);
    expect(columns.qualities[1]).toEqual([0, 1, 0]);
  });

  it('keeps a gap of one tag apart from a missing time of another', () => {
    const columns = toColumns([
      [
        [1_000, 10, 0],
        [2_000, null, 3],
        [3_000, 12, 0],
      ],
    ]);
    expect(columns.values[0]).toEqual([10, null, 12]);
  });

  it('finds each stretch without a value, also one that still lasts', () => {
    const points: Point[] = [
      [0, 1, 0],
      [1_000, null, 3],
      [2_000, null, 3],
      [5_000, 2, 0],
      [6_000, null, 2],
      [9_000, null, 2],
    ];
    expect(gapsOf(points)).toEqual([
      [1_000, 5_000],
      [6_000, 9_000],
    ]);
  });

  it('appends a live point only behind the last, and stays bounded', () => {
    const start: readonly Point[] = [[1_000, 1, 0]];
    expect(appended(start, [1_000, 2, 0])).toBe(start);
    let points = start;
    for (let s = 2; s < POINTS_MAX + 500; s++) points = appended(points, [s * 1_000, s, 0]);
    expect(points.length).toBe(POINTS_MAX);
    expect(points.at(-1)?.[0]).toBe((POINTS_MAX + 499) * 1_000);
  });

  it('holds a value over a quiet time and up to a gap, and leaves a ramp alone', () => {
    const points: Point[] = [
      [0, 10, 0],
      [1_000, 11, 0],
      [60_000, 20, 1],
      [61_000, null, 3],
      [70_000, 5, 0],
    ];
    expect(held(points, 5_000)).toEqual([
      [0, 10, 0],
      [1_000, 11, 0],
      [59_999, 11, 0],
      [60_000, 20, 1],
      [60_999, 20, 1],
      [61_000, null, 3],
      [70_000, 5, 0],
    ]);
  });
});
