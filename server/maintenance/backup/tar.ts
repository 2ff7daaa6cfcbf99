import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

/**
 * A tar archive (POSIX.1-1988 ustar; sizes above 8 GB in base 256, as GNU tar writes and reads
 * them), so that a backup can be looked into with any tar.
 */
const BLOCK = 512;
const NAME_MAX = 100;
const OCTAL_SIZE_MAX = 8 ** 11 - 1;

/** One file of an archive. */
export interface TarMember {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly offset: number;
  readonly size: number;
}

function header(name: string, size: number, timeMs: number): Buffer {
  if (Buffer.byteLength(name) > NAME_MAX) throw new RangeError(`${name} is too long for a member`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write('0000600\0', 100);
  block.write('0000000\0'.repeat(2), 108);
  if (size <= OCTAL_SIZE_MAX) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  const seconds = Math.floor(timeMs / 1000);
  block.write(`${seconds.toString(8).padStart(11, '0')}\0`, 136);
  block.write('        0', 148);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const rounded = (size: number) => Math.ceil(size / BLOCK) * BLOCK;

/** Writes members one after the other; the size of each is known when it has ended. */
export class TarWriter {
  readonly #file: FileHandle;
  readonly #timeMs: number;
  #at = 0;

  constructor(file: FileHandle, timeMs: number) {
    this.#file = file;
    this.#timeMs = timeMs;
  }

  /** Writes a member of whatever `fill` puts into the stream; gives how many bytes it had. */
  async add(name: string, fill: (into: Writable) => Promise<void>): Promise<number> {
    const file = this.#file;
    const begin = this.#at + BLOCK;
    let at = begin;
    const into = new Writable({
      write(chunk: Buffer, _encoding, done) {
        writeAll(file, chunk, at).then(() => {
          at += chunk.length;
          done();
        }, done);
      },
    });
    await fill(into);
    const size = at - begin;
    await writeAll(file, header(name, size, this.#timeMs), this.#at);
    this.#at = begin + rounded(size);
    return size;
  }

  /** Two blocks of zeros end an archive. */
  async end(): Promise<void> {
    await this.#file.truncate(this.#at + 2 * BLOCK);
    await this.#file.sync();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, from, bytes.length - from, at + from);
    from += bytesWritten;
  }
}

function sizeOf(block: Buffer): number {
  if (block[124] === 0x80) return Number(block.readBigUInt64BE(128));
  return Number.parseInt(block.toString('latin1', 124, 135), 8);
}

function isHeader(block: Buffer): boolean {
  const told = Number.parseInt(block.toString('latin1', 148, 154), 8);
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return block.toString('latin1', 257, 262) === 'ustar' && sum === told;
}

/** What an archive holds; null where it is none, or was cut off. */
export async function readTar(file: FileHandle): Promise<Map<string, TarMember> | null> {
  const { size: length } = await file.stat();
  const members = new Map<string, TarMember>();
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(block, 0, BLOCK, at);
    if (bytesRead < BLOCK) return null;
    if (block.every((byte) => byte === 0)) return members;
    if (!isHeader(block)) return null;
    const name = block.toString('utf8', 0, NAME_MAX).replace(/\0.*$/s, '');
    const size = sizeOf(block);
    const offset = at + BLOCK;
    if (!Number.isSafeInteger(size) || offset + size > length) return null;
    members.set(name, { name, offset, size });
    at = offset + rounded(size);
  }
}
