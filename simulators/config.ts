import * as z from 'zod';

const environment = z.object({
  MILL: z.string().min(1).default('reference'),
  SIM_SPEED: z.coerce.number().min(0.1).max(100).default(1),
  SIM_SCENARIO: z.string().min(1).optional(),
  SIM_PORT: z.coerce.number().int().min(0).max(65_535).default(8_082),
  SIM_JOURNAL: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
});

export type SimulatorConfig = z.infer<typeof environment>;

/**
 * The simulator's part of the environment.
 * @throws {Error} naming every key with a bad value; the engineer who set them must mend it.
 */
export function readConfig(from: Readonly<Record<string, string | undefined>>): SimulatorConfig {
  const set = Object.fromEntries(Object.entries(from).filter(([, value]) => value !== ''));
  const result = environment.safeParse(set);
  if (result.success) return result.data;
  const faults = result.error.issues.map((one) => `  ${one.path.join('.')}: ${one.message}`);
  throw new Error(`the environment must be mended:\n${faults.join('\n')}`);
}
