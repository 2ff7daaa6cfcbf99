/** Air and product that nothing heated, degC. */
export const AMBIENT_C = 28;
export const MG_PER_KG = 1_000_000;

/** So much of one substance (an index into the mill's list of substances), mg. */
export interface Part {
  readonly substance: number;
  mg: number;
}

/**
 * Product that is well mixed: its mass, its heat (mg x degC) and what it is made of. Masses are
 * integers, in milligrams, so that whatever is poured and taken, nothing is lost to rounding.
 * `parts` are in the order of their substance and add up to `mg`.
 */
export interface Blend {
  mg: number;
  heat: number;
  parts: Part[];
}

export function emptyBlend(): Blend {
  return { mg: 0, heat: 0, parts: [] };
}

export function blendOf(substance: number, mg: number, temperatureC = AMBIENT_C): Blend {
  return mg === 0 ? emptyBlend() : { mg, heat: mg * temperatureC, parts: [{ substance, mg }] };
}

/** Temperature of a blend, degC; ambient where there is none. */
export function temperatureOf(blend: Blend): number {
  return blend.mg === 0 ? AMBIENT_C : blend.heat / blend.mg;
}

/** All of `from` goes into `into`; `from` is empty afterwards. */
export function pour(into: Blend, from: Blend): void {
  if (from.mg === 0) return;
  into.parts = into.mg === 0 ? from.parts : mergedParts(into.parts, from.parts);
  into.mg += from.mg;
  into.heat += from.heat;
  from.mg = 0;
  from.heat = 0;
  from.parts = [];
}

function mergedParts(a: readonly Part[], b: readonly Part[]): Part[] {
  const merged: Part[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && (right === undefined || left.substance <= right.substance)) {
      if (right?.substance === left.substance) {
        left.mg += right.mg;
        j++;
      }
      merged.push(left);
      i++;
    } else if (right !== undefined) {
      merged.push(right);
      j++;
    }
  }
  return merged;
}

/**
 * Takes up to `mg` out of a blend, each substance by its share. Shares are rounded on their running
 * sum, so that they always add up to the whole and no substance is favoured.
 */
export function take(blend: Blend, mg: number): Blend {
  const wanted = Math.max(0, Math.floor(mg));
  if (wanted >= blend.mg) {
    const all = { ...blend };
    blend.mg = 0;
    blend.heat = 0;
    blend.parts = [];
    return all;
  }
  if (wanted === 0) return emptyBlend();
  const ratio = wanted / blend.mg;
  const taken: Blend = { mg: 0, heat: 0, parts: [] };
  let passed = 0;
  for (const part of blend.parts) {
    passed += part.mg;
    const share = Math.min(part.mg, Math.max(0, Math.round(passed * ratio) - taken.mg));
    if (share === 0) continue;
    part.mg -= share;
    taken.mg += share;
    taken.parts.push({ substance: part.substance, mg: share });
  }
  taken.heat = (blend.heat * taken.mg) / blend.mg;
  blend.heat -= taken.heat;
  blend.mg -= taken.mg;
  if (blend.parts.some((part) => part.mg === 0)) {
    blend.parts = blend.parts.filter((part) => part.mg > 0);
  }
  return taken;
}

/**
 * Takes up to `mg` of one substance out of a blend, at the blend's temperature; returns how much,
 * mg.
 */
export function extract(blend: Blend, substance: number, mg: number): number {
  const part = blend.parts.find((one) => one.substance === substance);
  if (part === undefined) return 0;
  const out = Math.min(part.mg, Math.floor(mg));
  blend.heat -= temperatureOf(blend) * out;
  blend.mg -= out;
  part.mg -= out;
  if (part.mg === 0) blend.parts = blend.parts.filter((one) => one !== part);
  return out;
}

/**
 * Two blends of the same substances in nearly the same shares (2 % of the whole): the same product.
 */
export function alike(a: Blend, b: Blend): boolean {
  if (a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, index) => {
    const other = b.parts[index];
    return other?.substance === part.substance && Math.abs(part.mg / a.mg - other.mg / b.mg) < 0.02;
  });
}
