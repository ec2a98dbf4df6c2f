/** RFC 4180, with a byte order mark, without which spreadsheets take Arabic in UTF-8 for something else. */

export type CsvValue = string | number | boolean | Date | null;

export interface CsvColumn<Item> {
  readonly name: string;
  readonly value: (item: Item) => CsvValue;
}

export function csvText<Item>(columns: readonly CsvColumn<Item>[], items: readonly Item[]): string {
  const rows = [columns.map(({ name }) => cell(name)), ...items.map((item) => columns.map((c) => cell(c.value(item))))];
  return `\uFEFF${rows.map((row) => `${row.join(',')}\r\n`).join('')}`;
}

/**
 * A spreadsheet runs a cell that begins like a formula, also behind blanks or a quote of its own; an apostrophe in front makes it
 * text (OWASP, CSV injection). Numbers of ours stay numbers, negative ones too.
 */
const likeFormula = /^[\s"']*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/u;

function cell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = value instanceof Date ? value.toISOString() : value;
  const safe = likeFormula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
