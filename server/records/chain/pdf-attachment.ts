import { sha256 } from './canonical.ts';
import type { RecordSigner } from './record-key.ts';
import { isSigned } from './record-key.ts';

/** Comment line after the end of the PDF that signs all bytes before it. */
const SEAL = '%feed-mill-seal ';

/** Appends the signature of the whole PDF as a comment, which readers of PDF pass over. */
export function sealPdf(pdf: Buffer, { fingerprint, publicKey, sign }: RecordSigner): Buffer {
  const before = pdf.toString('latin1').endsWith('\n')
    ? pdf
    : Buffer.concat([pdf, Buffer.from('\n')]);
  const signature = sign(sha256(before.toString('latin1')));
  return Buffer.concat([before, Buffer.from(`${SEAL}${fingerprint} ${publicKey} ${signature}\n`)]);
}

/** Whether the PDF ends with the signature over all its bytes. */
export function isSealedPdf(bytes: Buffer): boolean {
  const at = bytes.lastIndexOf(SEAL);
  if (at === -1) return false;
  const line = bytes.subarray(at).toString('latin1');
  const [fingerprint = '', publicKey = '', signature = ''] = line.slice(SEAL.length, -1).split(' ');
  if (line !== `${SEAL}${fingerprint} ${publicKey} ${signature}\n`) return false;
  return isSigned(
    sha256(bytes.subarray(0, at).toString('latin1')),
    signature,
    publicKey,
    fingerprint,
  );
}

export const isPdf = (bytes: Buffer): boolean =>
  bytes.subarray(0, 5).toString('latin1') === '%PDF-';

/** How the record in the PDF begins: it is stored plain, so that a byte altered in it is found. */
const OPENING = '{"format":"feed-mill-record/';
/** How the stream that holds it ends, whatever the last byte of the record has become. */
const STREAM_END = '\nendstream';

/** The record that a PDF carries, byte for byte; null where there is none. */
export function attachedRecord(bytes: Buffer): Buffer | null {
  const from = bytes.indexOf(OPENING);
  const to = from === -1 ? -1 : bytes.indexOf(STREAM_END, from);
  return to === -1 ? null : bytes.subarray(from, to);
}
