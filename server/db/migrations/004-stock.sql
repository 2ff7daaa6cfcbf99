-- Trucks of raw material, and stock as it moved: one row for each lot's part of a dose, transfer, truck,
-- batch or pallet. The layers of a dose and the way of a lot, forward and back, are read from it.

create table truck (
  truck_id text primary key,
  plate text not null,
  material text not null,
  supplier text not null,
  supplier_lot text not null,
  ticket_kg double precision not null,
  state text not null,
  sample jsonb,
  gross_kg double precision,
  tare_kg double precision,
  net_kg double precision,
  pit text,
  destinations jsonb not null,
  lot text,
  created_by text not null,
  booked timestamptz not null,
  due timestamptz,
  arrived timestamptz,
  finished timestamptz,
  reasons jsonb not null
);
create index truck_booked on truck (booked desc);
create index truck_lot on truck (lot);

create table stock (
  stock_id text primary key,
  cause text not null,
  cause_id text not null,
  source text,
  destination text,
  material text,
  lot text,
  kg double precision not null,
  estimated boolean not null,
  by_user text,
  note text,
  time timestamptz not null
);
create index stock_lot on stock (lot, time);
create index stock_cause on stock (cause_id);
create index stock_source on stock (source, time);
create index stock_destination on stock (destination, time);
