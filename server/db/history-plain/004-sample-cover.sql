-- The key of a sample carries its value: samples lie in the order in which they came, so those of one tag are on as
-- many pages as there were seconds. A day of one tag is read from a few hundred pages of the key alone, once these
-- have been vacuumed; partitions of samples are vacuumed after each fiftieth of them. The keys of partitions that
-- are there already are made anew.

alter table sample drop constraint sample_pkey;
alter table sample add constraint sample_pkey primary key (tag_id, time) include (value, quality);

do $$
declare
  part text;
begin
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'sample'::regclass loop
    execute format('alter table %s set (autovacuum_vacuum_insert_scale_factor = 0.02)', part);
  end loop;
end
$$;
