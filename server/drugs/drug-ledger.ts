import type { Mill } from '../../plc/mill/definition.ts';
import type { Ledger } from '../contract/drugs.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { Period } from '../reports/period.ts';
import { reportPeriod } from '../reports/period.ts';
import * as sql from './ledger-sql.ts';

type Row = Record<string, unknown>;
type LotView = Ledger['lots'][number];

interface LotRow extends Row {
  readonly lot: string;
  readonly material: string;
  readonly opening: number;
}

interface EntryRow extends Row {
  readonly lot: string;
  readonly kind: 'receipt' | 'count';
  readonly kg: number;
  readonly time: Date;
}

interface UseRow extends Row {
  readonly lot: string;
  readonly batch_id: string;
  readonly order_id: string;
  readonly target_kg: number;
  readonly kg: number;
  readonly time: Date;
}

interface OrderRow extends Row {
  readonly order_id: string;
  readonly lot: string;
  readonly product_vi: string;
  readonly product_en: string;
  readonly finished: Date | null;
  readonly proposed_by: string | null;
  readonly confirmed_by: string | null;
}

interface OrderUseRow extends Row {
  readonly order_id: string;
  readonly lot: string;
  readonly material: string;
  readonly target_kg: number;
  readonly used_kg: number;
}

interface SequenceRow extends Row {
  readonly order_id: string;
  readonly lot: string;
  readonly product_vi: string;
  readonly product_en: string;
  readonly line: string;
  readonly started: Date;
  readonly dosed_kg: number;
  readonly kind: string;
  readonly drug_class: string;
  readonly after_class: string | null;
  readonly after_kind: string | null;
}

/** Discrepancy of a drug lot that weighing still explains: 1 % of what was used (DOMAIN 4). */
const DISCREPANCY_SHARE_MAX = 0.01;
/** And never less than this: the division of the drug scale, ten times, kg. */
const DISCREPANCY_KG_MIN = 0.01;

const sum = <T>(rows: readonly T[], of: (row: T) => number) =>
  rows.reduce((total, row) => total + of(row), 0);
const grams = (kg: number) => Math.round(kg * 1e6) / 1e6;

/** The lot's day: book, count and what they differ by. A count in mid-day sets the book anew. */
export function lotDay(
  opening: number,
  entries: readonly { kind: 'receipt' | 'count'; kg: number; timeMs: number }[],
  uses: readonly { kg: number; timeMs: number }[],
): Pick<
  LotView,
  'receivedKg' | 'usedKg' | 'bookKg' | 'closingKg' | 'counted' | 'discrepancyKg' | 'outside'
> {
  const receivedKg = sum(entries, (entry) => (entry.kind === 'receipt' ? entry.kg : 0));
  const usedKg = sum(uses, ({ kg }) => kg);
  const bookKg = opening + receivedKg - usedKg;
  const count = entries.findLast(({ kind }) => kind === 'count');
  const after = (timeMs: number) => timeMs > (count?.timeMs ?? Number.POSITIVE_INFINITY);
  const sinceKg =
    sum(entries, (one) => (one.kind === 'receipt' && after(one.timeMs) ? one.kg : 0)) -
    sum(uses, (one) => (after(one.timeMs) ? one.kg : 0));
  const closingKg = count === undefined ? bookKg : count.kg + sinceKg;
  const discrepancyKg = closingKg - bookKg;
  const limitKg = Math.max(DISCREPANCY_KG_MIN, usedKg * DISCREPANCY_SHARE_MAX);
  return {
    receivedKg: grams(receivedKg),
    usedKg: grams(usedKg),
    bookKg: grams(bookKg),
    closingKg: grams(closingKg),
    counted: count !== undefined,
    discrepancyKg: grams(discrepancyKg),
    outside: Math.abs(discrepancyKg) > limitKg + 1e-9 || bookKg < -limitKg,
  };
}

/** Reads the daily ledger of drugs: each lot, the medicated orders, and the sequence of the day. */
export class DrugLedger {
  readonly #db: PoolHandle;
  readonly #mill: Mill;
  readonly #drugs: readonly string[];

  /** `drugs`: codes of the materials that hold a drug. */
  constructor(db: PoolHandle, mill: Mill, drugs: readonly string[]) {
    this.#db = db;
    this.#mill = mill;
    this.#drugs = drugs;
  }

  /** The ledger of a production day, 06:00 to 06:00 local. */
  async day(day: string): Promise<Ledger> {
    const period = reportPeriod(day, null, this.#mill.timeZone);
    const [lots, orders, sequence] = await Promise.all([
      this.#lots(period),
      this.#orders(period),
      this.#sequence(period),
    ]);
    return {
      day,
      from: new Date(period.fromMs).toISOString(),
      to: new Date(period.toMs).toISOString(),
      timeZone: this.#mill.timeZone,
      lots,
      orders,
      sequence,
    };
  }

  /** What an order used of each drug lot. */
  async usesOf(orderIds: readonly string[]): Promise<OrderUseRow[]> {
    const found = await this.#db.query<OrderUseRow>(sql.ORDER_USES_SQL, [this.#drugs, orderIds]);
    return found.rows;
  }

  async #lots({ fromMs, toMs }: Period): Promise<Ledger['lots']> {
    const [from, to] = [new Date(fromMs), new Date(toMs)];
    const [lots, entries, uses] = await Promise.all([
      this.#db.query<LotRow>(sql.LOTS_SQL, [this.#drugs, from, to]),
      this.#db.query<EntryRow>(sql.ENTRIES_SQL, [from, to]),
      this.#db.query<UseRow>(sql.USES_SQL, [this.#drugs, from, to]),
    ]);
    const entriesOf = Map.groupBy(entries.rows, ({ lot }) => lot);
    const usesOf = Map.groupBy(uses.rows, ({ lot }) => lot);
    const views = lots.rows.map((row) =>
      this.#lot(row, entriesOf.get(row.lot) ?? [], usesOf.get(row.lot) ?? []),
    );
    // A lot that is used up and was not touched has nothing to tell any more.
    return views.filter(
      (view) => view.openingKg !== 0 || view.uses.length > 0 || view.receivedKg > 0 || view.counted,
    );
  }

  #lot(row: LotRow, entries: readonly EntryRow[], uses: readonly UseRow[]): LotView {
    const withTime = <T extends { readonly time: Date }>(one: T) => ({
      ...one,
      timeMs: one.time.getTime(),
    });
    return {
      lot: row.lot,
      material: row.material,
      text: this.#text(row.material),
      openingKg: grams(row.opening),
      ...lotDay(row.opening, entries.map(withTime), uses.map(withTime)),
      uses: uses.map((use) => ({
        batchId: use.batch_id,
        orderId: use.order_id,
        targetKg: use.target_kg,
        kg: use.kg,
      })),
    };
  }

  #text(material: string) {
    const known = this.#mill.materials.find(({ code }) => code === material);
    return known?.text ?? { vi: material, en: material };
  }

  async #orders({ fromMs, toMs }: Period): Promise<Ledger['orders']> {
    const { rows } = await this.#db.query<OrderRow>(sql.ORDERS_SQL, [
      new Date(fromMs),
      new Date(toMs),
    ]);
    const uses = await this.usesOf(rows.map((row) => row.order_id));
    const usesOf = Map.groupBy(uses, (use) => use.order_id);
    return rows.map((row) => ({
      orderId: row.order_id,
      lot: row.lot,
      product: { vi: row.product_vi, en: row.product_en },
      state:
        row.confirmed_by !== null ? 'released' : row.proposed_by !== null ? 'proposed' : 'held',
      finished: row.finished?.toISOString() ?? null,
      proposedBy: row.proposed_by,
      confirmedBy: row.confirmed_by,
      lots: (usesOf.get(row.order_id) ?? []).map((use) => ({
        lot: use.lot,
        material: use.material,
        targetKg: grams(use.target_kg),
        usedKg: grams(use.used_kg),
      })),
    }));
  }

  async #sequence({ fromMs, toMs }: Period): Promise<Ledger['sequence']> {
    const { rows } = await this.#db.query<SequenceRow>(sql.SEQUENCE_SQL, [
      new Date(fromMs),
      new Date(toMs),
    ]);
    return rows.map((row) => ({
      line: row.line,
      orderId: row.order_id,
      lot: row.lot,
      product: { vi: row.product_vi, en: row.product_en },
      kind: row.kind,
      drugClass: row.drug_class,
      afterDrugClass: row.after_class,
      afterKind: row.after_kind,
      started: row.started.toISOString(),
      kg: row.dosed_kg,
    }));
  }
}
