/**
 * Spellings that sound alike made one. `soundOf` is for Arabic letters that a recogniser takes for each other; `skeletonOf` is a
 * common ground for Arabic in Arabic letters, Arabic in Latin letters and English in Arabic letters: consonants, with what a word
 * begins and ends in, since short vowels are written in one script only.
 */

const alike: Readonly<Record<string, string>> = {
  ه: 'ح',
  خ: 'ح',
  ط: 'ت',
  ص: 'س',
  ث: 'س',
  ظ: 'د',
  ض: 'د',
  ذ: 'د',
  ز: 'د',
  ك: 'ق',
  ج: 'ق',
  غ: 'ق',
  ڤ: 'ف',
  گ: 'ق',
  چ: 'ق',
  پ: 'ب',
};

/** One normalised Arabic word with the letters that sound alike made one. */
export function soundOf(word: string): string {
  let sound = '';
  for (const letter of word) sound += alike[letter] ?? letter;
  return sound;
}

const arabicConsonants: Readonly<Record<string, string>> = {
  ب: 'b',
  پ: 'b',
  ت: 't',
  ط: 't',
  ث: 's',
  س: 's',
  ص: 's',
  ج: 'j',
  چ: 'j',
  ح: 'h',
  خ: 'x',
  د: 'd',
  ذ: 'd',
  ض: 'd',
  ظ: 'd',
  ر: 'r',
  ز: 'z',
  ش: 'c',
  ع: '3',
  غ: 'g',
  ف: 'f',
  ڤ: 'f',
  ق: 'g',
  گ: 'g',
  ك: 'k',
  ل: 'l',
  م: 'm',
  ن: 'n',
  ه: 'h',
};

const latinPairs: Readonly<Record<string, string>> = {
  kh: 'x',
  gh: 'g',
  sh: 'c',
  ch: 'c',
  th: 'd',
  dh: 'd',
  ph: 'f',
};

const latinConsonants: Readonly<Record<string, string>> = {
  b: 'b',
  p: 'b',
  t: 't',
  s: 's',
  c: 's',
  j: 'j',
  '7': 'h',
  h: 'h',
  '5': 'x',
  x: 'x',
  d: 'd',
  r: 'r',
  z: 'z',
  '3': '3',
  f: 'f',
  v: 'f',
  g: 'g',
  q: 'g',
  '9': 'g',
  '8': 'g',
  k: 'k',
  l: 'l',
  m: 'm',
  n: 'n',
  '6': 't',
  '4': 'c',
};

/** The skeleton of one normalised word of either script; empty for a word of digits or other scripts. */
export function skeletonOf(word: string): string {
  return /^[\u0600-\u06ff]/.test(word) ? arabicSkeleton(word) : latinSkeleton(word);
}

function arabicSkeleton(word: string): string {
  let out = '';
  const last = word.length - 1;
  for (let at = 0; at <= last; at += 1) {
    const letter = word.charAt(at);
    if (letter === 'ا') out += at === 0 || at === last ? 'a' : '';
    else if (letter === 'ي') out += at === 0 ? 'y' : at === last ? 'i' : '';
    else if (letter === 'و') out += at === 0 ? 'w' : at === last ? 'u' : '';
    else if (letter === 'ه' && at === last) out += 'a';
    else out += doubled(out, arabicConsonants[letter] ?? '');
  }
  return out;
}

function latinSkeleton(word: string): string {
  if (!/[a-z]/.test(word)) return '';
  let out = '';
  for (let at = 0; at < word.length; at += 1) {
    const pair = latinPairs[word.slice(at, at + 2)];
    if (pair !== undefined) {
      out += doubled(out, pair);
      at += 1;
      continue;
    }
    const letter = word.charAt(at);
    out += latinVowel(word, at) ?? (isFinalH(word, at) ? '' : doubled(out, latinConsonants[letter] ?? ''));
  }
  return out;
}

/** `dawla` and `dawlah` are one. */
function isFinalH(word: string, at: number): boolean {
  return word.charAt(at) === 'h' && at === word.length - 1 && /[ae]/.test(word.charAt(at - 1));
}

function latinVowel(word: string, at: number): string | null {
  const letter = word.charAt(at);
  if (!'aeiouyw2'.includes(letter)) return null;
  if (at === 0) return letter === 'y' ? 'y' : letter === 'w' ? 'w' : 'a';
  const isLast = at === word.length - 1 || isFinalH(word, at + 1);
  if (!isLast) return '';
  if (letter === 'a' || letter === '2') return 'a';
  return letter === 'o' || letter === 'u' || letter === 'w' ? 'u' : 'i';
}

/** Doubling is written in Latin letters only. */
function doubled(out: string, letter: string): string {
  return out.endsWith(letter) ? '' : letter;
}
