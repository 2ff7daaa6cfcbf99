import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const CODINGS = ['br', 'gzip'] as const;
type Coding = (typeof CODINGS)[number];

/** Brotli's quality of most gain for its time: 3 MB in a tenth of a second. */
const BROTLI_QUALITY = 5;

async function compress(coding: Coding, body: Buffer): Promise<Buffer> {
  if (coding === 'gzip') return promisify(gzip)(body);
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  return promisify(brotliCompress)(body, { params });
}

/**
 * A JSON answer that stays the same while the server runs, and is large: written and compressed
 * once, and not sent again to a browser that has it (RFC 9110 8.8.3 and 13.1.2). It is kept by that
 * browser alone and asked for each time, so the door before it stays closed to others.
 */
export class FixedAnswer {
  readonly #body: Buffer;
  readonly #tag: string;
  readonly #packed = new Map<Coding, Promise<Buffer>>();

  constructor(answer: unknown) {
    this.#body = Buffer.from(JSON.stringify(answer));
    this.#tag = createHash('sha256').update(this.#body).digest('base64url').slice(0, 22);
  }

  /** Answers with the body, or 304 where the caller has it already. */
  async send(request: Request, response: Response): Promise<void> {
    const accepted = request.acceptsEncodings([...CODINGS]);
    const coding = CODINGS.find((one) => one === accepted);
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'accept-encoding');
    response.setHeader('etag', `"${this.#tag}${coding === undefined ? '' : `-${coding}`}"`);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.setHeader('content-type', 'application/json; charset=utf-8');
    if (coding === undefined) {
      response.end(this.#body);
      return;
    }
    response.setHeader('content-encoding', coding);
    response.end(await this.#packedBy(coding));
  }

  #packedBy(coding: Coding): Promise<Buffer> {
    const known = this.#packed.get(coding);
    if (known !== undefined) return known;
    const packed = compress(coding, this.#body);
    this.#packed.set(coding, packed);
    return packed;
  }
}
