import { useLook } from '../../state/look.ts';
import { deviceOf, mill, roleOf } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import type { Flow } from './pipes.ts';

const TRANSPARENT: ReadonlySet<string> = new Set(['bin', 'scale', 'mixer']);

/** What is emptied by the next device (a bin, a scale, a mixer) flows when that one works. */
function governorOf(flow: Flow): string {
  const from = deviceOf(flow.from);
  return from !== undefined && TRANSPARENT.has(from.type) ? flow.to : flow.from;
}

/**
 * Whether product can be moving through a flow now: its conveying device works, its gate is open,
 * its
 * diverter stands on this port and is fed. A doubtful value never counts as moving.
 */
export function useFlowActive(flow: Flow): () => boolean {
  const governor = deviceOf(governorOf(flow));
  if (governor === undefined) return () => false;
  if (governor.type === 'diverter' || governor.type === 'distributor') {
    const position = roleOf(governor.id, 'Pos');
    if (position === undefined) return () => false;
    const view = useTag(position.name);
    const feeds = mill()
      .flows.filter((one) => one.to === governor.id)
      .map((one) => useFlowActive(one));
    return () =>
      view().quality === 'good' && view().value === flow.port && feeds.some((active) => active());
  }
  const look = useLook(governor);
  return () => look().view.quality === 'good' && look().look === 'on';
}
