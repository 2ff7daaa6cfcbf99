import { pilot } from '../../plc/mill/mills/pilot.ts';
import { exportHistory } from '../../server/historian/export.ts';
import { storeTags } from '../../server/historian/tag-ids.ts';
import { TestCluster } from '../support/database.ts';
import type { Row } from './report.ts';

const START_MS = Date.UTC(2026, 0, 1);
const TAG = 5;

/** Resident memory of this process, MB. */
const residentMb = () => process.memoryUsage.rss() / 1e6;

/** How fast a file of so many samples is made, and what memory that takes beyond what was there. */
export async function historyExportBench(samples: number): Promise<Row[]> {
  const cluster = await new TestCluster().start();
  try {
    const { pool } = await cluster.database();
    const [id] = (await storeTags(pool, pilot.tags)).slice(TAG);
    await pool.query(
      `insert into sample select $1::bigint + n * 1000, $2, n % 1000, 0
       from generate_series(1, $3::integer) n`,
      [START_MS, id, samples],
    );
    const rows: Row[] = [];
    for (const format of ['csv', 'parquet'] as const) {
      const tags = [pilot.tags[TAG]?.name ?? ''];
      const window = { fromMs: START_MS, toMs: START_MS + (samples + 1) * 1_000 };
      const startMs = performance.now();
      let [bytes, first, most] = [0, 0, 0];
      for await (const piece of exportHistory(pool, { tags, ...window, format })) {
        bytes += piece.byteLength;
        // The first pieces fill the heap's spaces: what comes later may not add to them.
        if (bytes < 5e6) first = residentMb();
        most = Math.max(most, residentMb());
      }
      const seconds = (performance.now() - startMs) / 1_000;
      const note = `${samples.toLocaleString('en')} samples, ${(bytes / 1e6).toFixed(0)} MB`;
      rows.push(
        { what: `history, ${format} file`, value: samples / seconds, unit: 'rows/s', note },
        { what: '  memory beyond the first pieces', value: most - first, unit: 'MB' },
      );
    }
    return rows;
  } finally {
    await cluster.stop();
  }
}
