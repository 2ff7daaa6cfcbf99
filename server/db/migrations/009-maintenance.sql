-- What the maintenance of the database knows of itself: when each of its jobs last ran, how the disk filled,
-- which backups were taken.

create table maintenance_job (
  name text primary key,
  last_started timestamptz,
  last_ok timestamptz,
  last_failed timestamptz,
  -- Failures since it last ended well.
  failures integer not null default 0,
  error text,
  duration_ms double precision
);

-- One row every ten minutes, kept as long as the forecast looks back.
create table storage_measure (
  time timestamptz primary key,
  database_bytes bigint not null,
  -- Null where the disk cannot be asked: a database on another machine.
  disk_used_bytes bigint,
  disk_total_bytes bigint
);

create table backup_log (
  taken timestamptz primary key,
  file text not null,
  bytes bigint not null,
  rows bigint not null
);
