/** A cell: text, a number with its decimals, or empty. */
export type Cell = string | null | { readonly value: number; readonly decimals: number };

/**
 * How a language's spreadsheet reads CSV: Vietnamese has a decimal comma and so separates with `;`.
 */
export interface CsvStyle {
  readonly decimal: ',' | '.';
  readonly separator: ';' | ',';
}

export const CSV_STYLES: Readonly<Record<'vi' | 'en', CsvStyle>> = {
  vi: { decimal: ',', separator: ';' },
  en: { decimal: '.', separator: ',' },
};

const BYTE_ORDER_MARK = '\uFEFF';

/** Text that a spreadsheet would take for a formula is made plain with an apostrophe (OWASP). */
function textCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function cellText(cell: Cell, { decimal }: CsvStyle): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return textCell(cell);
  return cell.value.toFixed(cell.decimals).replace('.', decimal);
}

/** Rows as CSV (RFC 4180) that spreadsheets open as they are: UTF-8 with a byte order mark. */
export function csv(rows: readonly (readonly Cell[])[], style: CsvStyle): string {
  const lines = rows.map((row) => row.map((cell) => cellText(cell, style)).join(style.separator));
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}
