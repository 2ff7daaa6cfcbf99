-- The time of a sample as ms since 1970, as it comes from the controller, in both storages (ADR 0024: TimescaleDB
-- keeps it in half the bytes of a time in microseconds). Samples that are there already are copied, a partition at
-- a time.

create table sample_new (
  -- UTC, ms since 1970.
  time bigint not null,
  tag_id integer not null,
  -- The value, or the last known one where quality is not 0; null: nothing was known from here on.
  value double precision,
  -- 0 good, 1 uncertain, 2 stale, 3 bad.
  quality smallint not null,
  primary key (tag_id, time)
) partition by range (time);

do $$
declare
  part record;
  begins bigint;
begin
  for part in
    select c.relname as name, substring(c.relname from '^sample_(\d{8})$') as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'sample'::regclass order by 1
  loop
    if part.day is null then
      execute format('create table sample_new_%s partition of sample_new default', part.name);
    else
      begins := extract(epoch from (part.day || ' 00:00+00')::timestamptz) * 1000;
      execute format('create table sample_new_%s partition of sample_new for values from (%s) to (%s)',
        part.name, begins, begins + 86400000);
    end if;
    execute format('insert into sample_new select (extract(epoch from time) * 1000)::bigint, tag_id, value, quality
      from %I', part.name);
    execute format('drop table %I', part.name);
    execute format('alter table sample_new_%s rename to %I', part.name, part.name);
  end loop;
end
$$;

drop table sample;
alter table sample_new rename to sample;
alter index sample_new_pkey rename to sample_pkey;
-- Rolling up reads all tags of some minutes; the primary key begins with the tag.
create index sample_time on sample using brin (time) with (pages_per_range = 32, autosummarize = on);
