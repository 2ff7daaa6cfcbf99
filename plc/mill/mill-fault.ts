/** One fault of a mill file: where it is, what is wrong, and what would mend it. */
export interface MillFault {
  readonly place: string;
  readonly fault: string;
  readonly mend: string;
}

export function inRange(value: number | null, low: number, high: number): boolean {
  return value !== null && value >= low && value <= high;
}
