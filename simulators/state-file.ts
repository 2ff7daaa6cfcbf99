import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Mill } from '../plc/mill/definition.ts';
import type { MillState, SavedState } from './process/index.ts';
import { restoreState, saveState } from './process/index.ts';

/** A saved mill with a checksum: a file that was cut or edited by hand is not taken for a mill. */
function sealed(state: MillState): string {
  const body = JSON.stringify(saveState(state));
  return `${createHash('sha256').update(body).digest('hex')}\n${body}\n`;
}

function unsealed(content: string): SavedState | null {
  const [checksum, body] = content.split('\n');
  if (checksum === undefined || body === undefined) return null;
  if (createHash('sha256').update(body).digest('hex') !== checksum) return null;
  return JSON.parse(body) as SavedState;
}

/** The simulated mill's file: written whole beside the old one, then put in its place. */
export class StateFile {
  private readonly path: string;
  private writing: Promise<void> | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** The saved mill; or why there is none to go on with. */
  restore(mill: Mill): MillState | string {
    let content: string;
    try {
      content = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'a new mill';
      throw error;
    }
    const saved = unsealed(content);
    if (saved === null) return `${this.path} is damaged: a new mill`;
    const state = restoreState(mill, saved);
    return state ?? `${this.path} is of another mill or version: a new mill`;
  }

  /** Saves off the way of the physics; while a save is under way, the next one is left out. */
  async save(state: MillState): Promise<void> {
    if (this.writing !== null) return;
    this.writing = this.write(sealed(state));
    try {
      await this.writing;
    } finally {
      this.writing = null;
    }
  }

  /** Saves before the process ends. */
  saveNow(state: MillState): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const beside = `${this.path}.last`;
    const file = openSync(beside, 'w');
    writeSync(file, sealed(state));
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, this.path);
  }

  private async write(content: string): Promise<void> {
    mkdirSync(dirname(this.path), { recursive: true });
    const beside = `${this.path}.new`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.path);
  }
}
