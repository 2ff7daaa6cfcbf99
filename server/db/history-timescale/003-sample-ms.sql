-- The time of a sample as ms since 1970, as it comes from the controller, in both storages (ADR 0024: a compressed
-- time in microseconds takes 4 bytes where samples are irregular, in ms 2). Samples that are there already are
-- copied; what was compressed is compressed again by the policy.

create table sample_new (
  -- UTC, ms since 1970.
  time bigint not null,
  tag_id integer not null,
  -- The value, or the last known one where quality is not 0; null: nothing was known from here on.
  value double precision,
  -- 0 good, 1 uncertain, 2 stale, 3 bad.
  quality smallint not null,
  primary key (tag_id, time)
);
select create_hypertable('sample_new', 'time', chunk_time_interval => 86400000);

insert into sample_new
select (extract(epoch from time) * 1000)::bigint, tag_id, value, quality from sample;

drop table sample;
alter table sample_new rename to sample;
alter index sample_new_pkey rename to sample_pkey;

create function history_now_ms() returns bigint language sql stable
  as 'select (extract(epoch from now()) * 1000)::bigint';
select set_integer_now_func('sample', 'history_now_ms');
alter table sample set (
  timescaledb.compress,
  timescaledb.compress_segmentby = 'tag_id',
  timescaledb.compress_orderby = 'time'
);
select add_compression_policy('sample', compress_after => bigint '604800000');
