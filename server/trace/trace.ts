import type { Mill } from '../../plc/mill/definition.ts';
import type { Trace, TraceNode } from '../contract/trace.ts';
import type { PoolHandle } from '../db/pool-handle.ts';
import { readPacked } from './packed.ts';
import * as sql from './trace-sql.ts';

/** Most edges of one answer, each way; a lot of maize in 2,000 batches stays below. */
const EDGES_MAX = 20_000;

type Row = Record<string, unknown>;

interface Edge extends Row {
  readonly from_kind: 'lot' | 'batch';
  readonly from_id: string;
  readonly to_kind: 'lot' | 'batch';
  readonly to_id: string;
  readonly kg: number;
}

interface BatchRow extends Row {
  readonly batch_id: string;
  readonly order_id: string;
  readonly actual_kg: number;
  readonly started: Date;
}

interface ProductRow extends Row {
  readonly lot: string;
  readonly order_id: string;
  readonly product_vi: string;
  readonly product_en: string;
  readonly produced_kg: number;
  readonly customer: string | null;
  readonly drug: boolean;
}

interface RawRow extends Row {
  readonly lot: string;
  readonly material: string;
  readonly doses: number;
  readonly first: Date;
  readonly last: Date;
  readonly drug: boolean;
}

interface BagRow extends Row {
  readonly lot: string;
  readonly order_id: string | null;
  readonly bagger: string;
  readonly bags: number;
  readonly kg: number;
  readonly first: Date;
  readonly last: Date;
}

interface MovementRow extends Row {
  readonly lot: string;
  readonly source: string | null;
  readonly destination: string | null;
  readonly times: number;
  readonly kg: number | null;
  readonly first: Date;
  readonly last: Date;
}

interface TruckRow extends Row {
  readonly truck_id: string;
  readonly lot: string;
  readonly plate: string;
  readonly material: string;
  readonly supplier: string;
  readonly supplier_lot: string;
  readonly net_kg: number | null;
  readonly arrived: Date | null;
}

interface LoadRow extends Row {
  readonly lot: string;
  readonly truck: string;
  readonly order_id: string | null;
  readonly compartments: number;
  readonly kg: number;
  readonly first: Date;
  readonly last: Date;
}

interface Found {
  readonly batches: readonly BatchRow[];
  readonly products: readonly ProductRow[];
  readonly raws: readonly RawRow[];
  readonly bags: readonly BagRow[];
  readonly movements: readonly MovementRow[];
  readonly trucks: readonly TruckRow[];
  readonly loads: readonly LoadRow[];
}

const PLAIN = {
  text: null,
  kg: null,
  count: null,
  from: null,
  to: null,
  drug: false,
  orderId: null,
};
const iso = (time: Date | null) => time?.toISOString() ?? null;

/**
 * Traces lots one step and every step back and forward: raw lot, batches, finished lots, bags and
 * customers; what was reworked turns through as often as it was.
 */
export class Tracer {
  readonly #db: PoolHandle;
  readonly #mill: Mill;

  constructor(db: PoolHandle, mill: Mill) {
    this.#db = db;
    this.#mill = mill;
  }

  /** The genealogy of a lot, batch, order, bag or pallet; null where nothing is so named. */
  async trace(name: string): Promise<Trace | null> {
    const { rows } = await this.#db.query<{ kind: string; id: string }>(sql.FIND_SQL, [name]);
    const [start] = rows;
    if (start === undefined) return null;
    const walk = (direction: 'forward' | 'backward') =>
      this.#db.query<Edge>(sql.walkSql(direction), [start.kind, start.id, EDGES_MAX + 1]);
    const ways = await Promise.all([walk('backward'), walk('forward')]);
    const edges = ways.flatMap((way) => way.rows.slice(0, EDGES_MAX));
    const truncated = ways.some((way) => way.rows.length > EDGES_MAX);
    const nodes = [...edges.flatMap(endsOf), start];
    const idsOf = (kind: string) => [
      ...new Set(nodes.filter((node) => node.kind === kind).map(({ id }) => id)),
    ];
    const found = await this.#read(idsOf('lot'), idsOf('batch'));
    const packed = await readPacked(this.#db, idsOf('lot'), name);
    const drawn = { ...this.#draw(found, edges), ...packed };
    return { ...drawn, start: nodeId(start.kind, start.id, found), truncated };
  }

  async #read(lots: string[], batchIds: string[]): Promise<Found> {
    const read = async <R extends Row>(text: string, ids: string[]) =>
      (await this.#db.query<R>(text, [ids])).rows;
    const [batches, products, raws, bags, movements, trucks, loads] = await Promise.all([
      read<BatchRow>(sql.BATCH_SQL, batchIds),
      read<ProductRow>(sql.PRODUCT_SQL, lots),
      read<RawRow>(sql.RAW_SQL, lots),
      read<BagRow>(sql.BAG_SQL, lots),
      read<MovementRow>(sql.MOVEMENT_SQL, lots),
      read<TruckRow>(sql.TRUCK_SQL, lots),
      read<LoadRow>(sql.LOAD_SQL, lots),
    ]);
    return { batches, products, raws, bags, movements, trucks, loads };
  }

  #draw(found: Found, edges: readonly Edge[]): Pick<Trace, 'nodes' | 'edges' | 'movements'> {
    const { products, bags, trucks, movements, loads } = found;
    const customers = products.filter(({ customer }) => customer !== null);
    return {
      nodes: this.#nodes(found),
      edges: [
        ...trucks.map((one) => ({
          from: `supplier:${one.truck_id}`,
          to: nodeId('lot', one.lot, found),
          kg: one.net_kg,
        })),
        ...uniqueEdges(edges, found),
        ...bags.map((one) => ({
          from: nodeId('lot', one.lot, found),
          to: bagsId(one),
          kg: one.kg,
        })),
        ...loads.map((one) => ({
          from: nodeId('lot', one.lot, found),
          to: loadId(one),
          kg: one.kg,
        })),
        ...customers.flatMap((one) => customerEdges(one, bags, loads)),
      ],
      movements: movements.map((one) => ({
        lot: one.lot,
        from: one.source,
        to: one.destination,
        times: one.times,
        kg: one.kg,
        first: one.first.toISOString(),
        last: one.last.toISOString(),
      })),
    };
  }

  #nodes({ batches, products, raws, bags, trucks, loads }: Found): TraceNode[] {
    const made = new Map(products.map((one) => [one.lot, one]));
    const drugOrders = new Set(products.filter(({ drug }) => drug).map((one) => one.order_id));
    const customers = [...new Set(products.flatMap(({ customer }) => customer ?? []))];
    return [
      ...trucks.map((one) => ({
        ...PLAIN,
        id: `supplier:${one.truck_id}`,
        kind: 'supplier' as const,
        label: `${one.plate} · ${one.supplier} · ${one.supplier_lot}`,
        kg: one.net_kg,
        from: iso(one.arrived),
      })),
      ...[...raws, ...undosed(raws, trucks)]
        .filter(({ lot }) => !made.has(lot))
        .map((one) => this.#raw(one)),
      ...batches.map((one) => ({
        ...PLAIN,
        id: `batch:${one.batch_id}`,
        kind: 'batch' as const,
        label: one.batch_id,
        kg: one.actual_kg,
        from: iso(one.started),
        drug: drugOrders.has(one.order_id),
        orderId: one.order_id,
      })),
      ...products.map((one) => ({
        ...PLAIN,
        id: `product:${one.lot}`,
        kind: 'product' as const,
        label: one.lot,
        text: { vi: one.product_vi, en: one.product_en },
        kg: one.produced_kg,
        drug: one.drug,
        orderId: one.order_id,
      })),
      ...bags.map((one) => bagsNode(one, made.get(one.lot)?.drug ?? false)),
      ...loads.map((one) => loadNode(one, made.get(one.lot)?.drug ?? false)),
      ...customers.map((label) => ({
        ...PLAIN,
        id: `customer:${label}`,
        kind: 'customer' as const,
        label,
      })),
    ];
  }

  #raw(one: RawRow): TraceNode {
    const material = this.#mill.materials.find(({ code }) => code === one.material);
    return {
      ...PLAIN,
      id: `raw:${one.lot}`,
      kind: 'raw',
      label: one.lot,
      text: material?.text ?? { vi: one.material, en: one.material },
      count: one.doses,
      from: iso(one.first),
      to: iso(one.last),
      drug: one.drug,
    };
  }
}

/** Lots that trucks brought and nobody has dosed yet. */
function undosed(raws: readonly RawRow[], trucks: readonly TruckRow[]): RawRow[] {
  const known = new Set(raws.map(({ lot }) => lot));
  return trucks
    .filter(({ lot }) => !known.has(lot))
    .map(({ lot, material, arrived }) => {
      const at = arrived ?? new Date(0);
      return { lot, material, doses: 0, first: at, last: at, drug: false };
    });
}

const loadId = (one: LoadRow) => `truck:${one.truck}/${one.lot}`;

function loadNode(one: LoadRow, drug: boolean): TraceNode {
  return {
    ...PLAIN,
    id: loadId(one),
    kind: 'truck',
    label: one.truck,
    kg: one.kg,
    count: one.compartments,
    from: iso(one.first),
    to: iso(one.last),
    drug,
    orderId: one.order_id,
  };
}

const bagsId = (one: BagRow) => `bags:${one.lot}/${one.bagger}/${one.order_id}`;

function bagsNode(one: BagRow, drug: boolean): TraceNode {
  return {
    ...PLAIN,
    id: bagsId(one),
    kind: 'bags',
    label: one.bagger,
    kg: one.kg,
    count: one.bags,
    from: iso(one.first),
    to: iso(one.last),
    drug,
    orderId: one.order_id,
  };
}

/** A lot that an order made is a product, also where it is dosed again. */
function nodeId(kind: string, id: string, { products }: Found): string {
  if (kind === 'batch') return `batch:${id}`;
  return products.some(({ lot }) => lot === id) ? `product:${id}` : `raw:${id}`;
}

const endsOf = (edge: Edge) => [
  { kind: edge.from_kind, id: edge.from_id },
  { kind: edge.to_kind, id: edge.to_id },
];

/** Both walks meet where rework turns in a circle: each edge once. */
function uniqueEdges(edges: readonly Edge[], found: Found): Trace['edges'] {
  const made = new Set(found.products.map(({ lot }) => lot));
  const idOf = (kind: string, id: string) =>
    kind === 'batch' ? `batch:${id}` : `${made.has(id) ? 'product' : 'raw'}:${id}`;
  const drawn = edges.map((edge) => ({
    from: idOf(edge.from_kind, edge.from_id),
    to: idOf(edge.to_kind, edge.to_id),
    kg: edge.kg,
  }));
  return [...new Map(drawn.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

/**
 * The bags and truck loads of a lot went to its order's customer; without any the lot itself did.
 */
function customerEdges(
  one: ProductRow,
  bags: readonly BagRow[],
  loads: readonly LoadRow[],
): Trace['edges'] {
  const to = `customer:${one.customer}`;
  const ways = [
    ...bags.filter(({ lot }) => lot === one.lot).map((group) => [bagsId(group), group.kg] as const),
    ...loads.filter(({ lot }) => lot === one.lot).map((load) => [loadId(load), load.kg] as const),
  ];
  if (ways.length === 0) return [{ from: `product:${one.lot}`, to, kg: one.produced_kg }];
  return ways.map(([from, kg]) => ({ from, to, kg }));
}
