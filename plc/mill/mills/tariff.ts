import type { Tariff } from '../../model/tariff.ts';

const WORKDAYS = [1, 2, 3, 4, 5, 6];
const ALL_DAYS = [0, ...WORKDAYS];
const at = (hour: number, min = 0) => hour * 60 + min;

/**
 * Hours of the energy tariff for production in Viet Nam: two peaks on workdays and Saturdays, and
 * the night. An hour and a half fills the bins of a line that grinds 30 t/h.
 */
export const VIETNAM_TARIFF: Tariff = {
  utcOffsetMin: 420,
  peak: [
    { days: WORKDAYS, fromMin: at(9, 30), toMin: at(11, 30) },
    { days: WORKDAYS, fromMin: at(17), toMin: at(20) },
  ],
  offPeak: [
    { days: ALL_DAYS, fromMin: at(22), toMin: at(24) },
    { days: ALL_DAYS, fromMin: at(0), toMin: at(4) },
  ],
  fillBeforeMin: 90,
};
