/**
 * Goal: the quick look at records of samples lets through what the schema of the link lets through,
 * and nothing else.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordSchema } from '../../plc/link/contract.ts';
import { toldSamples } from '../../server/historian/told-samples.ts';

const odd = fc.oneof(
  fc.integer({ min: -2, max: 5 }),
  fc.double(),
  fc.constantFrom(null, '1', true, undefined, 8.64e15, 8.64e15 + 2, 2 ** 53, [], {}),
);
const sample = fc.tuple(
  fc.nat(),
  fc.integer({ min: 0, max: 2e12 }),
  fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.integer({ min: 0, max: 3 }),
);
const oddSample = fc.oneof(fc.array(odd, { maxLength: 5 }), fc.tuple(odd, odd, odd, odd), odd);
const samples = fc.array(
  fc.oneof({ weight: 9, arbitrary: sample }, { weight: 1, arbitrary: oddSample }),
  {
    maxLength: 6,
  },
);
const record = fc.oneof(
  fc.record({ kind: fc.constant('samples'), samples }),
  fc.record(
    { kind: fc.constantFrom('samples', 'dose', 7), samples, more: odd },
    { requiredKeys: [] },
  ),
  odd,
);

test('a record of samples is taken exactly when the schema of the link takes it', () => {
  fc.assert(
    fc.property(record, (one) => {
      const parsed = recordSchema.safeParse(one);
      const wanted = parsed.success && parsed.data.kind === 'samples' ? parsed.data.samples : null;
      expect(toldSamples(one)).toEqual(wanted);
    }),
    { numRuns: 2_000 },
  );
});
