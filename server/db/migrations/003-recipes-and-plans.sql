-- Master recipes by version, and orders that are planned but not yet with the controller.

-- A version is written as a draft, approved by someone who did not write it, and retired in the end.
create table recipe_version (
  code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{1,31}$'),
  version integer not null check (version > 0),
  state text not null check (state in ('draft', 'approved', 'retired')),
  -- Counts the changes of a draft: who saves an old one is refused.
  revision integer not null default 1,
  document jsonb not null,
  note text not null default '',
  author text not null,
  -- Everyone who changed the draft; empty for the files that the system came with.
  editors text[] not null,
  created timestamptz not null default now(),
  changed timestamptz not null default now(),
  approved_by text,
  approved timestamptz,
  -- First day on which it may be made, in the mill's zone.
  valid_from date,
  retired_by text,
  retired timestamptz,
  primary key (code, version),
  check (state = 'draft' or (approved_by is not null and valid_from is not null)),
  check (state <> 'retired' or retired_by is not null),
  check (approved_by is null or not approved_by = any (editors))
);
create unique index recipe_version_one_draft on recipe_version (code) where state = 'draft';

-- What has been approved is what was made: it is never written over, nor taken away (21 CFR 225.102).
create function refuse_recipe_change() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (tg_op = 'DELETE' or new.document <> old.document
    or new.approved_by <> old.approved_by or new.valid_from <> old.valid_from
    or new.state = 'draft') then
    raise exception 'an approved recipe is not changed' using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end
$$;
create trigger recipe_version_is_kept before update or delete on recipe_version
  for each row execute function refuse_recipe_change();

-- The queue of planned orders. `request` holds its own copy of formula and procedure.
create table planned_order (
  plan_id text primary key,
  position double precision not null,
  state text not null check (state in ('planned', 'released', 'sent', 'refused')),
  request jsonb not null,
  -- The order as it is or was sent, fixed when it is released.
  document jsonb,
  reasons jsonb not null default '[]',
  created_by text not null,
  created timestamptz not null default now(),
  released_by text,
  released_role text,
  released timestamptz,
  sent timestamptz,
  -- A flush that the planner put before this order.
  flush_for text,
  check (state = 'planned' or (document is not null and released_by is not null))
);
create index planned_order_waiting on planned_order (position) where state <> 'sent';

-- One row: counts the changes of the queue, so that two people do not drag against each other.
create table plan_queue (
  one boolean primary key default true check (one),
  revision bigint not null default 1
);
insert into plan_queue default values;
