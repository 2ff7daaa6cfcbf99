import type { BagRejectView, PalletsQuery, PalletView } from '../contract/packing.ts';
import type { PoolHandle } from '../db/pool-handle.ts';

interface PalletRow extends Record<string, unknown> {
  readonly pallet_id: string;
  readonly palletiser: string;
  readonly bagger: string | null;
  readonly order_id: string | null;
  readonly lot: string | null;
  readonly product_vi: string | null;
  readonly product_en: string | null;
  readonly bags: number;
  readonly net_kg: number | null;
  readonly bag_ids: string[];
  readonly time: Date;
}

interface RejectRow extends Record<string, unknown> {
  readonly reject_id: string;
  readonly bag_id: string | null;
  readonly bagger: string;
  readonly device: string;
  readonly cause: BagRejectView['cause'];
  readonly order_id: string | null;
  readonly lot: string | null;
  readonly time: Date;
}

const PALLETS = `
  select p.*, o.product_vi, o.product_en from pallet p left join orders o using (order_id)`;

function palletView(row: PalletRow): PalletView {
  const { product_vi: vi, product_en: en } = row;
  return {
    palletId: row.pallet_id,
    palletiser: row.palletiser,
    bagger: row.bagger,
    orderId: row.order_id,
    lot: row.lot,
    product: vi === null || en === null ? null : { vi, en },
    bags: row.bags,
    netKg: row.net_kg,
    bagIds: row.bag_ids,
    time: row.time.toISOString(),
  };
}

/** Pallets, newest first: of a lot, of an order, the one that a bag is on, or all. */
export async function listPallets(db: PoolHandle, query: PalletsQuery): Promise<PalletView[]> {
  const { lot, order, bag, before, limit } = query;
  const { rows } = await db.query<PalletRow>(
    `${PALLETS}
     where ($1::text is null or p.lot = $1) and ($2::text is null or p.order_id = $2)
       and ($3::text is null or p.bag_ids @> array[$3::text])
       and ($4::timestamptz is null or p.time < $4)
     order by p.time desc, p.pallet_id desc limit $5`,
    [lot ?? null, order ?? null, bag ?? null, before ?? null, limit],
  );
  return rows.map(palletView);
}

/** One pallet; null where none of that number is stored. */
export async function readPallet(db: PoolHandle, palletId: string): Promise<PalletView | null> {
  const { rows } = await db.query<PalletRow>(`${PALLETS} where p.pallet_id = $1`, [palletId]);
  const [row] = rows;
  return row === undefined ? null : palletView(row);
}

/** Bags that were thrown out, newest first: of a lot, of an order, one bag, or all. */
export async function listRejects(db: PoolHandle, query: PalletsQuery): Promise<BagRejectView[]> {
  const { lot, order, bag, before, limit } = query;
  const { rows } = await db.query<RejectRow>(
    `select * from bag_reject
     where ($1::text is null or lot = $1) and ($2::text is null or order_id = $2)
       and ($3::text is null or bag_id = $3) and ($4::timestamptz is null or time < $4)
     order by time desc, reject_id desc limit $5`,
    [lot ?? null, order ?? null, bag ?? null, before ?? null, limit],
  );
  return rows.map((row) => ({
    rejectId: row.reject_id,
    bagId: row.bag_id,
    bagger: row.bagger,
    device: row.device,
    cause: row.cause,
    orderId: row.order_id,
    lot: row.lot,
    time: row.time.toISOString(),
  }));
}
