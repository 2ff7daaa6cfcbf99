/**
 * A binary frame of `/live`, little endian:
 * `u32 sequence · f64 timeMs · u16 count` then per change
 * `u16 tag (position in the subscription) · u8 quality · u8 kind · f64 sourceTimeMs · f64
 * receivedTimeMs · value` where kind is 0 null (no bytes), 1 number (f64), 2 flag (u8), 3 text (u16
 * length, UTF-8).
 */
export interface LiveChange {
  /** Position of the tag in the client's subscription. */
  readonly tag: number;
  /** 0 good, 1 uncertain, 2 stale, 3 bad. */
  readonly quality: number;
  /** The value, or the last known one where quality is not 0. */
  readonly value: number | boolean | string | null;
  readonly sourceTimeMs: number;
  readonly receivedTimeMs: number;
}

export interface LiveFrame {
  /** Rises by one with each frame of a subscription; a gap means: ask for a snapshot. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly changes: readonly LiveChange[];
}

const HEADER_BYTES = 14;
const CHANGE_BYTES = 20;
const TEXT_BYTES_MAX = 65_535;
export const CHANGES_PER_FRAME_MAX = 65_535;

function valueBytes(value: LiveChange['value'], text: Uint8Array | undefined): number {
  if (value === null) return 0;
  if (typeof value === 'number') return 8;
  return typeof value === 'boolean' ? 1 : 2 + (text?.length ?? 0);
}

/** @throws {RangeError} for more than 65,535 changes: the sender must split (programmer). */
export function encodeLiveFrame(frame: LiveFrame): Uint8Array {
  if (frame.changes.length > CHANGES_PER_FRAME_MAX)
    throw new RangeError('too many changes for a frame');
  const encoder = new TextEncoder();
  const texts = frame.changes.map(({ value }) =>
    typeof value === 'string' ? encoder.encode(value).subarray(0, TEXT_BYTES_MAX) : undefined,
  );
  const size = frame.changes.reduce(
    (sum, change, at) => sum + CHANGE_BYTES + valueBytes(change.value, texts[at]),
    HEADER_BYTES,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, frame.sequence, true);
  view.setFloat64(4, frame.timeMs, true);
  view.setUint16(12, frame.changes.length, true);
  let at = HEADER_BYTES;
  frame.changes.forEach((change, index) => {
    at = writeChange(view, bytes, at, change, texts[index]);
  });
  return bytes;
}

function writeChange(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  change: LiveChange,
  text: Uint8Array | undefined,
): number {
  const { value } = change;
  view.setUint16(at, change.tag, true);
  view.setUint8(at + 2, change.quality);
  view.setFloat64(at + 4, change.sourceTimeMs, true);
  view.setFloat64(at + 12, change.receivedTimeMs, true);
  const body = at + CHANGE_BYTES;
  if (typeof value === 'number') {
    view.setUint8(at + 3, 1);
    view.setFloat64(body, value, true);
  } else if (typeof value === 'boolean') {
    view.setUint8(at + 3, 2);
    view.setUint8(body, value ? 1 : 0);
  } else if (text !== undefined) {
    view.setUint8(at + 3, 3);
    view.setUint16(body, text.length, true);
    bytes.set(text, body + 2);
  }
  return body + valueBytes(value, text);
}

/** @throws {RangeError} for a frame that is cut short or has an unknown kind. */
export function decodeLiveFrame(bytes: Uint8Array): LiveFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: LiveChange[] = [];
  let at = HEADER_BYTES;
  for (let left = view.getUint16(12, true); left > 0; left--) {
    const { value, size } = readValue(view, bytes, view.getUint8(at + 3), at + CHANGE_BYTES);
    changes.push({
      tag: view.getUint16(at, true),
      quality: view.getUint8(at + 2),
      value,
      sourceTimeMs: view.getFloat64(at + 4, true),
      receivedTimeMs: view.getFloat64(at + 12, true),
    });
    at += CHANGE_BYTES + size;
  }
  return { sequence: view.getUint32(0, true), timeMs: view.getFloat64(4, true), changes };
}

function readValue(
  view: DataView,
  bytes: Uint8Array,
  kind: number,
  at: number,
): { value: LiveChange['value']; size: number } {
  switch (kind) {
    case 0:
      return { value: null, size: 0 };
    case 1:
      return { value: view.getFloat64(at, true), size: 8 };
    case 2:
      return { value: view.getUint8(at) === 1, size: 1 };
    case 3: {
      const length = view.getUint16(at, true);
      if (at + 2 + length > bytes.length) throw new RangeError('live frame is cut short');
      return {
        value: new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + length)),
        size: 2 + length,
      };
    }
    default:
      throw new RangeError(`live frame has a value of unknown kind ${kind}`);
  }
}
