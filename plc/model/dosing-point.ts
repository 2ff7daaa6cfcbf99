/** What a scale has learnt of one bin: where it changes to fine flow and where it cuts off. */
export interface DosingPoint {
  readonly bin: string;
  readonly material: string;
  /** The lot that it was learnt from last; null: unknown. */
  readonly lot: string | null;
  /** What is still missing when the flow is made fine, kg: the coarse point. */
  readonly changeoverKg: number;
  /** What still falls after the cut, kg: the fine point. */
  readonly inFlightKg: number;
  /** Flows that were measured, kg/s; null: none was steady yet. */
  readonly coarseKgPerS: number | null;
  readonly fineKgPerS: number | null;
  readonly doses: number;
}

/** The points that a scale proposes, and doses with, from its own doses. */
export interface DosingStatus {
  readonly scale: string;
  readonly points: readonly DosingPoint[];
}
