/** What the label of a sack says. */
export interface LotLabel {
  readonly lot: string;
  /** Code of the material; null: the label does not say. */
  readonly material: string | null;
  /** End of the last day on which it may be used, ms UTC; null: the label does not say. */
  readonly expiryTimeMs: number | null;
}

const LOT = '10';
const EXPIRY = '17';
const MATERIAL = '240';
const DAY_MS = 86_400_000;
/** What a scanner sends for FNC1 behind an element of open length. */
const FNC1 = '\u001d';

/** Elements written for people: `(10)LOT(17)261231`. */
function inBrackets(label: string): Map<string, string> {
  const found = [...label.matchAll(/\((\d{2,4})\)([^(]*)/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, value.trim()]));
}

/** Elements as a scanner sends them: those of open length end with FNC1. */
function asScanned(label: string): Map<string, string> {
  const elements = new Map<string, string>();
  let rest = label.replace(/^\][CdQe]\d/, '');
  while (rest !== '') {
    const isFixed = rest.startsWith(EXPIRY);
    const name = [LOT, EXPIRY, MATERIAL].find((one) => rest.startsWith(one));
    if (name === undefined) return new Map();
    const open = rest.indexOf(FNC1);
    const end = isFixed ? name.length + 6 : open < 0 ? rest.length : open;
    elements.set(name, rest.slice(name.length, end));
    rest = rest.slice(rest[end] === FNC1 ? end + 1 : end);
  }
  return elements;
}

/** YYMMDD; day 00 is the last of its month. Null when it is no date. */
function endOfDayMs(text: string): number | null {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const [y, m, d] = [2_000 + Number(year), Number(month), Number(day)];
  if (year === undefined || m < 1 || m > 12 || d > 31) return null;
  const startMs = d === 0 ? Date.UTC(y, m, 0) : Date.UTC(y, m - 1, d);
  // 31 April would else be read as 1 May: used a day too long.
  if (d !== 0 && new Date(startMs).getUTCDate() !== d) return null;
  return startMs + DAY_MS - 1;
}

/**
 * Reads the bar code of a sack: GS1 elements (10) lot, (17) use until YYMMDD, (240) material
 * (GS1 General Specifications 3.4.2, 3.4.6, 3.5.1). Null when there is no lot or a date is none.
 */
export function readLabel(label: string): LotLabel | null {
  const elements = label.startsWith('(') ? inBrackets(label) : asScanned(label);
  const lot = elements.get(LOT) ?? '';
  const until = elements.get(EXPIRY);
  const expiryTimeMs = until === undefined ? null : endOfDayMs(until);
  if (!/^[!-~]{1,20}$/.test(lot) || (until !== undefined && expiryTimeMs === null)) return null;
  return { lot, material: elements.get(MATERIAL) || null, expiryTimeMs };
}
