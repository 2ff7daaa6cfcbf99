import type { ChainEntry } from '../../server/records/chain/entry.ts';
import { hashOf, NO_HASH } from '../../server/records/chain/entry.ts';
import type { RecordContent } from '../../server/records/chain/record-file.ts';
import type { RecordSigner } from '../../server/records/chain/record-key.ts';
import { START_MS } from './records.ts';

const STREAM = 'order:2611-0001';

/** Entries of an order, bound to each other. */
export function chained(
  drafts: readonly { kind: string; subject: string; content: Record<string, unknown> }[],
): ChainEntry[] {
  const entries: ChainEntry[] = [];
  for (const draft of drafts) {
    const body = {
      ...draft,
      stream: STREAM,
      sequence: entries.length + 1,
      writtenMs: START_MS + entries.length * 1_000,
      previous: entries.at(-1)?.hash ?? NO_HASH,
    };
    entries.push({ ...body, hash: hashOf(body) });
  }
  return entries;
}

/** A record of these entries as the server takes it out of the database. */
export function recordContent(entries: readonly ChainEntry[], signer: RecordSigner): RecordContent {
  const last = entries.at(-1);
  const body = {
    number: 7,
    writtenMs: START_MS,
    heads: [
      { stream: STREAM, sequence: last?.sequence ?? 1, hash: last?.hash ?? NO_HASH },
      { stream: 'mill', sequence: 3, hash: NO_HASH },
    ],
    previous: NO_HASH,
    key: signer.fingerprint,
  };
  const hash = hashOf(body);
  return {
    head: {
      mill: 'pilot',
      millText: { vi: 'Nhà máy thí điểm', en: 'Pilot mill' },
      stream: STREAM,
      timeZone: 'Asia/Ho_Chi_Minh',
      exportedMs: START_MS,
      exportedBy: 'lan',
      coveragePct: 99.5,
    },
    entries,
    anchor: { ...body, hash, signature: signer.sign(hash) },
    publicKey: signer.publicKey,
  };
}
