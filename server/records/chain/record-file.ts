import { z } from 'zod';
import { canonical, sha256 } from './canonical.ts';
import type { Anchor, ChainEntry } from './entry.ts';
import { anchorSchema } from './entry.ts';
import type { RecordSigner } from './record-key.ts';

export const RECORD_FORMAT = 'feed-mill-record/1';

/** What a record file says of itself before its entries. */
export const headSchema = z.strictObject({
  mill: z.string().min(1),
  millText: z.strictObject({ vi: z.string(), en: z.string() }),
  stream: z.string().min(1),
  timeZone: z.string().min(1),
  exportedMs: z.number().int().nonnegative(),
  exportedBy: z.string().min(1),
  /** Share of the time of the record in which history was recorded, %; null before it began. */
  coveragePct: z.number().nullable(),
});
export type RecordHead = z.infer<typeof headSchema>;

export const openingSchema = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  head: headSchema,
  entries: z.array(z.never()).length(0),
});

export const closingSchema = z.strictObject({
  anchor: anchorSchema,
  publicKey: z.string().max(200),
  sealKey: z.string(),
  sealPublicKey: z.string().max(200),
  seal: z.string().max(100),
});

/** A record taken out of the database. */
export interface RecordContent {
  readonly head: RecordHead;
  readonly entries: readonly ChainEntry[];
  /** The anchor that signed the last entry, and the public key of its signature. */
  readonly anchor: Anchor;
  readonly publicKey: string;
}

/** The first line of a file, up to where its entries begin. */
export function openingLine(head: RecordHead): string {
  return `{"format":${canonical(RECORD_FORMAT)},"head":${canonical(head)},"entries":[`;
}

/** What the seal at the end of a file signs. */
export function sealedText(before: string): string {
  return sha256(before);
}

/** The last line, without its seal. */
export function closingLine(of: Omit<z.infer<typeof closingSchema>, 'seal'>): string {
  const { anchor, publicKey, sealKey, sealPublicKey } = of;
  const members = { publicKey, sealKey, sealPublicKey };
  return `],"anchor":${canonical(anchor)},${canonical(members).slice(1, -1)}`;
}

/**
 * The record as one file: JSON with a line for each entry, in which every byte counts. So an entry
 * is found by its line even when it can no longer be read, and a blank that JSON would overlook is
 * an alteration too. The seal signs all that stands before it.
 */
export function recordFile(record: RecordContent, signer: RecordSigner): string {
  const { head, entries, anchor, publicKey } = record;
  const { fingerprint: sealKey, publicKey: sealPublicKey } = signer;
  const lines = entries.map((entry) => canonical(entry)).join(',\n');
  const closing = closingLine({ anchor, publicKey, sealKey, sealPublicKey });
  const before = `${openingLine(head)}\n${lines}\n${closing}`;
  return `${before},"seal":${canonical(signer.sign(sealedText(before)))}}\n`;
}
