import type { PoolClient } from 'pg';
import type { RecordFault } from '../../contract/record-faults.ts';
import type { PoolHandle } from '../../db/pool-handle.ts';
import type { Anchor, ChainEntry } from './entry.ts';
import { anchorFault, entryFault, headFault } from './verify-record.ts';

interface EntryRow extends Record<string, unknown> {
  readonly stream: string;
  readonly sequence: number;
  readonly kind: string;
  readonly subject: string;
  readonly written: Date;
  readonly content: string;
  readonly previous: string;
  readonly hash: string;
}

interface AnchorRow extends Record<string, unknown> {
  readonly number: number;
  readonly written: Date;
  readonly heads: Anchor['heads'];
  readonly previous: string;
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
  readonly public_key: string | null;
}

interface SignedAnchor {
  readonly anchor: Anchor;
  readonly publicKey: string;
}

/** A stream of the chain as the database holds it, and what is wrong with it. */
export interface StoredStream {
  readonly entries: readonly ChainEntry[];
  readonly last: SignedAnchor | null;
  /** The first thing that is not as it was signed; null: all is. */
  readonly fault: RecordFault | null;
}

/** Entries of a stream in their order. */
async function readEntries(db: PoolClient, stream: string): Promise<ChainEntry[]> {
  const { rows } = await db.query<EntryRow>(
    `select stream, sequence, kind, subject, written, content, previous, hash
     from record_entry where stream = $1 order by sequence`,
    [stream],
  );
  return rows.map(({ written, content, ...row }) => ({
    ...row,
    writtenMs: written.getTime(),
    content: JSON.parse(content) as Record<string, unknown>,
  }));
}

/** Every anchor that signed this stream, in their order. */
async function readAnchors(db: PoolClient, stream: string): Promise<SignedAnchor[]> {
  const { rows } = await db.query<AnchorRow>(
    `select a.number::float8 as number, a.written, a.heads, a.previous, a.key, a.hash,
       a.signature, k.public_key
     from record_anchor_stream s join record_anchor a using (number)
     left join record_key k using (key)
     where s.stream = $1 order by a.number`,
    [stream],
  );
  return rows.map(({ written, public_key, ...row }) => ({
    anchor: { ...row, writtenMs: written.getTime() },
    publicKey: public_key ?? '',
  }));
}

function entriesFault(entries: readonly ChainEntry[], stream: string): RecordFault | null {
  for (const [at, entry] of entries.entries()) {
    const wrong = entryFault(entry, entries[at - 1], stream);
    if (wrong !== null) return wrong;
  }
  return null;
}

function anchorsFault(
  entries: readonly ChainEntry[],
  anchors: readonly SignedAnchor[],
  stream: string,
): RecordFault | null {
  for (const { anchor, publicKey } of anchors) {
    const wrong = anchorFault(anchor, publicKey);
    if (wrong !== null) return wrong;
    const sequence = anchor.heads.find((head) => head.stream === stream)?.sequence ?? 0;
    const entry = entries[sequence - 1];
    const { number } = anchor;
    if (entry === undefined) return { code: 'anchor.head', objects: { sequence, number } };
    const other = headFault(anchor, entry);
    if (other !== null) return other;
  }
  const signed = anchors.at(-1)?.anchor.heads.find((head) => head.stream === stream)?.sequence ?? 0;
  const loose = entries[signed];
  if (loose === undefined) return null;
  return { code: 'entry.order', objects: { sequence: signed, found: loose.sequence } };
}

/**
 * A stream with every signature that was ever given for it: entries that were rewritten with new
 * hashes, put in or cut off are found by the anchors, whose key is not in the database.
 */
export async function readStream(db: PoolHandle, stream: string): Promise<StoredStream> {
  const { entries, anchors } = await db.transaction(async (client) => {
    // Both of one moment: the chain grows meanwhile.
    await client.query('set transaction isolation level repeatable read, read only');
    const read = await readEntries(client, stream);
    return { entries: read, anchors: await readAnchors(client, stream) };
  });
  const fault = entriesFault(entries, stream) ?? anchorsFault(entries, anchors, stream);
  return { entries, last: anchors.at(-1) ?? null, fault };
}
