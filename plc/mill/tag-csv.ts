import type { ConnectionDefinition } from '../model/connection.ts';
import type { TagDefinition } from '../model/tag.ts';
import { type CsvSeparator, readCsv, writeCsv } from './csv-text.ts';
import { addressText } from './tag-csv-address.ts';
import {
  numberText,
  RowReader,
  TAG_COLUMNS,
  type TagCells,
  type TagColumn,
  type TagCsvFault,
} from './tag-csv-cells.ts';
import { tagOfRow } from './tag-csv-row.ts';

export type { TagCells, TagCsvFault } from './tag-csv-cells.ts';

/** A mill has some ten thousand tags; a longer list is a mistake. */
const ROWS_MAX = 50_000;
const CELL_LENGTH_MAX = 1_000;
const REQUIRED: readonly TagColumn[] = [
  'name',
  'connection',
  'address',
  'type',
  'text_vi',
  'text_en',
];

/** A tag list with faults; the engineer who made it must mend every one of them. */
export class TagCsvFaultsError extends Error {
  readonly faults: readonly TagCsvFault[];

  constructor(faults: readonly TagCsvFault[]) {
    super(`the tag list has ${faults.length} fault(s):\n${faults.map(tagCsvFaultText).join('\n')}`);
    this.name = 'TagCsvFaultsError';
    this.faults = faults;
  }
}

/** A fault as one line of text. */
export function tagCsvFaultText({ line, column, fault, mend }: TagCsvFault): string {
  const place = column === null ? `line ${line}` : `line ${line}, column ${column}`;
  return `${place}: ${fault}; ${mend}`;
}

/**
 * The plain tags of a CSV file (docs/tag-import.md), for `plainTags` of a mill file.
 * @param connections the mill's; each row must name one of its kind.
 * @throws {TagCsvFaultsError} naming every fault with its line and column.
 */
export function tagsFromCsv(
  text: string,
  connections: readonly ConnectionDefinition[],
): TagDefinition[] {
  const { tags, faults } = readTagCsv(text, connections);
  if (faults.length > 0) throw new TagCsvFaultsError(faults);
  return tags;
}

/**
 * The tags of a CSV file that are right, and every fault of the others. Without `connections` their
 * names are not checked.
 */
export function readTagCsv(
  text: string,
  connections: readonly ConnectionDefinition[] | null = null,
): { tags: TagDefinition[]; faults: TagCsvFault[] } {
  const { rows, separator, faults: csvFaults } = readCsv(text);
  const faults: TagCsvFault[] = csvFaults.map((one) => ({
    ...one,
    column: null,
    mend: 'write a quote within quotes twice',
  }));
  const [head, ...body] = rows.filter(({ cells }) => cells[0]?.trim().startsWith('#') !== true);
  const columns = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase().replaceAll(' ', '_'));
  faults.push(...headFaults(columns, head?.line ?? 1));
  if (body.length > ROWS_MAX) {
    const fault = `has ${body.length} tags`;
    faults.push({ line: 1, column: null, fault, mend: `list at most ${ROWS_MAX} in one file` });
  }
  if (faults.some(({ line }) => line === (head?.line ?? 1))) return { tags: [], faults };
  const tags: TagDefinition[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of body.slice(0, ROWS_MAX)) {
    const row = new RowReader(line, cellsOf(columns, cells), separator);
    if (cells.length > columns.length && cells.slice(columns.length).some((one) => one !== '')) {
      row.fault(null, `has ${cells.length} cells`, `the first line names ${columns.length}`);
    }
    const tag = tagOfRow(row, connections);
    noteTwice(row, line, seen);
    faults.push(...row.faults);
    if (tag !== null && row.faults.length === 0) tags.push(tag);
  }
  return { tags, faults: faults.sort((a, b) => a.line - b.line) };
}

function headFaults(columns: readonly string[], line: number): TagCsvFault[] {
  const known: readonly string[] = TAG_COLUMNS;
  const fault = (words: string, mend: string) => ({ line, column: null, fault: words, mend });
  return [
    ...columns
      .filter((one) => one !== '' && !known.includes(one))
      .map((one) => fault(`unknown column ${one}`, `use ${TAG_COLUMNS.join(', ')}`)),
    ...columns
      .filter((one, place) => one !== '' && columns.indexOf(one) !== place)
      .map((one) => fault(`column ${one} is there twice`, 'keep one of them')),
    ...REQUIRED.filter((one) => !columns.includes(one)).map((one) =>
      fault(`column ${one} is missing`, 'name it in the first line'),
    ),
  ];
}

function cellsOf(columns: readonly string[], cells: readonly string[]): TagCells {
  return Object.fromEntries(
    TAG_COLUMNS.map((column) => {
      const cell = cells[columns.indexOf(column)]?.trim().slice(0, CELL_LENGTH_MAX) ?? '';
      return [column, plain(cell)];
    }),
  ) as Record<TagColumn, string>;
}

/** Two tags of one name, or two names for one place. */
function noteTwice(row: RowReader, line: number, seen: Map<string, number>): void {
  const keys = [
    ['name', row.text('name')],
    ['address', `${row.text('connection')} ${row.text('address')}`],
  ] as const;
  for (const [column, key] of keys) {
    if (row.isEmpty(column)) continue;
    const first = seen.get(`${column} ${key}`);
    if (first === undefined) seen.set(`${column} ${key}`, line);
    else row.fault(column, `is also in line ${first}`, `give each tag its own ${column}`);
  }
}

/** Texts that a spreadsheet would take for a formula are kept plain by an apostrophe (OWASP). */
const FORMULA = /^'*[=+\-@]/;

function plain(cell: string): string {
  return /^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function guarded(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The rows of a tag list as CSV. Cells that no formula may be made of are made plain. */
export function tagCsv(rows: readonly TagCells[], separator: CsvSeparator = ','): string {
  const lines = rows.map((row) =>
    TAG_COLUMNS.map((column) => (isFree(column) ? guarded(row[column]) : row[column])),
  );
  return writeCsv([TAG_COLUMNS, ...lines], separator);
}

function isFree(column: TagColumn): boolean {
  return ['name', 'connection', 'address', 'unit', 'text_vi', 'text_en'].includes(column);
}

/** Plain tags as a CSV file; what {@link tagsFromCsv} makes of it is the same again. */
export function csvFromTags(tags: readonly TagDefinition[], separator: CsvSeparator = ','): string {
  return tagCsv(
    tags.filter((tag) => tag.address !== null).map((tag) => cellsOfTag(tag, separator)),
    separator,
  );
}

function cellsOfTag(tag: TagDefinition, separator: CsvSeparator): TagCells {
  const { address, range } = tag;
  const modbus = address?.kind === 'modbus' ? address : null;
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : numberText(value, separator);
  const isNumber = tag.dataType !== 'bool' && tag.dataType !== 'string';
  return {
    name: tag.name,
    connection: address?.connection ?? '',
    address: address === null ? '' : addressText(address),
    type: modbus?.encoding ?? tag.dataType,
    length: number(modbus?.length),
    word_order: modbus === null || !isNumber ? '' : modbus.wordOrder,
    scale: isNumber ? number(modbus?.scale) : '',
    offset: isNumber ? number(modbus?.offset) : '',
    unit: tag.unit,
    low: isNumber ? number(range.low) : '',
    high: isNumber ? number(range.high) : '',
    direction: tag.direction,
    scan_ms: number(tag.scanMs),
    field_deadband: number(tag.fieldDeadband),
    deadband: number(tag.deadband),
    deadband_pct: '',
    line_bound: number(tag.lineBound),
    line_bound_pct: '',
    silence_s: number(tag.silenceMs === undefined ? null : tag.silenceMs / 1_000),
    exact: tag.isExact === true ? 'yes' : 'no',
    every_value: tag.everyValue ? 'yes' : 'no',
    text_vi: tag.text.vi,
    text_en: tag.text.en,
  };
}
