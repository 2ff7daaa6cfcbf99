/** Goal: a test pours into a bin of the simulated mill, empties it, or weighs what it holds. */
import { blendOf } from '../../simulators/process/blend.ts';
import type { MillState } from '../../simulators/process/index.ts';
import { substanceOf } from '../../simulators/process/item.ts';
import type { Layers } from '../../simulators/process/layers.ts';
import { massOf } from '../../simulators/process/layers.ts';

const MG_PER_KG = 1e6;

/** What lies in a bin, the lowest layer first. */
export function layersIn(state: MillState, bin: string): Layers {
  const item = state.byId.get(bin);
  if (item === undefined) throw new Error(`no bin ${bin}`);
  return (item.state as { layers: Layers }).layers;
}

export function kgIn(state: MillState, bin: string): number {
  return massOf(layersIn(state, bin)) / MG_PER_KG;
}

export function pourInto(
  state: MillState,
  bin: string,
  kg: number,
  [material, lot]: readonly [string, string],
): void {
  layersIn(state, bin).push(blendOf(substanceOf(state, material, lot), kg * MG_PER_KG));
}
