import type { Content, ContentSvg, TableCell } from 'pdfmake/interfaces.d.ts';

/** Drawn and worded parts of a printed record. Every label is there in both languages. */

export type Fields = Readonly<Record<string, unknown>>;

export const INK = { line: '#8a8f98', band: '#dfe6ee', mark: '#1d4e89', wrong: '#b3261e' } as const;

export const both = (vi: string, en: string): string => `${vi} / ${en}`;
export const textOf = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '–' : String(value);

/** Numbers and times of a sheet, as the mill writes them. */
export class SheetFormat {
  readonly #time: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#time = new Intl.DateTimeFormat('vi-VN', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
  }

  time(ms: unknown): string {
    return typeof ms === 'number' ? this.#time.format(ms) : '–';
  }

  number(value: unknown, decimals: number): string {
    if (typeof value !== 'number') return '–';
    return value.toLocaleString('vi-VN', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  }
}

const BAR = { width: 90, height: 10 } as const;

/** The deviation of a dose against its tolerance: a band of tolerance, a line at 0, a mark. */
export function toleranceBar(deviationKg: number, toleranceKg: number): ContentSvg {
  const { width, height } = BAR;
  // The band takes the middle half; what lies outside is drawn outside, at most at the edge.
  const share = toleranceKg > 0 ? deviationKg / toleranceKg : Math.sign(deviationKg) * 2;
  const at = width / 2 + (Math.max(-2, Math.min(2, share)) * width) / 4;
  const colour = Math.abs(share) > 1 ? INK.wrong : INK.mark;
  const svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <line x1="0" y1="5" x2="${width}" y2="5" stroke="${INK.line}" stroke-width="0.5"/>
    <rect x="${width / 4}" y="1" width="${width / 2}" height="8" fill="${INK.band}"/>
    <line x1="${width / 2}" y1="0" x2="${width / 2}" y2="10" stroke="${INK.line}"/>
    <rect x="${Math.max(0, at - 1.5).toFixed(2)}" y="0" width="3" height="10" fill="${colour}"/>
  </svg>`;
  return { svg, width, height };
}

export interface TimelineSpan {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Spans of time as bars under each other, on one axis. */
export function timeline(spans: readonly TimelineSpan[], width: number): ContentSvg | string {
  if (spans.length === 0) return '–';
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  const toMs = Math.max(...spans.map((span) => span.toMs));
  const label = 150;
  const scale = (width - label - 60) / Math.max(1, toMs - fromMs);
  const rows = spans.map((span, at) => {
    const x = label + (span.fromMs - fromMs) * scale;
    const long = Math.max(1, (span.toMs - span.fromMs) * scale);
    const y = at * 14;
    const seconds = Math.round((span.toMs - span.fromMs) / 1_000);
    return `<text x="0" y="${y + 9}" font-size="8">${escaped(span.text)}</text>
      <rect x="${x.toFixed(1)}" y="${y + 1}" width="${long.toFixed(1)}" height="10"
        fill="${INK.mark}"/>
      <text x="${(x + long + 3).toFixed(1)}" y="${y + 9}" font-size="8">${seconds} s</text>`;
  });
  const height = spans.length * 14;
  const svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <line x1="${label}" y1="0" x2="${label}" y2="${height}" stroke="${INK.line}"/>
    ${rows.join('\n')}</svg>`;
  return { svg, width, height };
}

/** A table with a head that is repeated on each page; `–` in one row where there is nothing. */
export function table(
  head: readonly string[],
  rows: readonly (readonly TableCell[])[],
  widths: readonly (string | number)[],
): Content {
  const empty = head.map((_, at) => (at === 0 ? '–' : ''));
  return {
    table: {
      headerRows: 1,
      widths: [...widths],
      dontBreakRows: true,
      body: [
        head.map((text) => ({ text, style: 'head' })),
        ...(rows.length === 0 ? [empty] : rows.map((row) => [...row])),
      ],
    },
    layout: 'lightHorizontalLines',
    margin: [0, 2, 0, 8],
  };
}

export const title = (vi: string, en: string): Content => ({ text: both(vi, en), style: 'title' });
export const right = (text: string): TableCell => ({ text, alignment: 'right' });
