import type { PoolClient } from 'pg';
import type { EntryDraft, StreamContext } from './drafts.ts';
import { draftsFor } from './drafts.ts';

interface AuditPart extends Record<string, unknown> {
  readonly audit_id: string;
  readonly part: 'asked' | 'outcome';
  readonly time: Date;
  readonly stored: string;
  readonly user_name: string | null;
  readonly role: string | null;
  readonly door: string | null;
  readonly target: string | null;
  readonly args: unknown;
  readonly outcome: string | null;
  readonly reasons: unknown;
}

/** Rows taken at once; what is left comes with the next message, a second later. */
const ROWS_MAX = 500;

/**
 * How far before the last row taken others are looked for: those of a transaction that was open
 * meanwhile.
 */
const OVERLAP = "interval '1 hour'";

/** Doors whose use is no part of how feed was made. */
const OTHER_BUSINESS = "a.door !~ '^(session|users)[.]'";

const WAITING = `
  with since as (
    select coalesce(max(stored) - ${OVERLAP}, '-infinity') as stored from record_audit
  )
  select a.audit_id, 'asked' as part, a.time, a.stored::text as stored, a.user_name, a.role,
    a.door, a.target, a.args, null as outcome, null::jsonb as reasons
  from audit a, since
  where a.stored > since.stored and ${OTHER_BUSINESS} and not exists (
    select from record_audit r where r.audit_id = a.audit_id and r.part = 'asked')
  union all
  select a.audit_id, 'outcome', o.time, o.stored::text, a.user_name, a.role,
    a.door, a.target, a.args, o.outcome, o.reasons
  from audit_outcome o join audit a using (audit_id), since
  where o.stored > since.stored and ${OTHER_BUSINESS} and not exists (
    select from record_audit r where r.audit_id = o.audit_id and r.part = 'outcome')
  order by time, part limit ${ROWS_MAX}`;

/** JSON numbers that no float holds come back infinite: they become null, as JSON says it. */
function argsOf(args: unknown): object {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return {};
  return JSON.parse(JSON.stringify(args)) as object;
}

function draftsOfPart(row: AuditPart, context: StreamContext): EntryDraft[] {
  const { audit_id: auditId, part, time, user_name: user, role, door, target, args } = row;
  const plain = argsOf(args);
  const about = { ...plain, ...(target === null ? {} : { target }) };
  const asked = { auditId, timeMs: time.getTime(), user, role, door, target };
  return draftsFor(about, context, {
    kind: part === 'asked' ? 'action' : 'action-outcome',
    subject: `audit:${auditId}/${part}`,
    content:
      part === 'asked'
        ? { ...asked, args: plain }
        : { ...asked, outcome: row.outcome, reasons: row.reasons },
  });
}

/**
 * Drafts of what people asked for and what became of it, that the chain does not hold yet, and
 * marks it as held. The trail itself stays where it is; here it becomes part of the record of the
 * order it was about (21 CFR 11.10 e). Runs under the chain's lock.
 */
export async function sweepAudit(
  client: PoolClient,
  context: StreamContext,
): Promise<EntryDraft[]> {
  const { rows } = await client.query<AuditPart>(WAITING);
  if (rows.length === 0) return [];
  await client.query(
    `insert into record_audit (audit_id, part, stored)
     select audit_id, part, stored
     from jsonb_to_recordset($1::jsonb) as r(audit_id uuid, part text, stored timestamptz)`,
    [JSON.stringify(rows.map(({ audit_id, part, stored }) => ({ audit_id, part, stored })))],
  );
  return rows.flatMap((row) => draftsOfPart(row, context));
}
