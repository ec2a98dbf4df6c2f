import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import picocolors from 'picocolors';

/** Where a command writes. A value, so that a command can be tried without a process. */
export interface Terminal {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Asked for only by commands that read a password. */
  readonly stdin?: TerminalInput;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface TerminalStream {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What is asked of `process.stdin`; the last five only where somebody sits before it. */
export interface TerminalInput extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  readonly setRawMode?: (raw: boolean) => unknown;
  readonly on?: (event: 'data' | 'end', listener: (chunk: Uint8Array | string) => void) => unknown;
  readonly removeListener?: (event: 'data' | 'end', listener: (chunk: Uint8Array | string) => void) => unknown;
  readonly resume?: () => unknown;
  readonly pause?: () => unknown;
}

export type Colours = ReturnType<typeof picocolors.createColors>;

export interface Column<Item> {
  readonly title: string;
  /** Characters; the one column without a width takes what is left. */
  readonly width?: number;
  readonly cell: (item: Item, colours: Colours) => string;
}

/** What a command says: either a text for people or, with `--json`, one value for programs; never both. */
export interface Output {
  readonly colours: Colours;
  readonly line: (text?: string) => void;
  readonly table: <Item>(columns: readonly Column<Item>[], items: readonly Item[]) => void;
  readonly json: (value: unknown) => void;
  /** Shown on a terminal only, and gone with the next call or with `null`. */
  readonly progress: (text: string | null) => void;
}

/** Of a pipe or a file, and what a terminal that does not say its width is taken for. */
const usualWidth = 100;
const widths = { least: 60, most: 140 };

const eraseLine = '\r\u001B[2K';

export function createOutput({ stdout, stderr, environment }: Terminal): Output {
  const onTerminal = stdout.isTTY === true;
  const colours = picocolors.createColors(onTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb');
  const width = Math.min(widths.most, Math.max(widths.least, stdout.columns ?? usualWidth));
  return {
    colours,
    line: (text = '') => void stdout.write(`${text}\n`),
    table: (columns, items) => void stdout.write(`${tableText(columns, items, width, colours)}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    progress: (text) => {
      if (stderr.isTTY === true) stderr.write(text === null ? eraseLine : `${eraseLine}${text}`);
    },
  };
}

/** A rule under the heading and no other lines: what is read is the text. */
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Has no width of its own. Without it a terminal that writes Arabic from the right would turn the next column around with it. */
const leftToRight = '\u200E';
const afterArabic = /(?<=\p{Script=Arabic})(?=\s{2,}\S)/gu;

/** A table as wide as the terminal, words wrapped in their column. */
function tableText<Item>(
  columns: readonly Column<Item>[],
  items: readonly Item[],
  width: number,
  colours: Colours,
): string {
  const gaps = 2 * (columns.length - 1);
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const rest = Math.max(20, width - gaps - fixed);
  const table = new Table({
    chars: noLines,
    colWidths: columns.map((column) => column.width ?? rest),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(columns.map(({ title }) => colours.bold(title)));
  table.push(columns.map((column) => colours.dim('─'.repeat(column.width ?? rest))));
  for (const item of items)
    table.push(columns.map(({ cell, width: own }) => breakLongWords(cell(item, colours), own ?? rest)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd().replace(afterArabic, leftToRight))
    .join('\n');
}

/** An address that is too long for its column goes on in the next line; the table would cut it off, and it is to be copied. */
function breakLongWords(text: string, width: number): string {
  return text.replace(/\S+/g, (word) => {
    if (word.length <= width || stripVTControlCharacters(word) !== word) return word;
    return word.match(new RegExp(`.{1,${width}}`, 'gu'))?.join('\n') ?? word;
  });
}
