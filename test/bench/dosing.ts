import { figuresOf, SCALE_KINDS, ScaleRig } from '../support/scale-rig.ts';
import type { Row } from './report.ts';

const SEED = 11;
const DOSES = 330;

/** How well each kind of scale doses with what it has learnt, against what its settings promise. */
export function dosingBench(): Promise<Row[]> {
  return Promise.resolve(
    SCALE_KINDS.flatMap((kind) =>
      [true, false].flatMap((learns): Row[] => {
        const rig = new ScaleRig(kind, SEED, learns);
        rig.run(DOSES);
        const figures = figuresOf(rig.doses, kind.divisionKg);
        const what = `scale ${kind.name}, learning ${learns ? 'on' : 'off'}`;
        const { meanErrorDivisions, sigmaDivisions, inTolerancePct, joggedPct, meanS } = figures;
        return [
          {
            what: `${what}: mean error`,
            value: meanErrorDivisions,
            unit: 'd',
            note: `sigma ${sigmaDivisions.toFixed(2)} d`,
          },
          {
            what: `${what}: in tolerance`,
            value: inTolerancePct,
            unit: '%',
            note: `${joggedPct.toFixed(1)} % jogged`,
          },
          { what: `${what}: time of a dose`, value: meanS, unit: 's' },
        ];
      }),
    ),
  );
}
