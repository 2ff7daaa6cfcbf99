-- Which bags are on a pallet, and which were thrown out before they came there.

alter table pallet add column bagger text;
alter table pallet add column bag_ids text[] not null default '{}';
alter table pallet add column net_kg double precision;
create index pallet_bag_ids on pallet using gin (bag_ids);
create index pallet_order on pallet (order_id);

create table bag_reject (
  reject_id text primary key,
  bag_id text,
  bagger text not null,
  device text not null,
  cause text not null check (cause in ('weight', 'metal')),
  order_id text,
  lot text,
  time timestamptz not null
);
create index bag_reject_bag on bag_reject (bag_id);
create index bag_reject_order on bag_reject (order_id);
create index bag_reject_time on bag_reject (time);
