import { resolve } from 'node:path';
import { z } from 'zod';

/** What the environment decides. This file is the only reader of it in the server. */
export interface Config {
  readonly port: number;
  /**
   * Address to listen on. Only this machine unless HOST says otherwise, e.g. 0.0.0.0 in a plant
   * network.
   */
  readonly host: string;
  /** Empty for the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly mill: string;
  readonly plcUrl: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** The `CONNECTION_<NAME>` keys, which `overrideConnections` checks against the mill. */
  readonly connections: Readonly<Record<string, string>>;
  /** How long raw samples, minutes, hours and days of history are kept, days. */
  readonly keepDays: {
    readonly sample: number;
    readonly sample_1m: number;
    readonly sample_1h: number;
    readonly sample_1d: number;
  };
  /** What goes first when the disk is nearly full; records and audit never do. */
  readonly whenDiskFull: 'samples' | 'nothing';
  /** Less free than this is nearly full, %. */
  readonly diskFreePctMin: number;
  /** Size of the disk under a database on another machine, bytes; null: nobody said. */
  readonly databaseDiskBytes: number | null;
  /** Backups that the server takes by itself; null: people take them. */
  readonly backup: {
    readonly folder: string;
    readonly everyMs: number;
    readonly kept: number;
  } | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys of the environment that cannot be used; whoever set them must mend every one. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `refused to start: the environment has ${faults.length} bad key(s)\n${faults.join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Days to keep; wider rollups look back over a year, so that is the least of theirs. */
const days = (usual: number, least: number) =>
  z.coerce.number().int().min(least).max(36_500).default(usual);

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).max(255).default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'wants postgres://user:password@host:port/name' })
    .optional(),
  DATA_DIR: z.string().min(1).default('data'),
  MILL: z.string().min(1).default('reference'),
  PLC_URL: z
    .url({ protocol: /^https?$/, error: 'wants http://host:port' })
    .default('http://127.0.0.1:8081'),
  // Read by the controller and the simulator; a bad value is named by every process.
  SIM_SPEED: z.coerce.number().min(0.1).max(100).default(1),
  KEEP_SAMPLE_DAYS: days(92, 7),
  KEEP_MINUTE_DAYS: days(1_830, 420),
  KEEP_HOUR_DAYS: days(3_653, 420),
  KEEP_DAY_DAYS: days(10_958, 420),
  DISK_FULL_DROPS: z.enum(['samples', 'nothing']).default('samples'),
  DISK_FREE_MIN_PCT: z.coerce.number().min(1).max(50).default(8),
  DATABASE_DISK_GB: z.coerce.number().positive().max(1_000_000).optional(),
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_EVERY_HOURS: z.coerce.number().min(1).max(744).default(24),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(1_000).default(7),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/**
 * The configuration of the server.
 * @throws {ConfigError} naming every key that is bad; a key that is set to nothing counts as not
 * set.
 */
export function readConfig(environment: Environment): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(set);
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const keys = result.data;
  return {
    port: keys.PORT,
    host: keys.HOST,
    databaseUrl: keys.DATABASE_URL ?? '',
    dataDir: resolve(keys.DATA_DIR),
    mill: keys.MILL,
    plcUrl: keys.PLC_URL,
    logLevel: keys.LOG_LEVEL,
    keepDays: {
      sample: keys.KEEP_SAMPLE_DAYS,
      sample_1m: keys.KEEP_MINUTE_DAYS,
      sample_1h: keys.KEEP_HOUR_DAYS,
      sample_1d: keys.KEEP_DAY_DAYS,
    },
    whenDiskFull: keys.DISK_FULL_DROPS,
    diskFreePctMin: keys.DISK_FREE_MIN_PCT,
    databaseDiskBytes:
      keys.DATABASE_DISK_GB === undefined ? null : keys.DATABASE_DISK_GB * 1_000_000_000,
    backup:
      keys.BACKUP_DIR === undefined
        ? null
        : {
            folder: resolve(keys.BACKUP_DIR),
            everyMs: keys.BACKUP_EVERY_HOURS * 3_600_000,
            kept: keys.BACKUP_KEEP,
          },
    connections: Object.fromEntries(
      Object.entries(set).filter(
        (entry): entry is [string, string] =>
          entry[0].startsWith('CONNECTION_') && entry[1] !== undefined,
      ),
    ),
  };
}
