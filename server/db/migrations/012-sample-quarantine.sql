-- Samples that history cannot take: of no tag, or of a time that cannot be (a clock gone wrong). Kept whole, for
-- whoever corrects the clock or the list of tags; forgotten with the raw samples of their age.

create table sample_quarantine (
  spool uuid not null,
  sequence bigint not null,
  -- Which of the samples of its row.
  place integer not null,
  received timestamptz not null default now(),
  -- 'tag' or 'time'.
  fault text not null,
  -- Name of the tag; null where the mill has none of this number.
  tag text,
  tag_number integer not null,
  -- As it came, ms since 1970.
  time_ms double precision not null,
  value double precision,
  quality smallint not null,
  primary key (spool, sequence, place)
);
create index sample_quarantine_received on sample_quarantine (received desc);
