import { recordFaultText } from '../contract/record-faults.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { Anchor } from '../records/chain/entry.ts';
import { NO_HASH } from '../records/chain/entry.ts';
import { readStream } from '../records/chain/read-record.ts';

/** What a look at the whole chain of records found. */
export interface ChainsVerdict {
  readonly streams: number;
  readonly entries: number;
  readonly anchors: number;
  /** In words, for the engineer; empty: everything is as it was signed. */
  readonly faults: readonly string[];
}

const ANCHORS_AT_ONCE = 1_000;

type AnchorLink = Pick<Anchor, 'number' | 'previous' | 'hash'>;

/** Whether each anchor names the hash of the one before it, and none was taken out. */
async function anchorFaults(db: PoolHandle): Promise<{ anchors: number; faults: string[] }> {
  const faults: string[] = [];
  let before = { number: 0, hash: NO_HASH };
  for (;;) {
    const { rows } = await db.query<AnchorLink>(
      `select number::float8 as number, previous, hash from record_anchor
       where number > $1 order by number limit $2`,
      [before.number, ANCHORS_AT_ONCE],
    );
    for (const { number, previous, hash } of rows) {
      if (number !== before.number + 1) faults.push(`anchor ${before.number + 1} is missing`);
      else if (previous !== before.hash) faults.push(`anchor ${number} follows another one`);
      before = { number, hash };
    }
    if (rows.length < ANCHORS_AT_ONCE) return { anchors: before.number, faults };
  }
}

/**
 * Recomputes every hash and every signature of the chain of records, stream by stream. `seen` is
 * called after each stream, for whoever waits.
 */
export async function verifyChains(
  db: PoolHandle,
  seen: (done: number, of: number) => void = () => {},
): Promise<ChainsVerdict> {
  const { rows } = await db.query<{ stream: string }>(
    'select distinct stream from record_entry order by stream',
  );
  const { anchors, faults } = await anchorFaults(db);
  let entries = 0;
  for (const [at, { stream }] of rows.entries()) {
    const read = await readStream(db, stream);
    entries += read.entries.length;
    if (read.fault !== null) faults.push(`${stream}: ${recordFaultText(read.fault, 'en')}`);
    seen(at + 1, rows.length);
  }
  return { streams: rows.length, entries, anchors, faults };
}
