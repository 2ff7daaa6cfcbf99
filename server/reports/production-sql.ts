/** Statements of the production report. `$1` from, `$2` to: from <= time < to. */

/**
 * By product: batches that finished, what was dosed, bagged and loaded as bulk. Counts what
 * happened in the period, whatever order it belongs to; without a known order it stands under the
 * empty formula.
 */
export const PRODUCTS = `
  with dosed as (
    select b.order_id, sum(d.actual_kg) as kg from dose d
    left join batch b using (batch_id)
    where d.ended >= $1 and d.ended < $2 group by b.order_id
  ), finished as (
    select order_id, count(*)::int as batches from batch
    where finished >= $1 and finished < $2 and state = 'Complete' group by order_id
  ), bagged as (
    select order_id, sum(net_kg) as kg, count(*)::int as bags from bag
    where time >= $1 and time < $2 group by order_id
  ), loaded as (
    select order_id, sum(net_kg) as kg from bulk_load
    where ended >= $1 and ended < $2 group by order_id
  ), made as (
    select order_id, 0 as batches, kg as dosed_kg, 0 as bagged_kg, 0 as bags, 0 as bulk_kg
    from dosed
    union all select order_id, batches, 0, 0, 0, 0 from finished
    union all select order_id, 0, 0, kg, bags, 0 from bagged
    union all select order_id, 0, 0, 0, 0, kg from loaded
  )
  select coalesce(o.formula_code, '') as formula,
    (array_agg(o.product_vi order by o.created desc))[1] as product_vi,
    (array_agg(o.product_en order by o.created desc))[1] as product_en,
    count(distinct m.order_id)::int as orders, sum(m.batches)::int as batches,
    sum(m.dosed_kg)::float8 as dosed_kg, sum(m.bagged_kg)::float8 as bagged_kg,
    sum(m.bags)::int as bags, sum(m.bulk_kg)::float8 as bulk_kg
  from made m left join orders o using (order_id)
  group by coalesce(o.formula_code, '') order by 1`;

/** Runs of presses that ended, by product. */
export const PELLETING = `
  select coalesce(o.formula_code, '') as formula,
    (array_agg(o.product_vi order by o.created desc))[1] as product_vi,
    (array_agg(o.product_en order by o.created desc))[1] as product_en,
    sum(r.fed_kg)::float8 as fed_kg,
    (1000 * sum(r.kwh) / nullif(sum(r.fed_kg) filter (where r.kwh is not null), 0))::float8
      as kwh_per_t,
    coalesce(1000 * sum(r.steam_kg) / nullif(sum(r.fed_kg), 0), 0)::float8 as steam_kg_per_t,
    (sum(r.mean_c * r.fed_kg)
      / nullif(sum(r.fed_kg) filter (where r.mean_c is not null), 0))::float8 as mean_c,
    sum(r.chokes)::int as chokes
  from press_run r left join orders o using (order_id)
  where r.ended >= $1 and r.ended < $2
  group by coalesce(o.formula_code, '') order by 1`;

/** Mean of (bag - target), g/bag, of the bags whose order is known. */
export const GIVEAWAY = `
  select (avg(g.net_kg - o.bag_kg) * 1000)::float8 as giveaway_g from bag g
  join orders o using (order_id) where g.time >= $1 and g.time < $2`;

export const DOSING = `
  select scale, material, count(*)::int as doses, sum(target_kg)::float8 as target_kg,
    sum(actual_kg)::float8 as actual_kg, avg(actual_kg - target_kg)::float8 as bias_kg,
    coalesce(stddev_samp(actual_kg - target_kg), 0)::float8 as sd_kg,
    (100.0 * count(*) filter (where abs(actual_kg - target_kg) <= tolerance_kg + 1e-9)
      / count(*))::float8 as in_tolerance_pct,
    sum(jogs)::int as jogs
  from dose where ended >= $1 and ended < $2 group by scale, material order by scale, material`;

/** Stops that touch the period; `$3` at most so many. */
export const DOWNTIME = `
  select unit, started, ended, reasons from downtime
  where started < $2 and (ended is null or ended > $1) order by started limit $3`;

/** Also what was recorded shortly before, since it holds into the period. */
export const RECORDED = `
  select (extract(epoch from minute) * 1000)::float8 as ms, ends from recorded_minute
  where minute >= $1::timestamptz - interval '16 minutes' and minute < $2 order by minute`;
