import type { CsvSeparator } from './csv-text.ts';
import type { CellFault } from './tag-csv-address.ts';

/** The columns of a tag list, in the order that they are written. See docs/tag-import.md. */
export const TAG_COLUMNS = [
  'name',
  'connection',
  'address',
  'type',
  'length',
  'word_order',
  'scale',
  'offset',
  'unit',
  'low',
  'high',
  'direction',
  'scan_ms',
  'field_deadband',
  'deadband',
  'deadband_pct',
  'line_bound',
  'line_bound_pct',
  'silence_s',
  'exact',
  'every_value',
  'text_vi',
  'text_en',
] as const;
export type TagColumn = (typeof TAG_COLUMNS)[number];

/** One row's cells, by column; what is not in the file is empty. */
export type TagCells = Readonly<Record<TagColumn, string>>;

/** One fault of a tag list: where it is, what is wrong, and what would mend it. */
export interface TagCsvFault extends CellFault {
  readonly line: number;
  /** Null: the whole line. */
  readonly column: TagColumn | null;
}

/** Reads the cells of one row; every fault is kept, and the reading goes on. */
export class RowReader {
  readonly faults: TagCsvFault[] = [];
  readonly #line: number;
  readonly #cells: TagCells;
  readonly #separator: CsvSeparator;

  constructor(line: number, cells: TagCells, separator: CsvSeparator) {
    this.#line = line;
    this.#cells = cells;
    this.#separator = separator;
  }

  text(column: TagColumn): string {
    return this.#cells[column];
  }

  isEmpty(column: TagColumn): boolean {
    return this.#cells[column] === '';
  }

  fault(column: TagColumn | null, fault: string, mend: string): void {
    this.faults.push({ line: this.#line, column, fault, mend });
  }

  /** One of a list of words; `otherwise` where the cell is empty, a fault where that is null. */
  choice<T extends string>(column: TagColumn, words: readonly T[], otherwise: T | null): T | null {
    const cell = this.#cells[column];
    if (cell === '' && otherwise !== null) return otherwise;
    const found = words.find((one) => one === cell);
    if (found === undefined) {
      this.fault(column, cell === '' ? 'is empty' : `unknown ${cell}`, `use ${words.join(', ')}`);
    }
    return found ?? null;
  }

  yes(column: TagColumn): boolean {
    const cell = this.#cells[column].toLowerCase();
    if (/^(yes|true|1)$/.test(cell)) return true;
    if (!/^(|no|false|0)$/.test(cell)) this.fault(column, `${cell} is no answer`, 'use yes or no');
    return false;
  }

  /** A number, `otherwise` where the cell is empty, a fault where that is null. */
  number(column: TagColumn, otherwise: number | null): number | null {
    const cell = this.#cells[column];
    if (cell === '') {
      if (otherwise === null) this.fault(column, 'is empty', 'write a number');
      return otherwise;
    }
    const result = numberOf(cell, this.#separator);
    if (typeof result === 'number') return result;
    this.fault(column, result.fault, result.mend);
    return null;
  }

  /** A number of a list, e.g. the scan classes. */
  oneOf<T extends number>(column: TagColumn, list: readonly T[], otherwise: T): T {
    const value = this.number(column, otherwise);
    const found = list.find((one) => one === value);
    if (found === undefined && value !== null) {
      this.fault(column, `${value} is not one of the classes`, `use ${list.join(', ')}`);
    }
    return found ?? otherwise;
  }
}

/**
 * The number in a cell. A file separated by `;` has decimal commas; there `1.234` could be meant as
 * a thousand, and `1,234` in a file separated by commas, so neither is taken.
 */
function numberOf(cell: string, separator: CsvSeparator): number | CellFault {
  const isGrouped =
    separator === ','
      ? cell.includes(',')
      : /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/.test(cell) || /,.*[,.]/.test(cell);
  if (isGrouped) {
    return {
      fault: `${cell} may be meant in two ways`,
      mend: 'write numbers without marks for thousands',
    };
  }
  const value = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(cell)
    ? Number(cell.replace(',', '.'))
    : Number.NaN;
  if (Number.isFinite(value)) return value;
  return { fault: `${cell} is no number`, mend: 'write a number such as 12 or 0.5' };
}

/** A number as a file with this separator has it. */
export function numberText(value: number, separator: CsvSeparator): string {
  const text = String(value);
  if (separator === ',') return text;
  return text.replace('.', ',');
}
