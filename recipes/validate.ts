import type { Formula, Material, Procedure } from './schema.ts';

/** A formula adds up to 100 % within this, % (DOMAIN 5). */
export const SUM_TOLERANCE_PCT = 0.05;

/** One fault of a recipe file: where it is, what is wrong and how to mend it. */
export interface RecipeFault {
  readonly file: string;
  /** Path inside the file, e.g. `items[3].material`; empty for the file as a whole. */
  readonly path: string;
  readonly fault: string;
  readonly mend: string;
}

/** A parsed part of the recipes with the file it came from. */
export interface FromFile<T> {
  readonly file: string;
  readonly path: string;
  readonly value: T;
}

/** Every recipe part, before it is known whether the parts fit each other. */
export interface RecipeParts {
  readonly materials: readonly FromFile<Material>[];
  readonly formulas: readonly FromFile<Formula>[];
  readonly procedures: readonly FromFile<Procedure>[];
}

function within(part: FromFile<unknown>, path: string): string {
  return part.path === '' ? path : `${part.path}.${path}`;
}

function duplicates<T>(
  parts: readonly FromFile<T>[],
  keyName: string,
  keyOf: (value: T) => string,
): RecipeFault[] {
  const first = new Map<string, FromFile<T>>();
  return parts.flatMap((part) => {
    const key = keyOf(part.value);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, part);
      return [];
    }
    return {
      file: part.file,
      path: within(part, keyName),
      fault: `${key} is also in ${earlier.file}`,
      mend: `rename or remove one of the two`,
    };
  });
}

function itemFaults(part: FromFile<Formula>, known: ReadonlySet<string>): RecipeFault[] {
  const seen = new Set<string>();
  return part.value.items.flatMap((item, index) => {
    const place = { file: part.file, path: within(part, `items[${index}].material`) };
    const faults: RecipeFault[] = [];
    if (!known.has(item.material)) {
      faults.push({
        ...place,
        fault: `there is no material ${item.material}`,
        mend: 'correct the code or add the material to materials.json',
      });
    }
    if (seen.has(item.material)) {
      faults.push({
        ...place,
        fault: `${item.material} is listed twice`,
        mend: 'add the two shares up in one line',
      });
    }
    seen.add(item.material);
    for (const substitute of item.substitutes ?? []) {
      if (known.has(substitute) && substitute !== item.material) continue;
      faults.push({
        ...place,
        path: within(part, `items[${index}].substitutes`),
        fault: `${substitute} cannot stand in for ${item.material}`,
        mend: 'name another material of materials.json',
      });
    }
    return faults;
  });
}

function sumFault(part: FromFile<Formula>): RecipeFault[] {
  const sum = part.value.items.reduce((total, item) => total + item.pct, 0);
  // Shares are decimal fractions: a sum exactly at the limit must not fail by binary rounding.
  if (Math.abs(sum - 100) <= SUM_TOLERANCE_PCT + 1e-9) return [];
  const away = Math.abs(sum - 100).toFixed(3);
  return [
    {
      file: part.file,
      path: within(part, 'items'),
      fault: `the shares add up to ${sum.toFixed(3)} %, not 100 +- ${SUM_TOLERANCE_PCT} %`,
      mend: `${sum < 100 ? 'add' : 'take away'} ${away} %`,
    },
  ];
}

function procedureFaults(
  part: FromFile<Formula>,
  procedures: ReadonlyMap<string, Procedure>,
): RecipeFault[] {
  const { procedure: id, conditionerC } = part.value;
  const procedure = procedures.get(id);
  if (procedure === undefined) {
    return [
      {
        file: part.file,
        path: within(part, 'procedure'),
        fault: `there is no procedure ${id}`,
        mend: `use one of: ${[...procedures.keys()].join(', ')}`,
      },
    ];
  }
  if (procedure.pelleted === (conditionerC !== null)) return [];
  return [
    {
      file: part.file,
      path: within(part, 'conditionerC'),
      fault: procedure.pelleted
        ? `procedure ${id} pellets and needs a conditioner temperature`
        : `procedure ${id} makes mash and has no conditioner`,
      mend: procedure.pelleted ? 'give a temperature in degC' : 'set it to null',
    },
  ];
}

function pelletingFaults(part: FromFile<Procedure>): RecipeFault[] {
  const has = part.value.unitProcedures.some((one) => one.unit === 'pelleting');
  if (has === part.value.pelleted) return [];
  return [
    {
      file: part.file,
      path: within(part, 'unitProcedures'),
      fault: has ? 'a mash procedure has a pelleting unit' : 'a pelleted one has no pelleting unit',
      mend: 'make `pelleted` and the unit procedures agree',
    },
  ];
}

/** Every fault of parts that do not fit each other; empty when all is well. */
export function recipeFaults(parts: RecipeParts): RecipeFault[] {
  const known = new Set(parts.materials.map((one) => one.value.code));
  const procedures = new Map(parts.procedures.map((one) => [one.value.id, one.value]));
  return [
    ...duplicates(parts.materials, 'code', (one) => one.code),
    ...duplicates(parts.procedures, 'id', (one) => one.id),
    ...duplicates(parts.formulas, 'code', (one) => `${one.code} version ${one.version}`),
    ...parts.procedures.flatMap(pelletingFaults),
    ...parts.formulas.flatMap((part) => [
      ...itemFaults(part, known),
      ...sumFault(part),
      ...procedureFaults(part, procedures),
    ]),
  ];
}
