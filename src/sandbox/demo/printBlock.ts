import type { Block, Mood } from './block.ts';
import { lineWords } from './sceneWords.ts';
import {
  cells,
  clockTime,
  duration,
  isolateRuns,
  paintLine,
  wordsOf,
  wrapWords,
  type StyledWord,
  type WordStyle,
} from './terminalText.ts';

/** Blocks of a call as lines: a label with time and figures, then the words on lines of their own. */

/** How a piece of text looks. With every function the identity, the words still say everything. */
export interface Paint {
  readonly word: (text: string, style: WordStyle) => string;
  readonly time: (text: string) => string;
  readonly caller: (text: string) => string;
  readonly sanad: (text: string) => string;
  readonly figure: (text: string) => string;
  readonly mood: (text: string, mood: Mood) => string;
}

const same = (text: string): string => text;
export const noPaint: Paint = { word: same, time: same, caller: same, sanad: same, figure: same, mood: same };

/** Columns before words and labels. */
const timeCells = 8;
const signCells = 4;
const indent = ' '.repeat(timeCells + signCells);
/** Below this the words would be one to a line. */
const leastWidth = 40;

/** @param width cells of a line; none of the lines is longer (40 at least) */
export function printBlock(block: Block, width: number, paint: Paint): readonly string[] {
  const room = Math.max(leastWidth, width) - indent.length - 1;
  switch (block.kind) {
    case 'remark': {
      const [first = '', ...others] = wrapText(block.text, room);
      const mood = (text: string): string => paint.mood(text, block.mood);
      return [
        `${paint.time(time(block.atMs))}${mood(sign(block.sign))}${mood(first)}`,
        ...others.map((text) => `${indent}${mood(text)}`),
      ];
    }
    case 'caller':
      return printCaller(block, room, paint);
    case 'sanad':
      return printSanad(block, room, paint);
    case 'carrier':
      return [
        ...head(block.atMs, paint.time, '☎', "the carrier's own voice", '', room, paint),
        ...printWords(wordsOf(block.text, 'heard'), room, paint),
      ];
    case 'phone':
      return [
        ...head(block.atMs, paint.time, '☏', `${isolateRuns(block.whose)} hears`, '', room, paint),
        ...printWords(wordsOf(block.text, 'aside'), room, paint),
      ];
    case 'message':
      return [
        ...head(block.atMs, paint.time, '✉', isolateRuns(block.whose), '', room, paint),
        ...printWords(wordsOf(block.text, 'heard'), room, paint),
      ];
  }
}

function printCaller(block: Extract<Block, { kind: 'caller' }>, room: number, paint: Paint): readonly string[] {
  const { atMs, as, text, patience } = block;
  const label = as === 'backchannel' ? 'Caller, listening' : 'Caller';
  const style: WordStyle = as === 'turn' ? 'heard' : as === 'backchannel' ? 'aside' : 'partial';
  const words = as === 'speaking' ? [...wordsOf(text, style), { text: '…', style }] : wordsOf(text, style);
  const figure = patience === null ? '' : patienceWords[patience];
  return [...head(atMs, paint.caller, '◀', label, figure, room, paint), ...printWords(words, room, paint)];
}

function printSanad(block: Extract<Block, { kind: 'sanad' }>, room: number, paint: Paint): readonly string[] {
  const { atMs, line, heard, rest, speaking, firstSoundMs } = block;
  const label = line === null ? 'Sanad' : `Sanad, ${lineWords[line]}`;
  const figure = firstSoundMs === null ? '' : `first sound after ${duration(firstSoundMs)}`;
  const first = head(atMs, paint.sanad, '▶', label, figure, room, paint);
  if (speaking) return [...first, ...printWords([...wordsOf(heard, 'heard'), ...wordsOf(rest, 'coming')], room, paint)];
  const said = printWords(wordsOf(heard, 'heard'), room, paint);
  if (rest === '') return [...first, ...said];
  const unsaid = `${indent}${paint.word(heard === '' ? 'nothing of it was heard:' : 'left unsaid:', 'aside')}`;
  return [...first, ...said, unsaid, ...printWords(wordsOf(rest, 'unsaid'), room, paint)];
}

function head(
  atMs: number,
  speaker: (text: string) => string,
  mark: string,
  label: string,
  figure: string,
  room: number,
  paint: Paint,
): readonly string[] {
  const first = `${paint.time(time(atMs))}${speaker(`${sign(mark)}${label}`)}`;
  const gap = room - cells(label) - cells(figure);
  if (figure === '') return [first];
  // On a narrow terminal the figure goes under the label.
  return gap < 2 ? [first, `${indent}${paint.figure(figure)}`] : [`${first}${' '.repeat(gap)}${paint.figure(figure)}`];
}

function printWords(words: readonly StyledWord[], room: number, paint: Paint): readonly string[] {
  return wrapWords(words, room).map((line) => `${indent}${paintLine(line, paint.word)}`);
}

/** English in which Arabic names and words may stand; the sentence keeps its direction. */
export function wrapText(text: string, width: number): readonly string[] {
  return wrapWords(wordsOf(text, 'heard'), width).map((line) => isolateRuns(line.map((word) => word.text).join(' ')));
}

function time(ms: number): string {
  return `${clockTime(ms).padStart(timeCells - 2)}  `;
}

function sign(text: string): string {
  return text.padEnd(signCells);
}

const patienceWords = {
  unfinished: 'an unfinished thought: Sanad waits',
  painful: 'painful words: Sanad gives them time',
} as const;
