import type { HistoryStorage } from '../../db/migrate.ts';
import type { Sql } from '../../db/pool-handle.ts';
import type { BackupTable } from './manifest.ts';

/** A table as it stands in the database, before it is backed up. */
export interface TablePlan extends Pick<BackupTable, 'name' | 'columns' | 'partition'> {
  /** What COPY reads: the table, or what an aggregate has materialised. */
  readonly source: string;
  readonly aggregate: boolean;
  /** Its size on the disk, to tell progress by, bytes. */
  readonly sizeBytes: number;
}

interface TableRow extends Record<string, unknown> {
  readonly name: string;
  readonly columns: string[];
  readonly parent: string | null;
  readonly bound: string | null;
  readonly bytes: string;
}

/** Leaf tables only: a partitioned one has no rows of its own. */
const TABLES = `
  select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound,
    pg_table_size(c.oid) as bytes,
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    ) as columns
  from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class p on p.oid = i.inhparent
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    and c.relname not in ('migration', 'migration_history_plain', 'migration_history_timescale')
  order by c.relname`;

const REFERENCES = `
  select c.relname as name, f.relname as refers_to
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and k.connamespace = 'public'::regnamespace and c.oid <> f.oid`;

const AGGREGATES = `
  select view_name as name, quote_ident(materialization_hypertable_schema) || '.' ||
      quote_ident(materialization_hypertable_name) as source,
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
     where a.attrelid = to_regclass(quote_ident(materialization_hypertable_schema) || '.' ||
         quote_ident(materialization_hypertable_name))
       and a.attnum > 0 and not a.attisdropped) as columns
  from timescaledb_information.continuous_aggregates order by 1`;

/** Tables so that each comes after those it refers to. */
function inOrder(tables: TablePlan[], references: { name: string; refers_to: string }[]) {
  const ordered: TablePlan[] = [];
  let rest = tables;
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name));
    const free = rest.filter(({ name }) =>
      references.every((one) => one.name !== name || !waiting.has(one.refers_to)),
    );
    // Tables that refer to each other in a ring cannot be filled one by one; ours never do.
    const next = free.length === 0 ? rest : free;
    ordered.push(...next);
    rest = rest.filter((one) => !next.includes(one));
  }
  return ordered;
}

/** All tables of the mill's database with what of them has to be copied. */
export async function planTables(client: Sql, storage: HistoryStorage): Promise<TablePlan[]> {
  const { rows } = await client.query<TableRow>(TABLES);
  const tables = rows.map(({ name, columns, parent, bound, bytes }): TablePlan => {
    const partition = parent === null || bound === null ? null : { of: parent, bound };
    return { name, columns, partition, source: name, aggregate: false, sizeBytes: Number(bytes) };
  });
  const references = await client.query<{ name: string; refers_to: string }>(REFERENCES);
  const ordered = inOrder(tables, references.rows);
  if (storage === 'plain') return ordered;
  const found = await client.query<{ name: string; source: string; columns: string[] }>(AGGREGATES);
  return [
    ...ordered,
    ...found.rows.map((row) => ({ ...row, partition: null, aggregate: true, sizeBytes: 0 })),
  ];
}

/** Where the rows of a restored table go: for an aggregate, what has materialised it. */
export async function targetOf(client: Sql, table: BackupTable): Promise<string> {
  if (!table.aggregate) return table.name;
  const { rows } = await client.query<{ name: string; source: string }>(AGGREGATES);
  const found = rows.find(({ name }) => name === table.name);
  if (found === undefined) throw new Error(`there is no continuous aggregate ${table.name}`);
  return found.source;
}

/** Rows of a child whose parent is missing, by constraint; empty when all stand. */
export async function brokenReferences(client: Sql): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    `select k.conname as name, format(
       'select count(*)::int as n from %I c where (%s) is not null and not exists
        (select 1 from %I p where %s)', c.relname,
       (select string_agg(format('c.%I', a.attname), ' || ') from unnest(k.conkey) x
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x), f.relname,
       (select string_agg(format('p.%I = c.%I', b.attname, a.attname), ' and ')
        from unnest(k.conkey, k.confkey) as x(own, other)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.own
        join pg_attribute b on b.attrelid = k.confrelid and b.attnum = x.other)) as sql
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     join pg_class f on f.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
  );
  const broken: string[] = [];
  for (const { name, sql } of rows) {
    const found = await client.query<{ n: number }>(sql);
    const n = found.rows[0]?.n ?? 0;
    if (n > 0) broken.push(`${name}: ${n} rows refer to what is not there`);
  }
  return broken;
}
