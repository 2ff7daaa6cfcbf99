import { generateKeyPairSync } from 'node:crypto';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistoryStorage } from '../../server/db/migrate.ts';
import type { PoolHandle } from '../../server/db/pool-handle.ts';
import type { Log } from '../../server/log.ts';
import { RecordChain } from '../../server/records/chain/record-chain.ts';
import { signerOf } from '../../server/records/chain/record-key.ts';
import { RecordStore } from '../../server/records/record-store.ts';

/** The key of a test's installation. */
export const TEST_SIGNER = signerOf(generateKeyPairSync('ed25519').privateKey);

/** The store of records of the pilot mill, with its chain. */
export function newRecordStore(db: PoolHandle, storage: HistoryStorage, log: Log): RecordStore {
  return new RecordStore({
    db,
    storage: () => storage,
    tags: pilot.tags,
    chain: new RecordChain(pilot, TEST_SIGNER),
    log,
  });
}
