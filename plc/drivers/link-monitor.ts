import type { DriverClock, DriverSink, LinkHealth } from './driver.ts';

/** Counts of a link that goes on well are told this often, ms. */
const REPEAT_MS = 1_000;
/** Percentiles are taken of so many of the last round trips. */
const ROUND_TRIPS_MAX = 512;

/** What a driver notices of a link beside its answers; each key replaces what was noted before. */
export type LinkNotes = Partial<
  Pick<LinkHealth, 'skewMs' | 'unmonitored' | 'unprotected' | 'certificateEndsMs'>
>;
type Count = 'lateReplies' | 'overruns' | 'overflows' | 'reconnects' | 'serverRestarts';

/**
 * Keeps the health of one connection, or of one unit behind it, and tells the sink what changed.
 */
export class LinkMonitor {
  readonly #sink: DriverSink;
  readonly #clock: DriverClock;
  readonly #roundTripsMs: number[] = [];
  #nextRoundTrip = 0;
  /** The round trips are others than when their percentiles were last taken. */
  #roundTripsMoved = false;
  /** Counted apart from the rest: it changes with every answer, the rest is told once a second. */
  #requests = 0;
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
      roundTripP50Ms: null,
      roundTripP99Ms: null,
      lateReplies: 0,
      overruns: 0,
      overflows: 0,
      serverRestarts: 0,
      skewMs: null,
      unmonitored: [],
      unprotected: false,
      certificateEndsMs: null,
    };
  }

  get online(): boolean {
    return this.#health.online;
  }

  /** It answered, `roundTripMs` after it was asked (null: it spoke unasked). */
  answered(roundTripMs: number | null): void {
    const nowMs = this.#clock.nowMs();
    const cameBack = !this.#health.online;
    if (roundTripMs !== null) this.#remember(roundTripMs);
    if (cameBack) this.#set({ online: true, sinceMs: nowMs });
    const due = this.#toldMs === null || Math.abs(nowMs - this.#toldMs) >= REPEAT_MS;
    if (cameBack || due) this.#tell(nowMs);
  }

  /** It is lost; told once until it answers again or the error differs. */
  lost(error: string): void {
    const { online, lastError, sinceMs } = this.#health;
    if (this.#toldMs !== null && !online && lastError === error) return;
    const nowMs = this.#clock.nowMs();
    this.#set({ online: false, sinceMs: online ? nowMs : sinceMs, lastError: error });
    this.#tell(nowMs);
  }

  /** A new socket or session was made in place of a lost one. */
  reconnected(): void {
    this.count('reconnects');
  }

  /** One more of these; told with the next answer. */
  count(what: Count, by = 1): void {
    this.#set({ [what]: this.#health[what] + by });
  }

  /** Something about the link that people should see; told at once when it differs. */
  note(notes: LinkNotes): void {
    const before = JSON.stringify(this.#health);
    this.#set(notes);
    if (JSON.stringify(this.#health) !== before) this.#tell(this.#clock.nowMs());
  }

  #remember(roundTripMs: number): void {
    const before = this.#roundTripsMs[this.#nextRoundTrip];
    this.#roundTripsMoved ||= before !== roundTripMs;
    this.#roundTripsMs[this.#nextRoundTrip] = roundTripMs;
    this.#nextRoundTrip = (this.#nextRoundTrip + 1) % ROUND_TRIPS_MAX;
    this.#requests++;
  }

  #set(changes: Partial<LinkHealth>): void {
    this.#health = { ...this.#health, ...changes };
  }

  #tell(nowMs: number): void {
    this.#toldMs = nowMs;
    if (this.#roundTripsMoved) {
      this.#roundTripsMoved = false;
      const sorted = Float64Array.from(this.#roundTripsMs).sort();
      const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? null;
      this.#set({ roundTripP50Ms: at(0.5), roundTripP99Ms: at(0.99) });
    }
    this.#set({ requests: this.#requests });
    this.#sink.health(this.#health);
  }
}
