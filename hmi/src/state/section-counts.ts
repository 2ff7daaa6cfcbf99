import type { Quality } from '../../../server/contract/states.ts';
import type { Look } from './looks.ts';

/** How many devices of a section do what; a bin does nothing and is not counted. */
export interface SectionCounts {
  readonly devices: number;
  /** Running, open or on the way, by a value that can be trusted. */
  readonly running: number;
  readonly faulted: number;
  /** Taken away from the controller: at the local switch or out of service. */
  readonly away: number;
  /** State is not known to be so now: bad, stale or uncertain. */
  readonly notGood: number;
}

/** What one device looks like, and how far that can be trusted. */
export interface LookNow {
  readonly look: Look;
  readonly quality: Quality;
}

/** Counts what the devices of a section look like. */
export function countLooks(looks: readonly LookNow[]): SectionCounts {
  const count = (holds: (one: LookNow) => boolean) => looks.filter(holds).length;
  return {
    devices: looks.length,
    running: count((one) => one.quality === 'good' && (one.look === 'on' || one.look === 'moving')),
    faulted: count((one) => one.look === 'fault'),
    away: count((one) => one.look === 'local' || one.look === 'out'),
    notGood: count((one) => one.quality !== 'good'),
  };
}
