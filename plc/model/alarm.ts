import type { Text } from './text.ts';

/** ISA-18.2 alarm states that this mill uses (IEC 62682 clause 5). */
export const ALARM_STATES = [
  'Normal',
  'UnacknowledgedActive',
  'AcknowledgedActive',
  'ReturnedUnacknowledged',
  'Latched',
  'Shelved',
  'SuppressedByDesign',
  'OutOfService',
] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/**
 * Priority from consequence and time to respond; about 5 / 15 / 80 % of alarms (ISA-18.2 table).
 */
export const ALARM_PRIORITIES = ['high', 'medium', 'low'] as const;
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

export type Comparison = 'is' | 'above' | 'below';

/**
 * When an alarm is active: the tag compared with a limit, after an on-delay, until past the
 * deadband.
 */
export interface AlarmCondition {
  readonly tag: string;
  readonly comparison: Comparison;
  readonly limit: number | boolean;
  /** In the tag's unit; the alarm returns only when the value is back by this much. */
  readonly deadband: number;
  readonly onDelayMs: number;
}

/**
 * One alarm of the mill with what ISA-18.2 rationalization asks for. `condition` null: a machine
 * raises it. A tag that is not good neither raises nor clears an alarm; the lost link has an alarm
 * of its own.
 */
export interface AlarmDefinition {
  /** `<device>.<name>`, unique in the mill. */
  readonly id: string;
  readonly device: string | null;
  readonly priority: AlarmPriority;
  readonly text: Text;
  readonly cause: Text;
  readonly consequence: Text;
  readonly action: Text;
  readonly timeToRespondS: number;
  readonly condition: AlarmCondition | null;
}

/** One time that an alarm was raised, from its activation to its return and acknowledgement. */
export interface AlarmOccurrence {
  /** Unique for ever: the alarm id and the time it was raised. */
  readonly occurrenceId: string;
  readonly alarmId: string;
  readonly state: AlarmState;
  readonly priority: AlarmPriority;
  readonly raisedTimeMs: number;
  readonly returnedTimeMs: number | null;
  readonly acknowledgedTimeMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly comment: string | null;
  /** The value that raised it, for display. */
  readonly value: number | boolean | null;
}
