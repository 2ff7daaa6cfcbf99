import { decimalsOf, decimalsOfDivision, formatNumber, unitText } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { deviceOf, setting, type TagMeta } from '../state/mill.ts';
import type { Scalar, TagView } from '../state/tags.ts';

/** The sign of a quality: never colour alone. Good has none: quiet when normal. */
export const QUALITY_SIGNS = { good: '', uncertain: '~', stale: '?', bad: '✕' } as const;

/** Decimals of a tag: those of its scale's division, else those of its unit. */
export function tagDecimals(meta: TagMeta): number {
  if (meta.dataType !== 'float' && meta.dataType !== 'double') return 0;
  const divisionKg =
    meta.device === null ? undefined : setting(deviceOf(meta.device), 'divisionKg');
  if (meta.unit === 'kg' && divisionKg !== undefined) return decimalsOfDivision(divisionKg);
  return decimalsOf(meta.unit);
}

/** A tag's value as people read it, without unit and quality. */
export function scalarText(meta: TagMeta | undefined, value: Scalar | null): string {
  if (value === null || meta === undefined) return '–';
  if (typeof value === 'boolean') return t(value ? 'face.on' : 'face.off');
  if (typeof value === 'string') return value;
  const state = meta.states?.[String(value)];
  if (state !== undefined) return say(state);
  return formatNumber(value, tagDecimals(meta));
}

/** The unit to write behind a value, with a space before it; nothing for states and flags. */
export function unitOf(meta: TagMeta | undefined): string {
  return meta === undefined || meta.unit === '' ? '' : unitText(meta.unit);
}

/** The whole sentence for a screen reader: value, unit and, if it is not good, the quality. */
export function spoken(meta: TagMeta | undefined, view: TagView): string {
  const value = `${scalarText(meta, view.value)} ${unitOf(meta)}`.trim();
  return view.quality === 'good' ? value : `${value} (${t(`quality.${view.quality}`)})`;
}
