/**
 * Edges of the genealogy, as rows (from_kind, from_id, to_kind, to_id, kg): a lot went into a
 * batch, a batch became a lot. Where stock is booked in layers, a dose's layers take the place of
 * the one lot that the dose names.
 */
function edges(): string {
  const doses = `
    select 'lot' as from_kind, d.lot as from_id, 'batch' as to_kind, d.batch_id as to_id,
      d.actual_kg as kg
    from dose d where d.lot is not null`;
  const made = `
    select 'batch', b.batch_id, 'lot', b.lot, b.actual_kg from batch b`;
  const layers = `
    select 'lot', s.lot, 'batch', d.batch_id, s.kg
    from stock s join dose d on d.dose_id = s.cause_id
    where s.cause = 'dose' and s.lot is not null`;
  return `${doses} and not exists (
      select from stock s where s.cause_id = d.dose_id and s.cause = 'dose' and s.lot is not null)
    union all ${layers} union all ${made}`;
}

const EDGES = edges();

/**
 * Everything that a lot or batch ($1 kind, $2 id) went into, or was made of: edges with their mass,
 * each once, by a walk that visits each node once however rework turns in circles. At most $3
 * edges.
 */
export function walkSql(direction: 'forward' | 'backward'): string {
  const [near, far] = direction === 'forward' ? ['from', 'to'] : ['to', 'from'];
  return `
    with recursive edge as not materialized (${EDGES}),
    reach (kind, id) as (
      select $1::text, $2::text
      union
      select e.${far}_kind, e.${far}_id
      from reach r join edge e on e.${near}_kind = r.kind and e.${near}_id = r.id
    )
    select e.from_kind, e.from_id, e.to_kind, e.to_id, sum(e.kg)::float8 as kg
    from reach r join edge e on e.${near}_kind = r.kind and e.${near}_id = r.id
    group by 1, 2, 3, 4 order by 1, 2, 3, 4 limit $3`;
}

/**
 * What a name that somebody typed or scanned is: a lot, a batch, an order, a bag, a pallet; or a
 * truck, by its number, plate or supplier's lot: of several lots of a plate the last one.
 */
export const FIND_SQL = `
  select kind, id from (
    select 1 as rank, 'lot' as kind, lot as id from orders where lot = $1
    union all select 2, 'batch', batch_id from batch where batch_id = $1
    union all select 3, 'lot', lot from orders where order_id = $1
    union all (select 4, 'lot', lot from dose where lot = $1 limit 1)
    union all select 5, 'lot', lot from bag where bag_id = $1 and lot is not null
    union all select 5, 'lot', lot from pallet where pallet_id = $1 and lot is not null
    union all (select 6, 'lot', lot from stock where lot = $1 limit 1)
    union all select 7, 'lot', lot from truck where truck_id = $1 and lot is not null
    union all select 8, 'lot', lot from bulk_load where load_id = $1 and lot is not null
    union all (select 9, 'lot', lot from movement where lot = $1 limit 1)
    union all (select 10, 'lot', lot from bulk_load
      where truck = $1 and lot is not null order by ended desc limit 1)
    union all (select 11, 'lot', lot from truck
      where (plate = $1 or supplier_lot = $1) and lot is not null order by booked desc limit 1)
  ) found order by rank limit 1`;

export const BATCH_SQL = `
  select b.batch_id, b.order_id, b.number, b.state, b.actual_kg, b.started, b.lot
  from batch b where b.batch_id = any($1)`;

/** Finished lots: the order that made each, for whom, and whether a drug is in it. */
export const PRODUCT_SQL = `
  select o.lot, o.order_id, o.product_vi, o.product_en, o.state, o.produced_kg,
    o.document->>'customer' as customer,
    coalesce(jsonb_path_exists(o.document, '$.items[*] ? (@.drug == true)'), false) as drug
  from orders o where o.lot = any($1)`;

/** Raw lots: their material, how much was dosed, and whether it is a drug. */
export const RAW_SQL = `
  select d.lot, min(d.material) as material, count(*)::int as doses, min(d.started) as first,
    max(d.ended) as last,
    coalesce(bool_or(jsonb_path_exists(o.document,
      '$.items[*] ? (@.drug == true && @.material == $m)',
      jsonb_build_object('m', d.material))), false) as drug
  from dose d left join batch b using (batch_id) left join orders o using (order_id)
  where d.lot = any($1) group by d.lot`;

export const BAG_SQL = `
  select lot, order_id, bagger, count(*)::int as bags, sum(net_kg) as kg,
    min(time) as first, max(time) as last
  from bag where lot = any($1) group by lot, order_id, bagger order by lot, bagger`;

/**
 * Where a lot lay and went: bins, presses, baggers, with the mass that the book of stock gives each
 * way; and ways of before there was a book.
 */
export const MOVEMENT_SQL = `
  select lot, source, destination, count(distinct cause_id)::int as times, sum(kg)::float8 as kg,
    min(time) as first, max(time) as last
  from stock
  where lot = any($1) and cause <> 'dose' and (source is not null or destination is not null)
  group by lot, source, destination
  union all
  select lot, source, destination, count(*)::int, sum(mass_kg)::float8, min(started), max(ended)
  from movement m
  where lot = any($1)
    and not exists (select from stock s where s.lot = m.lot and s.cause = 'movement'
      and s.source = m.source and s.destination = m.destination)
  group by lot, source, destination
  order by first limit 2000`;

/** Compartments of bulk trucks that the lots were loaded into. */
export const LOAD_SQL = `
  select lot, truck, order_id, count(*)::int as compartments, sum(net_kg)::float8 as kg,
    min(started) as first, max(ended) as last
  from bulk_load where lot = any($1) group by lot, truck, order_id order by first`;

/** Supplier's trucks that brought raw lots. */
export const TRUCK_SQL = `
  select truck_id, lot, plate, material, supplier, supplier_lot, net_kg, arrived
  from truck where lot = any($1) order by arrived`;

/**
 * Pallets of lots; those of the bag or pallet that was asked for ($2) come with all their bags.
 */
export const PALLET_SQL = `
  select p.pallet_id, p.lot, p.palletiser, p.bagger, p.bags, p.net_kg, p.time,
    asked, case when asked then p.bag_ids else '{}' end as bag_ids
  from pallet p, lateral (select p.pallet_id = $2 or p.bag_ids @> array[$2::text]) as a(asked)
  where p.lot = any($1) or asked order by asked desc, p.time, p.pallet_id limit 2000`;

/** Bags of lots that were thrown out, by their cause. */
export const REJECT_SQL = `
  select lot, bagger, cause, count(*)::int as bags
  from bag_reject where lot = any($1) group by lot, bagger, cause order by lot, bagger, cause`;
