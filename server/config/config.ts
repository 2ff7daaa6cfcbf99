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
    connections: Object.fromEntries(
      Object.entries(set).filter(
        (entry): entry is [string, string] =>
          entry[0].startsWith('CONNECTION_') && entry[1] !== undefined,
      ),
    ),
  };
}
