import type { Trace } from '../contract/trace.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import { PALLET_SQL, REJECT_SQL } from './trace-sql.ts';

interface PalletRow extends Record<string, unknown> {
  readonly pallet_id: string;
  readonly lot: string | null;
  readonly palletiser: string;
  readonly bagger: string | null;
  readonly bags: number;
  readonly net_kg: number | null;
  readonly time: Date;
  readonly asked: boolean;
  readonly bag_ids: string[];
}

type RejectRow = Trace['rejects'][number] & Record<string, unknown>;

/** Where the bags of lots are now: on which pallets, and which were thrown out before. */
export async function readPacked(
  db: PoolHandle,
  lots: readonly string[],
  asked: string,
): Promise<Pick<Trace, 'pallets' | 'rejects'>> {
  const [pallets, rejects] = await Promise.all([
    db.query<PalletRow>(PALLET_SQL, [lots, asked]),
    db.query<RejectRow>(REJECT_SQL, [lots]),
  ]);
  return {
    pallets: pallets.rows.map((row) => ({
      palletId: row.pallet_id,
      lot: row.lot,
      palletiser: row.palletiser,
      bagger: row.bagger,
      bags: row.bags,
      netKg: row.net_kg,
      time: row.time.toISOString(),
      asked: row.asked,
      bagIds: row.bag_ids,
    })),
    rejects: rejects.rows,
  };
}
