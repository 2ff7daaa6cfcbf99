import type { LinkStatus } from '../../../../server/contract/live.ts';
import type { WordKey } from '../../i18n/dictionary.ts';
import { formatNumber } from '../../i18n/format.ts';
import { t } from '../../i18n/language.ts';
import { abnormal, certificateDays } from '../../state/link-condition.ts';

/** One figure of a link; null text: a link of this kind has none. */
export interface LinkFigure {
  readonly word: WordKey;
  readonly text: (of: LinkStatus, nowMs: number) => string | null;
  readonly isWrong: (of: LinkStatus, nowMs: number) => boolean;
}

const never = () => false;
const UNKNOWN = '–';

function figure(value: number | null, decimals = 0, unit = ''): string {
  return value === null ? UNKNOWN : `${formatNumber(value, decimals)}${unit}`;
}

/** Times are taken in whole ms. */
function shortTime(ms: number | null): string {
  return ms !== null && ms < 1 ? '<1' : figure(ms);
}

function count(word: WordKey, read: (of: LinkStatus) => number | null): LinkFigure {
  const text = (of: LinkStatus) => {
    const value = read(of);
    return value === null ? null : formatNumber(value);
  };
  return { word, text, isWrong: never };
}

const isOpcUa = (of: LinkStatus) => of.protocol === 'opcua';
const isConnection = (of: LinkStatus) => of.unitId === null;

/** What is shown of every link, in this order. */
export const LINK_FIGURES: readonly LinkFigure[] = [
  {
    word: 'links.requests',
    text: (of) => figure(of.requestsPerS, (of.requestsPerS ?? 0) < 10 ? 1 : 0),
    isWrong: never,
  },
  {
    word: 'links.roundTrip',
    text: (of) =>
      of.roundTripP50Ms === null
        ? UNKNOWN
        : `${shortTime(of.roundTripP50Ms)} / ${shortTime(of.roundTripP99Ms)} ms`,
    isWrong: never,
  },
  {
    ...count('links.late', (of) => of.lateReplies),
    isWrong: (of, nowMs) => abnormal(of, nowMs).late,
  },
  count('links.overruns', (of) => (isConnection(of) ? of.overruns : null)),
  count('links.overflows', (of) => (isOpcUa(of) ? of.overflows : null)),
  count('links.reconnects', (of) => (isConnection(of) ? of.reconnects : null)),
  count('links.restarts', (of) => (isOpcUa(of) ? of.serverRestarts : null)),
  {
    word: 'links.skew',
    text: (of) => {
      if (!isOpcUa(of)) return null;
      return of.skewMs === null ? UNKNOWN : figure(of.skewMs / 1_000, 2, ' s');
    },
    isWrong: (of, nowMs) => abnormal(of, nowMs).skew,
  },
  {
    word: 'links.certificate',
    text: (of, nowMs) => {
      if (!isOpcUa(of)) return null;
      const days = certificateDays(of, nowMs);
      return days === null ? UNKNOWN : t('links.days', { count: formatNumber(days) });
    },
    isWrong: (of, nowMs) => abnormal(of, nowMs).certificate,
  },
  {
    word: 'links.missing',
    text: (of) => (isOpcUa(of) || !isConnection(of) ? formatNumber(of.unmonitored.count) : null),
    isWrong: (of, nowMs) => abnormal(of, nowMs).missing,
  },
];
