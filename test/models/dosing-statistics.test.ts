// Goal: over 1,000 doses of each kind of scale, with noise, creep, drift of the flow and lots that
// flow otherwise, after the first ten of each bin at least 99 % are in tolerance, the mean error
// is below 0.2 divisions and fewer than 5 % need a pulse (issue: "Batching to the gram").
import { describe, expect, test } from 'vitest';
import { figuresOf, SCALE_KINDS, ScaleRig } from '../support/scale-rig.ts';

const SEED = 11;
/** Three bins, of each of which the first ten do not count. */
const DOSES = 1_030;

describe('in-flight learnt per bin, material and speed', () => {
  test.each(SCALE_KINDS.map((kind) => [kind.name, kind] as const))(
    'keeps 1,000 doses of the %s scale to the division',
    (_name, kind) => {
      const rig = new ScaleRig(kind, SEED);
      rig.run(DOSES);
      const figures = figuresOf(rig.doses, kind.divisionKg);
      const seen = `seed ${SEED}: ${JSON.stringify(figures)}`;
      expect(figures.doses, seen).toBe(1_000);
      expect(figures.inTolerancePct, seen).toBeGreaterThanOrEqual(99);
      expect(Math.abs(figures.meanErrorDivisions), seen).toBeLessThan(0.2);
      expect(figures.joggedPct, seen).toBeLessThan(5);
    },
    300_000,
  );
});
