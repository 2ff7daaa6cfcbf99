import type { HistorySample } from '../../plc/model/record.ts';

/**
 * PostgreSQL's binary COPY format (documentation of COPY, "Binary Format") for the table
 * `sample (time, tag_id, value, quality)`: all integers big endian, times in ms since 1970.
 */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
const ROW_BYTES_MAX = 40;
const TRAILER_BYTES = 2;
const WORD = 2 ** 32;

export const COPY_SAMPLES = 'copy sample (time, tag_id, value, quality) from stdin (format binary)';

/** Storable samples as one COPY message. `tagIds` gives the database's id of each tag index. */
export function encodeSamples(samples: readonly HistorySample[], tagIds: Int32Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + samples.length * ROW_BYTES_MAX + TRAILER_BYTES);
  SIGNATURE.copy(bytes);
  bytes.fill(0, SIGNATURE.length, HEADER_BYTES);
  let at = HEADER_BYTES;
  for (const [tag, timeMs, value, quality] of samples) {
    at = bytes.writeInt16BE(4, at);
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeInt32BE(Math.floor(timeMs / WORD), at);
    at = bytes.writeUInt32BE(timeMs % WORD, at);
    at = bytes.writeInt32BE(4, at);
    at = bytes.writeInt32BE(tagIds[tag] ?? 0, at);
    if (value === null) {
      at = bytes.writeInt32BE(-1, at);
    } else {
      at = bytes.writeInt32BE(8, at);
      at = bytes.writeDoubleBE(value, at);
    }
    at = bytes.writeInt32BE(2, at);
    at = bytes.writeInt16BE(quality, at);
  }
  at = bytes.writeInt16BE(-1, at);
  return bytes.subarray(0, at);
}
