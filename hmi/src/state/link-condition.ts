import type { LinkStatus } from '../../../server/contract/live.ts';

/** A clock that differs by more than this puts events into the wrong order, ms. */
const SKEW_MAX_MS = 2_000;
const LATE_PER_MIN_MAX = 10;
const CERTIFICATE_DAYS_MIN = 30;
const DAY_MS = 86_400_000;

/**
 * `down`: lost; `poor`: it answers, but an engineer or maintenance has something to do; `waiting`:
 * not heard of yet; `well`: nothing to see.
 */
export type LinkCondition = 'down' | 'poor' | 'waiting' | 'well';
const RANK: readonly LinkCondition[] = ['down', 'poor', 'waiting', 'well'];

/** Whole days until the first certificate of a link ends; null without one. */
export function certificateDays(of: LinkStatus, nowMs: number): number | null {
  const ends = of.certificateEndsMs;
  return ends === null ? null : Math.floor((ends - nowMs) / DAY_MS);
}

/** Of a Modbus connection its units tell; of a lost link there is more to say. */
function tellsLate(of: LinkStatus): boolean {
  return of.online && (of.protocol === 'opcua' || of.unitId !== null);
}

/** Which figures of a link are beyond what is normal: the same limits as the alarms'. */
export function abnormal(of: LinkStatus, nowMs: number) {
  const days = certificateDays(of, nowMs);
  return {
    skew: Math.abs(of.skewMs ?? 0) > SKEW_MAX_MS,
    late: tellsLate(of) && of.latePerMin > LATE_PER_MIN_MAX,
    missing: of.unmonitored.count > 0,
    certificate: days !== null && days < CERTIFICATE_DAYS_MIN,
    unprotected: of.unprotected,
  };
}

export function conditionOf(of: LinkStatus, nowMs: number): LinkCondition {
  if (of.sinceMs === null) return 'waiting';
  if (!of.online) return 'down';
  return Object.values(abnormal(of, nowMs)).some(Boolean) ? 'poor' : 'well';
}

function rank(of: LinkStatus, nowMs: number): number {
  return RANK.indexOf(conditionOf(of, nowMs));
}

/** The units behind a connection, the abnormal first, else by their number. */
export function unitsOf(
  list: readonly LinkStatus[],
  connection: string,
  nowMs: number,
): readonly LinkStatus[] {
  return list
    .filter((one) => one.connection === connection && one.unitId !== null)
    .sort((a, b) => rank(a, nowMs) - rank(b, nowMs) || (a.unitId ?? 0) - (b.unitId ?? 0));
}

/** The rank of the worst of a connection and its units; 0 is the worst there is. */
export function worstRank(list: readonly LinkStatus[], connection: string, nowMs: number): number {
  return Math.min(
    ...list.filter((one) => one.connection === connection).map((one) => rank(one, nowMs)),
  );
}
