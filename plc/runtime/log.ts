/** Writes what the controller has to say to engineers; pino satisfies it through `main.ts`. */
export interface Log {
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}
