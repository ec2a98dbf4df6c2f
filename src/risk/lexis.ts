import { normalise, wordsOf } from '../text/normalise.ts';
import { skeletonOf, soundOf } from './spelling.ts';
import { arabicThings } from './words/arabicThings.ts';
import { arabicVerbs } from './words/arabicVerbs.ts';
import { arabicWords } from './words/arabicWords.ts';
import { commonEnglish, englishWords } from './words/english.ts';
import { englishInArabic } from './words/englishInArabic.ts';
import { readStems } from './words/inflect.ts';
import { everyday } from './words/everyday.ts';
import { events } from './words/events.ts';
import { latinArabic } from './words/latinArabic.ts';

/** What one word, or several, say; marks are small numbers, so that rules and features need no strings. */
export interface Entry {
  readonly words: readonly string[];
  readonly marks: readonly number[];
}

const numbers = new Map<string, number>();
const names: string[] = [];

/** The number of a mark such as `kill.1`. */
export function markOf(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  names.push(name);
  return names.length - 1;
}

export function markName(mark: number): string {
  return names[mark] ?? '';
}

const single = new Map<string, Set<number>>();
const several = new Map<string, Entry[]>();
const bySound = new Map<string, ReadonlySet<number>>();
const bySkeleton = new Map<string, ReadonlySet<number>>();
/** Words that carry the danger: they alone are also looked for when split, joined or misheard. */
const strong = new Map<string, ReadonlySet<number>>();
export const englishVocabulary = new Set(wordsOf(commonEnglish));

function add(phrase: string, marks: readonly number[]): void {
  const words = wordsOf(normalise(phrase));
  const [first] = words;
  if (first === undefined) return;
  if (words.length > 1) {
    const known = several.get(first);
    if (known === undefined) several.set(first, [{ words, marks }]);
    else known.push({ words, marks });
    return;
  }
  const known = single.get(first) ?? new Set<number>();
  for (const mark of marks) known.add(mark);
  single.set(first, known);
}

function addLists(lists: Readonly<Record<string, string>>): void {
  for (const [name, phrases] of Object.entries(lists))
    for (const phrase of phrases.split('|')) add(phrase, marksUpTo(name));
}

/** `self1.reflexive` is also `self1`. */
function marksUpTo(name: string): readonly number[] {
  const [concept = name] = name.split('.');
  return concept === name ? [markOf(name)] : [markOf(concept), markOf(name)];
}

const verbs = readStems(arabicVerbs);

/** Words whose marks another spelling takes over. */
function addAliases(aliases: Readonly<Record<string, string>>): void {
  for (const [meant, spellings] of Object.entries(aliases)) {
    const marks = marksOfPhrase(meant);
    if (marks.length > 0) for (const spelling of spellings.split('|')) add(spelling, marks);
  }
}

function marksOfPhrase(phrase: string): readonly number[] {
  const words = wordsOf(normalise(phrase));
  if (words.length === 1) return [...(lookUp(words[0] ?? '') ?? [])];
  const found = several.get(words[0] ?? '')?.filter((entry) => entry.words.join(' ') === words.join(' ')) ?? [];
  return [...new Set(found.flatMap(({ marks }) => marks))];
}

const strongConcepts = new Set(['suicide', 'kill', 'die', 'hang', 'self1', 'kill.self'].map(markOf));
/** Everyday words that look like a dangerous one when they are split, joined or misheard. */
const neverMisheard = new Set(wordsOf(normalise('انت حر انتهى امات ماتت موعد نحن تحت بحر')));

function index(): void {
  const forms = [...single.keys(), ...verbs.commonForms()];
  for (const word of forms) {
    if (!isArabic(word) || word.length < 2) continue;
    const marks = lookUp(word);
    if (marks === null) continue;
    if (word.length >= 4 && [...marks].some((mark) => strongConcepts.has(mark))) {
      strong.set(word, marks);
      bySound.set(soundOf(word), marks);
    }
    const skeleton = skeletonOf(word);
    if (skeleton.length >= 3 && !bySkeleton.has(skeleton)) bySkeleton.set(skeleton, marks);
  }
  for (const list of several.values()) list.sort((a, b) => b.words.length - a.words.length);
}

const isArabic = (word: string) => word >= '\u0600' && word < '\u0700';

/** The order matters: Arabic words come before what is said of them in other letters. */
function build(): void {
  addLists(arabicWords);
  addLists(arabicThings);
  addLists(events);
  addLists(everyday);
  index();
  addLists(englishWords);
  for (const word of single.keys()) if (/^[a-z]/.test(word)) englishVocabulary.add(word);
  addAliases(englishInArabic);
  addAliases(latinArabic);
}

const read = new Map<string, ReadonlySet<number> | null>();
/** Words come again and again; what is kept is bounded. */
const mostRead = 50_000;

/** What the word says, with conjunction, preposition and article taken off when they are none of its own. */
export function lookUp(word: string): ReadonlySet<number> | null {
  const known = read.get(word);
  if (known !== undefined) return known;
  const found =
    entryOf(word) ??
    withoutProclitics(word).reduce<ReadonlySet<number> | null>((one, rest) => one ?? entryOf(rest), null);
  if (read.size < mostRead) read.set(word, found);
  return found;
}

function entryOf(word: string): ReadonlySet<number> | null {
  const listed = single.get(word);
  const inflected = isArabic(word) ? verbs.marksOf(word) : [];
  if (inflected.length === 0) return listed ?? null;
  return new Set([...(listed ?? []), ...inflected.map(markOf)]);
}

/** Longer entries first. */
export function phrasesFrom(word: string): readonly Entry[] {
  const exact = several.get(word);
  if (exact !== undefined) return exact;
  for (const rest of withoutProclitics(word)) {
    const found = several.get(rest);
    if (found !== undefined) return found;
  }
  return [];
}

const proclitics = ['وال', 'فال', 'بال', 'كال', 'هال', 'عال', 'ولل', 'ال', 'لل', 'و', 'ف', 'ب', 'ل', 'ه', 'ك', 'ع'];

function withoutProclitics(word: string): readonly string[] {
  const first = word.charCodeAt(0);
  if (first < 0x0600 || first > 0x06ff) return [];
  const rests: string[] = [];
  for (const proclitic of proclitics)
    if (word.length >= proclitic.length + 2 && word.startsWith(proclitic)) rests.push(word.slice(proclitic.length));
  return rests;
}

export const lookUpSkeleton = (skeleton: string): ReadonlySet<number> | null => bySkeleton.get(skeleton) ?? null;

/** A dangerous word that was misheard by a letter that sounds alike. */
export function lookUpSound(word: string): ReadonlySet<number> | null {
  return word.length >= 4 && !neverMisheard.has(word) ? (bySound.get(soundOf(word)) ?? null) : null;
}

/** A dangerous word that was written as two. */
export const lookUpJoined = (joined: string): ReadonlySet<number> | null =>
  joined.length >= 4 ? (strong.get(joined) ?? null) : null;

/** Two words written as one, one of them dangerous: where to part them. */
export function partingOf(word: string): number | null {
  if (word.length < 6 || word.length > 24) return null;
  for (let at = 3; at <= word.length - 3; at += 1) {
    const [left, right] = [word.slice(0, at), word.slice(at)];
    if ((strong.has(right) && lookUp(left) !== null) || (strong.has(left) && lookUp(right) !== null)) return at;
  }
  return null;
}

build();
// What was read while the words were put together did not know them all.
read.clear();
