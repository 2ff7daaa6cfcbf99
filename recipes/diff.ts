import type { Formula } from './schema.ts';

/** One ingredient in two versions; null where a version does not have it. */
export interface ItemChange {
  readonly material: string;
  readonly beforePct: number | null;
  readonly afterPct: number | null;
}

/** A member of a formula other than its ingredients, as text, in two versions. */
export interface MemberChange {
  readonly member: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface FormulaDiff {
  /** Every ingredient of either version, in the order of the newer one, then what is gone. */
  readonly items: readonly ItemChange[];
  readonly members: readonly MemberChange[];
}

/** Members that are said by themselves or do not belong to what is made. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['code', 'version', 'items']);

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What differs between two versions of a formula, ingredient by ingredient. */
export function diffFormulas(before: Formula, after: Formula): FormulaDiff {
  const pctOf = (of: Formula, material: string) =>
    of.items.find((item) => item.material === material)?.pct ?? null;
  const materials = new Set([...after.items, ...before.items].map(({ material }) => material));
  const members = new Set([...Object.keys(after), ...Object.keys(before)]);
  const memberOf = (of: Formula, member: string) => textOf(of[member as keyof Formula]);
  const substitutes = (of: Formula) =>
    textOf(of.items.flatMap((one) => (one.substitutes ? [[one.material, one.substitutes]] : [])));
  const changes = [...members]
    .filter((member) => !NOT_COMPARED.has(member))
    .map((member) => ({
      member,
      before: memberOf(before, member),
      after: memberOf(after, member),
    }));
  return {
    items: [...materials].map((material) => ({
      material,
      beforePct: pctOf(before, material),
      afterPct: pctOf(after, material),
    })),
    members: [
      ...changes,
      { member: 'substitutes', before: substitutes(before), after: substitutes(after) },
    ].filter((one) => one.before !== one.after),
  };
}
