/**
 * Goal: of all that can come on a line, only the one whole answer to the request is taken for it.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Framing } from '../../plc/drivers/modbus/framing.ts';
import { MalformedAnswer, MbapFraming, RtuFraming } from '../../plc/drivers/modbus/framing.ts';
import { withCrc } from '../support/driver-modbus-server.ts';

const request = (hex: string): Buffer => withCrc(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const READ = request('01 03 0000 0002');

/** The right answer to {@link READ} as it comes on this line, and its request as it went out. */
function answerOn(framing: Framing, answer: Buffer): Buffer {
  const sent = framing.wrap(READ);
  if (framing instanceof RtuFraming) return withCrc(answer);
  const header = Buffer.from(sent.subarray(0, 6));
  header.writeUInt16BE(answer.length, 4);
  return Buffer.concat([header, answer]);
}

const KINDS = [
  ['Modbus TCP', () => new MbapFraming()],
  ['RTU', () => new RtuFraming()],
] as const;

describe.each(KINDS)('a frame of %s', (_, make) => {
  const answer = Buffer.from('01030411223344', 'hex');

  it('is taken when it is whole, and not before', () => {
    const framing = make();
    const whole = answerOn(framing, answer);
    for (let length = 0; length < whole.length; length++) {
      expect(framing.unwrap(READ, whole.subarray(0, length))).toBeNull();
    }
    expect(framing.unwrap(READ, whole)).toEqual(answer);
  });

  it('is never taken with another content than the true one, whichever bytes are wrong', () => {
    const byte = fc.record({ at: fc.nat({ max: 12 }), value: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 4 }), (changes) => {
        const framing = make();
        const frame = answerOn(framing, answer);
        const isRtu = framing instanceof RtuFraming;
        // A CRC of 16 bits finds every burst of up to 16; a header has no check sum of its data.
        for (const { at, value } of isRtu ? changes.slice(0, 1) : changes) {
          if (at < (isRtu ? frame.length : 9)) frame[at] = (frame[at] ?? 0) ^ value;
        }
        let taken: Buffer | null = null;
        try {
          taken = framing.unwrap(READ, frame);
        } catch (cause) {
          expect(cause).toBeInstanceOf(MalformedAnswer);
        }
        if (taken !== null) expect(taken).toEqual(answer);
      }),
    );
  });

  it('bears any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const framing = make();
        framing.wrap(READ);
        try {
          const taken = framing.unwrap(READ, Buffer.from(bytes));
          expect(taken === null || taken.length === 7 || taken.length === 3).toBe(true);
        } catch (cause) {
          expect(cause).toBeInstanceOf(MalformedAnswer);
        }
      }),
    );
  });

  it.each([
    ['an exception of another unit', '02 83 02'],
    ['an exception of another function', '01 84 02'],
    ['an exception without a code', '01 83 00'],
    ['an answer of another unit', '02 03 04 1122 3344'],
    ['an answer of another function', '01 04 04 1122 3344'],
    ['a byte count that is not the length', '01 03 02 1122 3344'],
    ['more than one answer', '01 03 04 1122 3344 01 03 04 1122 3344'],
  ])('is refused when it is %s', (_what, hex) => {
    const framing = make();
    const frame = answerOn(framing, Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    expect(() => framing.unwrap(READ, frame)).toThrow(MalformedAnswer);
  });
});

describe('the confirmation of a write', () => {
  it.each([
    ['one coil', '01 05 0007 ff00', '01 05 0007 ff00', '01 05 0008 ff00'],
    ['one register', '01 06 0007 1234', '01 06 0007 1234', '01 06 0007 1235'],
    ['coils', '01 0f 0007 0003 01 05', '01 0f 0007 0003', '01 0f 0007 0002'],
    ['registers', '01 10 0007 0001 02 1234', '01 10 0007 0001', '01 10 0006 0001'],
    ['bits of a register', '01 16 0007 fffe 0001', '01 16 0007 fffe 0001', '01 16 0007 fffd 0001'],
  ])('of %s must be of that write', (_, sent, right, wrong) => {
    const framing = new RtuFraming();
    const answer = request(right);
    expect(framing.unwrap(request(sent), answer)).toEqual(answer.subarray(0, -2));
    expect(() => framing.unwrap(request(sent), request(wrong))).toThrow('another write');
  });
});
