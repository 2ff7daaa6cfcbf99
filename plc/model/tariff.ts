/** Hours of the day on some days of the week, in minutes of the local day; `toMin` not included. */
export interface TariffHours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  readonly fromMin: number;
  readonly toMin: number;
}

/** Hours in which energy is dear or cheap. What is in neither costs the normal price. */
export interface Tariff {
  /** Local time less UTC, minutes. The hours of the tariff have no summer time. */
  readonly utcOffsetMin: number;
  readonly peak: readonly TariffHours[];
  readonly offPeak: readonly TariffHours[];
  /** So long before a peak the bins are filled up, minutes. */
  readonly fillBeforeMin: number;
}

export type TariffPrice = 'peak' | 'normal' | 'off-peak';
