import type { z } from 'zod';
import type { Mill } from '../../plc/mill/definition.ts';
import type { alarmViewSchema } from '../contract/rest.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { ListRequest } from '../records/order-queries.ts';

export type AlarmView = z.infer<typeof alarmViewSchema>;

interface AlarmRow extends Record<string, unknown> {
  readonly occurrence_id: string;
  readonly alarm_id: string;
  readonly state: string;
  readonly priority: string;
  readonly raised: Date;
  readonly returned: Date | null;
  readonly acknowledged: Date | null;
  readonly acknowledged_by: string | null;
  readonly comment: string | null;
  readonly value: number | boolean | null;
}

/**
 * Alarms that were raised, newest first. An alarm that the mill no longer has shows its id as its
 * text.
 */
export async function listAlarms(
  db: PoolHandle,
  mill: Pick<Mill, 'alarms'>,
  { before, limit }: ListRequest,
): Promise<AlarmView[]> {
  const texts = new Map(mill.alarms.map((alarm) => [alarm.id, alarm.text]));
  const { rows } = await db.query<AlarmRow>(
    `select * from alarm_occurrence where ($1::timestamptz is null or raised < $1)
     order by raised desc, occurrence_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map((row) => ({
    occurrenceId: row.occurrence_id,
    alarmId: row.alarm_id,
    state: row.state,
    priority: row.priority,
    text: texts.get(row.alarm_id) ?? { vi: row.alarm_id, en: row.alarm_id },
    raised: row.raised.toISOString(),
    returned: row.returned?.toISOString() ?? null,
    acknowledged: row.acknowledged?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    comment: row.comment,
    value: row.value,
  }));
}
