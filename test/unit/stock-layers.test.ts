/**
 * Goal: stock lies in bins as layers of lots (DOMAIN 4, Storage); whatever is laid and taken, no
 * milligram appears or is lost.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinFlow, Book, Portion } from '../../plc/logic/layers.ts';
import {
  bookKg,
  currentLot,
  EMPTY_BOOK,
  LAYERS_MAX,
  lay,
  massOf,
  PORTIONS_MAX,
  take,
} from '../../plc/logic/layers.ts';

const maize = (lot: string, kg: number): Portion => ({ lot, material: 'MAIZE', kg });

const UNKNOWN = { lot: null, material: 'MAIZE' };

function filled(flow: BinFlow, ...portions: readonly Portion[]): Book {
  return portions.reduce((book, one) => lay(book, [one], flow), EMPTY_BOOK);
}

describe('stock is layers of lots', () => {
  it('FIFO for mass-flow bins: the lot that came first leaves first', () => {
    const book = filled('mass', maize('A', 100), maize('B', 50));
    expect(currentLot(book)).toBe('A');
    const { taken, book: left } = take(book, 120, UNKNOWN);
    expect(taken).toEqual([maize('A', 100), maize('B', 20)]);
    expect(currentLot(left)).toBe('B');
    expect(bookKg(left)).toBe(30);
  });

  it('mixed for funnel-flow: every lot leaves by its share', () => {
    const book = filled('funnel', maize('A', 75), maize('B', 25));
    expect(take(book, 20, UNKNOWN).taken).toEqual([maize('A', 15), maize('B', 5)]);
  });

  it('owes what was taken before its transfer was known, and pays it off from what comes', () => {
    const short = take(filled('mass', maize('A', 10)), 30, UNKNOWN);
    expect(short.taken).toEqual([maize('A', 10), { lot: null, material: 'MAIZE', kg: 20 }]);
    expect(bookKg(short.book)).toBe(-20);
    expect(bookKg(lay(short.book, [maize('B', 100)], 'mass'))).toBe(80);
  });

  it('keeps layers and lots bounded, and the mass whole', () => {
    const lots = Array.from({ length: 200 }, (_, index) => maize(`L${index}`, 1 + (index % 7)));
    for (const flow of ['mass', 'funnel'] as const) {
      const book = filled(flow, ...lots);
      expect(book.layers.length).toBeLessThanOrEqual(LAYERS_MAX);
      for (const layer of book.layers) expect(layer.length).toBeLessThanOrEqual(PORTIONS_MAX);
      expect(bookKg(book)).toBeCloseTo(massOf(lots), 6);
    }
  });

  it('conserves mass over any run of laying and taking', () => {
    const step = fc.record({
      in: fc.boolean(),
      kg: fc.integer({ min: 1, max: 5_000_000 }).map((g) => g / 1_000),
      lot: fc.constantFrom('A', 'B', 'C', 'D'),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom<BinFlow>('mass', 'funnel'),
        (steps, flow) => {
          let book = EMPTY_BOOK;
          let expectedKg = 0;
          for (const one of steps) {
            if (one.in) {
              book = lay(book, [maize(one.lot, one.kg)], flow);
              expectedKg += one.kg;
            } else {
              const result = take(book, one.kg, UNKNOWN);
              expect(massOf(result.taken)).toBeCloseTo(one.kg, 5);
              book = result.book;
              expectedKg -= one.kg;
            }
            expect(bookKg(book)).toBeCloseTo(expectedKg, 4);
          }
        },
      ),
      { seed: 4 },
    );
  });
});
