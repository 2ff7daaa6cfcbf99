import type { History } from '../../../../server/contract/history.ts';

/**
 * One point: time ms, value (null is a gap), quality code (0 good). As in the history of the
 * contract.
 */
export type Point = readonly [timeMs: number, value: number | null, quality: number];

/**
 * Columns for uPlot: times in s, then one column per tag. `undefined`: nothing at that time; null:
 * a gap.
 */
export interface Columns {
  readonly times: number[];
  readonly values: (number | null | undefined)[][];
  readonly qualities: number[][];
}

/** No series is kept longer than this while it goes on live. */
export const POINTS_MAX = 6_000;

/** Joins the points of several tags to columns over one time axis. */
export function toColumns(series: readonly (readonly Point[])[]): Columns {
  const times = [...new Set(series.flatMap((points) => points.map(([timeMs]) => timeMs)))];
  times.sort((a, b) => a - b);
  const at = new Map(times.map((timeMs, index) => [timeMs, index]));
  const values = series.map(() => new Array<number | null | undefined>(times.length));
  const qualities = series.map(() => new Array<number>(times.length).fill(0));
  series.forEach((points, column) => {
    for (const [timeMs, value, quality] of points) {
      const row = at.get(timeMs) ?? 0;
      const into = values[column];
      const marks = qualities[column];
      if (into !== undefined) into[row] = value;
      if (marks !== undefined) marks[row] = quality;
    }
  });
  return { times: times.map((timeMs) => timeMs / 1_000), values, qualities };
}

/**
 * The points with each value held for as long as it was true: a value is recorded when it changes,
 * so over a quiet time of more than `quietMs` it stays, and does not slope to the next one; before
 * a gap it stays until the gap.
 */
export function held(points: readonly Point[], quietMs: number): readonly Point[] {
  return points.flatMap((point, index): readonly Point[] => {
    const before = points[index - 1];
    if (before === undefined || before[1] === null) return [point];
    const quiet = point[1] === null ? 1 : quietMs;
    const [timeMs] = point;
    return timeMs - before[0] > quiet ? [[timeMs - 1, before[1], before[2]], point] : [point];
  });
}

/** The points with a live one behind them, bounded; a time that is not later replaces nothing. */
export function appended(points: readonly Point[], next: Point): readonly Point[] {
  const last = points.at(-1);
  if (last !== undefined && next[0] <= last[0]) return points;
  return [...points.slice(1 - POINTS_MAX), next];
}

/**
 * The stretches of a series without a value, ms: they are drawn as such and not bridged by a line.
 */
export function gapsOf(points: readonly Point[]): (readonly [fromMs: number, toMs: number])[] {
  const gaps: [number, number][] = [];
  let fromMs: number | null = null;
  for (const [timeMs, value] of points) {
    if (value === null) fromMs ??= timeMs;
    else if (fromMs !== null) {
      gaps.push([fromMs, timeMs]);
      fromMs = null;
    }
  }
  const last = points.at(-1);
  if (fromMs !== null && last !== undefined) gaps.push([fromMs, last[0]]);
  return gaps;
}

/** The points of each asked tag; none for a tag of which there is no history. */
export function pointsByTag(history: History): Map<string, readonly Point[]> {
  return new Map(history.series.map((one) => [one.tag, one.points]));
}
