import type { BrowsedVariable } from '../drivers/opcua/browse.ts';
import type { CsvSeparator } from '../mill/csv-text.ts';
import { numberText, type TagCells } from '../mill/tag-csv-cells.ts';
import { unitOf } from '../mill/tag-csv-row.ts';

const NAME_LENGTH_MAX = 64;
const EMPTY = {
  length: '',
  word_order: '',
  scale: '',
  offset: '',
  low: '',
  high: '',
  scan_ms: '',
  field_deadband: '',
  deadband: '',
  deadband_pct: '',
  line_bound: '',
  line_bound_pct: '',
  silence_s: '',
  exact: '',
  every_value: '',
} as const;

/**
 * A row for each variable. What the server does not say (the range of a measurement, a unit that we
 * have no name for) is left as it is, for the engineer to complete; what no tag can hold is a
 * remark.
 */
export function rowsOfVariables(
  connection: string,
  variables: readonly BrowsedVariable[],
  separator: CsvSeparator,
): TagCells[] {
  const taken = new Set<string>();
  return variables.map((one) => {
    const reason = whyNot(one);
    const name = nameOf(one, taken);
    return {
      ...EMPTY,
      ...rangeOf(one, separator),
      name: reason === null ? name : `# ${name}: ${reason}`,
      connection,
      address: `nsu=${one.namespaceUri};${one.identifier}`,
      type: one.tagDataType ?? one.dataType ?? '',
      unit:
        one.engineeringUnits === null ? '' : (unitOf(one.engineeringUnits) ?? one.engineeringUnits),
      // Never `output` by itself: what the controller commands is for an engineer to say.
      direction: 'input',
      text_vi: one.path.join(' / ').slice(-200),
      text_en: one.path.join(' / ').slice(-200),
    };
  });
}

function whyNot(one: BrowsedVariable): string | null {
  if (one.isArray) return 'a list';
  if (one.tagDataType === null) return `no tag holds ${one.dataType ?? 'its type'}`;
  return one.isReadable ? null : 'may not be read';
}

/** Limits as the server has them, for numbers. */
function rangeOf(
  { euRange, tagDataType }: BrowsedVariable,
  separator: CsvSeparator,
): Partial<TagCells> {
  if (euRange === null || tagDataType === 'bool' || tagDataType === 'string') return {};
  return { low: numberText(euRange.low, separator), high: numberText(euRange.high, separator) };
}

/** A tag name from the node's own name, or from the way to it where that is only a number. */
function nameOf({ identifier, path }: BrowsedVariable, taken: Set<string>): string {
  const parts = identifier.startsWith('s=') ? partsOf(identifier.slice(2)) : path.flatMap(partsOf);
  while (parts.length > 1 && parts.join('.').length > NAME_LENGTH_MAX) parts.shift();
  const whole = parts.join('.') || 'tag';
  const name = (/^[A-Za-z]/.test(whole) ? whole : `T${whole}`).slice(0, NAME_LENGTH_MAX - 6);
  for (let number = 1; ; number += 1) {
    const unique = number === 1 ? name : `${name}_${number}`;
    if (taken.has(unique)) continue;
    taken.add(unique);
    return unique;
  }
}

/** What a tag name can have of a text, e.g. of `"DB1"."Động cơ"`: `DB1`, `Dong_co`. */
function partsOf(text: string): string[] {
  return text
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[.|/"]+/)
    .map((part) => part.trim().replaceAll(/\W+/g, '_'))
    .filter((part) => /[A-Za-z0-9]/.test(part));
}
