import type { DrugClass } from '../../plc/model/carry-over.ts';
import type { Text } from '../../plc/model/text.ts';
import type { Recipes } from '../../recipes/parse.ts';
import type { PackingReader } from '../api/ports.ts';
import type { Database } from '../auth/database.ts';
import type { RecipeBook } from '../recipes/recipe-book.ts';
import type { LabelledLot, LabelledPallet, LabelResult } from './label-content.ts';
import { labelContent } from './label-content.ts';

interface LotRow extends Record<string, unknown> {
  readonly lot: string;
  readonly order_id: string;
  readonly formula_code: string;
  readonly formula_version: number;
  readonly product_vi: string;
  readonly product_en: string;
  readonly bag_kg: number;
  readonly kind: string;
  readonly drug_class: DrugClass;
  readonly made: Date | null;
}

const LOT_SQL = `
  select o.lot, o.order_id, o.formula_code, o.formula_version, o.product_vi, o.product_en, o.bag_kg,
    o.document->>'kind' as kind, o.document->'nature'->>'drugClass' as drug_class,
    (select min(b.started) from batch b where b.order_id = o.order_id) as made
  from orders o where o.lot = $1`;

const BAG_SQL = `select lot from bag where bag_id = $1 and lot is not null`;

export interface LabelParts {
  readonly database: Database;
  readonly packing: Pick<PackingReader, 'pallet'>;
  readonly book: RecipeBook;
  readonly materials: Recipes['materials'];
  readonly timeZone: string;
}

/** Puts together what the labels of lots, bags and pallets say. */
export class LabelDesk {
  readonly #parts: LabelParts;

  constructor(parts: LabelParts) {
    this.#parts = parts;
  }

  /** The label of a bag, by its lot or its own number; null where neither is stored. */
  async ofLot(name: string): Promise<LabelResult | null> {
    const lot = (await this.#lot(name)) ?? (await this.#lotOfBag(name));
    return lot === null ? null : this.#content(lot, null);
  }

  /** The label of a pallet; null where there is none, or it bears more than one lot. */
  async ofPallet(palletId: string): Promise<LabelResult | null> {
    const pallet = await this.#parts.packing.pallet(palletId);
    const lot = pallet === null || pallet.lot === null ? null : await this.#lot(pallet.lot);
    return pallet === null || lot === null ? null : this.#content(lot, pallet);
  }

  async #lot(name: string): Promise<LabelledLot | null> {
    const { rows } = await this.#parts.database.query<LotRow>(LOT_SQL, [name]);
    const [row] = rows;
    if (row === undefined) return null;
    return {
      lot: row.lot,
      orderId: row.order_id,
      formula: row.formula_code,
      version: row.formula_version,
      product: { vi: row.product_vi, en: row.product_en },
      kind: row.kind,
      bagKg: row.bag_kg,
      drugClass: row.drug_class,
      madeMs: row.made?.getTime() ?? null,
    };
  }

  async #lotOfBag(bagId: string): Promise<LabelledLot | null> {
    const { rows } = await this.#parts.database.query<{ lot: string }>(BAG_SQL, [bagId]);
    const [row] = rows;
    return row === undefined ? null : this.#lot(row.lot);
  }

  /** The version of the recipe that the lot was made by, not the one of today. */
  async #content(lot: LabelledLot, pallet: LabelledPallet | null): Promise<LabelResult> {
    const { book, materials, timeZone } = this.#parts;
    const version = await book.version(lot.formula, lot.version);
    const materialText = (code: string): Text =>
      materials.get(code)?.text ?? { vi: code, en: code };
    return labelContent(lot, pallet, version?.document ?? null, { timeZone, materialText });
  }
}
