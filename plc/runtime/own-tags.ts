import type { ServerHealth } from '../link/server-health.ts';
import { DAYS_LEFT_MAX } from '../mill/store-tags.ts';
import type { TagScalar } from '../model/tag.ts';
import type { InputImage } from './input-image.ts';
import type { PersistenceState } from './persistence.ts';
import type { ScanTimes } from './scan.ts';
import type { TagIndex } from './tag-index.ts';

/** What a server told is not believed for longer than this, real ms. */
const HEALTH_MS_MAX = 60_000;

const rounded = (value: number, steps: number) => Math.round(value * steps) / steps;

/** The controller's tags about itself and about what becomes of its records. */
export class OwnTags {
  readonly #index: TagIndex;
  readonly #inputs: InputImage;
  #lateMs = 0;
  #health: ServerHealth | null = null;
  #heardMs = 0;

  constructor(index: TagIndex, inputs: InputImage) {
    this.#index = index;
    this.#inputs = inputs;
  }

  /** A scan began so much later than due, real ms. */
  late(lateMs: number): void {
    this.#lateMs = Math.max(this.#lateMs, lateMs);
  }

  /** What a server tells of the database. */
  heard(health: ServerHealth, realMs: number): void {
    this.#health = health;
    this.#heardMs = realMs;
  }

  /** Publishes all. @returns numbers of the tags that changed. */
  publish({ fill, failing }: PersistenceState, times: ScanTimes): number[] {
    const isHeard = times.realMs - this.#heardMs <= HEALTH_MS_MAX;
    const health = isHeard ? this.#health : null;
    // A disk that takes nothing is as full as can be, however small the spool.
    const own: readonly (readonly [string, TagScalar | null])[] = [
      ['PLC.ScanLateMs', rounded(this.#lateMs, 10)],
      ['PLC.SpoolPct', failing ? 100 : rounded(fill.pct, 100)],
      ['PLC.SpoolAgeS', Math.round(fill.ageMs / 1_000)],
      ['DB.Online', health?.databaseUp ?? null],
      ['DB.JobsFailed', health?.jobsFailed ?? null],
      ['DB.DiskUsedPct', health?.diskUsedPct ?? null],
      ['DB.DaysLeft', daysOf(health)],
      ['DB.BackupAgeH', health?.backupAgeH ?? null],
      ['DB.SamplesSetAside', health?.samplesSetAside ?? null],
    ];
    this.#lateMs = 0;
    const changed: number[] = [];
    for (const [name, value] of own) {
      const index = this.#index.find(name);
      if (index !== undefined && this.#set(index, value, times.utcMs)) changed.push(index);
    }
    return changed;
  }

  #set(index: number, value: TagScalar | null, utcMs: number): boolean {
    if (value === null) return this.#inputs.abandon(index);
    return this.#inputs.publish(index, value, utcMs);
  }
}

/** A disk of which much is known and that does not fill lasts for ever, as tags go. */
function daysOf(health: ServerHealth | null): number | null {
  if (health === null || health.diskUsedPct === null) return null;
  return Math.min(DAYS_LEFT_MAX, rounded(health.diskDaysLeft ?? DAYS_LEFT_MAX, 10));
}
