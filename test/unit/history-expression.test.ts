/**
 * Goal: a calculated tag means what an engineer reads in it, a formula that means nothing is
 * refused with its place, and nothing in it can ever be run as a program.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ExpressionError,
  evaluate,
  parseExpression,
  tagsOf,
} from '../../server/historian/expression.ts';
import { lttb } from '../../server/historian/lttb.ts';
import type { Point } from '../../server/historian/points.ts';

const VALUES: Readonly<Record<string, number | null>> = {
  'EL101.SpeedPct': 80,
  'M-1.Amps': 4,
  'Cân 5': 2.5,
  'HM401.Amps': null,
};
const valueNow = (tag: string) => VALUES[tag] ?? null;
const result = (text: string) => evaluate(parseExpression(text), valueNow);

describe('a calculated tag', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['-2 * -3', 6],
    ['12 / 4 / 3', 1],
    ['EL101.SpeedPct / 2 - 1', 39],
    ['M-1.Amps * 2', 8],
    ['M-1.Amps - 1', 3],
    ['"Cân 5" + 0.5', 3],
    ['max(EL101.SpeedPct, 90, 3)', 90],
    ['min(EL101.SpeedPct, abs(0 - 5))', 5],
    ['EL101.SpeedPct > 50', 1],
    ['EL101.SpeedPct + 1 <= 80', 0],
    ['(EL101.SpeedPct != 80) + (M-1.Amps = 4)', 1],
    ['1e3 / 2.5e-1', 4_000],
  ])('%s is %d', (text, value) => {
    expect(result(text)).toBe(value);
  });

  it('is not known where one of its tags is not, or a division has no result', () => {
    expect(result('HM401.Amps + 1')).toBeNull();
    expect(result('max(1, HM401.Amps)')).toBeNull();
    expect(result('1 / (EL101.SpeedPct - 80)')).toBeNull();
  });

  it('names each of its tags once', () => {
    expect(tagsOf(parseExpression('A.X + max(B.Y, A.X) > -C.Z'))).toEqual(['A.X', 'B.Y', 'C.Z']);
  });

  it.each([
    ['', 'a value is missing before the end at character 1'],
    ['1 +', 'a value is missing before the end at character 4'],
    ['(1', ') is missing before the end at character 3'],
    ['1 2', 'an operator is missing before 2 at character 2'],
    ['sqrt(4)', 'there is no function sqrt at character 1'],
    ['abs(1, 2)', 'abs takes 1 value at character 1'],
    ['A.X; 1', 'not understood at character 4'],
    ['constructor(1)', 'there is no function constructor at character 1'],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, 'nested too deep at character 51'],
  ])('%j is refused', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });

  it('takes any text without harm: it has a meaning or is refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          evaluate(parseExpression(text), () => 1);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });
});

describe('fewer points by what the eye sees', () => {
  const wave = Array.from(
    { length: 5_000 },
    (_, at): Point => [at * 1_000, at === 2_222 ? 500 : Math.sin(at / 300), 0],
  );

  it('keeps the ends and a single spike, in order and never more than were asked for', () => {
    for (const count of [3, 10, 100, 2_000]) {
      const few = lttb(wave, count);
      expect(few.length).toBeLessThanOrEqual(count);
      expect([few[0], few.at(-1)]).toEqual([wave[0], wave.at(-1)]);
      expect(few).toContain(wave[2_222]);
      expect(few.map(([timeMs]) => timeMs)).toEqual(
        few.map(([timeMs]) => timeMs).toSorted((a, b) => a - b),
      );
    }
  });

  it('keeps every gap', () => {
    const broken = wave.map(
      (point, at): Point => (at % 1_000 === 500 ? [point[0], null, 3] : point),
    );
    const few = lttb(broken, 60);
    expect(few.length).toBeLessThanOrEqual(60);
    expect(few.filter(([, value]) => value === null).length).toBe(5);
  });
});
