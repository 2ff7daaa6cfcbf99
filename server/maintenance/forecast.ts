/** How full the disk was at a time. */
export interface DiskMeasure {
  readonly timeMs: number;
  readonly databaseBytes: number;
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
}

/** When the disk is full if it goes on as it lately did. */
export interface DiskForecast {
  /** Growth of the database, bytes a day; null while too little was measured. */
  readonly growthBytesPerDay: number | null;
  /** Null: not known, or it does not fill. */
  readonly daysLeft: number | null;
  /** From how long the growth was measured, days. */
  readonly measuredDays: number;
}

const DAY_MS = 86_400_000;
/** What is measured over less than this says nothing of days. */
const MEASURED_MS_MIN = 2 * 3_600_000;
/** Growth of the last week counts: a mill works by weeks. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** Pairs of measures grow with the square of their number. */
const MEASURES_MAX = 200;
/** A disk that lasts longer than this does not fill, as far as anyone plans. */
const DAYS_MAX = 3_650;

interface Point {
  readonly timeMs: number;
  readonly bytes: number;
}

function thinned(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / MEASURES_MAX));
  return points.filter((_, at) => (points.length - 1 - at) % step === 0);
}

/**
 * Slope by Theil (1950) and Sen (1968): the median over all pairs, so that a backup that came and
 * went, or a dropped partition, does not tilt it. Bytes a day; null with too little to say.
 */
function growthOf(points: readonly Point[]): number | null {
  const some = thinned(points);
  const first = some[0];
  const last = some.at(-1);
  if (first === undefined || last === undefined) return null;
  if (last.timeMs - first.timeMs < MEASURED_MS_MIN) return null;
  const slopes: number[] = [];
  for (const [at, one] of some.entries()) {
    for (const other of some.slice(at + 1)) {
      const days = (other.timeMs - one.timeMs) / DAY_MS;
      if (days > 0) slopes.push((other.bytes - one.bytes) / days);
    }
  }
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? null;
}

/**
 * Forecast from the measures of the last week, the oldest first. Days left are counted by the
 * faster of the database and everything on its disk together.
 */
export function forecastOf(measures: readonly DiskMeasure[], nowMs: number): DiskForecast {
  const recent = measures.filter(({ timeMs }) => timeMs > nowMs - LOOK_BACK_MS);
  const first = recent[0]?.timeMs ?? nowMs;
  const measuredDays = ((recent.at(-1)?.timeMs ?? nowMs) - first) / DAY_MS;
  const database = growthOf(
    recent.map(({ timeMs, databaseBytes }) => ({ timeMs, bytes: databaseBytes })),
  );
  const disk = growthOf(
    recent.flatMap(({ timeMs, usedBytes }) =>
      usedBytes === null ? [] : [{ timeMs, bytes: usedBytes }],
    ),
  );
  const last = measures.at(-1);
  const growth = Math.max(database ?? 0, disk ?? 0);
  const isKnown = last !== undefined && last.usedBytes !== null && last.totalBytes !== null;
  if (!isKnown || database === null || growth <= 0) {
    return { growthBytesPerDay: database, daysLeft: null, measuredDays };
  }
  const days = ((last.totalBytes ?? 0) - (last.usedBytes ?? 0)) / growth;
  return {
    growthBytesPerDay: database,
    daysLeft: days > DAYS_MAX ? null : Math.max(0, days),
    measuredDays,
  };
}
