import { normalise, wordsOf } from '../text/normalise.ts';
import {
  englishVocabulary,
  lookUp,
  lookUpJoined,
  lookUpSkeleton,
  lookUpSound,
  markName,
  markOf,
  partingOf,
  phrasesFrom,
} from './lexis.ts';
import { skeletonOf } from './spelling.ts';

/** A mark at a word, and the word after its last: `kill.self` may span three. */
export interface Mark {
  readonly mark: number;
  readonly end: number;
}

/** An utterance with what its words say. */
export interface Tagged {
  readonly words: readonly string[];
  /** Which clause each word is in: punctuation, where the recogniser writes any, ends the reach of a negation. */
  readonly clauses: readonly number[];
  readonly marks: readonly (readonly Mark[])[];
  readonly script: 'arabic' | 'english' | 'latinArabic';
}

/** Bounds the work for one utterance; nobody says more in one breath. The last words count, since what is new stands there. */
const mostWords = 400;

export function tag(text: string): Tagged {
  const { words, clauses } = split(text);
  const script = scriptOf(words);
  const marks: Mark[][] = words.map(() => []);
  for (let at = 0; at < words.length; at += 1) {
    tagWord(words, at, marks, script);
    tagPhrases(words, at, marks);
  }
  addPersons(words, marks);
  return { words, clauses, marks, script };
}

function split(text: string): { readonly words: readonly string[]; readonly clauses: readonly number[] } {
  const words: string[] = [];
  const clauses: number[] = [];
  for (const [clause, part] of text.split(/[.,;:!?؟،؛…\n]+/).entries())
    for (const word of wordsOf(normalise(part))) {
      const parting = /^[\u0600-\u06ff]/.test(word) && lookUp(word) === null ? partingOf(word) : null;
      for (const piece of parting === null ? [word] : [word.slice(0, parting), word.slice(parting)]) {
        words.push(piece);
        clauses.push(clause);
      }
    }
  return { words: words.slice(-mostWords), clauses: clauses.slice(-mostWords) };
}

/** Latin letters with digits inside, or few English words, are Arabic. */
function scriptOf(words: readonly string[]): Tagged['script'] {
  let latin = 0;
  let english = 0;
  let digits = 0;
  for (const word of words) {
    if (!/^[a-z0-9]/.test(word) || /^\d+$/.test(word)) continue;
    latin += 1;
    if (/\d/.test(word)) digits += 1;
    else if (englishVocabulary.has(word)) english += 1;
  }
  if (latin * 2 < words.length) return 'arabic';
  return english - digits >= latin * 0.5 ? 'english' : 'latinArabic';
}

const splitMark = markOf('split');
const misheard = markOf('misheard');

function tagWord(words: readonly string[], at: number, marks: Mark[][], script: Tagged['script']): void {
  const word = words[at] ?? '';
  const here = marks[at] ?? [];
  const put = (found: ReadonlySet<number>, end: number) => {
    for (const mark of found) here.push({ mark, end });
  };
  const known = lookUp(word);
  if (known !== null) put(known, at + 1);
  const isLatin = /^[a-z0-9]/.test(word);
  if (
    known === null &&
    isLatin &&
    (script !== 'english' || /[a-z]\d|\d[a-z]/.test(word)) &&
    !englishVocabulary.has(word)
  ) {
    const found = lookUpLatin(word);
    if (found !== null) put(found, at + 1);
  }
  if (isLatin) return;
  const next = words[at + 1];
  if (next !== undefined && word.length + next.length <= 9) {
    const joined = lookUpJoined(word + next);
    if (joined !== null && lookUp(next) !== joined) put(new Set([...joined, splitMark]), at + 2);
  }
  const sound = known === null ? lookUpSound(word) : null;
  if (sound !== null) put(new Set([...sound, misheard]), at + 1);
}

function lookUpLatin(word: string): ReadonlySet<number> | null {
  const skeleton = skeletonOf(word);
  const exact = lookUpSkeleton(skeleton);
  if (exact !== null) return exact;
  for (const prefix of ['w', 'al', 'l', 'b'])
    if (skeleton.startsWith(prefix) && skeleton.length > prefix.length + 2) {
      const found = lookUpSkeleton(skeleton.slice(prefix.length));
      if (found !== null) return found;
    }
  return null;
}

function tagPhrases(words: readonly string[], at: number, marks: Mark[][]): void {
  const here = marks[at] ?? [];
  for (const entry of phrasesFrom(words[at] ?? '')) {
    const fits = entry.words.every((word, index) => index === 0 || words[at + index] === word);
    if (!fits) continue;
    for (const mark of entry.marks)
      if (!here.some((one) => one.mark === mark)) here.push({ mark, end: at + entry.words.length });
  }
}

const englishVerbs = new Set(
  'kill die want wish think try hang drown burn choke stab shoot cut hurt hit jump throwSelf crash end vanish leave sleep wake live threaten rape touch lock starve revenge hear see tell swallow hold intent suicide do'
    .split(' ')
    .map(markOf),
);
const firstPerson = new Set('i im ive ill id we imma'.split(' '));
const thirdPerson = new Set(
  'he she they hes shes theyre who someone somebody people everyone it husband wife brother sister father mother dad mom mum son daughter friend boss uncle aunt cousin sponsor man guy baby kid child boyfriend girlfriend'.split(
    ' ',
  ),
);
const secondPerson = new Set(['you', 'youre', 'u']);
const subjectReach = 5;

/** An English verb has the person of the nearest pronoun before it, and `me` or `him` of the word after it. */
function addPersons(words: readonly string[], marks: Mark[][]): void {
  let person = '';
  let since = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const said = firstPerson.has(word) ? '1' : thirdPerson.has(word) ? '3' : secondPerson.has(word) ? '2' : '';
    if (said !== '') {
      person = said;
      since = at;
    }
    if (!/^[a-z]/.test(word)) continue;
    for (const { mark, end } of marks[at]?.slice() ?? []) {
      if (!englishVerbs.has(mark)) continue;
      const name = markName(mark);
      if (person !== '' && at - since <= subjectReach) marks[at]?.push({ mark: markOf(`${name}.${person}`), end });
      const next = words[end];
      if (next === 'me' || next === 'us') marks[at]?.push({ mark: markOf(`${name}.me`), end: end + 1 });
      if (next === 'him' || next === 'her' || next === 'them')
        marks[at]?.push({ mark: markOf(`${name}.him`), end: end + 1 });
    }
  }
}
