// Goal: whatever is poured, taken and layered, no milligram of any substance appears or vanishes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Blend } from '../../simulators/process/blend.ts';
import {
  blendOf,
  emptyBlend,
  extract,
  pour,
  take,
  temperatureOf,
} from '../../simulators/process/blend.ts';
import { blendsOf, carry, createCarrier, pick } from '../../simulators/process/carrier.ts';
import { drawOff, LAYERS_MAX, layOn, massOf } from '../../simulators/process/layers.ts';

function massesOf(blends: readonly Blend[]): Record<number, number> {
  const masses: Record<number, number> = {};
  for (const { mg, parts } of blends) {
    expect(parts.reduce((sum, part) => sum + part.mg, 0)).toBe(mg);
    for (const part of parts) {
      expect(Number.isInteger(part.mg) && part.mg > 0).toBe(true);
      masses[part.substance] = (masses[part.substance] ?? 0) + part.mg;
    }
  }
  return masses;
}

const parcel = fc.record({
  substance: fc.integer({ min: 0, max: 5 }),
  mg: fc.integer({ min: 1, max: 500_000_000 }),
});

describe('blends', () => {
  test('what is taken and what stays add up, substance by substance', () => {
    fc.assert(
      fc.property(
        fc.array(parcel, { minLength: 1, maxLength: 8 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        (parcels, shares) => {
          const blend = emptyBlend();
          for (const { substance, mg } of parcels) pour(blend, blendOf(substance, mg));
          const before = massesOf([blend]);
          const taken = shares.map((share) => take(blend, blend.mg * share));
          expect(massesOf([blend, ...taken])).toEqual(before);
        },
      ),
    );
  });

  test('a small part of a blend leaves at its share even in the smallest sips', () => {
    const blend = emptyBlend();
    pour(blend, blendOf(0, 499_000_000));
    pour(blend, blendOf(1, 1_000_000));
    const glass = emptyBlend();
    while (glass.mg < 250_000_000) pour(glass, take(blend, 13_000));
    const minor = glass.parts.find((part) => part.substance === 1)?.mg ?? 0;
    expect(minor / glass.mg).toBeCloseTo(0.002, 5);
  });

  test('heat is mixed by mass and goes with what is taken', () => {
    const blend = blendOf(0, 1_000, 20);
    pour(blend, blendOf(0, 3_000, 80));
    expect(temperatureOf(blend)).toBeCloseTo(65, 9);
    expect(temperatureOf(take(blend, 1_234))).toBeCloseTo(65, 9);
    expect(extract(blend, 0, 100)).toBe(100);
    expect(temperatureOf(blend)).toBeCloseTo(65, 9);
  });
});

describe('layers', () => {
  test('lots leave in the order in which they came', () => {
    const layers: Blend[] = [];
    layOn(layers, blendOf(1, 5_000), 10);
    layOn(layers, blendOf(2, 5_000), 10);
    expect(massesOf([drawOff(layers, 6_000)])).toEqual({ 1: 5_000, 2: 1_000 });
    expect(massesOf(layers)).toEqual({ 2: 4_000 });
  });

  test('a bin remembers a bounded number of layers and loses nothing for it', () => {
    fc.assert(
      fc.property(fc.array(parcel, { maxLength: 80 }), (parcels) => {
        const layers: Blend[] = [];
        for (const { substance, mg } of parcels) layOn(layers, blendOf(substance, mg), 0);
        expect(layers.length).toBeLessThanOrEqual(LAYERS_MAX);
        const before = massesOf(parcels.map(({ substance, mg }) => blendOf(substance, mg)));
        expect(massesOf(layers)).toEqual(before);
        expect(massesOf([drawOff(layers, massOf(layers))])).toEqual(before);
      }),
    );
  });
});

describe('carriers', () => {
  test('product arrives after the transit, and none before', () => {
    const carrier = createCarrier(12);
    const arrived = emptyBlend();
    const landing = { room: () => Infinity, put: (one: Blend) => pour(arrived, one) };
    pour(carrier.boot, blendOf(0, 1_000_000));
    pick(carrier, 1_000_000);
    const atS: number[] = [];
    for (let timeS = 0; timeS < 12; timeS += 0.01) {
      carry(carrier, 0.01 / 10, landing);
      if (arrived.mg >= 500_000) atS.push(timeS);
    }
    expect(atS[0]).toBeGreaterThan(8.5);
    expect(atS[0]).toBeLessThan(10.5);
    expect(arrived.mg).toBe(1_000_000);
  });

  test('what finds no room at the end falls back into the boot', () => {
    const carrier = createCarrier(4);
    pour(carrier.boot, blendOf(0, 1_000));
    pick(carrier, 1_000);
    for (let turn = 0; turn < 100; turn++) carry(carrier, 0.05, { room: () => 0, put: () => {} });
    expect(carrier.boot.mg).toBe(1_000);
    expect(massesOf(blendsOf(carrier))).toEqual({ 0: 1_000 });
  });
});
