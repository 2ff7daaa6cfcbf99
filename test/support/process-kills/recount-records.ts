/**
 * Goal: records compared with what physically happened: every bag that left a bagger, every
 * kilogram that left a dosing bin, each exactly once; and the chain of records is unbroken.
 */
import type { PoolHandle } from '../../../server/db/pool-handle.ts';
import { verifyChains } from '../../../server/maintenance/verify-chains.ts';
import type { Truth } from './truth.ts';

export interface RecordCount {
  readonly bags: number;
  readonly doses: number;
  readonly batches: number;
  readonly orders: number;
  readonly alarms: number;
  readonly entries: number;
  readonly faults: string[];
}

/** A dose is weighed to its scale's division; what hangs in the air counts once. */
const PER_DOSE_KG = 0.06;
const SHARE = 0.001;
const TAIL_MS = 10_000;

async function countOf(client: PoolHandle, sql: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select (${sql})::float8 as n`);
  return rows[0]?.n ?? Number.NaN;
}

/** All bags but those of the last seconds, which may still be on their way; none twice. */
async function bagFaults(client: PoolHandle, { bags, toMs }: Truth): Promise<string[]> {
  const stored = await countOf(client, 'select count(*) from bag');
  const most = bags.at(-1)?.count ?? 0;
  const least = bags.findLast(({ timeMs }) => timeMs < toMs - TAIL_MS)?.count ?? 0;
  if (stored >= least && stored <= most) return [];
  return [`${least} to ${most} bags left the baggers, ${stored} are stored`];
}

async function doseFaults(client: PoolHandle, truth: Truth): Promise<string[]> {
  const faults: string[] = [];
  const { rows } = await client.query<{ bin: string; kg: number; doses: number }>(
    'select bin, sum(actual_kg) as kg, count(*)::int as doses from dose group by bin order by bin',
  );
  for (const { bin, kg, doses } of rows) {
    const leftKg = truth.outKg.get(bin) ?? 0;
    if (Math.abs(kg - leftKg) > SHARE * leftKg + PER_DOSE_KG * doses) {
      faults.push(`${bin}: ${leftKg} kg left it, ${doses} doses say ${kg} kg`);
    }
  }
  const uneven = await client.query<{ batch_id: string; doses: number }>(
    `select b.batch_id, count(d.dose_id)::int as doses
     from batch b join orders o using (order_id) left join dose d using (batch_id)
     where b.state = 'Complete' group by b.batch_id, o.document
     having count(d.dose_id) <> jsonb_array_length(o.document->'items')`,
  );
  for (const { batch_id, doses } of uneven.rows) faults.push(`${batch_id}: ${doses} doses`);
  return faults;
}

/** Call it when no dose is under way. */
export async function recountRecords(client: PoolHandle, truth: Truth): Promise<RecordCount> {
  const count = (table: string) => countOf(client, `select count(*) from ${table}`);
  const chains = await verifyChains(client);
  const faults = [...(await bagFaults(client, truth)), ...(await doseFaults(client, truth))];
  faults.push(...chains.faults);
  const quarantined = await count('quarantine');
  if (quarantined > 0) faults.push(`${quarantined} records are in quarantine`);
  return {
    bags: await count('bag'),
    doses: await count('dose'),
    batches: await count('batch'),
    orders: await count('orders'),
    alarms: await count('alarm_occurrence'),
    entries: chains.entries,
    faults,
  };
}
