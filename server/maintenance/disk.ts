import { existsSync, statfsSync } from 'node:fs';

/** The disk under the database, bytes. `used` is what is not free for it. */
export interface DiskUse {
  readonly totalBytes: number;
  readonly usedBytes: number;
}

/** Where to look at the disk: a folder of this machine, or how large it was said to be. */
export interface DiskSource {
  /** Folder of the cluster on this machine; null for a database on another one. */
  readonly folder: () => string | null;
  /** `DATABASE_DISK_GB`; null where nobody said. */
  readonly totalBytes: number | null;
}

/**
 * How full the disk is. Of a database elsewhere only its own size is known, against the size that
 * its disk was said to have; null where neither can be known.
 */
export function diskUse(source: DiskSource, databaseBytes: number | null): DiskUse | null {
  const folder = source.folder();
  if (folder !== null && existsSync(folder)) {
    const { blocks, bavail, bsize } = statfsSync(folder);
    return { totalBytes: blocks * bsize, usedBytes: (blocks - bavail) * bsize };
  }
  if (source.totalBytes === null || databaseBytes === null) return null;
  return { totalBytes: source.totalBytes, usedBytes: Math.min(source.totalBytes, databaseBytes) };
}
