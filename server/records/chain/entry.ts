import { z } from 'zod';
import { canonical, sha256 } from './canonical.ts';

/** The hash before the first one. */
export const NO_HASH = '0'.repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const stream = z.string().min(1).max(300);
const sequence = z.number().int().positive();
const timeMs = z.number().int().nonnegative();

/** One entry of a record: `hash` is over all the rest. */
export const entrySchema = z.strictObject({
  stream,
  sequence,
  kind: z.string().min(1).max(64),
  subject: z.string().min(1).max(400),
  writtenMs: timeMs,
  content: z.record(z.string(), z.unknown()),
  previous: hash,
  hash,
});
export type ChainEntry = z.infer<typeof entrySchema>;
export type EntryBody = Omit<ChainEntry, 'hash'>;

/** The state of the whole when a transaction ended: how long each touched stream had become. */
export const anchorSchema = z.strictObject({
  number: z.number().int().positive(),
  writtenMs: timeMs,
  heads: z.array(z.strictObject({ stream, sequence, hash })).min(1),
  previous: hash,
  /** Fingerprint of the key that signed. */
  key: hash,
  hash,
  /** Ed25519 over the hash, base64url. */
  signature: z.string().max(100),
});
export type Anchor = z.infer<typeof anchorSchema>;
export type AnchorBody = Omit<Anchor, 'hash' | 'signature'>;

/** SHA-256 over canonical JSON of entry or anchor, the hash before it included. */
export function hashOf(body: EntryBody | AnchorBody): string {
  return sha256(canonical(body));
}

/** The hash that an entry should have. */
export function entryHash({ hash: _, ...body }: ChainEntry): string {
  return hashOf(body);
}

/** The hash that an anchor should have. */
export function anchorHash({ hash: _, signature: __, ...body }: Anchor): string {
  return hashOf(body);
}
