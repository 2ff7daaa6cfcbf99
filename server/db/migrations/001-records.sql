-- Tags, and what the machines of the mill write down. Rows come from the controller's spool; each has a
-- natural id that is unique for ever, so that a row sent twice is stored once. There are no foreign keys
-- between records: an order that could not be stored must not keep its batches out.

create table tag (
  tag_id integer primary key generated always as identity,
  name text not null unique,
  device text,
  role text not null,
  unit text not null,
  data_type text not null,
  text_vi text not null,
  text_en text not null,
  low double precision not null,
  high double precision not null,
  -- False for a tag that the mill no longer has; its history stays readable.
  in_use boolean not null default true
);

-- How far each spool is stored. Written in the transaction that stores its rows.
create table spool_progress (
  spool uuid primary key,
  sequence bigint not null,
  stored timestamptz not null default now()
);

-- Rows that cannot be stored, kept as they came with the reason, for the programmer.
create table quarantine (
  spool uuid not null,
  sequence bigint not null,
  received timestamptz not null default now(),
  fault text not null,
  record text not null,
  primary key (spool, sequence)
);

create table orders (
  order_id text primary key,
  formula_code text not null,
  formula_version integer not null,
  product_vi text not null,
  product_en text not null,
  state text not null,
  line text not null,
  destination text not null,
  packaging text not null,
  bag_kg double precision not null,
  lot text not null,
  order_kg double precision not null,
  batch_kg double precision not null,
  batches_planned integer not null,
  batches_done integer not null,
  dosed_kg double precision not null,
  produced_kg double precision not null,
  bags integer not null,
  created_by text not null,
  created timestamptz not null,
  started timestamptz,
  finished timestamptz,
  reasons jsonb not null,
  -- The control recipe as it was given (ISA-88): formula, procedure, sizes.
  document jsonb not null
);
create index orders_created on orders (created desc);

create table batch (
  batch_id text primary key,
  order_id text not null,
  number integer not null,
  state text not null,
  target_kg double precision not null,
  actual_kg double precision not null,
  started timestamptz not null,
  finished timestamptz,
  lot text not null
);
create index batch_order on batch (order_id, number);
create index batch_finished on batch (finished);

create table phase (
  phase_id text primary key,
  batch_id text not null,
  phase text not null,
  started timestamptz not null,
  ended timestamptz not null
);
create index phase_batch on phase (batch_id, started);

create table dose (
  dose_id text primary key,
  batch_id text not null,
  scale text not null,
  bin text not null,
  material text not null,
  lot text,
  target_kg double precision not null,
  actual_kg double precision not null,
  tolerance_kg double precision not null,
  in_flight_kg double precision not null,
  jogs integer not null,
  decision text not null,
  decided_by text,
  started timestamptz not null,
  ended timestamptz not null
);
create index dose_batch on dose (batch_id, started);
create index dose_ended on dose (ended);

create table bag (
  bag_id text primary key,
  order_id text,
  bagger text not null,
  lot text,
  net_kg double precision not null,
  time timestamptz not null
);
create index bag_time on bag (time);
create index bag_order on bag (order_id);

create table movement (
  movement_id text primary key,
  source text not null,
  destination text not null,
  material text,
  lot text,
  mass_kg double precision,
  started timestamptz not null,
  ended timestamptz not null
);
create index movement_ended on movement (ended);

create table downtime (
  downtime_id text primary key,
  unit text not null,
  started timestamptz not null,
  ended timestamptz,
  reasons jsonb not null
);
create index downtime_started on downtime (started);

create table alarm_occurrence (
  occurrence_id text primary key,
  alarm_id text not null,
  state text not null,
  priority text not null,
  raised timestamptz not null,
  returned timestamptz,
  acknowledged timestamptz,
  acknowledged_by text,
  comment text,
  -- Number, flag or null.
  value jsonb
);
create index alarm_raised on alarm_occurrence (raised desc);

-- Minutes in which history was recorded: what coverage is computed from, and which rollups are due.
create table recorded_minute (
  minute timestamptz primary key,
  samples bigint not null,
  -- True when recording ended in this minute: every tag was marked unknown.
  ends boolean not null default false,
  -- `samples` at the time the minute was rolled up; less than `samples` means: due.
  rolled_up bigint not null default 0
);
create index recorded_minute_due on recorded_minute (minute) where rolled_up < samples;
