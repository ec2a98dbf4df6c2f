import pc from 'picocolors';
import { noPaint, printBlock, wrapText, type Paint } from './printBlock.ts';
import type { Block, Mood } from './block.ts';
import type { WordStyle } from './terminalText.ts';

/** Where the call is shown: a terminal whose last lines are rewritten as words come, or plain lines for everything else. */

export interface Output {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly rows: () => number;
  /** `live`: cursor and colour may be used. */
  readonly kind: 'live' | 'lines';
}

/** Escape codes for nobody but a person: not into pipes, not where CI or NO_COLOR ask for plain text. */
export function outputOf(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>): Output {
  const plain = Boolean(env['CI']) || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return {
    write: (text) => void stream.write(text),
    columns: () => stream.columns ?? 100,
    rows: () => stream.rows ?? 24,
    kind: stream.isTTY && !plain ? 'live' : 'lines',
  };
}

/** Wider than this, lines are harder to follow. */
const widest = 120;

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

export class Screen {
  readonly #output: Output;
  readonly #paint: Paint;
  #liveLines: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
    this.#paint = output.kind === 'live' ? coloured : noPaint;
    if (output.kind === 'live') output.write(hideCursor);
  }

  get width(): number {
    return Math.min(widest, this.#output.columns());
  }

  /** Complete blocks scroll away upwards; `live` replaces what was live before. */
  show(done: readonly Block[], live: readonly Block[]): void {
    const finished = done.flatMap((block) => this.#print(block));
    if (this.#output.kind === 'lines') {
      if (finished.length > 0) this.#output.write(`${finished.join('\n')}\n`);
      return;
    }
    // The live part must fit, or its first lines scroll out of reach and are printed again and again.
    const next = live.flatMap((block) => this.#print(block)).slice(-Math.max(1, this.#output.rows() - 2));
    if (finished.length === 0 && next.join('\n') === this.#liveLines.join('\n')) return;
    const up = this.#liveLines.length;
    const erase = up === 0 ? '' : `\u001B[${up}A\r\u001B[0J`;
    this.#liveLines = next;
    this.#output.write(`${erase}${[...finished, ...next].map((line) => `${line}\n`).join('')}`);
  }

  /** Broken between words where it is too long, the rest under what follows the first `hang` cells. */
  line(text = '', hang = 0): void {
    this.#lines(text, hang, (line) => line);
  }

  heading(text: string): void {
    this.#lines(text, 0, this.#output.kind === 'live' ? colour.bold : (line) => line);
  }

  faint(text: string, hang = 0): void {
    this.#lines(text, hang, this.#output.kind === 'live' ? colour.dim : (line) => line);
  }

  /** Lines that are set already; their columns stand as they are. */
  aligned(lines: readonly string[]): void {
    for (const line of lines) this.#output.write(`${line}\n`);
  }

  /** Gives the cursor back. */
  close(): void {
    if (this.#output.kind === 'live') this.#output.write(showCursor);
  }

  #lines(text: string, hang: number, paint: (line: string) => string): void {
    const [first = '', ...others] = wrapText(text.slice(hang), this.width - hang - 1);
    this.#output.write(`${paint(text.slice(0, hang) + first)}\n`);
    for (const line of others) this.#output.write(`${paint(' '.repeat(hang) + line)}\n`);
  }

  #print(block: Block): readonly string[] {
    return printBlock(block, this.width, this.#paint);
  }
}

const colour = pc.createColors(true);

const wordPaint: Readonly<Record<WordStyle, (text: string) => string>> = {
  heard: (text) => text,
  coming: colour.dim,
  unsaid: (text) => colour.dim(colour.strikethrough(text)),
  partial: colour.italic,
  aside: colour.dim,
};

const moodPaint: Readonly<Record<Mood, (text: string) => string>> = {
  plain: colour.dim,
  barge: colour.yellow,
  fault: colour.red,
  good: colour.green,
  risk: (text) => colour.bold(colour.red(text)),
};

const coloured: Paint = {
  word: (text, style) => wordPaint[style](text),
  time: colour.dim,
  caller: (text) => colour.bold(colour.cyan(text)),
  sanad: (text) => colour.bold(colour.green(text)),
  figure: colour.dim,
  mood: (text, mood) => moodPaint[mood](text),
};
