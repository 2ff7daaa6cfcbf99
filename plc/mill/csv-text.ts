/** What separates the cells of a line: `;` where the decimal mark is a comma (Vietnamese Excel). */
export type CsvSeparator = ',' | ';' | '\t';

/** A line of a CSV file that is not empty; `line` counts from 1, of its first character. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvContent {
  readonly separator: CsvSeparator;
  readonly rows: readonly CsvRow[];
  /** Quotes that do not close or are followed by text. */
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
}

const BYTE_ORDER_MARK = '\uFEFF';
const SEPARATORS: readonly CsvSeparator[] = [';', ',', '\t'];

/** The separator that the first line that is no remark has most of, outside quotes. */
function separatorOf(text: string): CsvSeparator {
  const line = /^(?:[ \t]*(?:#.*)?(?:\r\n|\r|\n))*(.*)/.exec(text)?.[1] ?? '';
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((one) => bare.split(one).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/**
 * Reads CSV (RFC 4180) as spreadsheets write it: with or without a byte order mark, lines ended by
 * CRLF or LF, cells in quotes where they hold a separator, quote or line end. Never throws.
 */
export function readCsv(text: string): CsvContent {
  const content = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const separator = separatorOf(content);
  const rows: CsvRow[] = [];
  const faults: { line: number; fault: string }[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = 0;
  const endRow = () => {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: rowLine, cells });
    cells = [];
  };
  while (at < content.length) {
    if (cells.length === 0) rowLine = line;
    const cell = content[at] === '"' ? quotedCell(content, at) : plainCell(content, at, separator);
    cells.push(cell.text);
    line += cell.lines;
    at = cell.end;
    if (cell.fault !== null) faults.push({ line: rowLine, fault: cell.fault });
    // What stands between a closing quote and the next separator belongs to no cell.
    const rest = plainCell(content, at, separator);
    if (rest.text.trim() !== '') faults.push({ line, fault: 'text after a closing quote' });
    at = rest.end;
    if (content[at] === separator) {
      at += 1;
      if (at >= content.length || /[\r\n]/.test(content[at] ?? '')) cells.push('');
    }
    const lineEnd = /^(\r\n|\n|\r)/.exec(content.slice(at, at + 2))?.[0];
    if (lineEnd !== undefined) {
      at += lineEnd.length;
      line += 1;
      endRow();
    }
  }
  endRow();
  return { separator, rows, faults };
}

interface Cell {
  readonly text: string;
  readonly end: number;
  readonly lines: number;
  readonly fault: string | null;
}

function plainCell(content: string, start: number, separator: string): Cell {
  let end = start;
  while (end < content.length && content[end] !== separator && !/[\r\n]/.test(content[end] ?? '')) {
    end += 1;
  }
  return { text: content.slice(start, end), end, lines: 0, fault: null };
}

function quotedCell(content: string, start: number): Cell {
  let end = start + 1;
  for (;;) {
    const quote = content.indexOf('"', end);
    if (quote === -1) {
      const text = content.slice(start + 1);
      return { text, end: content.length, lines: 0, fault: 'a quote that does not close' };
    }
    if (content[quote + 1] !== '"') {
      const text = content.slice(start + 1, quote).replaceAll('""', '"');
      return { text, end: quote + 1, lines: text.split(/\r\n|\r|\n/).length - 1, fault: null };
    }
    end = quote + 2;
  }
}

/** Rows as CSV that a spreadsheet opens as it is: UTF-8 with a byte order mark, CRLF. */
export function writeCsv(rows: readonly (readonly string[])[], separator: CsvSeparator): string {
  const cell = (text: string) =>
    /[",;\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map((row) => row.map(cell).join(separator));
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}
