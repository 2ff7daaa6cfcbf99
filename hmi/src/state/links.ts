import { createMemo, createRoot } from 'solid-js';
import type { LinkStatus } from '../../../server/contract/live.ts';
import { LINK_TROUBLES, type LinkHelper } from '../../../server/contract/states.ts';
import { formatNumber, formatTime } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { abnormal, conditionOf, worstRank } from './link-condition.ts';
import { linkStatuses } from './live.ts';
import { mill } from './mill.ts';

/** What is wrong with a link, what to do about it, and who does it. */
export interface Finding {
  readonly text: string;
  readonly action: string;
  readonly who: LinkHelper;
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

/** The connections there are, those with something abnormal first, else as the mill has them. */
export function connectionsOf(list: readonly LinkStatus[], nowMs: number): readonly LinkStatus[] {
  const rank = ({ connection }: LinkStatus) => worstRank(list, connection, nowMs);
  return mill()
    .connections.flatMap(({ id }) =>
      list.filter((one) => one.connection === id && one.unitId === null),
    )
    .sort((a, b) => rank(a) - rank(b));
}

/** The name of a connection, as the mill's people call it. */
export function connectionName(id: string): string {
  const text = mill().connections.find((one) => one.id === id)?.text;
  return text === undefined ? id : say(text);
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
