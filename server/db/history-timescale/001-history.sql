-- History on TimescaleDB (2.17 to 2.30): the same tables and columns as on PostgreSQL alone, as hypertables.
-- Chunks older than a week are compressed by tag. Retention is the care's, so that one setting rules both.

create table sample (
  time timestamptz not null,
  tag_id integer not null,
  value double precision,
  quality smallint not null,
  primary key (tag_id, time)
);
select create_hypertable('sample', 'time', chunk_time_interval => interval '1 day');
alter table sample set (
  timescaledb.compress,
  timescaledb.compress_segmentby = 'tag_id',
  timescaledb.compress_orderby = 'time'
);
select add_compression_policy('sample', interval '7 days');

create table sample_1m (
  time timestamptz not null,
  tag_id integer not null,
  min double precision,
  max double precision,
  avg double precision,
  last double precision,
  good_share real not null,
  count integer not null,
  primary key (tag_id, time)
);
select create_hypertable('sample_1m', 'time', chunk_time_interval => interval '30 days');
alter table sample_1m set (
  timescaledb.compress,
  timescaledb.compress_segmentby = 'tag_id',
  timescaledb.compress_orderby = 'time'
);
select add_compression_policy('sample_1m', interval '60 days');
