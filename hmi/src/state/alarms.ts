import { createMemo, createRoot } from 'solid-js';
import type { AlarmOccurrence } from '../../../server/contract/live.ts';
import { ALARM_PRIORITIES } from '../../../server/contract/states.ts';
import { alarms } from './live.ts';
import { alarmMeta } from './mill.ts';

export type Priority = AlarmOccurrence['priority'];

/** Whether someone still has to say that it was seen. */
export function isUnacknowledged(of: AlarmOccurrence): boolean {
  return of.state === 'UnacknowledgedActive' || of.state === 'ReturnedUnacknowledged';
}

/** Whether its condition holds now. */
export function isActive(of: AlarmOccurrence): boolean {
  return (
    of.state === 'UnacknowledgedActive' ||
    of.state === 'AcknowledgedActive' ||
    of.state === 'Latched'
  );
}

function urgency(of: AlarmOccurrence): number {
  return (isUnacknowledged(of) ? 0 : 10) + (isActive(of) ? 0 : 5);
}

function rank(of: AlarmOccurrence): number {
  return urgency(of) + ALARM_PRIORITIES.indexOf(of.priority);
}

/**
 * What stands beside a device: the worst of its alarms, and whether one of them was not seen yet.
 */
export interface DeviceAlarm {
  readonly priority: Priority;
  readonly unacknowledged: boolean;
}

const derived = createRoot(() => ({
  sorted: createMemo(() =>
    [...alarms()].sort((a, b) => rank(a) - rank(b) || b.raisedTimeMs - a.raisedTimeMs),
  ),
  byDevice: createMemo(() => {
    const worst = new Map<string, DeviceAlarm>();
    for (const one of alarms()) {
      const device = alarmMeta(one.alarmId)?.device;
      if (device === null || device === undefined) continue;
      const known = worst.get(device);
      const unacknowledged = isUnacknowledged(one) || (known?.unacknowledged ?? false);
      const higher =
        known === undefined ||
        ALARM_PRIORITIES.indexOf(one.priority) < ALARM_PRIORITIES.indexOf(known.priority);
      worst.set(device, { priority: higher ? one.priority : known.priority, unacknowledged });
    }
    return worst;
  }),
  counts: createMemo(() =>
    ALARM_PRIORITIES.map((priority) => {
      const of = alarms().filter((one) => one.priority === priority);
      return { priority, count: of.length, unacknowledged: of.filter(isUnacknowledged).length };
    }),
  ),
}));

/** What is not normal yet: unacknowledged and active first, then by priority, then the latest. */
export const sortedAlarms = derived.sorted;
/** Number of alarms by priority, high first. */
export const alarmCounts = derived.counts;

export function alarmOfDevice(device: string): DeviceAlarm | undefined {
  return derived.byDevice().get(device);
}
