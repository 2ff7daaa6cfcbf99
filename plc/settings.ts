import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const schema = z.object({
  MILL: z.string().min(1).default('reference'),
  PLC_PORT: port(8081),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  SIM_SPEED: z.coerce.number().min(0.1).max(100).default(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What the controller process is told by its environment (DESIGN 5). */
export type PlcSettings = z.infer<typeof schema>;

/** Environment values that cannot be used; the engineer who set them must mend every one. */
export class SettingsError extends Error {
  constructor(faults: readonly string[]) {
    super(`environment:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * Reads the settings; an empty value counts as not set. @throws {SettingsError} naming every bad
 * key.
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): PlcSettings {
  const set = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map((issue) => {
      const key = String(issue.path[0]);
      return `${key}=${environment[key] ?? ''}: ${issue.message}`;
    }),
  );
}
