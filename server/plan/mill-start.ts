import type { Mill } from '../../plc/mill/definition.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Database } from '../auth/database.ts';
import type { StockDocuments } from '../planning/mill-stock.ts';
import { stockOf, usableKg } from '../planning/mill-stock.ts';
import type { BinContent, PlanStart } from '../planning/plan-types.ts';
import type { MadeOrder } from '../planning/traces.ts';
import { tracesOf } from '../planning/traces.ts';
import type { MillWays } from '../planning/ways.ts';
import type { TagStore } from '../tags/tag-store.ts';

/** So many orders back what lies in bins and on ways is looked for. */
const ORDERS_MAX = 500;
/** Ten batches an hour (DOMAIN 8) until the line itself has told better. */
const BATCH_MS = 360_000;

async function madeOrders(database: Database): Promise<MadeOrder[]> {
  const { rows } = await database.query<{
    document: Order;
    finished: Date | null;
    started: Date | null;
    dosed_kg: number;
  }>(
    `select document, finished, started, dosed_kg from orders
     order by coalesce(started, created) desc limit $1`,
    [ORDERS_MAX],
  );
  return rows.reverse().map(({ document, finished, started, dosed_kg: dosedKg }) => ({
    order: document,
    isOver: finished !== null,
    hasStarted: started !== null,
    dosedKg,
  }));
}

/** Mass in a bin by its level; null where the level is not good. */
function kgIn(mill: Mill, tags: TagStore, id: string): number | null {
  const device = mill.deviceById.get(id);
  const index = tags.indexOf(`${id}.LevelPct`);
  if (device?.type !== 'bin' || index === null) return null;
  const level = tags.at(index);
  if (level.quality !== 'good' || typeof level.value !== 'number') return null;
  const { capacityKg } = device.settings;
  return Math.max(0, (level.value * capacityKg) / 100);
}

/** Whether the low switch says that a bin is empty; null where it is not good. */
function isLow(tags: TagStore, id: string): boolean | null {
  const index = tags.indexOf(`${id}.Low`);
  const low = index === null ? null : tags.at(index);
  return low?.quality === 'good' ? low.value === true : null;
}

function finishedBins(
  mill: Mill,
  ways: MillWays,
  tags: TagStore,
  made: readonly MadeOrder[],
): Map<string, BinContent> {
  const last = new Map(made.map(({ order }) => [order.destination, order]));
  return new Map(
    [...ways.finishedKg.keys()].map((bin) => {
      const low = isLow(tags, bin);
      const order = last.get(bin) ?? null;
      const isGoingThere = made.some((one) => !one.isOver && one.order.destination === bin);
      const kg = low === null ? null : low && !isGoingThere ? 0 : kgIn(mill, tags, bin);
      const formulaCode = order?.formulaCode ?? null;
      return [bin, { formulaCode, nature: order?.nature ?? null, kg }];
    }),
  );
}

/** Until when each line has work, ms UTC. */
function busyUntil(ways: MillWays, made: readonly MadeOrder[], nowMs: number): Map<string, number> {
  const busy = new Map<string, number>();
  for (const { order, isOver, dosedKg } of made) {
    const line = ways.lines.find(({ id }) => id === order.line);
    if (isOver || line === undefined) continue;
    const batches = Math.max(0, order.orderKg - dosedKg) / line.batchKg;
    busy.set(line.id, (busy.get(line.id) ?? nowMs) + batches * BATCH_MS);
  }
  return busy;
}

/** Where the plan starts: the mill as its signals and records tell it now. */
export async function millStart(
  parts: {
    readonly mill: Mill;
    readonly ways: MillWays;
    readonly tags: TagStore;
    readonly database: Database;
    readonly documents: () => StockDocuments;
  },
  diesMm: ReadonlyMap<string, number>,
  nowMs: number,
): Promise<PlanStart> {
  const { mill, ways, tags, database } = parts;
  const made = await madeOrders(database);
  return {
    nowMs,
    finished: finishedBins(mill, ways, tags, made),
    traces: tracesOf(mill.carryOver, made, ways.baggers),
    diesMm,
    screenMm: null,
    stockKg: stockOf(mill, (bin) => usableKg(parts.documents(), bin, kgIn(mill, tags, bin))),
    busyUntilMs: busyUntil(ways, made, nowMs),
  };
}
