import { normalise } from './normalise.ts';

/**
 * Word lists as people write them, compiled once into one expression over normalised text.
 *
 * A phrase is words parted by spaces. `(a|b c|)` stands for one of several, or nothing when an alternative is empty; a
 * final `*` on a word stands for any ending. Whole words only. Arabic `و` and `ف` before the first word are allowed.
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

export function compilePhrases(phrases: readonly string[], options: PhraseOptions = {}): Phrases {
  const bodies = [...new Set(phrases.map(expressionOf))].filter((body) => body !== '');
  if (bodies.length === 0) return nothing;
  const prefix = options.articles ? '[وف]?(?:[بلك]?ال|لل|[بلك])?' : '[وف]?';
  const source = `(?<= )(?:${prefix})(?:${bodies.join('|')})`;
  const test = new RegExp(source);
  const all = new RegExp(source, 'g');
  const last = new RegExp(`${source}$`);
  const without = (text: string) => ` ${text} `.replace(all, '').replace(/ +/g, ' ').trim();
  return {
    isLastIn: (text) => last.test(` ${text} `),
    areAllOf: (text) => text !== '' && without(text) === '',
    isIn: (text) => test.test(` ${text} `),
    find: (text) => {
      const padded = ` ${text} `;
      return [...padded.matchAll(all)].map((match) => ({
        before: padded.slice(0, match.index).trim(),
        matched: match[0].trim(),
        after: padded.slice(match.index + match[0].length).trim(),
      }));
    },
    without,
  };
}

const nothing: Phrases = {
  isIn: () => false,
  isLastIn: () => false,
  areAllOf: () => false,
  find: () => [],
  without: (text) => text,
};

/** The expression of one phrase; every word takes the space after it. */
function expressionOf(phrase: string): string {
  const elements = phrase.match(/\([^)]*\)|[^\s()]+/g) ?? [];
  return elements.map(elementOf).join('');
}

function elementOf(element: string): string {
  if (!element.startsWith('(')) return wordsExpression(element);
  const choices = element.slice(1, -1).split('|');
  // The longest first: an alternation takes the first that fits, and "لا والله" must not stop at "لا".
  const given = choices
    .filter((choice) => choice.trim() !== '')
    .map(wordsExpression)
    .sort((a, b) => b.length - a.length);
  return `(?:${given.join('|')})${given.length < choices.length ? '?' : ''}`;
}

function wordsExpression(words: string): string {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => (word.endsWith('*') ? `${normalise(word)}[^ ]* ` : `${normalise(word)} `))
    .join('');
}
