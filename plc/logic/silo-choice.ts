/** A silo as it stands when a truck asks for one. Masses kg. */
export interface SiloState {
  readonly bin: string;
  readonly material: string | null;
  /** Room up to its high level; null while its level cannot be trusted. */
  readonly roomKg: number | null;
  readonly contentKg: number;
  /** A high switch that is on, or cannot be trusted. */
  readonly high: boolean;
  /** Its product is warm: it is to be used up, not filled. */
  readonly hot: boolean;
}

/** The silo for a load, and another of the same material for what does not go into it. */
export interface SiloChoice {
  readonly first: string | null;
  readonly second: string | null;
}

/**
 * Chooses where a load goes (DOMAIN 4, Intake): only silos of its material, not high, not warm,
 * with room for it. The fullest of them comes first, so that lots lie in few silos and an empty
 * one stays free; one with some room is taken as the second destination.
 */
export function chooseSilo(
  silos: readonly SiloState[],
  material: string,
  loadKg: number,
): SiloChoice {
  const fit = silos
    .filter((one) => one.material === material && !one.high && !one.hot)
    .filter((one) => (one.roomKg ?? 0) > 0)
    .sort((a, b) => b.contentKg - a.contentKg);
  const first = fit.find((one) => (one.roomKg ?? 0) >= loadKg) ?? fit.at(-1) ?? null;
  const roomFirst = fit.filter((one) => one !== first);
  const second = roomFirst.find((one) => (one.roomKg ?? 0) >= loadKg) ?? roomFirst.at(-1) ?? null;
  return { first: first?.bin ?? null, second: second?.bin ?? null };
}
