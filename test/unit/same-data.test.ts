/**
 * Goal: what is shown is let out again exactly when its data differ (DESIGN 3.3: a quiet mill costs
 * nothing), so the comparison must agree with the JSON that leaves the controller.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameData } from '../../plc/logic/same-data.ts';

const document = fc.jsonValue({ maxDepth: 3 });

it('two documents are the same exactly when their JSON is', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      expect(sameData(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(sameData(a, JSON.parse(JSON.stringify(a)))).toBe(true);
    }),
  );
});

it('one member or entry that differs makes a document another one', () => {
  const made = fc.record({ name: fc.string(), list: fc.array(document), other: document });
  fc.assert(
    fc.property(made, (one) => {
      expect(sameData(one, { ...one, name: `${one.name}!` })).toBe(false);
      expect(sameData(one, { ...one, list: [...one.list, null] })).toBe(false);
      const { other: _, ...without } = one;
      expect(sameData(one, without)).toBe(false);
    }),
  );
});
