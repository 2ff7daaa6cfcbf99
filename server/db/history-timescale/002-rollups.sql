-- Rollups of an hour and of a day as continuous aggregates over those of a minute, with the names and columns
-- that they have on PostgreSQL alone (see there what `integral` and `known_s` are). They answer for the newest
-- hours too, which are not materialised yet. A refresh looks back less far than minutes are kept: what was
-- dropped there must not be taken for deleted here.

alter table sample_1m add column integral double precision;
alter table sample_1m add column known_s double precision;

create materialized view sample_1h
with (timescaledb.continuous, timescaledb.materialized_only = false) as
select time_bucket(interval '1 hour', time) as time, tag_id, min(min) as min, max(max) as max,
  sum(coalesce(integral, avg * 60))
    / nullif(sum(coalesce(known_s, case when avg is null then 0 else 60 end)), 0) as avg,
  last(last, time) as last,
  coalesce(sum(good_share * count) / nullif(sum(count), 0), 0)::real as good_share,
  sum(count) as count,
  sum(coalesce(integral, avg * 60)) as integral,
  sum(coalesce(known_s, case when avg is null then 0 else 60 end)) as known_s
from sample_1m group by 1, 2
with no data;

create materialized view sample_1d
with (timescaledb.continuous, timescaledb.materialized_only = false) as
select time_bucket(interval '1 day', time) as time, tag_id, min(min) as min, max(max) as max,
  sum(coalesce(integral, avg * 60))
    / nullif(sum(coalesce(known_s, case when avg is null then 0 else 60 end)), 0) as avg,
  last(last, time) as last,
  coalesce(sum(good_share * count) / nullif(sum(count), 0), 0)::real as good_share,
  sum(count) as count,
  sum(coalesce(integral, avg * 60)) as integral,
  sum(coalesce(known_s, case when avg is null then 0 else 60 end)) as known_s
from sample_1m group by 1, 2
with no data;

select add_continuous_aggregate_policy('sample_1h', start_offset => interval '400 days',
  end_offset => interval '1 hour', schedule_interval => interval '15 minutes');
select add_continuous_aggregate_policy('sample_1d', start_offset => interval '400 days',
  end_offset => interval '1 day', schedule_interval => interval '6 hours');
