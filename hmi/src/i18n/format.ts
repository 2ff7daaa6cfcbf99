import { mill, millOrNull } from '../state/mill.ts';
import { LOCALES, language } from './language.ts';

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(decimals: number): Intl.NumberFormat {
  const key = `${language()}/${decimals}`;
  const known = numberFormats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALES[language()], {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  numberFormats.set(key, made);
  return made;
}

/** A number as the chosen language writes it (Vietnamese: decimal comma). */
export function formatNumber(value: number, decimals = 0): string {
  // -0,0 would make a reader think of a fault.
  const rounded = Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value;
  return numberFormat(decimals).format(rounded);
}

const UNIT_DECIMALS: Readonly<Record<string, number>> = {
  A: 1,
  Hz: 1,
  degC: 1,
  'mm/s': 1,
  kg: 1,
  t: 2,
  kWh: 1,
  h: 1,
  't/h': 1,
  bar: 1,
  mbar: 1,
  mm: 1,
  'kg/h': 0,
  '%': 0,
  ms: 0,
};

/**
 * Decimals that a reader needs of a unit, unless the device (a scale's division) says otherwise.
 */
export function decimalsOf(unit: string): number {
  return UNIT_DECIMALS[unit] ?? 0;
}

/** Decimals of a scale's division: 0.1 kg -> 1, 0.001 kg -> 3. */
export function decimalsOfDivision(divisionKg: number): number {
  return Math.max(0, Math.ceil(-Math.log10(divisionKg) - 1e-9));
}

/** A unit as people write it; a count needs none, its name says what is counted. */
export function unitText(unit: string): string {
  if (unit === 'pcs') return '';
  return unit === 'degC' ? '°C' : unit;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

const SHAPES = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { day: '2-digit', month: '2-digit', year: 'numeric' },
  short: { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit' },
  full: {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** A time in the mill's zone, as the chosen language writes it. `time` is ms UTC or ISO 8601. */
export function formatTime(
  time: number | string | null,
  shape: keyof typeof SHAPES = 'full',
): string {
  if (time === null) return '–';
  const key = `${language()}/${shape}/${millOrNull()?.timeZone ?? ''}`;
  const known = timeFormats.get(key);
  const format =
    known ??
    new Intl.DateTimeFormat(LOCALES[language()], {
      ...SHAPES[shape],
      hourCycle: 'h23',
      timeZone: millOrNull()?.timeZone ?? 'UTC',
    });
  if (known === undefined) timeFormats.set(key, format);
  return format.format(new Date(time));
}

/** Today's date in the mill's zone, as `YYYY-MM-DD`. */
export function millDay(timeMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: mill().timeZone }).format(new Date(timeMs));
}

/** Seconds as m:ss, e.g. of a mixer's timer. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}
