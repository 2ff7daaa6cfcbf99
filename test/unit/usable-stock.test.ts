/**
 * Goal: the plan counts only stock that may be used: what is in quarantine or has expired is not
 * dosed, however much of it the level of its bin shows (DOMAIN 4).
 */
import { expect, it } from 'vitest';
import type { StatusDocument } from '../../plc/model/status.ts';
import { usableKg } from '../../server/planning/mill-stock.ts';

const FACTS = { material: 'MAIZE', note: null, expiryTimeMs: null, nature: null };
const BOOK: StatusDocument = {
  ...{ kind: 'stock', bin: 'SI1', material: 'MAIZE', flow: 'mass', capacityKg: 1_000 },
  bookKg: 900,
  layers: [
    [{ lot: 'A', material: 'MAIZE', kg: 400 }],
    [{ lot: 'B', material: 'MAIZE', kg: 300 }],
    [{ lot: 'C', material: 'MAIZE', kg: 200 }],
  ],
  differs: false,
};
const REGISTER: StatusDocument = {
  ...{ kind: 'lots', keeper: 'LOTS', bins: {} },
  lots: [
    { ...FACTS, lot: 'A', quarantinedBy: 'kcs', expired: false, bins: ['SI1'] },
    { ...FACTS, lot: 'B', quarantinedBy: null, expired: true, bins: ['SI1'] },
  ],
};

it('lots in quarantine and expired lots are not counted', () => {
  expect(usableKg([BOOK, REGISTER], 'SI1', 910)).toBe(210);
  expect(usableKg([BOOK, REGISTER], 'SI1', 650)).toBe(0);
});

it('without a register, a book or a level nothing is taken off what is known', () => {
  expect(usableKg([BOOK], 'SI1', 910)).toBe(910);
  expect(usableKg([REGISTER], 'SI1', 910)).toBe(910);
  expect(usableKg([BOOK, REGISTER], 'SI2', 50)).toBe(50);
  expect(usableKg([BOOK, REGISTER], 'SI1', null)).toBeNull();
});
