/** Goal: a disk of a few megabytes that can be filled for real and emptied again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Mounts one; null where this machine does not allow it. */
  static mount(megabytes: number): SmallDisk | null {
    const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
        stdio: 'ignore',
      });
    } catch {
      rmSync(folder, { recursive: true });
      return null;
    }
    chmodSync(folder, 0o755);
    return new SmallDisk(folder);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  get totalBytes(): number {
    const { blocks, bsize } = statfsSync(this.folder);
    return blocks * bsize;
  }

  /** Another program fills the disk until only so much is free. */
  fillTo(freeBytes: number): void {
    this.empty();
    const bytes = Math.max(0, this.freeBytes - freeBytes);
    try {
      writeFileSync(join(this.folder, 'ballast'), Buffer.alloc(bytes, 1));
    } catch (error) {
      // To the last byte: the disk itself says when.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  /** That program's file is removed. */
  empty(): void {
    rmSync(join(this.folder, 'ballast'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether small disks can be mounted here: as root on Linux, outside a locked-down container. */
export function smallDisksAreAllowed(): boolean {
  const disk = SmallDisk.mount(1);
  disk?.unmount();
  return disk !== null;
}
