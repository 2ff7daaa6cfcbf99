import type { Reason } from '../model/reason.ts';
import type { DowntimeRecord } from '../model/record.ts';
import type { MachineOutput } from './contract.ts';

/** The record of a stop, when it begins (`endedTimeMs` null) and again when it ends. */
export function downtime(
  unit: string,
  sinceUtcMs: number,
  endedTimeMs: number | null,
  reasons: readonly Reason[],
): MachineOutput {
  const record: DowntimeRecord = {
    kind: 'downtime',
    downtimeId: `${unit}/${sinceUtcMs}`,
    unit,
    startedTimeMs: sinceUtcMs,
    endedTimeMs,
    reasons,
  };
  return { type: 'record', record };
}
