import type { DriverClock, DriverLog, DriverTimer } from '../driver.ts';
import type { LinkMonitor } from '../link-monitor.ts';

/** The server is asked again for refused tags this often, ms: a node may come with a download. */
const RETRY_MS = 30_000;

export interface UnmonitoredOptions {
  readonly clock: DriverClock;
  readonly log: DriverLog;
  readonly connection: string;
  readonly monitor: LinkMonitor;
  /** Asks once more for these tags; gives those that are still refused, and why. */
  readonly retry: (tags: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** The tags that the server does not monitor: told to people, and tried again now and then. */
export class Unmonitored {
  readonly #options: UnmonitoredOptions;
  #errors: ReadonlyMap<string, string> = new Map();
  #timer: DriverTimer | null = null;
  #isEnded = false;

  constructor(options: UnmonitoredOptions) {
    this.#options = options;
  }

  get errors(): ReadonlyMap<string, string> {
    return this.#errors;
  }

  set(errors: ReadonlyMap<string, string>): void {
    const { log, monitor, connection } = this.#options;
    const isSame =
      errors.size === this.#errors.size && [...errors.keys()].every((tag) => this.#errors.has(tag));
    this.#errors = errors;
    monitor.note({ unmonitored: [...errors.keys()].sort() });
    this.#askLater();
    if (errors.size === 0 || isSame) return;
    log.warn('OPC UA tags cannot be monitored; check their addresses', {
      connection,
      count: errors.size,
      first: [...errors].slice(0, 10).map(([tag, error]) => ({ tag, error })),
    });
  }

  stop(): void {
    this.#isEnded = true;
    this.#timer?.cancel();
  }

  #askLater(): void {
    this.#timer?.cancel();
    if (this.#isEnded || this.#errors.size === 0) return;
    this.#timer = this.#options.clock.setTimer(() => void this.#ask(), RETRY_MS);
  }

  async #ask(): Promise<void> {
    const tags = [...this.#errors.keys()];
    // A request that fails as a whole tells nothing of the tags.
    const errors = await this.#options.retry(tags).catch(() => this.#errors);
    if (!this.#isEnded) this.set(errors);
  }
}
