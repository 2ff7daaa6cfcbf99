import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { HistorySample } from '../../plc/model/record.ts';
import type { Sql } from '../db/pool-handle.ts';
import { guarded } from '../records/write-records.ts';
import { COPY_SAMPLES, encodeSamples } from './sample-copy.ts';

const MINUTE_MS = 60_000;

async function copy(client: PoolClient, statement: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(bytes);
  await finished(stream);
}

/**
 * Stores samples inside the caller's transaction, by COPY straight into the table: the spool's
 * sequence already keeps a row from coming twice. Two samples of a tag may still fall on one
 * millisecond (a clock set back); then all go through a temporary table and the later one counts.
 */
export async function writeSamples(
  client: PoolClient,
  samples: readonly HistorySample[],
  tagIds: Int32Array,
): Promise<void> {
  if (samples.length === 0) return;
  const bytes = encodeSamples(samples, tagIds);
  const clash = await guarded(client, () => copy(client, COPY_SAMPLES, bytes));
  if (clash === null) return;
  await client.query(
    `create temporary table sample_incoming (
       place integer generated always as identity,
       time bigint, tag_id integer, value double precision, quality smallint
     ) on commit drop`,
  );
  await copy(client, COPY_SAMPLES.replace('sample', 'sample_incoming'), bytes);
  await client.query(
    `insert into sample (time, tag_id, value, quality)
     select distinct on (tag_id, time) time, tag_id, value, quality
     from sample_incoming order by tag_id, time, place desc
     on conflict (tag_id, time) do update set value = excluded.value, quality = excluded.quality`,
  );
}

/** Counts the samples of each minute, and sees minutes in which recording ended. */
export async function writeMinutes(
  client: Sql,
  samples: readonly HistorySample[],
  tagCount: number,
): Promise<void> {
  const minutes = new Map<number, { samples: number; unknown: number }>();
  for (const [, timeMs, value] of samples) {
    const minute = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
    const count = minutes.get(minute) ?? { samples: 0, unknown: 0 };
    count.samples += 1;
    if (value === null) count.unknown += 1;
    minutes.set(minute, count);
  }
  const rows = [...minutes].map(([minute, count]) => ({
    minute: new Date(minute).toISOString(),
    samples: count.samples,
    // The controller marks every tag unknown at once when it finds that it was not running.
    ends: count.unknown * 2 >= tagCount,
  }));
  await client.query(
    `insert into recorded_minute (minute, samples, ends)
     select minute, samples, ends from jsonb_to_recordset($1::jsonb)
       as r(minute timestamptz, samples bigint, ends boolean)
     on conflict (minute) do update set samples = recorded_minute.samples + excluded.samples,
       ends = recorded_minute.ends or excluded.ends`,
    [JSON.stringify(rows)],
  );
}
