import { createMemo, createRoot } from 'solid-js';
import type { MillView } from '../../../server/contract/rest.ts';
import { ALARM_PRIORITIES } from '../../../server/contract/states.ts';
import { isUnacknowledged, type Priority } from './alarms.ts';
import { alarms } from './live.ts';
import { alarmMeta, deviceOf, mill, millOrNull } from './mill.ts';

export type Display = MillView['displays'][number];

/** The alarms of a section: how many, and the worst, of those not seen yet if there are any. */
export interface SectionAlarms {
  readonly count: number;
  readonly unacknowledged: number;
  readonly worst: Priority | null;
}

const QUIET: SectionAlarms = { count: 0, unacknowledged: 0, worst: null };

function worse(a: Priority | null, b: Priority): Priority {
  if (a === null) return b;
  return ALARM_PRIORITIES.indexOf(b) < ALARM_PRIORITIES.indexOf(a) ? b : a;
}

function withAlarm(known: SectionAlarms, priority: Priority, unseen: boolean): SectionAlarms {
  const { count, unacknowledged, worst } = known;
  const counted = { count: count + 1, unacknowledged: unacknowledged + (unseen ? 1 : 0) };
  if (unseen && unacknowledged === 0) return { ...counted, worst: priority };
  const isNoted = unseen || unacknowledged === 0;
  return { ...counted, worst: isNoted ? worse(worst, priority) : worst };
}

const derived = createRoot(() => {
  const displayOfArea = createMemo(
    () =>
      new Map(
        (millOrNull()?.displays ?? []).flatMap((one) =>
          one.areas.map((area) => [area, one] as const),
        ),
      ),
  );
  const alarmsByDisplay = createMemo(() => {
    const found = new Map<string, SectionAlarms>();
    for (const one of alarms()) {
      const device = deviceOf(alarmMeta(one.alarmId)?.device ?? '');
      const display = displayOfArea().get(device?.area ?? '');
      if (display === undefined) continue;
      const known = found.get(display.id) ?? QUIET;
      found.set(display.id, withAlarm(known, one.priority, isUnacknowledged(one)));
    }
    return found;
  });
  return { displayOfArea, alarmsByDisplay };
});

/** Whether the mill is too large for one drawing. */
export function hasSections(): boolean {
  return mill().displays.length > 1;
}

/** The display that a device stands on. */
export function displayOf(device: { readonly area: string }): Display | undefined {
  return derived.displayOfArea().get(device.area);
}

export function alarmsOfDisplay(display: string): SectionAlarms {
  return derived.alarmsByDisplay().get(display) ?? QUIET;
}
