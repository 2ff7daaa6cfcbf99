import type { Mill } from '../../plc/mill/definition.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { RecordedMinute } from '../reports/coverage.ts';
import { coveragePct } from '../reports/coverage.ts';
import { orderStream } from './chain/drafts.ts';
import type { ChainEntry } from './chain/entry.ts';
import type { StoredStream } from './chain/read-record.ts';
import { readStream } from './chain/read-record.ts';
import type { RecordContent } from './chain/record-file.ts';
import { recordFile } from './chain/record-file.ts';
import type { RecordSigner } from './chain/record-key.ts';

/** A record as it is stored, with what an export of it holds; null content without entries. */
export interface OrderRecordView {
  readonly stored: StoredStream;
  readonly content: RecordContent | null;
}

/** A minute before and after: the entries at both ends are within a minute of recording. */
const MARGIN_MS = 60_000;

/** Reads and exports the records of orders. */
export class RecordBook {
  readonly #db: PoolHandle;
  readonly #mill: Mill;
  readonly #signer: RecordSigner;

  constructor(db: PoolHandle, mill: Mill, signer: RecordSigner) {
    this.#db = db;
    this.#mill = mill;
    this.#signer = signer;
  }

  /** Fingerprint of the key with which this server signs. */
  get key(): string {
    return this.#signer.fingerprint;
  }

  get signer(): RecordSigner {
    return this.#signer;
  }

  /** The record of an order as it is now; null where the chain holds nothing of it. */
  async read(orderId: string, by: string): Promise<OrderRecordView | null> {
    const stream = orderStream(orderId);
    const stored = await readStream(this.#db, stream);
    const { entries, last } = stored;
    if (entries.length === 0) return null;
    if (last === null) return { stored, content: null };
    const head = {
      mill: this.#mill.id,
      millText: this.#mill.text,
      stream,
      timeZone: this.#mill.timeZone,
      exportedMs: Date.now(),
      exportedBy: by,
      coveragePct: await this.#coverage(entries),
    };
    return { stored, content: { head, entries, ...last } };
  }

  /** The record as one file of JSON; null where the chain holds nothing of the order. */
  async file(orderId: string, by: string): Promise<string | null> {
    const content = (await this.read(orderId, by))?.content ?? null;
    return content === null ? null : recordFile(content, this.#signer);
  }

  /** Share of the time from the first to the last event in which history was recorded, %. */
  async #coverage(entries: readonly ChainEntry[]): Promise<number | null> {
    const times = entries.flatMap(({ content }) =>
      ['startedTimeMs', 'endedTimeMs', 'finishedTimeMs', 'timeMs', 'toTimeMs']
        .map((name) => content[name])
        .filter((time): time is number => typeof time === 'number'),
    );
    if (times.length === 0) return null;
    const [fromMs, toMs] = [Math.min(...times), Math.max(...times)];
    const { rows } = await this.#db.query<RecordedMinute>(
      `select (extract(epoch from minute) * 1000)::float8 as ms, ends from recorded_minute
       where minute between $1 and $2 order by minute`,
      [new Date(fromMs - 16 * MARGIN_MS), new Date(toMs + MARGIN_MS)],
    );
    const pct = coveragePct(rows, { fromMs, toMs }, Date.now());
    return Math.round(pct * 100) / 100;
  }
}
