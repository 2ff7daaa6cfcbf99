// Goal: people are told the mill's time of day, rounded so that what is promised is over by then.
import { expect, test } from 'vitest';
import { clockTime } from '../../plc/logic/clock-time.ts';

test('is the time of day where the mill is, at any date', () => {
  expect(clockTime('Asia/Ho_Chi_Minh', Date.UTC(2026, 10, 29, 7, 52))).toBe('14:52');
  expect(clockTime('Asia/Ho_Chi_Minh', Date.UTC(2026, 10, 29, 17, 0))).toBe('00:00');
});

test('is the next minute when one has begun', () => {
  expect(clockTime('UTC', Date.UTC(2026, 10, 29, 7, 52, 0, 1))).toBe('07:53');
});
