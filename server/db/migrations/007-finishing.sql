-- What happens behind the mixer: runs of presses, pallets, bulk loads, states of finished bins.

create table press_run (
  run_id text primary key,
  press text not null,
  order_id text,
  lot text,
  destination text not null,
  set_c double precision not null,
  fed_kg double precision not null,
  steam_kg double precision not null,
  kwh double precision,
  mean_c double precision,
  min_c double precision,
  max_c double precision,
  chokes integer not null,
  started timestamptz not null,
  ended timestamptz not null
);
create index press_run_ended on press_run (ended);
create index press_run_lot on press_run (lot);

create table pallet (
  pallet_id text primary key,
  order_id text,
  lot text,
  palletiser text not null,
  bags integer not null,
  time timestamptz not null
);
create index pallet_lot on pallet (lot);

create table bulk_load (
  load_id text primary key,
  spout text not null,
  truck text not null,
  compartment integer not null,
  bin text not null,
  order_id text,
  lot text,
  target_kg double precision not null,
  net_kg double precision not null,
  started timestamptz not null,
  ended timestamptz not null
);
create index bulk_load_lot on bulk_load (lot);

create table bin_state (
  change_id text primary key,
  bin text not null,
  state text not null,
  order_id text,
  lot text,
  changed_by text,
  time timestamptz not null
);
create index bin_state_bin on bin_state (bin, time);
create index bin_state_lot on bin_state (lot);
