import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { BackupTable, Manifest, TellProgress } from './manifest.ts';
import { BackupError, MANIFEST, MANIFEST_SUM, manifestSchema } from './manifest.ts';
import type { TarMember } from './tar.ts';
import { readTar } from './tar.ts';

/** A backup that was opened and whose every byte is as it was written. */
export class BackupFile {
  readonly manifest: Manifest;
  readonly #handle: FileHandle;
  readonly #members: ReadonlyMap<string, TarMember>;

  private constructor(
    handle: FileHandle,
    members: ReadonlyMap<string, TarMember>,
    manifest: Manifest,
  ) {
    this.#handle = handle;
    this.#members = members;
    this.manifest = manifest;
  }

  /**
   * Opens a backup and compares every member with its SHA-256.
   * @throws {BackupError} naming the first thing that is not as it was written.
   */
  static async open(file: string, tell?: TellProgress): Promise<BackupFile> {
    const handle = await open(file, 'r').catch((cause: unknown) => {
      throw new BackupError(`${file} cannot be read`, cause);
    });
    try {
      const members = await readTar(handle);
      if (members === null) throw new BackupError(`${file} is no backup, or was cut off`);
      const manifest = await readManifest(handle, members, file);
      const backup = new BackupFile(handle, members, manifest);
      await backup.#compare(file, tell);
      return backup;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The bytes of a table's member. */
  read(table: BackupTable): Readable {
    const member = this.#members.get(table.member);
    if (member === undefined) throw new BackupError(`${table.member} is missing`);
    return streamOf(this.#handle, member);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #compare(file: string, tell?: TellProgress): Promise<void> {
    const { tables } = this.manifest;
    const total = tables.reduce((sum, { bytes }) => sum + bytes, 1);
    let done = 0;
    for (const table of tables) {
      const member = this.#members.get(table.member);
      if (member?.size !== table.bytes) {
        throw new BackupError(`${file}: ${table.member} is missing or was cut off`);
      }
      const hash = createHash('sha256');
      for await (const chunk of streamOf(this.#handle, member)) {
        hash.update(chunk as Buffer);
        done += chunk.length;
        tell?.({ step: `comparing ${table.name}`, share: done / total });
      }
      if (hash.digest('hex') !== table.sha256) {
        throw new BackupError(`${file}: ${table.member} is damaged (its SHA-256 is another)`);
      }
    }
  }
}

const CHUNK_BYTES = 262_144;

function streamOf(handle: FileHandle, { offset, size }: TarMember): Readable {
  return Readable.from(chunksOf(handle, offset, offset + size), { objectMode: false });
}

async function* chunksOf(handle: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new BackupError('the backup was cut off while it was read');
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

async function textOf(handle: FileHandle, member: TarMember | undefined): Promise<string> {
  if (member === undefined) return '';
  const bytes = Buffer.alloc(member.size);
  await handle.read(bytes, 0, member.size, member.offset);
  return bytes.toString('utf8');
}

async function readManifest(
  handle: FileHandle,
  members: ReadonlyMap<string, TarMember>,
  file: string,
): Promise<Manifest> {
  const text = await textOf(handle, members.get(MANIFEST));
  const sum = await textOf(handle, members.get(MANIFEST_SUM));
  if (text === '') throw new BackupError(`${file} has no manifest: it is no backup of a mill`);
  if (createHash('sha256').update(text).digest('hex') !== sum) {
    throw new BackupError(`${file}: the manifest is damaged (its SHA-256 is another)`);
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new BackupError(
    `${file}: the manifest is none that this version knows: ${z.prettifyError(parsed.error)}`,
  );
}
