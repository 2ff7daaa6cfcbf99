-- History on PostgreSQL alone: raw samples in one partition per UTC day, made ahead by the care of the
-- database, dropped when they are too old; one-minute rollups in one partition per month. A sample of a day
-- that has no partition (a clock gone wrong) goes to the default one rather than stopping the queue.

create table sample (
  time timestamptz not null,
  tag_id integer not null,
  -- The value, or the last known one where quality is not 0; null: nothing was known from here on.
  value double precision,
  -- 0 good, 1 uncertain, 2 stale, 3 bad.
  quality smallint not null,
  primary key (tag_id, time)
) partition by range (time);
create table sample_other partition of sample default;

create table sample_1m (
  time timestamptz not null,
  tag_id integer not null,
  min double precision,
  max double precision,
  -- Weighted by how long each value held within the minute.
  avg double precision,
  last double precision,
  -- Share of the samples that were good, 0..1.
  good_share real not null,
  count integer not null,
  primary key (tag_id, time)
) partition by range (time);
create table sample_1m_other partition of sample_1m default;
