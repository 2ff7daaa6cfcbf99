import type { Tariff, TariffHours, TariffPrice } from '../model/tariff.ts';

const DAY_MIN = 1_440;
const MIN_MS = 60_000;
/** 1 January 1970 was a Thursday. */
const FIRST_DAY = 4;

interface LocalTime {
  readonly day: number;
  readonly min: number;
}

function localTime({ utcOffsetMin }: Tariff, utcMs: number): LocalTime {
  const min = Math.floor(utcMs / MIN_MS) + utcOffsetMin;
  return { day: (Math.floor(min / DAY_MIN) + FIRST_DAY) % 7, min: min % DAY_MIN };
}

function isIn(hours: readonly TariffHours[], { day, min }: LocalTime): boolean {
  return hours.some((one) => one.days.includes(day) && min >= one.fromMin && min < one.toMin);
}

/** What energy costs at this time. */
export function priceAt(tariff: Tariff, utcMs: number): TariffPrice {
  const now = localTime(tariff, utcMs);
  if (isIn(tariff.peak, now)) return 'peak';
  return isIn(tariff.offPeak, now) ? 'off-peak' : 'normal';
}

/** Whether bins are filled up now: energy is cheap, or a peak is near. */
export function fillsUpAt(tariff: Tariff, utcMs: number): boolean {
  const price = priceAt(tariff, utcMs);
  if (price !== 'normal') return price === 'off-peak';
  return priceAt(tariff, utcMs + tariff.fillBeforeMin * MIN_MS) === 'peak';
}

/** How long it takes until one of the two above may change, ms; at most a day. */
export function untilChangeMs(tariff: Tariff, utcMs: number): number {
  const { min } = localTime(tariff, utcMs);
  const edges = [
    ...tariff.peak.flatMap((one) => [one.fromMin - tariff.fillBeforeMin, one.fromMin, one.toMin]),
    ...tariff.offPeak.flatMap((one) => [one.fromMin, one.toMin]),
    DAY_MIN,
  ];
  const next = Math.min(...edges.filter((edge) => edge > min));
  return (next - min) * MIN_MS - (utcMs % MIN_MS);
}
