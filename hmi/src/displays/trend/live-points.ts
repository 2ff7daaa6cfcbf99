import { createEffect, createSignal, mapArray, onCleanup } from 'solid-js';
import { QUALITIES } from '../../../../server/contract/states.ts';
import { serverNowMs } from '../../state/live.ts';
import { type TagView, useTag } from '../../state/tags.ts';
import { appended, type Point } from './trend-data.ts';

const SAMPLE_MS = 1_000;

type PointMap = ReadonlyMap<string, readonly Point[]>;

/** A live value as a point; what has no value is a gap, what is doubtful keeps its mark. */
function pointOf(view: TagView, timeMs: number): Point {
  const { value, quality } = view;
  const code = QUALITIES.indexOf(quality);
  if (typeof value === 'boolean') return [timeMs, code >= 2 ? null : Number(value), code];
  return [timeMs, typeof value === 'number' && code < 2 ? value : null, code];
}

/**
 * Appends the live values of the tags once a second while `live`.
 * @returns the time of the last sample, which moves a live trend along.
 */
export function useLivePoints(
  names: () => readonly string[],
  live: () => boolean,
  change: (with_: (points: PointMap) => PointMap) => void,
): () => number {
  const [nowMs, setNowMs] = createSignal(serverNowMs());
  const views = mapArray(names, (name) => ({ name, view: useTag(name) }));
  let current: ReturnType<typeof views> = [];
  createEffect(() => {
    current = views();
  });
  const timer = setInterval(() => {
    if (!live()) return;
    const timeMs = serverNowMs();
    setNowMs(timeMs);
    change((points) => {
      const next = new Map(points);
      for (const { name, view } of current) {
        next.set(name, appended(points.get(name) ?? [], pointOf(view(), timeMs)));
      }
      return next;
    });
  }, SAMPLE_MS);
  onCleanup(() => clearInterval(timer));
  return nowMs;
}
