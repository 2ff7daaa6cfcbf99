import type { PoolClient } from 'pg';
import { recordSchema } from '../../plc/link/contract.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { HistoryStorage } from '../db/migrate.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import { HistoryPartitions } from '../historian/partitions.ts';
import type { StraySample } from '../historian/sample-quarantine.ts';
import { faultOf, setAside } from '../historian/sample-quarantine.ts';
import { storeTags } from '../historian/tag-ids.ts';
import { toldSamples } from '../historian/told-samples.ts';
import { writeMinutes, writeSamples } from '../historian/write-samples.ts';
import type { Log } from '../log.ts';
import type { RecordChain } from './chain/record-chain.ts';
import type { FaultyRow, NumberedRecord } from './write-records.ts';
import { writeRecords } from './write-records.ts';

/** Rows of a spool as they come over the link; what a record holds is checked here, one by one. */
export interface SpoolRows {
  readonly spool: string;
  readonly rows: readonly { readonly sequence: number; readonly record: unknown }[];
}

export interface RecordStoreOptions {
  readonly db: PoolHandle;
  readonly storage: () => HistoryStorage | null;
  readonly tags: readonly TagDefinition[];
  readonly chain: RecordChain;
  readonly log: Log;
}

/** What was stored since the server started. */
export interface StoredCounts {
  readonly rows: number;
  readonly samples: number;
  readonly quarantined: number;
  /** Samples set aside for their tag or time. */
  readonly strays: number;
}

/** Longest part of a quarantined record that is kept, characters. */
const QUARANTINE_TEXT_MAX = 20_000;

interface Sorted {
  readonly records: NumberedRecord[];
  readonly samples: HistorySample[];
  readonly strays: StraySample[];
  readonly faulty: FaultyRow[];
}

/**
 * Takes the rows of the controllers' spools into the database. All that one message brings, and how
 * far the spool is stored, is one transaction: whatever is sent again, or was cut off half-way, is
 * stored once. A row that can never be stored goes to the quarantine with its fault, so that it
 * does not hold up others.
 */
export class RecordStore {
  readonly #options: RecordStoreOptions;
  readonly #partitions: HistoryPartitions;
  #tagIds: Int32Array | null = null;
  #counts: StoredCounts = { rows: 0, samples: 0, quarantined: 0, strays: 0 };

  constructor(options: RecordStoreOptions) {
    this.#options = options;
    this.#partitions = new HistoryPartitions(options.db, options.storage, options.log);
  }

  get counts(): StoredCounts {
    return this.#counts;
  }

  /**
   * Stores what is new of these rows and gives the highest sequence of the spool that is stored for
   * good.
   * @throws {DatabaseDownError} and what `pg` throws when the database cannot take them now: try
   * again.
   */
  async store(message: SpoolRows): Promise<number> {
    const { db, tags } = this.#options;
    this.#tagIds ??= await storeTags(db, tags);
    const tagIds = this.#tagIds;
    const nowMs = Date.now();
    const sorted = sort(message, tagIds, nowMs);
    await this.#partitions.ensure(sorted.samples.map(([, timeMs]) => timeMs));
    const result = await db.transaction(async (client) => {
      const stored = await lockProgress(client, message.spool);
      const last = message.rows.at(-1)?.sequence ?? 0;
      if (last <= stored) {
        return { sequence: stored, rows: 0, samples: 0, quarantined: 0, strays: 0 };
      }
      const fresh = message.rows[0]?.sequence ?? 0;
      const rest = fresh > stored ? sorted : sort(rowsAfter(message, stored), tagIds, nowMs);
      const quarantined = await this.#write(client, message, rest, tagIds);
      await client.query(
        'update spool_progress set sequence = $2, stored = now() where spool = $1',
        [message.spool, last],
      );
      const rows = message.rows.filter(({ sequence }) => sequence > stored).length;
      const [samples, strays] = [rest.samples.length, rest.strays.length];
      return { sequence: last, rows, samples, quarantined, strays };
    });
    this.#counts = {
      rows: this.#counts.rows + result.rows,
      samples: this.#counts.samples + result.samples,
      quarantined: this.#counts.quarantined + result.quarantined,
      strays: this.#counts.strays + result.strays,
    };
    return result.sequence;
  }

  /** Gives how many rows went to the quarantine. */
  async #write(
    client: PoolClient,
    message: SpoolRows,
    sorted: Sorted,
    tagIds: Int32Array,
  ): Promise<number> {
    const written = await writeRecords(client, sorted.records);
    const faulty = [...sorted.faulty, ...written.faulty];
    if (sorted.samples.length > 0) {
      await writeSamples(client, sorted.samples, tagIds);
      await writeMinutes(client, sorted.samples, tagIds.length);
    }
    if (sorted.strays.length > 0) await this.#setAside(client, message.spool, sorted.strays);
    if (faulty.length > 0) await this.#quarantine(client, message, faulty);
    // Last: the chain's lock is held from here to the end of the transaction.
    await this.#options.chain.appendRecords(
      client,
      written.stored.map(({ record }) => record),
    );
    return faulty.length;
  }

  async #setAside(client: PoolClient, spool: string, strays: readonly StraySample[]) {
    const { tags, log } = this.#options;
    await setAside(
      client,
      spool,
      strays,
      tags.map(({ name }) => name),
    );
    log.error('samples of no tag or of a time that cannot be are set aside', {
      spool,
      samples: strays.length,
      first: strays[0],
    });
  }

  async #quarantine(
    client: PoolClient,
    message: SpoolRows,
    faulty: readonly FaultyRow[],
  ): Promise<void> {
    const bySequence = new Map(message.rows.map((row) => [row.sequence, row.record]));
    for (const { sequence, fault } of faulty) {
      const text = JSON.stringify(bySequence.get(sequence) ?? null).slice(0, QUARANTINE_TEXT_MAX);
      await client.query(
        `insert into quarantine (spool, sequence, fault, record) values ($1, $2, $3, $4)
         on conflict (spool, sequence) do nothing`,
        [message.spool, sequence, fault, text],
      );
      this.#options.log.error('a record could not be stored and is in quarantine', {
        spool: message.spool,
        sequence,
        fault,
      });
    }
  }
}

const rowsAfter = (message: SpoolRows, sequence: number): SpoolRows => ({
  spool: message.spool,
  rows: message.rows.filter((row) => row.sequence > sequence),
});

/** How far this spool is stored; holds its row, so that two senders of one spool take turns. */
async function lockProgress(client: PoolClient, spool: string): Promise<number> {
  await client.query(
    'insert into spool_progress (spool, sequence) values ($1, 0) on conflict do nothing',
    [spool],
  );
  const { rows } = await client.query<{ sequence: number }>(
    'select sequence::float8 as sequence from spool_progress where spool = $1 for update',
    [spool],
  );
  return rows[0]?.sequence ?? 0;
}

/** Checks each record and parts records from samples, and samples from those to set aside. */
function sort(message: SpoolRows, tagIds: Int32Array, nowMs: number): Sorted {
  const sorted: Sorted = { records: [], samples: [], strays: [], faulty: [] };
  for (const { sequence, record } of message.rows) {
    const told = toldSamples(record);
    if (told === null) sortRecord(sorted, sequence, record);
    else {
      told.forEach((sample, place) => {
        const fault = faultOf(sample, tagIds, nowMs);
        if (fault === null) sorted.samples.push(sample);
        else sorted.strays.push({ sequence, place, fault, sample });
      });
    }
  }
  return sorted;
}

/** A record of any kind but samples that are right. */
function sortRecord({ records, faulty }: Sorted, sequence: number, record: unknown): void {
  const { success, data, error } = recordSchema.safeParse(record);
  if (success && data.kind !== 'samples') {
    records.push({ sequence, record: data });
    return;
  }
  const issue = error?.issues[0];
  const fault = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record'}`;
  faulty.push({ sequence, fault });
}
