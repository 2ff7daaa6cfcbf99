import type { Blend } from './blend.ts';
import { alike, emptyBlend, pour, take } from './blend.ts';

/** A bin remembers at most so many layers; beyond it, the two thinnest neighbours are one. */
export const LAYERS_MAX = 24;

/** Product as it lies in a bin, the oldest (lowest) layer first. */
export type Layers = Blend[];

export function massOf(layers: readonly Blend[]): number {
  let mg = 0;
  for (const layer of layers) mg += layer.mg;
  return mg;
}

/**
 * Lays product on top. It joins the top layer when that is the same product and not yet
 * `layerMgMax`, or when the top layer is thinner than `thinMg`: a film does not stay apart.
 */
export function layOn(layers: Layers, parcel: Blend, thinMg: number, layerMgMax = Infinity): void {
  if (parcel.mg === 0) return;
  const top = layers.at(-1);
  if (top !== undefined && top.mg < layerMgMax && (top.mg < thinMg || alike(top, parcel))) {
    pour(top, parcel);
    return;
  }
  const layer = emptyBlend();
  pour(layer, parcel);
  layers.push(layer);
  if (layers.length > LAYERS_MAX) joinThinnest(layers);
}

function joinThinnest(layers: Layers): void {
  let thinnest = 0;
  let least = Infinity;
  for (let index = 0; index + 1 < layers.length; index++) {
    const mg = (layers[index]?.mg ?? 0) + (layers[index + 1]?.mg ?? 0);
    if (mg < least) {
      least = mg;
      thinnest = index;
    }
  }
  const [lower, upper] = layers.slice(thinnest, thinnest + 2);
  if (lower === undefined || upper === undefined) return;
  pour(lower, upper);
  layers.splice(thinnest + 1, 1);
}

/** Draws up to `mg` from below: first in, first out. */
export function drawOff(layers: Layers, mg: number): Blend {
  const drawn = emptyBlend();
  for (let lowest = layers[0]; lowest !== undefined && drawn.mg < mg; lowest = layers[0]) {
    pour(drawn, take(lowest, mg - drawn.mg));
    if (lowest.mg > 0) break;
    layers.shift();
  }
  return drawn;
}
