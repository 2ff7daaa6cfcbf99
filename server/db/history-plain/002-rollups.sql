-- Rollups of an hour and of a day beside those of a minute. A minute has a row only where a tag had a sample, so
-- a row also carries the silence before it: `integral` is value times seconds and `known_s` how many seconds a
-- value was known, both since the tag's row before it within the same UTC hour. An hour that ends in silence is
-- closed by a row of its last minute with count 0. So the sums over the rows of an hour are those of the whole
-- hour. Rows of before this migration have neither and count as their own minute.

alter table sample_1m add column integral double precision, add column known_s double precision;

-- Rolling up reads all tags of some minutes; the primary key begins with the tag.
create index sample_time on sample using brin (time) with (pages_per_range = 32, autosummarize = on);
create index sample_1m_time on sample_1m using brin (time) with (pages_per_range = 32, autosummarize = on);

create table sample_1h (
  time timestamptz not null,
  tag_id integer not null,
  min double precision,
  max double precision,
  avg double precision,
  last double precision,
  good_share real not null,
  count bigint not null,
  integral double precision,
  known_s double precision,
  primary key (tag_id, time)
) partition by range (time);
create table sample_1h_other partition of sample_1h default;
create index sample_1h_time on sample_1h using brin (time) with (pages_per_range = 32, autosummarize = on);

create table sample_1d (
  time timestamptz not null,
  tag_id integer not null,
  min double precision,
  max double precision,
  avg double precision,
  last double precision,
  good_share real not null,
  count bigint not null,
  integral double precision,
  known_s double precision,
  primary key (tag_id, time)
) partition by range (time);
create table sample_1d_other partition of sample_1d default;

-- Which hours have minutes that were rolled up since the hour itself was.
create table recorded_hour (
  hour timestamptz primary key,
  changes bigint not null,
  rolled_up bigint not null default 0,
  rolled_up_at timestamptz
);
create index recorded_hour_due on recorded_hour (hour) where rolled_up < changes;
-- What was rolled up by the minute before is due by the hour.
insert into recorded_hour (hour, changes)
select distinct date_bin('1 hour', minute, timestamptz '2000-01-01 00:00+00'), 1 from recorded_minute
where rolled_up > 0;
