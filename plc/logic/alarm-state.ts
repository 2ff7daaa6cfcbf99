import type {
  AlarmCondition,
  AlarmDefinition,
  AlarmOccurrence,
  AlarmState,
} from '../model/alarm.ts';
import type { TagValue } from '../model/tag.ts';

/**
 * What is remembered of one alarm. `occurrence` null is the state Normal; `trueSinceMs` is when its
 * condition became true while the on-delay runs (process ms).
 */
export interface AlarmMemory {
  readonly occurrence: AlarmOccurrence | null;
  readonly trueSinceMs: number | null;
}

export const ALARM_NORMAL: AlarmMemory = { occurrence: null, trueSinceMs: null };

/**
 * One evaluation: process time, time of day, and whether the cause is there (null: cannot be said).
 */
export interface AlarmInput {
  readonly nowMs: number;
  readonly utcMs: number;
  readonly active: boolean | null;
  readonly value: number | boolean | null;
}

/** Whether the occurrence stands for a cause that is there now. */
export function isActive(occurrence: AlarmOccurrence | null): boolean {
  const state: AlarmState = occurrence?.state ?? 'Normal';
  return state === 'UnacknowledgedActive' || state === 'AcknowledgedActive';
}

/**
 * Whether a tag's value makes the condition true. While the alarm is active the value must come
 * back past the deadband (IEC 62682, 16.5.4). Null for a value that is not good: it neither raises
 * nor clears.
 */
export function conditionHolds(
  condition: AlarmCondition,
  value: TagValue,
  wasActive: boolean,
): boolean | null {
  if (value.quality !== 'good') return null;
  const { comparison, limit, deadband } = condition;
  if (comparison === 'is') return value.value === limit;
  if (typeof value.value !== 'number' || typeof limit !== 'number') return null;
  const back = wasActive ? deadband : 0;
  return comparison === 'above' ? value.value > limit - back : value.value < limit + back;
}

function raised(alarm: AlarmDefinition, input: AlarmInput): AlarmOccurrence {
  return {
    occurrenceId: `${alarm.id}/${input.utcMs}`,
    alarmId: alarm.id,
    state: 'UnacknowledgedActive',
    priority: alarm.priority,
    raisedTimeMs: input.utcMs,
    returnedTimeMs: null,
    acknowledgedTimeMs: null,
    acknowledgedBy: null,
    comment: null,
    value: input.value,
  };
}

function whenTrue(alarm: AlarmDefinition, memory: AlarmMemory, input: AlarmInput): AlarmMemory {
  const { occurrence } = memory;
  if (isActive(occurrence)) return memory;
  const delayMs = alarm.condition?.onDelayMs ?? 0;
  const trueSinceMs = memory.trueSinceMs ?? input.nowMs;
  if (input.nowMs - trueSinceMs < delayMs) {
    return memory.trueSinceMs === null ? { occurrence, trueSinceMs } : memory;
  }
  if (occurrence === null) return { occurrence: raised(alarm, input), trueSinceMs: null };
  return {
    occurrence: { ...occurrence, state: 'UnacknowledgedActive', returnedTimeMs: null },
    trueSinceMs: null,
  };
}

function whenFalse(memory: AlarmMemory, input: AlarmInput): AlarmMemory {
  const { occurrence } = memory;
  if (occurrence === null || !isActive(occurrence)) {
    return memory.trueSinceMs === null ? memory : { occurrence, trueSinceMs: null };
  }
  const state = occurrence.state === 'AcknowledgedActive' ? 'Normal' : 'ReturnedUnacknowledged';
  return { occurrence: { ...occurrence, state, returnedTimeMs: input.utcMs }, trueSinceMs: null };
}

/**
 * The alarm after one evaluation (ISA-18.2 / IEC 62682 figure 3). The same object comes back when
 * nothing changed. An occurrence whose state became `Normal` is over: write it down, then forget
 * it. A cause that comes back before the return was acknowledged goes on in the same occurrence.
 */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  memory: AlarmMemory,
  input: AlarmInput,
): AlarmMemory {
  if (input.active === null) {
    return memory.trueSinceMs === null ? memory : { ...memory, trueSinceMs: null };
  }
  return input.active ? whenTrue(alarm, memory, input) : whenFalse(memory, input);
}

/**
 * The alarm after a person acknowledged it; the same object when there is nothing to acknowledge.
 */
export function acknowledgeAlarm(
  memory: AlarmMemory,
  user: string,
  comment: string,
  utcMs: number,
): AlarmMemory {
  const { occurrence } = memory;
  if (occurrence === null) return memory;
  const next: Partial<Record<AlarmState, AlarmState>> = {
    UnacknowledgedActive: 'AcknowledgedActive',
    ReturnedUnacknowledged: 'Normal',
  };
  const state = next[occurrence.state];
  if (state === undefined) return memory;
  return {
    ...memory,
    occurrence: {
      ...occurrence,
      state,
      acknowledgedTimeMs: utcMs,
      acknowledgedBy: user,
      comment: comment === '' ? null : comment,
    },
  };
}

/** When the on-delay that runs is over, process ms; null when none runs. */
export function alarmDeadline(alarm: AlarmDefinition, memory: AlarmMemory): number | null {
  if (memory.trueSinceMs === null || alarm.condition === null) return null;
  return memory.trueSinceMs + alarm.condition.onDelayMs;
}
