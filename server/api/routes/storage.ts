import type { StorageView } from '../../contract/storage.ts';
import { storageViewSchema } from '../../contract/storage.ts';
import type { StorageState } from '../../maintenance/maintenance.ts';
import type { TagStore } from '../../tags/tag-store.ts';
import type { Route } from '../route.ts';
import { iso, route } from '../route.ts';

/** How the database is, and what its maintenance knows. */
export type StorageSource = () => StorageState & {
  readonly databaseUp: boolean;
  readonly fault: string | null;
};

export interface StorageParts {
  readonly storage: StorageSource;
  readonly tags: TagStore;
}

const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

/** How the store of records and history is. Answers without a database too. */
export function storageRoutes({ storage, tags }: StorageParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/storage',
      door: 'storage.read',
      tag: 'system',
      summary: {
        vi: 'Tình trạng lưu trữ: việc bảo trì, ổ đĩa, sao lưu',
        en: 'How records are stored: jobs, disk, backups',
      },
      response: storageViewSchema,
      handle: () => viewOf(storage(), tags),
    }),
  ];
}

function viewOf(state: ReturnType<StorageSource>, tags: TagStore): StorageView {
  const { retention, lastBackup, jobs } = state;
  return {
    databaseUp: state.databaseUp,
    fault: state.fault,
    jobs: jobs.map(({ name, everyMs, failures, error, durationMs, inTrouble, ...times }) => ({
      ...{ name, failures, error, durationMs, inTrouble },
      everyS: everyMs / 1_000,
      lastOk: isoOrNull(times.lastOkMs),
      lastFailed: isoOrNull(times.lastFailedMs),
    })),
    spool: { usedPct: figureOf(tags, 'PLC.SpoolPct'), lagS: figureOf(tags, 'PLC.SpoolAgeS') },
    databaseBytes: state.databaseBytes,
    disk: state.disk,
    forecast: state.forecast,
    lastBackup:
      lastBackup === null
        ? null
        : {
            taken: iso(lastBackup.takenMs),
            file: lastBackup.file,
            bytes: lastBackup.bytes,
            rows: lastBackup.rows,
          },
    keepDays: {
      samples: retention.sample,
      minutes: retention.sample_1m,
      hours: retention.sample_1h,
      days: retention.sample_1d,
    },
    whenFull: state.whenFull,
  };
}

/** A good number of the controller; null for any other. */
function figureOf(tags: TagStore, name: string): number | null {
  const value = tags.at(tags.indexOf(name) ?? -1);
  return value.quality === 'good' && typeof value.value === 'number' ? value.value : null;
}
