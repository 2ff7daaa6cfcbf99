-- What a compartment carried before it was loaded, and the certificate that it was cleaned by; and the
-- ways by which a trace is begun from a truck: its plate, in or out, and the supplier's lot.

alter table bulk_load add column last_load jsonb;
alter table bulk_load add column certificate text;

create index bulk_load_truck on bulk_load (truck, ended desc);
create index truck_plate on truck (plate, booked desc);
create index truck_supplier_lot on truck (supplier_lot);

-- A trace asks of a lot what was dosed of it, and by which ways the rest went: a day has many of both.
create index stock_dosed on stock (lot) where cause = 'dose';
create index stock_moved on stock (lot, source, destination) include (kg, time, cause_id) where cause <> 'dose';
