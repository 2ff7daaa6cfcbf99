/**
 * Goal: what is written to a register reads back as the same value, in every encoding and word
 * order.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../plc/drivers/modbus/codec.ts';
import type { ModbusAddress, ModbusEncoding, TagScalar } from '../../plc/model/tag.ts';
import { MODBUS_ENCODINGS, registersOf, WORD_ORDERS } from '../../plc/model/tag.ts';
import { decodeWords, encodeWords } from '../../simulators/servers/modbus-words.ts';
import { modbusAddress } from '../support/driver-tags.ts';

const RAW: Readonly<Record<Exclude<ModbusEncoding, 'bool' | 'string'>, fc.Arbitrary<number>>> = {
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  uint16: fc.integer({ min: 0, max: 65_535 }),
  int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  int64: fc.maxSafeInteger(),
  uint64: fc.maxSafeNat(),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }),
};

function wordsFor(address: ModbusAddress, value: TagScalar, known = 0): readonly number[] {
  const encoded = encode(address, value, known);
  if ('fault' in encoded) throw new Error(encoded.fault);
  return encoded.words;
}

describe('a Modbus value', () => {
  it.each(Object.keys(RAW) as (keyof typeof RAW)[])('survives the way as %s', (encoding) => {
    fc.assert(
      fc.property(RAW[encoding], fc.constantFrom(...WORD_ORDERS), (raw, wordOrder) => {
        const address = modbusAddress({ encoding, wordOrder });
        const words = wordsFor(address, raw);
        expect(words).toHaveLength(registersOf(address));
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
        fc.constantFrom(...WORD_ORDERS),
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

  it.each([
    ['ABCD', [0x0102, 0x0304, 0x0506, 0x0708]],
    ['CDAB', [0x0708, 0x0506, 0x0304, 0x0102]],
    ['BADC', [0x0201, 0x0403, 0x0605, 0x0807]],
    ['DCBA', [0x0807, 0x0605, 0x0403, 0x0201]],
  ] as const)('of eight bytes has them where %s says', (wordOrder, words) => {
    const address = modbusAddress({ encoding: 'float64', wordOrder });
    const bytes = Buffer.from('0102030405060708', 'hex');
    expect(decode(address, words)).toBe(bytes.readDoubleBE());
    expect(encode(address, bytes.readDoubleBE())).toEqual({ words });
  });

  it('of 64 bits is told only where a number holds it exactly', () => {
    const beyond = [0x0020, 0, 0, 0];
    const last = [0x001f, 0xffff, 0xffff, 0xffff];
    for (const encoding of ['int64', 'uint64'] as const) {
      const address = modbusAddress({ encoding });
      expect(decode(address, last)).toBe(Number.MAX_SAFE_INTEGER);
      expect(decode(address, beyond)).toBeNull();
      expect(decode(address, [0x0020, 0, 0, 1])).toBeNull();
      expect(encode(address, 2 ** 53)).toHaveProperty('fault');
    }
    const least = [0xffe0, 0, 0, 1];
    expect(decode(modbusAddress({ encoding: 'int64' }), least)).toBe(Number.MIN_SAFE_INTEGER);
    expect(decode(modbusAddress({ encoding: 'uint64' }), least)).toBeNull();
  });

  it('is a text up to its end, and none where a character cannot be printed', () => {
    const text = modbusAddress({ encoding: 'string', length: 4 });
    expect(decode(text, [0x4142, 0x4320, 0, 0xffff])).toBe('ABC');
    expect(decode(text, [0x4142, 0x4307, 0, 0])).toBeNull();
    expect(encode(text, 'ABC')).toEqual({ words: [0x4142, 0x4300, 0, 0] });
    expect(encode({ ...text, wordOrder: 'DCBA' }, 'ABC')).toEqual({
      words: [0x4241, 0x0043, 0, 0],
    });
    for (const value of ['longer than 8', 'mẻ 1', 5, true]) {
      expect(encode(text, value)).toHaveProperty('fault');
    }
  });

  it('stands in the same words in the simulator, which does not share this code', () => {
    const anyValue = fc
      .constantFrom(...MODBUS_ENCODINGS)
      .chain((encoding): fc.Arbitrary<[Partial<ModbusAddress>, TagScalar]> => {
        if (encoding === 'string') {
          const text = fc.stringMatching(/^[!-~]{0,8}$/);
          return text.map((value) => [{ encoding, length: 4 }, value]);
        }
        if (encoding !== 'bool') return RAW[encoding].map((value) => [{ encoding }, value]);
        const bit = fc.integer({ min: 0, max: 15 });
        return fc.tuple(bit, fc.boolean()).map(([at, on]) => [{ encoding, bit: at }, on]);
      });
    fc.assert(
      fc.property(anyValue, fc.constantFrom(...WORD_ORDERS), ([more, value], wordOrder) => {
        const address = modbusAddress({ ...more, wordOrder });
        const words = wordsFor(address, value);
        expect(encodeWords(address, value)).toEqual(words);
        expect(decodeWords(address, words)).toEqual(decode(address, words));
      }),
      { examples: [[[{ encoding: 'float64' }, -0], 'ABCD']] },
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
