import { existsSync, statfsSync } from 'node:fs';

/** The disk under the database, bytes. The rest of `total` is free for it. */
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
    // As df counts: what is reserved for others is neither used nor to be had.
    const { blocks, bfree, bavail, bsize } = statfsSync(folder);
    const usedBytes = (blocks - bfree) * bsize;
    return { totalBytes: usedBytes + bavail * bsize, usedBytes };
  }
  if (source.totalBytes === null || databaseBytes === null) return null;
  return { totalBytes: source.totalBytes, usedBytes: Math.min(source.totalBytes, databaseBytes) };
}
