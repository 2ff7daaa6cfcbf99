import { createMemo, createRoot } from 'solid-js';
import type { LinkStatus } from '../../../server/contract/live.ts';
import { LINK_TROUBLES, type LinkHelper } from '../../../server/contract/states.ts';
import { formatNumber, formatTime } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { linkStatuses } from './live.ts';
import { mill } from './mill.ts';

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

/** What is wrong with a link, what to do about it, and who does it. */
export interface Finding {
  readonly text: string;
  readonly action: string;
  readonly who: LinkHelper;
}

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

/** All that somebody has to do about a link now. */
export function findingsOf(of: LinkStatus, nowMs: number): Finding[] {
  const wrong = abnormal(of, nowMs);
  const findings: Finding[] = [];
  const add = (is: boolean, text: string, action: string, who: LinkHelper) => {
    if (is) findings.push({ text, action, who });
  };
  if (conditionOf(of, nowMs) === 'down') {
    const { text, action, who } = LINK_TROUBLES[of.trouble ?? 'silent'];
    add(true, say(text), say(action), who);
  }
  const missing = { count: formatNumber(of.unmonitored.count) };
  add(wrong.missing, t('links.findMissing', missing), t('links.doMissing'), 'engineer');
  const skew = { seconds: formatNumber((of.skewMs ?? 0) / 1_000, 1) };
  add(wrong.skew, t('links.findSkew', skew), t('links.doSkew'), 'engineer');
  const late = { count: formatNumber(of.latePerMin) };
  add(wrong.late, t('links.findLate', late), t('links.doLate'), 'maintenance');
  const ends = { day: formatTime(of.certificateEndsMs, 'day') };
  add(wrong.certificate, t('links.findCertificate', ends), t('links.doCertificate'), 'engineer');
  add(wrong.unprotected, t('links.findUnprotected'), t('links.doUnprotected'), 'engineer');
  return findings;
}

/** A connection with the units behind it. */
export interface LinkGroup {
  readonly connection: string;
  readonly name: string;
  readonly own: LinkStatus;
  readonly units: readonly LinkStatus[];
}

function rank(of: LinkStatus, nowMs: number): number {
  return RANK.indexOf(conditionOf(of, nowMs));
}

/** Connections with their units, the abnormal first, else as the mill lists them. */
export function linkGroups(list: readonly LinkStatus[], nowMs: number): LinkGroup[] {
  const groups = mill().connections.flatMap(({ id, text }): LinkGroup[] => {
    const own = list.find((one) => one.connection === id && one.unitId === null);
    if (own === undefined) return [];
    const units = list
      .filter((one) => one.connection === id && one.unitId !== null)
      .sort((a, b) => rank(a, nowMs) - rank(b, nowMs) || (a.unitId ?? 0) - (b.unitId ?? 0));
    return [{ connection: id, name: say(text), own, units }];
  });
  const worst = ({ own, units }: LinkGroup) =>
    Math.min(...[own, ...units].map((one) => rank(one, nowMs)));
  return groups.sort((a, b) => worst(a) - worst(b));
}

/** How many links are lost and how many unprotected: what every display shows while it is so. */
export const linkCounts = createRoot(() =>
  createMemo(() => {
    const all = linkStatuses();
    return {
      down: all.filter((one) => one.sinceMs !== null && !one.online).length,
      unprotected: all.filter((one) => one.unprotected).length,
    };
  }),
);
