import type { StockMove, StockMovesQuery, TruckView } from '../contract/stock.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { ListRequest } from './order-queries.ts';

interface MoveRow extends Record<string, unknown> {
  readonly stock_id: string;
  readonly cause: StockMove['cause'];
  readonly cause_id: string;
  readonly source: string | null;
  readonly destination: string | null;
  readonly material: string | null;
  readonly lot: string | null;
  readonly kg: number;
  readonly estimated: boolean;
  readonly by_user: string | null;
  readonly note: string | null;
  readonly time: Date;
}

/** What moved, newest first: of a lot, of a bin, of a cause, or all. */
export async function listMoves(db: PoolHandle, query: StockMovesQuery): Promise<StockMove[]> {
  const { lot, bin, cause, before, limit } = query;
  const { rows } = await db.query<MoveRow>(
    `select * from stock
     where ($1::text is null or lot = $1)
       and ($2::text is null or source = $2 or destination = $2)
       and ($3::text is null or cause_id = $3)
       and ($4::timestamptz is null or time < $4)
     order by time desc, stock_id desc limit $5`,
    [lot ?? null, bin ?? null, cause ?? null, before ?? null, limit],
  );
  return rows.map((row) => ({
    stockId: row.stock_id,
    cause: row.cause,
    causeId: row.cause_id,
    from: row.source,
    to: row.destination,
    material: row.material,
    lot: row.lot,
    kg: row.kg,
    estimated: row.estimated,
    by: row.by_user,
    note: row.note,
    time: row.time.toISOString(),
  }));
}

interface TruckRow extends Record<string, unknown> {
  readonly truck_id: string;
  readonly plate: string;
  readonly material: string;
  readonly supplier: string;
  readonly supplier_lot: string;
  readonly ticket_kg: number;
  readonly state: TruckView['state'];
  readonly gross_kg: number | null;
  readonly tare_kg: number | null;
  readonly net_kg: number | null;
  readonly pit: string | null;
  readonly lot: string | null;
  readonly destinations: TruckView['destinations'];
  readonly created_by: string;
  readonly booked: Date;
  readonly arrived: Date | null;
  readonly finished: Date | null;
}

/** Trucks, the one that was booked last first. */
export async function listTrucks(
  db: PoolHandle,
  { before, limit }: ListRequest,
): Promise<TruckView[]> {
  const { rows } = await db.query<TruckRow>(
    `select * from truck where ($1::timestamptz is null or booked < $1)
     order by booked desc, truck_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map((row) => ({
    truckId: row.truck_id,
    plate: row.plate,
    material: row.material,
    supplier: row.supplier,
    supplierLot: row.supplier_lot,
    ticketKg: row.ticket_kg,
    state: row.state,
    grossKg: row.gross_kg,
    tareKg: row.tare_kg,
    netKg: row.net_kg,
    pit: row.pit,
    lot: row.lot,
    destinations: row.destinations,
    createdBy: row.created_by,
    booked: row.booked.toISOString(),
    arrived: row.arrived?.toISOString() ?? null,
    finished: row.finished?.toISOString() ?? null,
  }));
}
