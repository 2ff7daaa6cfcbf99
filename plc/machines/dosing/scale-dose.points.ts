import type { DosingPoint } from '../../model/dosing-point.ts';
import type { MachineOutput } from '../contract.ts';
import type { ScaleContext } from './scale-dose.context.ts';

function grams(kg: number): number {
  return Math.round(kg * 1e5) / 1e5;
}

function gramsOrNull(kg: number | null | undefined): number | null {
  return kg === null || kg === undefined ? null : grams(kg);
}

/** What the scale has learnt, for its display and for REST; told after each dose. */
export function pointsOf({ id, learnt, changeovers, rates }: ScaleContext): MachineOutput {
  const points = Object.entries(learnt).map(([key, { kg, lot }]): DosingPoint => {
    const [bin = '', material = ''] = key.split(' ');
    const rate = rates[key];
    return {
      ...{ bin, material, lot },
      changeoverKg: grams(changeovers[key]?.kg ?? 0),
      inFlightKg: grams(kg),
      coarseKgPerS: gramsOrNull(rate?.coarseKgPerS),
      fineKgPerS: gramsOrNull(rate?.fineKgPerS),
      doses: rate?.doses ?? 0,
    };
  });
  return { type: 'status', document: { kind: 'dosing', scale: id, points } };
}
