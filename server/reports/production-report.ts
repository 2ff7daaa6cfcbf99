import type { Mill } from '../../plc/mill/definition.ts';
import type { ProductionReport } from '../contract/rest.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { RecordedMinute } from './coverage.ts';
import { coveragePct } from './coverage.ts';
import type { DowntimeRow } from './downtime.ts';
import { downtimeLines } from './downtime.ts';
import { reportPeriod } from './period.ts';
import { DOSING, DOWNTIME, GIVEAWAY, PRODUCTS, RECORDED } from './production-sql.ts';

export interface ReportRequest {
  /** ISO date of the production day. */
  readonly day: string;
  /** 1..3; the whole day without it. */
  readonly shift?: number | undefined;
}

const STOPS_MAX = 20_000;

interface ProductRow extends Record<string, unknown> {
  readonly formula: string;
  readonly product_vi: string | null;
  readonly product_en: string | null;
  readonly orders: number;
  readonly batches: number;
  readonly dosed_kg: number;
  readonly bagged_kg: number;
  readonly bags: number;
}

interface DosingRow extends Record<string, unknown> {
  readonly scale: string;
  readonly material: string;
  readonly doses: number;
  readonly target_kg: number;
  readonly actual_kg: number;
  readonly bias_kg: number;
  readonly sd_kg: number;
  readonly in_tolerance_pct: number;
  readonly jogs: number;
}

const WITHOUT_ORDER = { vi: 'Không thuộc lệnh nào', en: 'Without an order' };

const productLine = (row: ProductRow): ProductionReport['products'][number] => ({
  formula: row.formula,
  text:
    row.product_vi === null || row.product_en === null
      ? WITHOUT_ORDER
      : { vi: row.product_vi, en: row.product_en },
  orders: row.orders,
  batches: row.batches,
  dosedT: row.dosed_kg / 1_000,
  baggedT: row.bagged_kg / 1_000,
  bags: row.bags,
});

const dosingLine = (row: DosingRow): ProductionReport['dosing'][number] => ({
  scale: row.scale,
  material: row.material,
  doses: row.doses,
  targetKg: row.target_kg,
  actualKg: row.actual_kg,
  biasKg: row.bias_kg,
  sdKg: row.sd_kg,
  inTolerancePct: row.in_tolerance_pct,
  jogs: row.jogs,
});

const sum = <T>(list: readonly T[], of: (item: T) => number) =>
  list.reduce((total, item) => total + of(item), 0);

/**
 * What the mill made in a production day or shift, from the records of doses, batches, bags and
 * stops.
 */
export async function productionReport(
  db: PoolHandle,
  mill: Pick<Mill, 'timeZone'>,
  { day, shift }: ReportRequest,
  nowMs = Date.now(),
): Promise<ProductionReport> {
  const period = reportPeriod(day, shift ?? null, mill.timeZone);
  const [from, to] = [period.fromMs, period.toMs].map((ms) => new Date(ms).toISOString());
  const window = [from, to];
  const [products, giveaway, dosing, downtime, recorded] = await Promise.all([
    db.query<ProductRow>(PRODUCTS, window),
    db.query<{ giveaway_g: number | null }>(GIVEAWAY, window),
    db.query<DosingRow>(DOSING, window),
    db.query<DowntimeRow>(DOWNTIME, [...window, STOPS_MAX]),
    db.query<RecordedMinute>(RECORDED, window),
  ]);
  const lines = products.rows.map(productLine);
  return {
    day,
    shift: shift ?? null,
    from: from ?? '',
    to: to ?? '',
    timeZone: mill.timeZone,
    coveragePct: coveragePct(recorded.rows, period, nowMs),
    products: lines,
    totals: {
      batches: sum(lines, (line) => line.batches),
      dosedT: sum(lines, (line) => line.dosedT),
      baggedT: sum(lines, (line) => line.baggedT),
      bags: sum(lines, (line) => line.bags),
      giveawayGPerBag: giveaway.rows[0]?.giveaway_g ?? null,
    },
    dosing: dosing.rows.map(dosingLine),
    downtime: downtimeLines(downtime.rows, period, nowMs),
  };
}
