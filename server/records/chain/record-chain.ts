import type { PoolClient } from 'pg';
import type { Mill } from '../../../plc/mill/definition.ts';
import type { StoredRecord } from '../record-tables.ts';
import { sweepAudit } from './audit-entries.ts';
import { canonical } from './canonical.ts';
import type { EntryDraft, StreamContext } from './drafts.ts';
import { draftsOf, linesOfDevices, lotsOf } from './drafts.ts';
import type { Anchor, ChainEntry } from './entry.ts';
import { hashOf, NO_HASH } from './entry.ts';
import type { RecordSigner } from './record-key.ts';

/** Key of the lock under which the chain grows: one writer at a time in the whole mill. */
const CHAIN_LOCK = 225_102;

interface Head {
  readonly sequence: number;
  readonly hash: string;
}

interface NewEntry extends ChainEntry {
  readonly digest: string;
}

/**
 * Lengthens the chain of records, always inside the transaction that stores what the entries tell:
 * both are there or neither. The lock of the chain is taken last of all and held to the end of the
 * transaction.
 */
export class RecordChain {
  readonly #linesOfDevice: ReadonlyMap<string, readonly string[]>;
  readonly #signer: RecordSigner;

  constructor(mill: Mill, signer: RecordSigner) {
    this.#linesOfDevice = linesOfDevices(mill);
    this.#signer = signer;
  }

  /** Adds what these records tell, and what the audit trail holds and the chain does not yet. */
  async appendRecords(client: PoolClient, records: readonly StoredRecord[]): Promise<void> {
    await lock(client);
    const context = await this.#context(client, records);
    const audit = await sweepAudit(client, context);
    await this.#append(client, [...draftsOf(records, context), ...audit]);
  }

  /** Adds entries that the server itself makes, e.g. a reconciliation. */
  async appendDrafts(client: PoolClient, drafts: readonly EntryDraft[]): Promise<void> {
    await lock(client);
    const context = await this.#context(client, []);
    await this.#append(client, [...drafts, ...(await sweepAudit(client, context))]);
  }

  async #context(client: PoolClient, records: readonly StoredRecord[]): Promise<StreamContext> {
    const lots = [...new Set(records.flatMap(lotsOf))];
    const made = await client.query<{ lot: string; order_id: string }>(
      'select lot, order_id from orders where lot = any($1)',
      [lots],
    );
    const open = await client.query<{ line: string; order_id: string }>(
      'select line, order_id from orders where started is not null and finished is null',
    );
    const ordersOfLine = new Map<string, string[]>();
    for (const { line, order_id } of open.rows) {
      ordersOfLine.set(line, [...(ordersOfLine.get(line) ?? []), order_id]);
    }
    return {
      orderOfLot: new Map(made.rows.map((row) => [row.lot, row.order_id])),
      ordersOfLine,
      linesOfDevice: this.#linesOfDevice,
    };
  }

  async #append(client: PoolClient, drafts: readonly EntryDraft[]): Promise<void> {
    const news = await changesOf(client, drafts);
    if (news.length === 0) return;
    const heads = await headsOf(client, [...new Set(news.map(({ stream }) => stream))]);
    const writtenMs = Date.now();
    const entries: NewEntry[] = [];
    for (const { digest, ...draft } of news) {
      const head = heads.get(draft.stream) ?? { sequence: 0, hash: NO_HASH };
      const body = { ...draft, sequence: head.sequence + 1, writtenMs, previous: head.hash };
      const hash = hashOf(body);
      entries.push({ ...body, hash, digest });
      heads.set(draft.stream, { sequence: body.sequence, hash });
    }
    await insertEntries(client, entries);
    await this.#anchor(client, heads, writtenMs);
  }

  async #anchor(
    client: PoolClient,
    heads: ReadonlyMap<string, Head>,
    writtenMs: number,
  ): Promise<void> {
    const { fingerprint, publicKey, sign } = this.#signer;
    // Each time: what an earlier transaction inserted may have been rolled back with it.
    await client.query(
      'insert into record_key (key, public_key) values ($1, $2) on conflict do nothing',
      [fingerprint, publicKey],
    );
    const { rows } = await client.query<{ number: number; hash: string }>(
      'select number::float8 as number, hash from record_anchor order by number desc limit 1',
    );
    const body = {
      number: (rows[0]?.number ?? 0) + 1,
      writtenMs,
      heads: [...heads].map(([stream, head]) => ({ stream, ...head })),
      previous: rows[0]?.hash ?? NO_HASH,
      key: fingerprint,
    };
    const hash = hashOf(body);
    await insertAnchor(client, { ...body, hash, signature: sign(hash) });
  }
}

async function lock(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
}

/** The drafts that say something new of their subject, each once. */
async function changesOf(client: PoolClient, drafts: readonly EntryDraft[]): Promise<EntryDraft[]> {
  if (drafts.length === 0) return [];
  const { rows } = await client.query<{ stream: string; subject: string; digest: string }>(
    `select s.stream, s.subject, e.digest
     from (select distinct * from jsonb_to_recordset($1::jsonb) as r(stream text, subject text)) s
     cross join lateral (
       select digest from record_entry e where e.stream = s.stream and e.subject = s.subject
       order by e.sequence desc limit 1
     ) e`,
    [JSON.stringify(drafts.map(({ stream, subject }) => ({ stream, subject })))],
  );
  const keyOf = (one: { stream: string; subject: string }) =>
    JSON.stringify([one.stream, one.subject]);
  const told = new Map(rows.map((row) => [keyOf(row), row.digest]));
  return drafts.filter((draft) => {
    const isNew = told.get(keyOf(draft)) !== draft.digest;
    told.set(keyOf(draft), draft.digest);
    return isNew;
  });
}

async function headsOf(client: PoolClient, streams: readonly string[]): Promise<Map<string, Head>> {
  const { rows } = await client.query<{ stream: string; sequence: number; hash: string }>(
    `select s.stream, e.sequence, e.hash from unnest($1::text[]) s(stream)
     cross join lateral (
       select sequence, hash from record_entry e where e.stream = s.stream
       order by sequence desc limit 1
     ) e`,
    [streams],
  );
  return new Map(rows.map(({ stream, sequence, hash }) => [stream, { sequence, hash }]));
}

async function insertEntries(client: PoolClient, entries: readonly NewEntry[]): Promise<void> {
  const rows = entries.map(({ content, writtenMs, ...entry }) => ({
    ...entry,
    written: new Date(writtenMs).toISOString(),
    content: canonical(content),
  }));
  await client.query(
    `insert into record_entry
       (stream, sequence, kind, subject, digest, written, content, previous, hash)
     select stream, sequence, kind, subject, digest, written, content, previous, hash
     from jsonb_to_recordset($1::jsonb) as r(stream text, sequence integer, kind text,
       subject text, digest text, written timestamptz, content text, previous text, hash text)`,
    [JSON.stringify(rows)],
  );
}

async function insertAnchor(client: PoolClient, anchor: Anchor): Promise<void> {
  const { number, writtenMs, heads, previous, key, hash, signature } = anchor;
  await client.query(
    `insert into record_anchor (number, written, heads, previous, key, hash, signature)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [number, new Date(writtenMs), JSON.stringify(heads), previous, key, hash, signature],
  );
  await client.query(
    `insert into record_anchor_stream (stream, sequence, number)
     select stream, sequence, $2
     from jsonb_to_recordset($1::jsonb) as r(stream text, sequence integer)`,
    [JSON.stringify(heads), number],
  );
}
