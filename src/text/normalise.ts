/**
 * One spelling for words that recognisers and people spell in many ways: without vowel signs, tatweel, hamza seats and
 * stretched letters, lower case, words parted by single spaces. Pure; both the risk floor and the therapist match on it.
 */

/** Vowel signs, marks of direction and joining, tatweel, apostrophes. */
const invisible = /\p{M}|\p{Cf}|[\u0640'’‘`ʼ]/gu;
const presentationForms = /[\uFB50-\uFDFF\uFE70-\uFEFC\uFF00-\uFFEF]/;
const stretched = /(\p{L})\1{2,}/gu;
const betweenWords = /[^\p{L}\p{N}]+/gu;
const folded = /[أإآٱىیئؤةکء٠-٩]/g;

const foldings: Readonly<Record<string, string>> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ئ: 'ي',
  ؤ: 'و',
  ة: 'ه',
  ک: 'ك',
  ء: '',
};

function fold(letter: string): string {
  const code = letter.charCodeAt(0);
  return code >= 0x0660 && code <= 0x0669 ? String(code - 0x0660) : (foldings[letter] ?? letter);
}

/** The words of `text` in one spelling, parted by single spaces; empty when it has no letter and no digit. */
export function normalise(text: string): string {
  const composed = presentationForms.test(text) ? text.normalize('NFKC') : text;
  return composed
    .replace(invisible, '')
    .toLowerCase()
    .replace(folded, fold)
    .replace(stretched, '$1')
    .replace(betweenWords, ' ')
    .trim();
}

/** The same, clause by clause: a negation does not reach across a comma. Clauses without a word are left out. */
export function normalisedClauses(text: string): string[] {
  return text
    .split(/[.,;:!?؟،؛…\n]+/)
    .map(normalise)
    .filter((clause) => clause !== '');
}

/** The words of an already normalised text. */
export function wordsOf(normalised: string): string[] {
  return normalised === '' ? [] : normalised.split(' ');
}

const arabicLetter = /[\u0621-\u064A]/g;
const latinLetter = /[a-z]/gi;

/** Which script most letters of `text` are in; null when it has none of both. */
export function mainScript(text: string): 'arabic' | 'latin' | null {
  const arabic = text.match(arabicLetter)?.length ?? 0;
  const latin = text.match(latinLetter)?.length ?? 0;
  if (arabic === 0 && latin === 0) return null;
  return arabic >= latin ? 'arabic' : 'latin';
}
