import type { z } from 'zod';
import type { RecordFault, RecordFaultCode } from '../../contract/record-faults.ts';
import { canonical } from './canonical.ts';
import type { Anchor, ChainEntry } from './entry.ts';
import { anchorHash, entryHash, entrySchema, NO_HASH } from './entry.ts';
import type { RecordHead } from './record-file.ts';
import {
  closingLine,
  closingSchema,
  openingLine,
  openingSchema,
  sealedText,
} from './record-file.ts';
import { isSigned } from './record-key.ts';

/** What a look at a record found. */
export interface Verdict {
  readonly head: RecordHead | null;
  /** The entries up to the first that is altered. */
  readonly entries: readonly ChainEntry[];
  /** Fingerprint of the key that signed the chain; null where that cannot be read. */
  readonly key: string | null;
  /** The first thing that was altered; null: every byte is as it was signed. */
  readonly fault: RecordFault | null;
}

function fault(code: RecordFaultCode, objects: RecordFault['objects'] = {}): RecordFault {
  return { code, objects };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Digits can be altered into an exponent that no number has: that is nothing a record says. */
function sayable(_name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('no number');
  return value;
}

/** Text and value of a line; null where it is no UTF-8 or no JSON. */
function readLine(bytes: Uint8Array, close: (text: string) => string): [string, unknown] | null {
  try {
    const text = UTF8.decode(bytes);
    return [text, JSON.parse(close(text), sayable)];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  lines.push(bytes.subarray(from));
  return lines;
}

/** What is wrong with an entry at its place in a stream; null when nothing is. */
export function entryFault(
  entry: ChainEntry,
  before: ChainEntry | undefined,
  stream: string,
): RecordFault | null {
  const sequence = (before?.sequence ?? 0) + 1;
  const { kind } = entry;
  if (entryHash(entry) !== entry.hash) return fault('entry.altered', { sequence, kind });
  if (entry.stream !== stream) {
    return fault('entry.stream', { sequence, kind, stream: entry.stream });
  }
  if (entry.sequence !== sequence) return fault('entry.order', { sequence, found: entry.sequence });
  if (entry.previous !== (before?.hash ?? NO_HASH)) {
    return fault('entry.previous', { sequence, kind });
  }
  return null;
}

/** What is wrong with an anchor and the key that signed it; null when nothing is. */
export function anchorFault(anchor: Anchor, publicKey: string): RecordFault | null {
  const { number, hash, key, signature } = anchor;
  if (anchorHash(anchor) !== hash) return fault('anchor.altered', { number });
  if (!isSigned(hash, signature, publicKey, key)) return fault('anchor.signature', { number, key });
  return null;
}

/** Whether the anchor signed this entry as the last of its stream. */
export function headFault(anchor: Anchor, last: ChainEntry): RecordFault | null {
  const head = anchor.heads.find(({ stream }) => stream === last.stream);
  const isSame = head?.sequence === last.sequence && head.hash === last.hash;
  const { number } = anchor;
  return isSame ? null : fault('anchor.head', { sequence: last.sequence, number });
}

/** An entry ends with a comma but for the last one; that all commas stand is the seal's affair. */
const withoutComma = (text: string) => (text.endsWith(',') ? text.slice(0, -1) : text);

function readEntry(
  bytes: Uint8Array,
  before: ChainEntry | undefined,
  stream: string,
): ChainEntry | RecordFault {
  const sequence = (before?.sequence ?? 0) + 1;
  const read = readLine(bytes, withoutComma);
  const parsed = read === null ? null : entrySchema.safeParse(read[1]);
  if (read === null || !parsed?.success) return fault('entry.unreadable', { sequence });
  const entry = parsed.data;
  if (canonical(entry) !== withoutComma(read[0])) {
    return fault('entry.altered', { sequence, kind: entry.kind });
  }
  return entryFault(entry, before, stream) ?? entry;
}

/** The entries up to the first fault. */
function readEntries(
  lines: readonly Uint8Array[],
  stream: string,
): { entries: ChainEntry[]; fault: RecordFault | null } {
  const entries: ChainEntry[] = [];
  for (const line of lines) {
    const read = readEntry(line, entries.at(-1), stream);
    if ('code' in read) return { entries, fault: read };
    entries.push(read);
  }
  return { entries, fault: null };
}

interface Parts {
  readonly head: RecordHead;
  readonly closing: z.infer<typeof closingSchema> | null;
  readonly entryLines: readonly Uint8Array[];
}

/** The lines of a file parted; the opening must be in order, or nothing can be said of the rest. */
function partsOf(bytes: Uint8Array): Parts | RecordFault {
  const lines = linesOf(bytes);
  const [first, ...rest] = lines;
  const opening = first === undefined ? null : readLine(first, (text) => `${text}]}`);
  const parsed = openingSchema.safeParse(opening?.[1]);
  if (!parsed.success || openingLine(parsed.data.head) !== opening?.[0]) {
    return fault('file.head');
  }
  const closing = closingOf(rest);
  // A last line that begins as an entry does is one that lost its line break.
  const isEntry = rest.at(-2)?.[0] === BRACE;
  return { head: parsed.data.head, closing, entryLines: rest.slice(0, isEntry ? -1 : -2) };
}

const BRACE = '{'.charCodeAt(0);

/** The closing line, where it and the line break after it are as they must be. */
function closingOf(lines: readonly Uint8Array[]): z.infer<typeof closingSchema> | null {
  const line = lines.at(-2);
  if (line === undefined || lines.at(-1)?.length !== 0) return null;
  const read = readLine(line, (text) => `{${text.slice(2)}`);
  const parsed = closingSchema.safeParse(read?.[1]);
  if (!parsed.success) return null;
  const whole = `${closingLine(parsed.data)},"seal":${canonical(parsed.data.seal)}}`;
  return read?.[0] === whole ? parsed.data : null;
}

function closingFault(
  bytes: Uint8Array,
  closing: z.infer<typeof closingSchema>,
  last: ChainEntry,
): RecordFault | null {
  const { anchor, publicKey, seal, sealKey, sealPublicKey } = closing;
  const text = UTF8.decode(bytes);
  const before = text.slice(0, text.lastIndexOf(',"seal":'));
  return (
    anchorFault(anchor, publicKey) ??
    headFault(anchor, last) ??
    (isSigned(sealedText(before), seal, sealPublicKey, sealKey) ? null : fault('file.seal'))
  );
}

/**
 * Looks at a record file as it lies on a disk, with nothing else at hand: recomputes every hash,
 * checks each entry against the one before it, the signed anchor at the end and the seal over the
 * whole. `wantedKey` is the fingerprint of the mill's key from another source: without it a record
 * that was made anew with another key is only seen by comparing `key`.
 */
export function verifyRecord(bytes: Uint8Array, wantedKey: string | null = null): Verdict {
  const parts = partsOf(bytes);
  if ('code' in parts) return { head: null, entries: [], key: null, fault: parts };
  const { head, closing, entryLines } = parts;
  const key = closing?.anchor.key ?? null;
  const read = readEntries(entryLines, head.stream);
  const last = read.entries.at(-1);
  const wrong =
    read.fault ??
    (closing === null || last === undefined
      ? fault('file.end')
      : closingFault(bytes, closing, last)) ??
    otherKey(closing, wantedKey);
  return { head, entries: read.entries, key, fault: wrong };
}

function otherKey(
  closing: z.infer<typeof closingSchema> | null,
  wanted: string | null,
): RecordFault | null {
  if (wanted === null || closing === null) return null;
  const other = [closing.anchor.key, closing.sealKey].find((key) => key !== wanted);
  return other === undefined ? null : fault('key.other', { key: other, wanted });
}
