import type { DriverClock, DriverSink, LinkHealth } from './driver.ts';

/** Counts of a link that goes on well are told this often, ms. */
const REPEAT_MS = 1_000;

/**
 * Keeps the health of one connection, or of one unit behind it, and tells the sink what changed.
 */
export class LinkMonitor {
  readonly #sink: DriverSink;
  readonly #clock: DriverClock;
  #health: LinkHealth;
  #toldMs: number | null = null;

  constructor(sink: DriverSink, clock: DriverClock, connection: string, unitId: number | null) {
    this.#sink = sink;
    this.#clock = clock;
    this.#health = {
      connection,
      unitId,
      online: false,
      sinceMs: clock.nowMs(),
      lastError: null,
      reconnects: 0,
      requests: 0,
      roundTripMs: null,
    };
  }

  get online(): boolean {
    return this.#health.online;
  }

  /** It answered, `roundTripMs` after it was asked (null: it spoke unasked). */
  answered(roundTripMs: number | null): void {
    const nowMs = this.#clock.nowMs();
    const cameBack = !this.#health.online;
    this.#health = {
      ...this.#health,
      online: true,
      sinceMs: cameBack ? nowMs : this.#health.sinceMs,
      requests: this.#health.requests + (roundTripMs === null ? 0 : 1),
      roundTripMs: roundTripMs ?? this.#health.roundTripMs,
    };
    const due = this.#toldMs === null || Math.abs(nowMs - this.#toldMs) >= REPEAT_MS;
    if (cameBack || due) this.#tell(nowMs);
  }

  /** It is lost; told once until it answers again or the error differs. */
  lost(error: string): void {
    const { online, lastError, sinceMs } = this.#health;
    if (this.#toldMs !== null && !online && lastError === error) return;
    const nowMs = this.#clock.nowMs();
    this.#health = {
      ...this.#health,
      online: false,
      sinceMs: online ? nowMs : sinceMs,
      lastError: error,
    };
    this.#tell(nowMs);
  }

  /** A new socket or session was made in place of a lost one. */
  reconnected(): void {
    this.#health = { ...this.#health, reconnects: this.#health.reconnects + 1 };
  }

  #tell(nowMs: number): void {
    this.#toldMs = nowMs;
    this.#sink.health(this.#health);
  }
}
