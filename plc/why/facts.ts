import type { Mill } from '../mill/definition.ts';
import type { AlarmOccurrence } from '../model/alarm.ts';
import type { Reason } from '../model/reason.ts';
import type { StatusDocument } from '../model/status.ts';
import type { TagValue } from '../model/tag.ts';
import type { Text } from '../model/text.ts';

/** All that is known of the mill at one moment, wherever it is asked: controller or server. */
export interface WhyFacts {
  readonly mill: Mill;
  readonly value: (tag: string) => TagValue | undefined;
  readonly documents: readonly StatusDocument[];
  readonly alarms: readonly AlarmOccurrence[];
}

/**
 * One step of a chain of causes. Steps stand in the order in which they are read; each with
 * `depth` n + 1 is a cause of the nearest one before it with `depth` n.
 */
export interface WhyStep {
  readonly depth: number;
  /** Device, unit, route, line, order, tag or connection that the step is about. */
  readonly object: string;
  /** What it is doing now, where that has a name. */
  readonly state: Text | null;
  /** Null for the object that was asked about. */
  readonly reason: Reason | null;
  /** Nothing known is behind it: here somebody has to do something. */
  readonly root: boolean;
  readonly action: Text | null;
}

/** The answer to "why?". */
export interface Why {
  readonly id: string;
  readonly steps: readonly WhyStep[];
  /** Of the alarms that are active on what the chain names, the one that came first. */
  readonly firstOut: { readonly alarmId: string; readonly raisedTimeMs: number } | null;
}
