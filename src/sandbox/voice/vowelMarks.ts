/**
 * Short vowels for Arabic that is written without them.
 *
 * Everyday Arabic leaves the short vowels out, and espeak-ng then says bare runs of consonants ("tqdr"). Opening such runs
 * with a fatha in the pattern of Arabic syllables (CV, CVC) gives something a listener can follow ("taqdar"). It is a rule of
 * thumb for a stand-in voice, not a diacritiser; words that carry any mark already are left as they are.
 */

const marks = /[\u064b-\u0652\u0670]/u;
const fatha = '\u064e';
const article = 'ال';
/** Letters that are (or carry) a vowel wherever they stand. */
const vowelLetters = new Set('اىآةئؤأإ');
const glides = new Set('وي');
const letter = /^\p{Script=Arabic}$/u;

/** Marks every unmarked Arabic word of the text; everything else stays. */
export function withVowelMarks(text: string): string {
  return text.replace(/[\p{Script=Arabic}\p{Mark}]+/gu, (word) => (marks.test(word) ? word : vowelled(word)));
}

function vowelled(word: string): string {
  if (!Array.from(word).every((character) => letter.test(character))) return word;
  const hasArticle = word.startsWith(article) && word.length > article.length + 1;
  const stem = hasArticle ? Array.from(word.slice(article.length)) : Array.from(word);
  return (hasArticle ? article : '') + openConsonantRuns(stem);
}

function openConsonantRuns(letters: readonly string[]): string {
  const vowels = letters.map((_, at) => isVowel(letters, at));
  let spoken = '';
  let afterVowel = false;
  letters.forEach((character, at) => {
    spoken += character;
    const consonantsLeft = vowels.slice(at + 1).findIndex((vowel) => vowel);
    const last = at === letters.length - 1;
    if (vowels[at] === true) {
      afterVowel = true;
      return;
    }
    if (last || consonantsLeft === 0) {
      afterVowel = false;
      return;
    }
    const run = consonantsLeft === -1 ? letters.length - 1 - at : consonantsLeft;
    const closesSyllable = afterVowel && (consonantsLeft === -1 ? run > 1 : run >= 1);
    if (!closesSyllable) spoken += fatha;
    afterVowel = !closesSyllable;
  });
  return spoken;
}

function isVowel(letters: readonly string[], at: number): boolean {
  const character = letters[at] ?? '';
  if (vowelLetters.has(character)) return true;
  const next = letters[at + 1] ?? '';
  const isGlideVowel =
    at > 0 && !vowelLetters.has(letters[at - 1] ?? '') && !vowelLetters.has(next) && !glides.has(next);
  return glides.has(character) && isGlideVowel;
}
