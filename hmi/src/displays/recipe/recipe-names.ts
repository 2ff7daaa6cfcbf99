import type { RecipeDocument, RecipeList } from '../../../../server/contract/recipes.ts';
import { language, say } from '../../i18n/language.ts';
import { materialOf } from '../../state/mill.ts';

/** A formula adds up to 100 % within this, % (DOMAIN 5). */
const SUM_TOLERANCE_PCT = 0.05;

/**
 * A material as people call it. A recipe may name one that no bin of this mill holds: its name
 * stands in the list of recipes.
 */
export function materialName(code: string, listed: RecipeList['materials'] = []): string {
  const text = materialOf(code)?.text ?? listed.find((one) => one.code === code)?.text;
  return text === undefined ? code : say(text);
}

/** Sum of all shares, %, without the dust of binary fractions. */
export function sumOf(items: RecipeDocument['items']): number {
  return Math.round(items.reduce((sum, { pct }) => sum + pct, 0) * 1e6) / 1e6;
}

export function isWhole(sum: number): boolean {
  return Math.abs(sum - 100) <= SUM_TOLERANCE_PCT + 1e-9;
}

/** A number as the chosen language types it. */
export function typedNumber(pct: number): string {
  return language() === 'vi' ? String(pct).replace('.', ',') : String(pct);
}

/** A share as a person types it, with a decimal point or comma; null when it is no number. */
export function shareOf(typed: string): number | null {
  const value = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 100 ? value : null;
}
