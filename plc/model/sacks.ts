/**
 * Material that comes in sacks and is to be brought to a bin: a task for the operator. Masses kg.
 */
export interface SackTask {
  readonly bin: string;
  readonly material: string;
  /** Hopper into which they are dumped; null: they are tipped into the bin itself. */
  readonly hopper: string | null;
  readonly levelPct: number;
  readonly kg: number;
  /** Whole sacks of the usual mass, kg each. */
  readonly sacks: number;
  readonly sackKg: number;
  /** Below its low level: orders wait for it. */
  readonly urgent: boolean;
  /** Two persons bring it. */
  readonly drug: boolean;
}

/** What is being dumped into a hopper now. */
export interface DumpJob {
  readonly hopper: string;
  readonly bin: string;
  readonly material: string;
  readonly lot: string;
  /** Tipped and confirmed so far. */
  readonly sacks: number;
  readonly kg: number;
}

/** All that a person is to bring in sacks, the most urgent first. */
export interface SackStatus {
  readonly desk: string;
  readonly tasks: readonly SackTask[];
}

/** The machine that tells what is to be brought. */
export const SACKS_ID = 'SACKS';
/** The store of sacks, as a place of the stock book. */
export const BAG_STORE = 'STORE';
