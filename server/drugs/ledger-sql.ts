/**
 * Drug lots with their book at the start and what moved in the period. $1 drug materials, $2 from,
 * $3 to. The book begins anew at each count.
 */
export const LOTS_SQL = `
  with lots as (
    select lot, min(material) as material from (
      select lot, material from drug_entry where time < $3
      union all
      select coalesce(lot, '?'), material from dose where material = any($1) and ended < $3
    ) known group by lot
  ), opened as (
    select l.lot, l.material, c.time as counted, coalesce(c.kg, 0) as kg
    from lots l left join lateral (
      select time, kg from drug_entry e
      where e.lot = l.lot and e.kind = 'count' and e.time < $2 order by time desc limit 1
    ) c on true
  )
  select o.lot, o.material, o.kg
    + coalesce((select sum(kg) from drug_entry e where e.lot = o.lot and e.kind = 'receipt'
        and e.time < $2 and e.time > coalesce(o.counted, '-infinity')), 0)
    - coalesce((select sum(actual_kg) from dose d where coalesce(d.lot, '?') = o.lot
        and d.material = any($1) and d.ended < $2
        and d.ended > coalesce(o.counted, '-infinity')), 0) as opening
  from opened o order by o.material, o.lot`;

/** Receipts and counts of the period ($1 from, $2 to), in their order. */
export const ENTRIES_SQL = `
  select lot, kind, kg, time from drug_entry where time >= $1 and time < $2 order by time`;

/** Doses of drugs in the period ($1 materials, $2 from, $3 to). */
export const USES_SQL = `
  select coalesce(d.lot, '?') as lot, d.batch_id, coalesce(b.order_id, '') as order_id,
    d.target_kg, d.actual_kg as kg, d.ended as time
  from dose d left join batch b using (batch_id)
  where d.material = any($1) and d.ended >= $2 and d.ended < $3 order by d.ended`;

const MEDICATED = `jsonb_path_exists(o.document, '$.items[*] ? (@.drug == true)')`;

/**
 * Medicated orders that ended before $2 and are not released, and those whose release fell into the
 * period from $1. At most 500, the oldest first.
 */
export const ORDERS_SQL = `
  select o.order_id, o.lot, o.product_vi, o.product_en, o.finished,
    p.by_user as proposed_by, c.by_user as confirmed_by
  from orders o
  left join reconciliation p on p.order_id = o.order_id and p.step = 'proposed'
  left join reconciliation c on c.order_id = o.order_id and c.step = 'confirmed'
  where ${MEDICATED} and o.finished < $2 and o.dosed_kg > 0
    and (c.time is null or c.time >= $1)
  order by o.finished limit 500`;

/** What medicated orders ($2) used of each drug lot ($1 materials). */
export const ORDER_USES_SQL = `
  select b.order_id, coalesce(d.lot, '?') as lot, d.material,
    sum(d.target_kg) as target_kg, sum(d.actual_kg) as used_kg
  from dose d join batch b using (batch_id)
  where d.material = any($1) and b.order_id = any($2) group by 1, 2, 3 order by 1, 3, 2`;

/** An ended medicated order ($1) and the steps of its reconciliation. */
export const ORDER_SQL = `
  select o.order_id, p.by_user as proposed_by, c.by_user as confirmed_by
  from orders o
  left join reconciliation p on p.order_id = o.order_id and p.step = 'proposed'
  left join reconciliation c on c.order_id = o.order_id and c.step = 'confirmed'
  where o.order_id = $1 and o.finished is not null and ${MEDICATED}`;

/** Whether an order ($1), ended or not, holds a drug, and whether two persons reconciled it. */
export const RELEASE_SQL = `
  select ${MEDICATED} as medicated, c.order_id is not null as confirmed
  from orders o
  left join reconciliation c on c.order_id = o.order_id and c.step = 'confirmed'
  where o.order_id = $1`;

/** Orders by line in the sequence in which they began, with the one before ($1 from, $2 to). */
export const SEQUENCE_SQL = `
  select * from (
    select line, order_id, lot, product_vi, product_en, started, dosed_kg,
      coalesce(document->>'kind', 'feed') as kind,
      coalesce(document->'nature'->>'drugClass', 'none') as drug_class,
      lag(coalesce(document->'nature'->>'drugClass', 'none')) over turn as after_class,
      lag(coalesce(document->>'kind', 'feed')) over turn as after_kind
    from orders where started < $2 and started >= $1::timestamptz - interval '7 days'
    window turn as (partition by line order by started, order_id)
  ) day where started >= $1 order by line, started`;
