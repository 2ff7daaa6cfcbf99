-- The batch record as a chain (21 CFR 225.102, 21 CFR 11.10 c and e): what is written down about an order, a
-- lot or the mill, each entry bound to the one before it by its hash. Only ever added to.

create table record_entry (
  -- `order:<id>`, `lot:<lot>` or `mill`.
  stream text not null,
  sequence integer not null check (sequence > 0),
  kind text not null,
  -- What the entry tells about; a later entry of the same subject tells how it went on.
  subject text not null,
  -- SHA-256 of what counts as a change of the subject.
  digest text not null,
  written timestamptz not null,
  -- Canonical JSON (RFC 8785), kept as text: the hash is over these very bytes.
  content text not null,
  previous text not null,
  hash text not null,
  primary key (stream, sequence)
);
create index record_entry_subject on record_entry (stream, subject, sequence desc);

-- Signed states of the whole: which streams a transaction lengthened, and to which hash. Each is bound to the
-- one before it, so that none can be taken out; the key that signs is not in the database.
create table record_anchor (
  number bigint primary key check (number > 0),
  written timestamptz not null,
  heads jsonb not null,
  previous text not null,
  key text not null,
  hash text not null,
  signature text not null
);
create table record_anchor_stream (
  stream text not null,
  sequence integer not null,
  number bigint not null,
  primary key (stream, sequence)
);

-- Public keys of the servers that ever signed, by fingerprint.
create table record_key (
  key text primary key,
  public_key text not null,
  first_used timestamptz not null default now()
);

-- Which rows of the audit trail are in the chain.
create table record_audit (
  audit_id uuid not null,
  part text not null check (part in ('asked', 'outcome')),
  -- When the row of the trail came into the database.
  stored timestamptz not null,
  primary key (audit_id, part)
);
create index record_audit_stored on record_audit (stored);
create index audit_stored on audit (stored);
create index audit_outcome_stored on audit_outcome (stored);

create function refuse_record_change() returns trigger language plpgsql as $$
begin
  raise exception 'the batch record is only ever added to' using errcode = 'insufficient_privilege';
end
$$;
create trigger record_entry_is_kept before update or delete or truncate on record_entry
  for each statement execute function refuse_record_change();
create trigger record_anchor_is_kept before update or delete or truncate on record_anchor
  for each statement execute function refuse_record_change();
create trigger record_anchor_stream_is_kept before update or delete or truncate on record_anchor_stream
  for each statement execute function refuse_record_change();
create trigger record_key_is_kept before update or delete or truncate on record_key
  for each statement execute function refuse_record_change();
create trigger record_audit_is_kept before update or delete or truncate on record_audit
  for each statement execute function refuse_record_change();

-- What the trace of a lot looks things up by.
create index dose_lot on dose (lot) where lot is not null;
create index batch_lot on batch (lot);
create index bag_lot on bag (lot) where lot is not null;
create index movement_lot on movement (lot) where lot is not null;
create index orders_lot on orders (lot);

-- The ledger of drugs (21 CFR 225.42 and 225.80): what came, what was counted, and who reconciled. Used is
-- what was dosed. Only ever added to.
create table drug_entry (
  drug_entry_id uuid primary key,
  kind text not null check (kind in ('receipt', 'count')),
  lot text not null,
  material text not null,
  kg double precision not null check (kg >= 0),
  time timestamptz not null,
  by_user text not null,
  note text not null
);
create index drug_entry_lot on drug_entry (lot, time);
create index dose_material on dose (material, ended);

-- Two steps by two persons: `proposed`, then `confirmed`, which releases the order's feed.
create table reconciliation (
  order_id text not null,
  step text not null check (step in ('proposed', 'confirmed')),
  time timestamptz not null,
  by_user text not null,
  note text not null,
  lots jsonb not null,
  primary key (order_id, step)
);
create trigger drug_entry_is_kept before update or delete or truncate on drug_entry
  for each statement execute function refuse_record_change();
create trigger reconciliation_is_kept before update or delete or truncate on reconciliation
  for each statement execute function refuse_record_change();
