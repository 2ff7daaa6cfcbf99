/** Statements that read history. `$1` tag id, `$2` from, `$3` to, both as ISO 8601. */

const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** The last sample before the window. */
export const LAST_BEFORE = `
  select ${MS('time')} as time_ms, value, quality from sample
  where tag_id = $1 and time < $2 and time >= $2::timestamptz - interval '1 day'
  order by time desc limit 1`;

/** `$4`: at most so many. */
export const RAW = `
  select ${MS('time')} as time_ms, value, quality from sample
  where tag_id = $1 and time >= $2 and time <= $3 order by time limit $4`;

/**
 * `$4`: width of a bucket. Least and greatest of each bucket at their own times, a bucket's worst
 * quality, and a gap where the bucket ends with one.
 */
export const BUCKETS_RAW = `
  with bucket as (
    select
      (array_agg(time order by value, time) filter (where value is not null))[1] as low_time,
      min(value) as low,
      (array_agg(time order by value desc, time) filter (where value is not null))[1] as high_time,
      max(value) as high,
      max(quality) filter (where value is not null) as quality,
      max(time) as end_time,
      (array_agg(value order by time desc))[1] is null as ends_unknown
    from sample where tag_id = $1 and time >= $2 and time <= $3
    group by date_bin($4::interval, time, $2::timestamptz)
  )
  select ${MS('low_time')} as time_ms, low as value, quality from bucket where low is not null
  union
  select ${MS('high_time')}, high, quality from bucket where high is not null
  union
  select ${MS('end_time')}, null, 3 from bucket where ends_unknown
  order by time_ms`;

/**
 * The same from the one-minute rollups, for wide windows; a minute's extremes stand at its
 * beginning.
 */
export const BUCKETS_ROLLED_UP = `
  with minute as (
    select date_bin($4::interval, time, $2::timestamptz) as bin, time, min, max, last, good_share,
      lead(time) over (order by time) as next_time
    from sample_1m where tag_id = $1 and time >= $2 and time <= $3
  ), bucket as (
    select
      (array_agg(time order by min, time) filter (where min is not null))[1] as low_time,
      min(min) as low,
      (array_agg(time order by max desc, time) filter (where max is not null))[1] as high_time,
      max(max) as high,
      case when min(good_share) < 1 then 1 else 0 end as quality,
      max(time) as end_time,
      (array_agg(last order by time desc))[1] is null
        or (array_agg(next_time order by time desc))[1] - max(time) > interval '17 minutes'
        as ends_unknown
    from minute group by bin
  )
  select ${MS('low_time')} as time_ms, low as value, quality from bucket where low is not null
  union
  select ${MS(`high_time + interval '1 ms'`)}, high, quality from bucket where high > low
  union
  select ${MS(`end_time + interval '59 s'`)}, null, 3 from bucket where ends_unknown
  order by time_ms`;
