/** What a person has moved from one bin to another, as far as it is. Masses kg. */
export interface TransferJob {
  readonly source: string;
  readonly destination: string;
  readonly material: string | null;
  readonly lot: string | null;
  readonly targetKg: number;
  readonly movedKg: number;
  readonly by: string;
}
