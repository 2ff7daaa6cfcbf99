import type { TagDefinition } from '../../plc/model/tag.ts';
import type { SqlDatabase } from '../db/pool-handle.ts';

type Named = Pick<
  TagDefinition,
  'name' | 'device' | 'role' | 'unit' | 'dataType' | 'text' | 'range'
>;

/**
 * Writes the mill's tags into the database and gives the database's id of each, in the mill's
 * order. An id belongs to a name for ever; a tag that the mill lost keeps its row and history,
 * marked out of use.
 */
export async function storeTags(db: SqlDatabase, tags: readonly Named[]): Promise<Int32Array> {
  const rows = tags.map((tag) => ({
    name: tag.name,
    device: tag.device,
    role: tag.role,
    unit: tag.unit,
    data_type: tag.dataType,
    text_vi: tag.text.vi,
    text_en: tag.text.en,
    low: tag.range.low,
    high: tag.range.high,
  }));
  return db.transaction(async (client) => {
    // Two servers of one mill may start at once: the second finds the first one's ids.
    await client.query('lock table tag in share row exclusive mode');
    await client.query(
      `insert into tag (name, device, role, unit, data_type, text_vi, text_en, low, high)
       select name, device, role, unit, data_type, text_vi, text_en, low, high
       from jsonb_to_recordset($1::jsonb) as t(name text, device text, role text, unit text,
         data_type text, text_vi text, text_en text, low double precision, high double precision)
       on conflict (name) do update set device = excluded.device, role = excluded.role,
         unit = excluded.unit, data_type = excluded.data_type, text_vi = excluded.text_vi,
         text_en = excluded.text_en, low = excluded.low, high = excluded.high, in_use = true`,
      [JSON.stringify(rows)],
    );
    const names = tags.map(({ name }) => name);
    await client.query('update tag set in_use = false where in_use and name <> all($1::text[])', [
      names,
    ]);
    const ids = await client.query<{ tag_id: number; name: string }>(
      'select tag_id, name from tag where name = any($1::text[])',
      [names],
    );
    const byName = new Map(ids.rows.map((row) => [row.name, row.tag_id]));
    return Int32Array.from(names, (name) => byName.get(name) ?? 0);
  });
}
