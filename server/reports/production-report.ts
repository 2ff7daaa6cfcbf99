import type { Mill } from '../../plc/mill/definition.ts';
import type { ProductionReport } from '../contract/production-report.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import type { RecordedMinute } from './coverage.ts';
import { coveragePct } from './coverage.ts';
import type { DowntimeRow } from './downtime.ts';
import { downtimeLines } from './downtime.ts';
import { energyOf } from './energy.ts';
import { reportPeriod } from './period.ts';
import { DOSING, DOWNTIME, GIVEAWAY, PELLETING, PRODUCTS, RECORDED } from './production-sql.ts';

export interface ReportRequest {
  /** ISO date of the production day. */
  readonly day: string;
  /** 1..3; the whole day without it. */
  readonly shift?: number | undefined;
}

const STOPS_MAX = 20_000;

/** The product of a line, by its order; without one it is null, and the formula is empty. */
interface OfProduct extends Record<string, unknown> {
  readonly formula: string;
  readonly product_vi: string | null;
  readonly product_en: string | null;
}

interface ProductRow extends OfProduct {
  readonly orders: number;
  readonly batches: number;
  readonly dosed_kg: number;
  readonly bagged_kg: number;
  readonly bags: number;
  readonly bulk_kg: number;
}

interface PelletingRow extends OfProduct {
  readonly fed_kg: number;
  readonly kwh_per_t: number | null;
  readonly steam_kg_per_t: number;
  readonly mean_c: number | null;
  readonly chokes: number;
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

const productOf = ({ formula, product_vi: vi, product_en: en }: OfProduct) => ({
  formula,
  text: vi === null || en === null ? WITHOUT_ORDER : { vi, en },
});

const productLine = (row: ProductRow): ProductionReport['products'][number] => ({
  ...productOf(row),
  orders: row.orders,
  batches: row.batches,
  dosedT: row.dosed_kg / 1_000,
  baggedT: row.bagged_kg / 1_000,
  bags: row.bags,
  bulkT: row.bulk_kg / 1_000,
});

const pelletingLine = (row: PelletingRow): ProductionReport['pelleting'][number] => ({
  ...productOf(row),
  pressedT: row.fed_kg / 1_000,
  kWhPerT: row.kwh_per_t,
  steamKgPerT: row.steam_kg_per_t,
  meanC: row.mean_c,
  chokes: row.chokes,
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
 * What the mill made in a production day or shift, from the records of doses, batches, press runs,
 * bags, bulk loads and stops, and from the history of its energy counters.
 */
export async function productionReport(
  db: PoolHandle,
  mill: Pick<Mill, 'timeZone' | 'tags' | 'devices' | 'areas'>,
  { day, shift }: ReportRequest,
  nowMs = Date.now(),
): Promise<ProductionReport> {
  const period = reportPeriod(day, shift ?? null, mill.timeZone);
  const [from, to] = [period.fromMs, period.toMs].map((ms) => new Date(ms).toISOString());
  const window = [from, to];
  const [products, giveaway, dosing, pelleting, areas, downtime, recorded] = await Promise.all([
    db.query<ProductRow>(PRODUCTS, window),
    db.query<{ giveaway_g: number | null }>(GIVEAWAY, window),
    db.query<DosingRow>(DOSING, window),
    db.query<PelletingRow>(PELLETING, window),
    energyOf(db, mill, { ...period, toMs: Math.min(period.toMs, nowMs) }),
    db.query<DowntimeRow>(DOWNTIME, [...window, STOPS_MAX]),
    db.query<RecordedMinute>(RECORDED, window),
  ]);
  const lines = products.rows.map(productLine);
  const totals = {
    batches: sum(lines, (line) => line.batches),
    dosedT: sum(lines, (line) => line.dosedT),
    baggedT: sum(lines, (line) => line.baggedT),
    bags: sum(lines, (line) => line.bags),
    bulkT: sum(lines, (line) => line.bulkT),
  };
  const kWh = sum(areas, (area) => area.kWh);
  const madeT = totals.baggedT + totals.bulkT;
  return {
    day,
    shift: shift ?? null,
    from: from ?? '',
    to: to ?? '',
    timeZone: mill.timeZone,
    coveragePct: coveragePct(recorded.rows, period, nowMs),
    products: lines,
    totals: { ...totals, giveawayGPerBag: giveaway.rows[0]?.giveaway_g ?? null },
    dosing: dosing.rows.map(dosingLine),
    pelleting: pelleting.rows.map(pelletingLine),
    energy: { kWh, kWhPerT: madeT > 0 ? kWh / madeT : null, areas },
    downtime: downtimeLines(downtime.rows, period, nowMs),
  };
}
