/** One figure of a benchmark, with what it is compared with. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

/** The value below which this share (0..1) of the values lie; 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, value, unit, note } of rows) {
    const number = value.toLocaleString('en', { maximumSignificantDigits: 4 });
    console.log(`${what.padEnd(width)}  ${number.padStart(10)} ${unit.padEnd(10)} ${note ?? ''}`);
  }
}
