/** Text for terminals in which Arabic and Latin meet. */

/** Right-to-left isolate … pop: what is inside cannot move the numbers and labels around it. */
const isolateStart = '\u2067';
const isolateEnd = '\u2069';

const arabic = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** Marks, joiners and direction signs take no cell. */
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Signs that steer direction or the terminal itself: nothing that was said may do either. */
const steering = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

export function isRightToLeft(text: string): boolean {
  return arabic.test(text);
}

/** One blank for each run of blanks and control signs; no sign that steers direction is left. */
export function plainText(text: string): string {
  return text
    .replace(steering, (sign) => (/[\t\n\r]/.test(sign) ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Arabic wrapped in isolates; other text as it is. `text` must be plain. */
export function isolate(text: string): string {
  return isRightToLeft(text) ? `${isolateStart}${text}${isolateEnd}` : text;
}

/** From an Arabic letter to the last one before other letters or digits: signs around it belong to the sentence. */
const arabicRun = new RegExp(`${arabic.source}+(?:[^\\p{L}\\p{N}]+${arabic.source}+)*`, 'gu');

/** In a text of another direction, each run of Arabic words wrapped in isolates. `text` must be plain. */
export function isolateRuns(text: string): string {
  return text.replace(arabicRun, (run) => `${isolateStart}${run}${isolateEnd}`);
}

/** Rows as aligned columns, two cells apart, Arabic isolated; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const plain = rows.map((row) => row.map(plainText));
  const widths = plain.reduce<readonly number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cells(cell))),
    [],
  );
  return plain.map((row) =>
    row
      .map((cell, at) => isolateRuns(cell) + ' '.repeat(at === row.length - 1 ? 0 : (widths[at] ?? 0) - cells(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** Cells of a terminal that a plain text fills. */
export function cells(text: string): number {
  let count = 0;
  for (const character of text) count += zeroWidth.test(character) ? 0 : 1;
  return count;
}

export interface StyledWord {
  readonly text: string;
  readonly style: WordStyle;
}

/** `coming`: made, but not heard yet. `unsaid`: will not be heard any more. */
export type WordStyle = 'heard' | 'coming' | 'unsaid' | 'partial' | 'aside';

export function wordsOf(text: string, style: WordStyle): readonly StyledWord[] {
  return plainText(text)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ text: word, style }));
}

/** Lines of at most `width` cells, broken between words; a longer word stands alone, cut to the width. */
export function wrapWords(words: readonly StyledWord[], width: number): readonly (readonly StyledWord[])[] {
  const lines: StyledWord[][] = [];
  let used = 0;
  for (const word of words) {
    const fitted = cells(word.text) > width ? { ...word, text: `${cut(word.text, width - 1)}…` } : word;
    const size = cells(fitted.text);
    const line = lines.at(-1);
    if (line === undefined || used + 1 + size > width) {
      lines.push([fitted]);
      used = size;
    } else {
      line.push(fitted);
      used += 1 + size;
    }
  }
  return lines;
}

function cut(text: string, width: number): string {
  let kept = '';
  for (const character of text) {
    if (cells(kept + character) > width) break;
    kept += character;
  }
  return kept;
}

/** One line, each run of words of one style painted; the whole isolated when it is Arabic. */
export function paintLine(line: readonly StyledWord[], paint: (text: string, style: WordStyle) => string): string {
  const runs: { text: string; style: WordStyle }[] = [];
  for (const { text, style } of line) {
    const last = runs.at(-1);
    if (last !== undefined && last.style === style) last.text += ` ${text}`;
    else runs.push({ text, style });
  }
  const painted = runs.map(({ text, style }) => paint(text, style)).join(' ');
  return line.some(({ text }) => isRightToLeft(text)) ? `${isolateStart}${painted}${isolateEnd}` : painted;
}

/** `1:02.4`: minutes, seconds and tenths of a call's milliseconds. */
export function clockTime(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100);
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`;
}

/** `850 ms`, from ten seconds on `12.3 s`. */
export function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
