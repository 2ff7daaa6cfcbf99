import { StoreDatabase } from './database.ts';
import type { SpoolLimits, Store } from './store.ts';
import { SPOOL_LIMITS_DEFAULT } from './store.ts';

/**
 * The store on the calling thread: each call blocks for as long as the disk takes. For virtual
 * time.
 */
export function directStore(file: string, limits: SpoolLimits = SPOOL_LIMITS_DEFAULT): Store {
  const database = new StoreDatabase(file, limits);
  return {
    open: async () => database.open(),
    commit: async (group) => database.commit(group),
    read: async (after, rowsMax, bytesMax) => database.read(after, rowsMax, bytesMax),
    acknowledge: async (sequence) => database.acknowledge(sequence),
    close: async () => database.close(),
  };
}
