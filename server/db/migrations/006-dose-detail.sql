-- Of each dose also: who released it beside the one who decided, how fast its screw turned at the
-- cut, and how sure the mass in flight was. Doses from before this have none of it.

alter table dose add column released_by text;
alter table dose add column fine_hz double precision;
alter table dose add column confidence_pct double precision;
