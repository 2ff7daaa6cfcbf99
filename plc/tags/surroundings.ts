import type { DriverClock } from '../drivers/driver.ts';

/** What a command of this program uses of the world around it. */
export interface Surroundings {
  readonly clock: DriverClock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly print: (text: string) => void;
  /** Progress, remarks and errors: not mixed into a result that is piped on. */
  readonly say: (text: string) => void;
  /** Whether `say` goes to a screen, where a line can be written over. */
  readonly isTerminal: boolean;
}

/** Exit codes, as `grep` and `diff` have them. */
export const EXIT = { well: 0, faults: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command was given: one address or file, and options. */
export interface Parsed<O extends string> {
  readonly place: string;
  readonly options: Readonly<Partial<Record<O, string>>>;
}
