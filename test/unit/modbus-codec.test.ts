/**
 * Goal: what is written to a register reads back as the same value, in every encoding and word
 * order.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, wordsOf } from '../../plc/drivers/modbus/codec.ts';
import type { ModbusAddress, ModbusEncoding, WordOrder } from '../../plc/model/tag.ts';
import { modbusAddress } from '../support/driver-tags.ts';

const ORDERS: readonly WordOrder[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];
const RAW: Readonly<Record<Exclude<ModbusEncoding, 'bool'>, fc.Arbitrary<number>>> = {
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  uint16: fc.integer({ min: 0, max: 65_535 }),
  int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }),
};

function wordsFor(address: ModbusAddress, value: number | boolean, known = 0): readonly number[] {
  const encoded = encode(address, value, known);
  if ('fault' in encoded) throw new Error(encoded.fault);
  return encoded.words;
}

describe('a Modbus value', () => {
  it.each(Object.keys(RAW) as (keyof typeof RAW)[])('survives the way as %s', (encoding) => {
    fc.assert(
      fc.property(RAW[encoding], fc.constantFrom(...ORDERS), (raw, wordOrder) => {
        const address = modbusAddress({ encoding, wordOrder });
        const words = wordsFor(address, raw);
        expect(words).toHaveLength(wordsOf(encoding));
        expect(words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff)).toBe(
          true,
        );
        // The sign of a zero has no meaning in a mill.
        expect(decode(address, words)).toBe(raw + 0);
      }),
    );
  });

  it.each([
    ['ABCD', [0x1122, 0x3344]],
    ['CDAB', [0x3344, 0x1122]],
    ['BADC', [0x2211, 0x4433]],
    ['DCBA', [0x4433, 0x2211]],
  ] as const)('has its bytes where %s says', (wordOrder, words) => {
    const address = modbusAddress({ encoding: 'uint32', wordOrder });
    expect(decode(address, words)).toBe(0x1122_3344);
    expect(encode(address, 0x1122_3344)).toEqual({ words });
  });

  it('of 12.5 kg as a float is 0x4148 0x0000', () => {
    const address = modbusAddress({ encoding: 'float32' });
    expect(decode(address, [0x4148, 0])).toBe(12.5);
  });

  it('is scaled without the dust of binary fractions', () => {
    const address = modbusAddress({ scale: 0.01 });
    fc.assert(
      fc.property(RAW.uint16, (raw) => {
        expect(decode(address, [raw])).toBe(raw / 100);
        expect(encode(address, raw / 100)).toEqual({ words: [raw] });
      }),
    );
  });

  it('is scaled and shifted', () => {
    const address = modbusAddress({ encoding: 'int16', scale: 2.5, offset: -40 });
    expect(decode(address, [20])).toBe(10);
    expect(encode(address, 10)).toEqual({ words: [20] });
  });

  it('is a flag in one bit, and writing it leaves the other bits alone', () => {
    fc.assert(
      fc.property(
        RAW.uint16,
        fc.integer({ min: 0, max: 15 }),
        fc.boolean(),
        fc.constantFrom(...ORDERS),
        (known, bit, on, wordOrder) => {
          const address = modbusAddress({ encoding: 'bool', bit, wordOrder });
          const words = wordsFor(address, on, known);
          expect(decode(address, words)).toBe(on);
          for (let other = 0; other < 16; other++) {
            if (other === bit) continue;
            const neighbour = { ...address, bit: other };
            expect(decode(neighbour, words)).toBe(decode(neighbour, [known]));
          }
        },
      ),
    );
  });

  it('that does not fit is refused, not cut', () => {
    for (const value of [70_000, -1, Number.NaN, Number.POSITIVE_INFINITY, true, 'much']) {
      expect(encode(modbusAddress(), value)).toHaveProperty('fault');
    }
    expect(encode(modbusAddress({ encoding: 'float32' }), 1e39)).toHaveProperty('fault');
    expect(encode(modbusAddress({ encoding: 'bool', bit: 0 }), 1)).toHaveProperty('fault');
  });

  it('is nothing where the words hold no number', () => {
    expect(decode(modbusAddress({ encoding: 'float32' }), [0x7fc0, 0])).toBeNull();
    expect(decode(modbusAddress({ encoding: 'float32' }), [0x7f80, 0])).toBeNull();
    expect(decode(modbusAddress({ encoding: 'uint32' }), [1])).toBeNull();
    expect(decode(modbusAddress(), [])).toBeNull();
  });
});
