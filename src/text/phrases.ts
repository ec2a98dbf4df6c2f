import { normalise, wordsOf } from './normalise.ts';

/**
 * Word lists as people write them, matched word by word over normalised text.
 *
 * A phrase is words parted by spaces. `(a|b c|)` stands for one of several, or nothing when an alternative is empty; a
 * final `*` on a word stands for any ending. Whole words only. Arabic `و` and `ف` before the first word are allowed.
 *
 * No regular expressions, though they would say the same: V8 forgets their code after a few collections of garbage, and making
 * that of all our lists anew holds up every call for 100 ms (docs/figures.md).
 */
export interface Phrases {
  readonly isIn: (normalised: string) => boolean;
  /** Where phrases stand, left to right, never overlapping: what stands before, itself, and after. */
  readonly find: (normalised: string) => readonly PhraseMatch[];
  /** Does the text end with one of them? */
  readonly isLastIn: (normalised: string) => boolean;
  /** Is the text nothing but them? */
  readonly areAllOf: (normalised: string) => boolean;
  /** The words that are left when all phrases are taken out. */
  readonly without: (normalised: string) => string;
}

export interface PhraseMatch {
  readonly before: string;
  readonly matched: string;
  readonly after: string;
}

export interface PhraseOptions {
  /** Also allow the article and one-letter prepositions before the first word: for lists of nouns. */
  readonly articles?: boolean;
}

/** Where several phrases begin at one word, the first of the list stands there. */
export function compilePhrases(phrases: readonly string[], options: PhraseOptions = {}): Phrases {
  const list = new PhraseList(phrases.map(parsePhrase), options.articles === true ? articlePrefixes : conjunctions);
  const without = (text: string): string => {
    const words = wordsIn(text);
    const spans = list.spans(words);
    if (spans.length === 0) return text;
    return words.filter((_word, at) => !spans.some(({ from, to }) => at >= from && at < to)).join(' ');
  };
  return {
    isIn: (text) => list.isIn(wordsIn(text), anywhere),
    isLastIn: (text) => {
      const words = wordsIn(text);
      return list.isIn(words, (end) => end === words.length);
    },
    areAllOf: (text) => text !== '' && without(text) === '',
    find: (text) => {
      const words = wordsIn(text);
      return list.spans(words).map(({ from, to }) => ({
        before: words.slice(0, from).join(' '),
        matched: words.slice(from, to).join(' '),
        after: words.slice(to).join(' '),
      }));
    },
    without,
  };
}

let lastText = '';
let lastWords: readonly string[] = [];

/** Many lists are asked about the same text, one after the other. */
function wordsIn(text: string): readonly string[] {
  if (text !== lastText) {
    lastWords = wordsOf(text);
    lastText = text;
  }
  return lastWords;
}

interface PhraseWord {
  readonly text: string;
  readonly anyEnding: boolean;
}

/** One of several, tried in this order; each is one or more words. */
interface Element {
  readonly choices: readonly (readonly PhraseWord[])[];
  readonly optional: boolean;
}

type Phrase = readonly Element[];

function parsePhrase(phrase: string): Phrase {
  const elements = phrase.match(/\([^)]*\)|[^\s()]+/g) ?? [];
  return elements.map(parseElement).filter(({ choices }) => choices.length > 0);
}

function parseElement(element: string): Element {
  if (!element.startsWith('(')) return { choices: [parseWords(element)].filter(isSomething), optional: false };
  const choices = element.slice(1, -1).split('|').map(parseWords);
  const given = choices.filter(isSomething);
  // The longest first: the first that fits is taken, and "لا والله" must not stop at "لا".
  return { choices: given.sort((a, b) => lengthOf(b) - lengthOf(a)), optional: given.length < choices.length };
}

function parseWords(text: string): readonly PhraseWord[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((given) => {
      const words = wordsOf(normalise(given));
      return words.map((word, at) => ({ text: word, anyEnding: given.endsWith('*') && at === words.length - 1 }));
    });
}

function isSomething(words: readonly PhraseWord[]): boolean {
  return words.length > 0;
}

function lengthOf(words: readonly PhraseWord[]): number {
  return words.reduce((sum, { text, anyEnding }) => sum + text.length + (anyEnding ? 6 : 1), 0);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Tells of a possible end, in words, whether it will do. */
type Accept = (end: number) => boolean;
const anywhere: Accept = () => true;

class PhraseList {
  readonly #phrases: readonly Phrase[];
  /** Lengths of what may stand before the first word, longest first. */
  readonly #prefixesOf: (word: string) => readonly number[];
  /** By the first word, and by the first letter of first words with any ending: which phrases can begin so. */
  readonly #byWord = new Map<string, number[]>();
  readonly #byStem = new Map<string, { readonly stem: string; readonly phrase: number }[]>();

  constructor(phrases: readonly Phrase[], prefixesOf: (word: string) => readonly number[]) {
    this.#phrases = phrases;
    this.#prefixesOf = prefixesOf;
    phrases.forEach((phrase, at) => {
      for (const first of firstWords(phrase)) this.#index(first, at);
    });
  }

  isIn(words: readonly string[], accept: Accept): boolean {
    for (let at = 0; at < words.length; at += 1) if (this.#endFrom(words, at, accept) !== null) return true;
    return false;
  }

  spans(words: readonly string[]): readonly Span[] {
    const found: Span[] = [];
    for (let at = 0; at < words.length;) {
      const end = this.#endFrom(words, at, anywhere);
      if (end !== null) found.push({ from: at, to: end });
      at = end ?? at + 1;
    }
    return found;
  }

  #index({ text, anyEnding }: PhraseWord, phrase: number): void {
    if (!anyEnding) {
      const known = this.#byWord.get(text) ?? [];
      if (known.at(-1) !== phrase) known.push(phrase);
      this.#byWord.set(text, known);
      return;
    }
    const letter = text.charAt(0);
    this.#byStem.set(letter, [...(this.#byStem.get(letter) ?? []), { stem: text, phrase }]);
  }

  /** Where a phrase that begins at the word `at` ends; null when none does. */
  #endFrom(words: readonly string[], at: number, accept: Accept): number | null {
    const word = words[at] ?? '';
    for (const prefix of this.#prefixesOf(word)) {
      for (const phrase of this.#beginningWith(prefix === 0 ? word : word.slice(prefix))) {
        // A phrase of nothing but words that may be left out stands nowhere.
        const end = endOf(this.#phrases[phrase] ?? [], 0, words, at, prefix, (e) => e > at && accept(e));
        if (end !== null) return end;
      }
    }
    return null;
  }

  #beginningWith(word: string): readonly number[] {
    const exact = this.#byWord.get(word) ?? none;
    const stems = this.#byStem.get(word.charAt(0));
    if (stems === undefined) return exact;
    if (!stems.some(({ stem }) => word.startsWith(stem))) return exact;
    const withStem = stems.filter(({ stem }) => word.startsWith(stem)).map(({ phrase }) => phrase);
    return [...new Set([...exact, ...withStem])].sort((a, b) => a - b);
  }
}

const none: readonly number[] = [];

/** The words with which a phrase can begin: those of its first element, and of the next while it may be left out. */
function firstWords(phrase: Phrase): readonly PhraseWord[] {
  const first: PhraseWord[] = [];
  for (const { choices, optional } of phrase) {
    for (const [word] of choices) if (word !== undefined) first.push(word);
    if (!optional) break;
  }
  return first;
}

/**
 * The end of the first way in which the elements from `element` on fit the words from `at` on; null when there is none.
 * `skip` letters of the first word are a prefix and no part of it.
 */
function endOf(
  phrase: Phrase,
  element: number,
  words: readonly string[],
  at: number,
  skip: number,
  accept: Accept,
): number | null {
  const next = phrase[element];
  if (next === undefined) return skip === 0 && accept(at) ? at : null;
  for (const choice of next.choices) {
    if (!fits(choice, words, at, skip)) continue;
    const end = endOf(phrase, element + 1, words, at + choice.length, 0, accept);
    if (end !== null) return end;
  }
  return next.optional ? endOf(phrase, element + 1, words, at, skip, accept) : null;
}

function fits(choice: readonly PhraseWord[], words: readonly string[], at: number, skip: number): boolean {
  return choice.every(({ text, anyEnding }, index) => {
    const word = words[at + index];
    if (word === undefined) return false;
    const from = index === 0 ? skip : 0;
    return word.startsWith(text, from) && (anyEnding || word.length === from + text.length);
  });
}

const noPrefix = [0];
const onePrefix = [1, 0];

function conjunctions(word: string): readonly number[] {
  return isOneOf('وف', word, 0) ? onePrefix : noPrefix;
}

function articlePrefixes(word: string): readonly number[] {
  return conjunctions(word).flatMap((at) => {
    const lengths: number[] = [];
    const preposition = isOneOf('بلك', word, at);
    if (preposition && word.startsWith('ال', at + 1)) lengths.push(at + 3);
    if (word.startsWith('ال', at) || word.startsWith('لل', at)) lengths.push(at + 2);
    if (preposition) lengths.push(at + 1);
    return [...lengths, at];
  });
}

function isOneOf(letters: string, word: string, at: number): boolean {
  return at < word.length && letters.includes(word.charAt(at));
}
