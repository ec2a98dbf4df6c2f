import { markName, markOf } from './lexis.ts';
import type { Reading } from './reading.ts';
import { skeletonOf } from './spelling.ts';
import type { Tagged } from './tagging.ts';

/**
 * What the learned part sees of an utterance: hashed n-grams of letters, of sounds, of words and of what words say, each with the
 * words it stands on, so that a window over the words has the features that lie within it.
 */
export interface Features {
  readonly hashes: readonly number[];
  readonly kinds: readonly FeatureKind[];
  readonly from: readonly number[];
  /** The word after the last. */
  readonly to: readonly number[];
}

export const featureKinds = ['letters', 'sounds', 'words', 'meaning', 'reading'] as const;
/** Index in `featureKinds`. */
export type FeatureKind = 0 | 1 | 2 | 3 | 4;

class Collector implements Features {
  readonly hashes: number[] = [];
  readonly kinds: FeatureKind[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];

  put(hash: number, kind: FeatureKind, from: number, to: number): void {
    this.hashes.push(mix(hash ^ Math.imul(kind + 1, 0x9e3779b1)));
    this.kinds.push(kind);
    this.from.push(from);
    this.to.push(to);
  }
}

export function featuresOf(tagged: Tagged, readings: readonly Reading[]): Features {
  const features = new Collector();
  const { words } = tagged;
  putLetters(features, words, 0, 3, 5);
  putLetters(features, words.map(soundsOf), 1, 2, 5);
  putWords(features, words);
  putMeaning(features, tagged);
  for (const { mark, from, to } of readings) features.put(textHash(mark), 4, from, to);
  return features;
}

const sounds = new Map<string, string>();
/** Words come again and again; what is kept is bounded. */
const mostSounds = 20_000;

function soundsOf(word: string): string {
  const known = sounds.get(word);
  if (known !== undefined) return known;
  const sound = skeletonOf(word) || word;
  if (sounds.size < mostSounds) sounds.set(word, sound);
  return sound;
}

/** N-grams of letters within words and across the spaces between them. */
function putLetters(
  features: Collector,
  words: readonly string[],
  kind: FeatureKind,
  least: number,
  most: number,
): void {
  const letters: number[] = [32];
  const wordAt: number[] = [0];
  words.forEach((word, at) => {
    for (let index = 0; index < word.length; index += 1) {
      letters.push(word.charCodeAt(index));
      wordAt.push(at);
    }
    letters.push(32);
    wordAt.push(at);
  });
  for (let start = 0; start < letters.length; start += 1) {
    let hash = 0x811c9dc5;
    for (let length = 1; length <= most && start + length <= letters.length; length += 1) {
      hash = Math.imul(hash ^ (letters[start + length - 1] ?? 0), 0x01000193);
      if (length < least) continue;
      // A space belongs to the word before it, unless the n-gram goes on.
      const first =
        letters[start] === 32
          ? Math.min((wordAt[start] ?? 0) + (start === 0 ? 0 : 1), words.length - 1)
          : (wordAt[start] ?? 0);
      features.put(hash, kind, first, (wordAt[start + length - 1] ?? 0) + 1);
    }
  }
}

function putWords(features: Collector, words: readonly string[]): void {
  const hashes = words.map(textHash);
  for (let at = 0; at < words.length; at += 1) {
    const one = hashes[at] ?? 0;
    features.put(one, 2, at, at + 1);
    const two = hashes[at + 1];
    if (two === undefined) continue;
    features.put(pair(one, two, 1), 2, at, at + 2);
    const three = hashes[at + 2];
    if (three === undefined) continue;
    features.put(pair(one, three, 2), 2, at, at + 3);
    features.put(pair(pair(one, two, 1), three, 3), 2, at, at + 3);
    const four = hashes[at + 3];
    if (four !== undefined) features.put(pair(one, four, 4), 2, at, at + 4);
  }
}

/** Marks near each other, in their order; what is said between them matters less than their distance. */
const meaningReach = 7;
const conceptNeg = markOf('neg');

function putMeaning(features: Collector, { marks }: Tagged): void {
  for (let at = 0; at < marks.length; at += 1) {
    for (const { mark, end } of marks[at] ?? []) {
      const one = markHash(mark);
      features.put(one, 3, at, end);
      const reach = Math.min(marks.length, end + meaningReach);
      for (let next = end; next < reach; next += 1) {
        const near = next - end < 2 ? 1 : next - end < 4 ? 2 : 3;
        for (const other of marks[next] ?? []) {
          const two = markHash(other.mark);
          features.put(pair(one, two, 5), 3, at, other.end);
          if (near === 1) features.put(pair(one, two, 6), 3, at, other.end);
          if (near === 3 || mark === conceptNeg) continue;
          putThirds(features, marks, pair(one, two, 7), at, other.end);
        }
      }
    }
  }
}

function putThirds(features: Collector, marks: Tagged['marks'], hash: number, from: number, at: number): void {
  const reach = Math.min(marks.length, at + 3);
  for (let next = at; next < reach; next += 1)
    for (const { mark, end } of marks[next] ?? []) features.put(pair(hash, markHash(mark), 8), 3, from, end);
}

const markHashes: number[] = [];

/** By its name: the number of a mark depends on what was read before it, and must not matter. */
export function markHash(mark: number): number {
  return (markHashes[mark] ??= mix(textHash(markName(mark))));
}

function pair(one: number, two: number, salt: number): number {
  return mix(Math.imul(one, 31) + Math.imul(two, 0x85ebca6b) + salt);
}

export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

export function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
