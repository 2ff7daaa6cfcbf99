import { randomUUID } from 'node:crypto';
import type { FinishedContent } from '../../plc/model/finished-bin.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { DrugEntry } from '../contract/drugs.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import { canonical, sha256 } from '../records/chain/canonical.ts';
import type { EntryDraft } from '../records/chain/drafts.ts';
import { lotStream, orderStream } from '../records/chain/drafts.ts';
import type { RecordChain } from '../records/chain/record-chain.ts';
import type { DrugLedger } from './drug-ledger.ts';
import { ORDER_SQL, RELEASE_SQL } from './ledger-sql.ts';

interface OrderState extends Record<string, unknown> {
  readonly proposed_by: string | null;
  readonly confirmed_by: string | null;
}

interface ReleaseState extends Record<string, unknown> {
  readonly medicated: boolean;
  readonly confirmed: boolean;
}

/** Done, or the reasons why not. */
export type DrugResult = { readonly ok: true } | { readonly ok: false; readonly reason: Reason };

const DONE: DrugResult = { ok: true };
const refused = (code: Reason['code'], objects: Reason['objects']): DrugResult => ({
  ok: false,
  reason: reason(code, objects),
});

function draft(stream: string, kind: string, subject: string, content: object): EntryDraft {
  const fields = { ...content };
  return { stream, kind, subject, content: fields, digest: sha256(canonical(fields)) };
}

/**
 * What quality writes into the ledger: receipts and counts of drug lots, and the reconciliation of
 * medicated orders by two persons (21 CFR 225.80). Each is part of the chain of records.
 */
export class DrugDesk {
  readonly #db: PoolHandle;
  readonly #chain: RecordChain;
  readonly #ledger: DrugLedger;
  readonly #drugs: ReadonlySet<string>;

  constructor(db: PoolHandle, chain: RecordChain, ledger: DrugLedger, drugs: readonly string[]) {
    this.#db = db;
    this.#chain = chain;
    this.#ledger = ledger;
    this.#drugs = new Set(drugs);
  }

  /** Writes down a receipt or a count. */
  async enter(entry: DrugEntry, by: string): Promise<DrugResult> {
    const { kind, lot, material, kg, note } = entry;
    if (!this.#drugs.has(material)) return refused('drug.unknown', { material });
    const id = randomUUID();
    const timeMs = Date.now();
    await this.#db.transaction(async (client) => {
      await client.query(
        `insert into drug_entry (drug_entry_id, kind, lot, material, kg, time, by_user, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, kind, lot, material, kg, new Date(timeMs), by, note],
      );
      const content = { ...entry, entryId: id, timeMs, by };
      const chained = draft(lotStream(lot), 'drug-count', `drug-count:${id}`, content);
      await this.#chain.appendDrafts(client, [chained]);
    });
    return DONE;
  }

  /** First person: the drug that the order used is accounted for. */
  async propose(orderId: string, by: string, note: string): Promise<DrugResult> {
    const order = await this.#order(orderId);
    if (order === null) return refused('drug.not-medicated', { order: orderId });
    if (order.proposed_by !== null) return refused('drug.reconciled', { order: orderId });
    return this.#step(orderId, 'proposed', by, null, note);
  }

  /** Second person: another one than the first. From here on the feed is released. */
  async confirm(orderId: string, by: string, note: string): Promise<DrugResult> {
    const order = await this.#order(orderId);
    if (order === null) return refused('drug.not-medicated', { order: orderId });
    const { proposed_by: first } = order;
    if (first === null) return refused('drug.not-proposed', { order: orderId });
    if (order.confirmed_by !== null) return refused('drug.reconciled', { order: orderId });
    if (first === by) return refused('drug.second-person', { order: orderId, user: by });
    return this.#step(orderId, 'confirmed', first, by, note);
  }

  /**
   * Why a finished bin with this content may not be released: its order holds a drug and was not
   * reconciled by two persons. Feed with a drug of which no order is known stays as well.
   */
  async againstRelease(bin: string, content: FinishedContent | null): Promise<Reason[]> {
    const orderId = content?.orderId ?? null;
    if (orderId === null) return [];
    const { rows } = await this.#db.query<ReleaseState>(RELEASE_SQL, [orderId]);
    const [order] = rows;
    const drug = content?.nature?.drugClass ?? 'none';
    const held = order === undefined ? drug !== 'none' : order.medicated && !order.confirmed;
    return held ? [reason('drug.not-reconciled', { bin, order: orderId })] : [];
  }

  async #order(orderId: string): Promise<OrderState | null> {
    const { rows } = await this.#db.query<OrderState>(ORDER_SQL, [orderId]);
    return rows[0] ?? null;
  }

  async #step(
    orderId: string,
    step: 'proposed' | 'confirmed',
    first: string,
    second: string | null,
    note: string,
  ): Promise<DrugResult> {
    const lots = (await this.#ledger.usesOf([orderId])).map((use) => ({
      lot: use.lot,
      material: use.material,
      targetKg: use.target_kg,
      usedKg: use.used_kg,
    }));
    const timeMs = Date.now();
    const isFirst = await this.#db.transaction(async (client) => {
      const { rowCount } = await client.query(
        `insert into reconciliation (order_id, step, time, by_user, note, lots)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [orderId, step, new Date(timeMs), second ?? first, note, JSON.stringify(lots)],
      );
      if (rowCount === 0) return false;
      const drafts = lots.map((use) =>
        draft(orderStream(orderId), 'reconciliation', `reconciliation:${use.lot}`, {
          orderId,
          step,
          timeMs,
          by: first,
          confirmedBy: second,
          note,
          ...use,
          differenceKg: use.usedKg - use.targetKg,
        }),
      );
      await this.#chain.appendDrafts(client, drafts);
      return true;
    });
    return isFirst ? DONE : refused('drug.reconciled', { order: orderId });
  }
}
