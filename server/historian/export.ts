import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { HISTORY_FORMATS } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import { readRaw } from './states.ts';

export interface ExportRequest {
  readonly tags: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly format: (typeof HISTORY_FORMATS)[number];
}

/** Samples of one piece: what is in memory at a time, whatever the window. */
const PAGE = 10_000;
const QUALITIES = ['good', 'uncertain', 'stale', 'bad'];

interface Page {
  readonly tag: string;
  readonly points: readonly (readonly [timeMs: number, value: number | null, quality: number])[];
}

/**
 * Samples as they were stored, one tag after the other, as a file in pieces. A piece is read when
 * the one before was taken, and no connection is held in between.
 */
export function exportHistory(db: Sql, request: ExportRequest): AsyncGenerator<Uint8Array> {
  return request.format === 'csv' ? csvOf(pages(db, request)) : parquetOf(pages(db, request));
}

async function* pages(db: Sql, { tags, fromMs, toMs }: ExportRequest): AsyncGenerator<Page> {
  for (const tag of tags) {
    let next: string | null = new Date(fromMs).toISOString();
    while (next !== null) {
      const page = await readRaw(db, tag, { fromMs: Date.parse(next), toMs }, PAGE);
      yield { tag, points: page.points };
      next = page.next;
    }
  }
}

/** RFC 4180 with decimal points and ISO 8601 times, for programs. */
async function* csvOf(source: AsyncIterable<Page>): AsyncGenerator<Uint8Array> {
  yield Buffer.from('time,tag,value,quality\r\n');
  for await (const { tag, points } of source) {
    const name = /[",\r\n]/.test(tag) ? `"${tag.replaceAll('"', '""')}"` : tag;
    const lines = points.map(([timeMs, value, quality]) => {
      const time = new Date(timeMs).toISOString();
      return `${time},${name},${value ?? ''},${QUALITIES[quality] ?? 'bad'}\r\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

/** Apache Parquet, a row group for each piece; only the list of these groups grows. */
async function* parquetOf(source: AsyncIterable<Page>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'root', num_children: 4 },
      {
        name: 'time',
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        repetition_type: 'REQUIRED',
      },
      { name: 'tag', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'value', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      { name: 'quality', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    ],
  });
  for await (const { tag, points } of source) {
    if (points.length === 0) continue;
    await writer.write({
      columnData: [
        { name: 'time', data: points.map(([timeMs]) => new Date(timeMs)), offsetIndex: false },
        { name: 'tag', data: points.map(() => tag), offsetIndex: false },
        { name: 'value', data: points.map(([, value]) => value), offsetIndex: false },
        {
          name: 'quality',
          data: points.map(([, , quality]) => QUALITIES[quality] ?? 'bad'),
          offsetIndex: false,
        },
      ],
      rowGroupSize: PAGE,
    });
    yield taken(bytes);
  }
  await writer.finish();
  yield taken(bytes);
}

/** What was written since the last time; the writer's place in the file goes on. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}
