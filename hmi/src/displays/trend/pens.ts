/**
 * Pens of a trend: each has a colour and a dash of its own, so that lines differ without colour
 * too.
 */
export interface Pen {
  readonly light: string;
  readonly dark: string;
  readonly dash: readonly number[];
}

/** Alarm colours are left out: a line is not abnormal because of its place in a list. */
export const PENS: readonly Pen[] = [
  { light: '#14548f', dark: '#7db8ee', dash: [] },
  { light: '#00655a', dark: '#5fd0c0', dash: [9, 4] },
  { light: '#64379a', dark: '#c3a2f0', dash: [3, 3] },
  { light: '#6f4316', dark: '#d8ae7f', dash: [12, 4, 3, 4] },
  { light: '#27343a', dark: '#c9d3d8', dash: [6, 6] },
  { light: '#4d5c00', dark: '#c2d16a', dash: [14, 5] },
  { light: '#86205d', dark: '#efa0cf', dash: [2, 5] },
  { light: '#27318a', dark: '#a6b0f5', dash: [10, 3, 2, 3, 2, 3] },
];

const darkQuery = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  return darkQuery.matches;
}

export function penColor(index: number): string {
  const pen = PENS[index % PENS.length];
  return (isDark() ? pen?.dark : pen?.light) ?? 'black';
}
