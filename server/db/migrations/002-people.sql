-- People, their sessions, the audit trail and order numbers.

create table app_user (
  user_name text primary key check (user_name ~ '^[a-z][a-z0-9._-]{1,31}$'),
  full_name text not null,
  role text not null check (
    role in ('operator', 'engineer', 'maintenance', 'quality', 'manager', 'administrator')
  ),
  active boolean not null default true,
  password_hash text not null,
  password_change_required boolean not null default true,
  created timestamptz not null default now()
);

-- Of a session's token only the SHA-256 is kept: who reads this table cannot sign in with it.
create table app_session (
  session_id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  user_name text not null references app_user (user_name),
  address text not null,
  created timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  expires timestamptz not null,
  ended timestamptz
);
create index app_session_user on app_session (user_name) where ended is null;

-- Who asked for what (21 CFR 11.10 e): written before it is carried out.
create table audit (
  audit_id uuid primary key,
  time timestamptz not null,
  user_name text not null,
  role text not null,
  door text not null,
  target text,
  args jsonb not null,
  address text not null,
  stored timestamptz not null default now()
);
create index audit_time on audit (time desc);

-- What became of it: a row of its own, so that nothing is ever written over. No reference to audit:
-- either row may come later than the other, from the local journal of a server without database.
create table audit_outcome (
  audit_id uuid primary key,
  time timestamptz not null,
  outcome text not null check (outcome in ('accepted', 'refused', 'failed')),
  reasons jsonb not null,
  stored timestamptz not null default now()
);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is only ever added to' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_is_kept before update or delete or truncate on audit
  for each statement execute function refuse_audit_change();
create trigger audit_outcome_is_kept before update or delete or truncate on audit_outcome
  for each statement execute function refuse_audit_change();

-- The last order number given in a month, `yymm`.
create table order_number (
  month text primary key check (month ~ '^[0-9]{4}$'),
  last integer not null check (last > 0)
);
