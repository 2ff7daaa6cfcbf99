import pg from 'pg';
import type { Log } from '../log.ts';

/** A key made at once takes 50 bytes a row, one that grew as samples came 93: in between, bytes. */
const BYTES_MAX = 65;
/** A table with fewer rows is not worth it. */
const ROWS_MIN = 10_000;
const HOUR_MS = 3_600_000;
/** One server at a time. */
const LOCK = 7_104_213;

interface GrownKey extends pg.QueryResultRow {
  readonly key: string;
  readonly bytes: number;
}

/** Keys of samples of days that are over, larger than they need be. `$1`: the first table not. */
const GROWN = `
  select i.indexrelid::regclass::text as key, pg_relation_size(i.indexrelid)::float8 as bytes
  from pg_inherits h
  join pg_class c on c.oid = h.inhrelid
  join pg_index i on i.indrelid = c.oid and i.indisprimary
  where h.inhparent = to_regclass('sample') and c.relname ~ '^sample_\\d{8}$' and c.relname < $1
    and c.reltuples >= ${ROWS_MIN}
    and pg_relation_size(i.indexrelid) > ${BYTES_MAX} * c.reltuples
  order by 1`;

/** What a server that ended in the midst of it left behind. */
const LEFT = `
  select i.indexrelid::regclass::text as key, 0::float8 as bytes from pg_index i
  join pg_class c on c.oid = i.indrelid
  where not i.indisvalid and c.relname ~ '^sample_\\d{8}$'`;

/**
 * Makes the keys of days that are over anew, on PostgreSQL alone: samples of all tags come side by
 * side, which leaves the pages of a key that begins with the tag half empty. Nobody waits for it:
 * the old key serves until the new one is there. A day to which late samples were added is done
 * again.
 * @throws {Error} of the database; what was done stays done.
 */
export async function compactKeys(
  databaseUrl: string,
  nowMs: number,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  // A connection of its own: this may take longer than any question of people or records.
  const client = new pg.Client({
    ...{ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 },
    // A server that fell silent must not be waited for.
    ...{ keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
  });
  client.on('error', (error) => log.info('the making of a key was cut off', { error }));
  const leave = () => void client.end().catch(() => {});
  signal.addEventListener('abort', leave, { once: true });
  try {
    await client.connect();
    // Where nobody waits for it any more, the database gives it up.
    await client.query("set client_connection_check_interval = '1s'");
    const { rows } = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_lock(${LOCK}) as mine`,
    );
    if (rows[0]?.mine === true) await compactAll(client, nowMs, log);
  } finally {
    signal.removeEventListener('abort', leave);
    await client.end().catch(() => {});
  }
}

async function compactAll(client: pg.Client, nowMs: number, log: Log): Promise<void> {
  const left = await client.query<GrownKey>(LEFT);
  for (const { key } of left.rows) await client.query(`drop index concurrently ${key}`);
  const day = new Date(nowMs - HOUR_MS).toISOString().slice(0, 10).replaceAll('-', '');
  const grown = await client.query<GrownKey>(GROWN, [`sample_${day}`]);
  for (const { key, bytes } of grown.rows) {
    await client.query(`reindex index concurrently ${key}`);
    const { rows } = await client.query<{ now: number }>(
      'select pg_relation_size($1::regclass)::float8 as now',
      [key],
    );
    log.info('the key of a day of samples was made anew', { key, bytes, now: rows[0]?.now });
  }
}
