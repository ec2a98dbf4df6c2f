import { limits } from '../limits.ts';
import { createCleaner } from './speakable.ts';

/**
 * Cuts a stream of words into what is spoken one after another: the first piece early, so that the first sound comes
 * early, the others as whole sentences. Never an empty piece, never one above the limit. Where the stream is cut into
 * chunks does not change the pieces.
 */
export interface SentenceCutter {
  readonly push: (text: string) => string[];
  readonly flush: () => string[];
}

export interface CutterOptions {
  /** Longest piece, in UTF-16 units. */
  readonly maxCharacters?: number;
}

/** The first piece may end at a comma once it has this many words: below it, a voice sounds chopped. */
const firstPieceWords = 3;
/** … or before a joining word once it is this long, when no comma came. */
const firstJoinWords = 6;
const firstJoinCharacters = 30;
/** A semicolon ends a sentence only when enough stands before it. */
const semicolonCharacters = 20;

const strong = /[.!?؟…]/;
const soft = /[,،:]/;
const semicolon = /[;؛]/;
const joining = new Set(
  'and but because so when while لكن ولكن بس لأن لأنه لأنها عشان علشان وعشان وبعدين وعقب وهذا وهالشي وما ولما ويوم وكأن حتى'.split(
    ' ',
  ),
);
/** Followed by a full stop and more: titles and the like. Single letters count too. */
const abbreviations = new Set('dr mr mrs ms st vs etc e.g i.e a.m p.m د أ م ص ب'.split(' '));

export function createSentenceCutter(options: CutterOptions = {}): SentenceCutter {
  const maxCharacters = options.maxCharacters ?? limits.sentenceCharacters;
  const cleaner = createCleaner();
  let current = '';
  /** The stop that was just read; whether it ends a piece is known with the next code point. */
  let pending = '';
  let highSurrogate = '';
  let isFirst = true;

  const take = (length: number): string[] => {
    const piece = tidy(current.slice(0, length));
    current = current.slice(length);
    pending = '';
    if (!/[\p{L}\p{N}]/u.test(piece)) return [];
    isFirst = false;
    return [piece];
  };

  const endsPiece = (next: string): boolean => {
    const beforeStop = current.slice(0, -1);
    if (/\d/.test(next) && /\d$/.test(beforeStop) && !/[!?؟]/.test(pending)) return false;
    if (strong.test(pending)) {
      if (pending !== '.') return true;
      return /\s/.test(next) ? !isAbbreviation(beforeStop) : false;
    }
    if (semicolon.test(pending)) return isFirst || current.length >= semicolonCharacters;
    return isFirst && wordCount(current) >= firstPieceWords;
  };

  const resolve = (next: string): string[] => {
    if (pending === '' || strong.test(next)) return [];
    if (endsPiece(next)) return take(current.length);
    pending = '';
    return [];
  };

  const cutBeforeJoiningWord = (): string[] => {
    if (!isFirst) return [];
    const start = current.lastIndexOf(' ') + 1;
    if (start < firstJoinCharacters || !joining.has(current.slice(start).toLowerCase())) return [];
    return wordCount(current.slice(0, start)) >= firstJoinWords ? take(start) : [];
  };

  const cutTooLong = (): string[] => {
    if (current.length < maxCharacters) return [];
    const head = current.slice(0, maxCharacters);
    const atStop = Math.max(...[',', '،', ':', ';', '؛'].map((stop) => head.lastIndexOf(stop))) + 1;
    const atSpace = head.lastIndexOf(' ') + 1;
    const cut = [atStop, atSpace].find((at) => at > maxCharacters / 2) ?? maxCharacters;
    return take(/[\uD800-\uDBFF]$/.test(current.slice(0, cut)) ? cut - 1 : cut);
  };

  const read = (point: string): string[] => {
    const pieces = resolve(point);
    if (point === '\n') return [...pieces, ...take(current.length)];
    if (/\s/.test(point)) pieces.push(...cutBeforeJoiningWord());
    current += point;
    if (strong.test(point) || soft.test(point) || semicolon.test(point)) pending = point;
    return [...pieces, ...cutTooLong()];
  };

  const readAll = (text: string): string[] => Array.from(text).flatMap(read);

  return {
    push: (text) => {
      const whole = highSurrogate + text;
      highSurrogate = /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(-1) : '';
      const points = highSurrogate === '' ? whole : whole.slice(0, -1);
      return Array.from(points).flatMap((point) => readAll(cleaner.push(point)));
    },
    flush: () => {
      highSurrogate = '';
      const pieces = readAll(cleaner.flush());
      return [...pieces, ...resolve(' '), ...take(current.length)];
    },
  };
}

/** Cuts a whole text at once. */
export function cutSentences(text: string, options?: CutterOptions): string[] {
  const cutter = createSentenceCutter(options);
  return [...cutter.push(text), ...cutter.flush()];
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function isAbbreviation(beforeStop: string): boolean {
  const last = beforeStop.slice(beforeStop.search(/\S*$/)).toLowerCase();
  return abbreviations.has(last) || /^[a-z]$/.test(last);
}

/** Single spaces, none before a stop, and no stop in front. */
function tidy(piece: string): string {
  return piece
    .replace(/\s+/g, ' ')
    .replace(/ +([.,!?;:،؛؟…])/g, '$1')
    .replace(/^[\s.,!?;:،؛؟…-]+/, '')
    .replace(/([,،])[,،]+/g, '$1')
    .trim();
}
