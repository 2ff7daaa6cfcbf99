import { z } from 'zod';

export const BACKUP_FORMAT = 'feed-mill-backup/1';
export const MANIFEST = 'manifest.json';
export const MANIFEST_SUM = 'manifest.sha256';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Names of tables and columns stand in SQL: they are such as our migrations give. */
const sqlName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

const tableSchema = z.strictObject({
  name: sqlName,
  columns: z.array(sqlName).min(1),
  rows: z.number().int().nonnegative(),
  /** Name of its member: COPY in binary, compressed by gzip. */
  member: z.string().min(1).max(100),
  bytes: z.number().int().nonnegative(),
  /** Of the member as it lies in the file. */
  sha256,
  /** A partition: of which table, and `FOR VALUES ...` or `DEFAULT`. */
  partition: z
    .strictObject({
      of: sqlName,
      bound: z
        .string()
        .regex(/^(DEFAULT|FOR VALUES FROM \('?[0-9 :+.-]+'?\) TO \('?[0-9 :+.-]+'?\))$/),
    })
    .nullable(),
  /** True for what a continuous aggregate of TimescaleDB has materialised. */
  aggregate: z.boolean(),
});
export type BackupTable = z.infer<typeof tableSchema>;

/** What a backup holds: enough to know before anything is restored whether all of it is there. */
export const manifestSchema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  /** Version of the program that made it. */
  version: z.string(),
  /** The moment whose state it is. */
  taken: z.iso.datetime(),
  database: z.string(),
  serverVersion: z.string(),
  storage: z.enum(['plain', 'timescale']),
  /** Names of the migrations that had made its tables, in order. */
  migrations: z.array(z.string()),
  historyMigrations: z.array(z.string()),
  /** In the order in which they can be filled: what others refer to comes first. */
  tables: z.array(tableSchema),
  sequences: z.array(z.strictObject({ name: sqlName, value: z.number().int() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A backup or restore that cannot be done; the message says what and who must act. */
export class BackupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BackupError';
  }
}

/** What is under way, for whoever waits. `share` 0..1 of the whole. */
export interface Progress {
  readonly step: string;
  readonly share: number;
}
export type TellProgress = (progress: Progress) => void;
