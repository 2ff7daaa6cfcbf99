/** Goal: "full in N days" follows measured growth, and nothing that came and went tilts it. */
import { describe, expect, it } from 'vitest';
import type { DiskMeasure } from '../../server/maintenance/forecast.ts';
import { forecastOf } from '../../server/maintenance/forecast.ts';

const NOW_MS = Date.UTC(2026, 10, 28);
const DAY_MS = 86_400_000;
const GB = 1e9;

/** A measure each ten minutes over so many days; `extra` bytes are added on the disk. */
function measures(
  days: number,
  growthPerDay: number,
  extra: (agoDays: number) => number = () => 0,
): DiskMeasure[] {
  const count = Math.round(days * 144) + 1;
  return Array.from({ length: count }, (_, at) => {
    const agoDays = days - at / 144;
    const databaseBytes = 40 * GB - growthPerDay * agoDays;
    const usedBytes = databaseBytes + 10 * GB + extra(agoDays);
    return { timeMs: NOW_MS - agoDays * DAY_MS, databaseBytes, usedBytes, totalBytes: 100 * GB };
  });
}

describe('the disk forecast', () => {
  it('is what is free over what it grows in a day', () => {
    const forecast = forecastOf(measures(5, 2 * GB), NOW_MS);
    expect(forecast.growthBytesPerDay).toBeCloseTo(2 * GB, -3);
    expect(forecast.daysLeft).toBeCloseTo(25, 3);
    expect(forecast.measuredDays).toBeCloseTo(5, 3);
  });

  it('says nothing before two hours are measured, nor of a disk that does not fill', () => {
    expect(forecastOf([], NOW_MS).daysLeft).toBeNull();
    expect(forecastOf(measures(1.5 / 24, 2 * GB), NOW_MS).growthBytesPerDay).toBeNull();
    expect(forecastOf(measures(5, 0), NOW_MS).daysLeft).toBeNull();
    expect(forecastOf(measures(5, -GB), NOW_MS).daysLeft).toBeNull();
  });

  it('is not tilted by a file that was there for a day', () => {
    const copied = (ago: number) => (ago > 2 && ago < 3 ? 20 * GB : 0);
    const { daysLeft } = forecastOf(measures(6, 2 * GB, copied), NOW_MS);
    expect(daysLeft).toBeGreaterThan(22);
    expect(daysLeft).toBeLessThan(28);
  });

  it('counts by the faster of the database and all else on its disk', () => {
    const log = (ago: number) => 20 * GB - 3 * GB * ago;
    const { daysLeft, growthBytesPerDay } = forecastOf(measures(4, 2 * GB, log), NOW_MS);
    expect(growthBytesPerDay).toBeCloseTo(2 * GB, -3);
    expect(daysLeft).toBeCloseTo(30 / 5, 2);
  });

  it('looks back over a week alone', () => {
    const old = measures(3, 30 * GB).map((one) => ({ ...one, timeMs: one.timeMs - 8 * DAY_MS }));
    const { daysLeft } = forecastOf([...old, ...measures(5, 2 * GB)], NOW_MS);
    expect(daysLeft).toBeCloseTo(25, 3);
  });

  it('of a database on another machine knows growth, and days where its disk was named', () => {
    const bare = measures(3, GB).map((one) => ({ ...one, usedBytes: null, totalBytes: null }));
    expect(forecastOf(bare, NOW_MS)).toMatchObject({ daysLeft: null });
    expect(forecastOf(bare, NOW_MS).growthBytesPerDay).toBeCloseTo(GB, -3);
  });
});
