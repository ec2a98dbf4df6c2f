import { markHash, mix, textHash } from './features.ts';
import type { Reading } from './reading.ts';
import { skeletonOf } from './spelling.ts';
import type { Tagged } from './tagging.ts';

/** What the network sees of one word: hashes, in groups of a kind. */
export interface Token {
  /** Of its letters: the same object each time the word comes while it is remembered. */
  readonly own: TokenFeatures;
  /** Of what it says here, and of what the rules found to begin here. */
  readonly meant: TokenFeatures;
}

export interface TokenFeatures {
  readonly hashes: readonly number[];
  readonly kinds: readonly TokenKind[];
}

export const tokenKinds = ['letters', 'sounds', 'word', 'sound', 'mark', 'reading'] as const;
/** Index in `tokenKinds`. */
export type TokenKind = 0 | 1 | 2 | 3 | 4 | 5;

const nothing: TokenFeatures = { hashes: [], kinds: [] };

export function tokensOf({ words, marks }: Tagged, readings: readonly Reading[]): readonly Token[] {
  const meant: (TokenFeatures & { hashes: number[]; kinds: TokenKind[] })[] = words.map((_, at) => ({
    hashes: (marks[at] ?? []).map(({ mark }) => salted(markHash(mark), 4)),
    kinds: (marks[at] ?? []).map(() => 4),
  }));
  for (const { mark, from } of readings) {
    meant[from]?.hashes.push(salted(textHash(mark), 5));
    meant[from]?.kinds.push(5);
  }
  return words.map((word, at) => ({ own: featuresOfWord(word), meant: meant[at] ?? nothing }));
}

const known = new Map<string, TokenFeatures>();
/** Words come again and again; what is kept is bounded, and what came longest ago is forgotten first. */
const mostKnown = 20_000;

function featuresOfWord(word: string): TokenFeatures {
  const found = known.get(word);
  if (found !== undefined) return found;
  const features = { hashes: [] as number[], kinds: [] as TokenKind[] };
  const sound = skeletonOf(word) || word;
  putParts(features, `<${word}>`, 0, 3, 5);
  putParts(features, `<${sound}>`, 1, 2, 4);
  features.hashes.push(salted(textHash(word), 2), salted(textHash(sound), 3));
  features.kinds.push(2, 3);
  if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
  known.set(word, features);
  return features;
}

function putParts(
  features: { hashes: number[]; kinds: TokenKind[] },
  text: string,
  kind: TokenKind,
  least: number,
  most: number,
): void {
  for (let from = 0; from + least <= text.length; from += 1)
    for (let length = least; length <= most && from + length <= text.length; length += 1) {
      features.hashes.push(salted(textHash(text.slice(from, from + length)), kind));
      features.kinds.push(kind);
    }
}

function salted(hash: number, kind: TokenKind): number {
  return mix(hash ^ Math.imul(kind + 11, 0x9e3779b1));
}
