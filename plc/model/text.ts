/** A text that a person reads. Both languages are always there; the reader chooses. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}
