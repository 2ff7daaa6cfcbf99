import type { Point } from './points.ts';

/**
 * At most `count` (>= 3) of these points, chosen by Largest-Triangle-Three-Buckets (Steinarsson,
 * 2013, section 4.2): what is left looks most like the whole. Gaps are kept, each stretch between
 * two of them gets its share of the points.
 */
export function lttb(points: readonly Point[], count: number): Point[] {
  if (points.length <= count) return [...points];
  const stretches = stretchesOf(points);
  const gaps = points.filter(([, value]) => value === null).length;
  const wanted = Math.max(0, count - gaps);
  return stretches.flatMap((stretch) => {
    if (stretch[0]?.[1] === null) return stretch;
    return chosen(stretch, Math.floor((stretch.length * wanted) / (points.length - gaps)));
  });
}

/** Stretches with values, and each gap by itself. */
function stretchesOf(points: readonly Point[]): Point[][] {
  const stretches: Point[][] = [];
  let isOpen = false;
  for (const point of points) {
    const isGap = point[1] === null;
    if (isOpen && !isGap) stretches.at(-1)?.push(point);
    else stretches.push([point]);
    isOpen = !isGap;
  }
  return stretches;
}

function chosen(points: readonly Point[], count: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || count < 1) return [];
  if (points.length <= count) return [...points];
  if (count < 3) return [first, last].slice(0, count);
  const result = [first];
  const width = (points.length - 2) / (count - 2);
  const bucket = (at: number) =>
    points.slice(
      1 + Math.floor(at * width),
      Math.min(points.length - 1, 1 + Math.floor((at + 1) * width)),
    );
  let kept = first;
  for (let at = 0; at < count - 2; at += 1) {
    const next = at === count - 3 ? [last] : bucket(at + 1);
    kept = largest(bucket(at), kept, middleOf(next));
    result.push(kept);
  }
  result.push(last);
  return result;
}

type Place = readonly [timeMs: number, value: number];

function middleOf(points: readonly Point[]): Place {
  const sum = points.reduce<Place>(
    ([timeMs, value], point) => [timeMs + point[0], value + (point[1] ?? 0)],
    [0, 0],
  );
  return [sum[0] / points.length, sum[1] / points.length];
}

/** The point of a bucket that spans the largest triangle with the one before and the next mean. */
function largest(bucket: readonly Point[], [aMs, a]: Point, [cMs, c]: Place): Point {
  let best = bucket[0] ?? [aMs, a, 0];
  let bestArea = -1;
  for (const point of bucket) {
    const [bMs, b] = point;
    const area = Math.abs((aMs - cMs) * ((b ?? 0) - (a ?? 0)) - (aMs - bMs) * (c - (a ?? 0)));
    if (area > bestArea) [best, bestArea] = [point, area];
  }
  return best;
}
