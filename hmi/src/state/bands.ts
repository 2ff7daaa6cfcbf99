import { createMemo, createRoot } from 'solid-js';
import { type AlarmMeta, deviceOf, millOrNull, setting, type TagMeta, tagMeta } from './mill.ts';
import type { TagView } from './tags.ts';

/** Where a value is normal, in the tag's unit. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** What the mill says of a tag: beyond these it raises an alarm; null where no alarm watches. */
interface AlarmLimits {
  readonly below: number | null;
  readonly above: number | null;
}

const UNWATCHED: AlarmLimits = { below: null, above: null };

/** The settings of a device that bound a value of it, where no alarm does. */
const BOUNDS: Readonly<Record<string, { readonly low?: string; readonly high: string }>> = {
  Amps: { high: 'ratedAmps' },
  LevelPct: { low: 'lowPct', high: 'highPct' },
  Net: { high: 'capacityKg' },
  ContentKg: { high: 'capacityKg' },
};

function narrower(of: AlarmLimits, comparison: string, limit: number): AlarmLimits {
  const { below, above } = of;
  if (comparison === 'below') return { below: Math.max(below ?? limit, limit), above };
  return { below, above: Math.min(above ?? limit, limit) };
}

/** The narrowest limits of all alarms on each tag that has any. */
function limitsOf(alarms: readonly AlarmMeta[]): ReadonlyMap<string, AlarmLimits> {
  const limits = new Map<string, AlarmLimits>();
  for (const { condition } of alarms) {
    if (condition === null || typeof condition.limit !== 'number') continue;
    const { tag, comparison, limit } = condition;
    limits.set(tag, narrower(limits.get(tag) ?? UNWATCHED, comparison, limit));
  }
  return limits;
}

const limits = createRoot(() => createMemo(() => limitsOf(millOrNull()?.alarms ?? [])));

function alarmLimits(tag: string): AlarmLimits {
  return limits().get(tag) ?? UNWATCHED;
}

function boundsOf(meta: TagMeta): Band | undefined {
  const bounds = BOUNDS[meta.role];
  if (bounds === undefined || meta.device === null) return undefined;
  const device = deviceOf(meta.device);
  const high = setting(device, bounds.high);
  if (high === undefined) return undefined;
  const low = bounds.low === undefined ? undefined : setting(device, bounds.low);
  return { low: low ?? meta.low, high };
}

/** The normal band of a tag: within its alarm limits, else within its device's settings. */
export function bandOf(tag: string): Band | undefined {
  const meta = tagMeta(tag);
  if (meta === undefined) return undefined;
  const { below, above } = alarmLimits(tag);
  if (below === null && above === null) return boundsOf(meta);
  return { low: below ?? meta.low, high: above ?? meta.high };
}

/**
 * On which side a value is beyond its alarm limits. A level beyond a mere setting is no alarm, so
 * that an empty or just filled bin stays quiet; nor is a value that cannot be trusted.
 */
export function beyondLimit(tag: string, view: TagView): 'above' | 'below' | null {
  const { value, quality } = view;
  if (typeof value !== 'number' || (quality !== 'good' && quality !== 'uncertain')) return null;
  const { below, above } = alarmLimits(tag);
  if (above !== null && value > above) return 'above';
  return below !== null && value < below ? 'below' : null;
}

/** The signs of a value beyond its limits: never colour alone. */
export const LIMIT_SIGNS = { above: '▲', below: '▼' } as const;
