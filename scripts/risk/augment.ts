import { normalise, wordsOf } from '../../src/text/normalise.ts';
import { arabicThings } from '../../src/risk/words/arabicThings.ts';
import { arabicWords } from '../../src/risk/words/arabicWords.ts';
import { englishWords } from '../../src/risk/words/english.ts';

/*
 * What recognisers and people do to the same words, so that a model of letters does not learn one author's spelling: words that
 * may stand for each other, other letters, split and joined words, fillers, other clauses around it.
 */

export type Chance = () => number;

const pick = <Item>(items: readonly Item[], chance: Chance): Item | undefined =>
  items[Math.floor(chance() * items.length)];

/** Words of one of these lists may stand for each other without changing the level. */
const interchangeable: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  ...['kin', 'friend', 'firearm', 'rope', 'boss', 'water'].map((name) => [arabicThings, name] as const),
  ...[
    'want.1',
    'want.3',
    'soon',
    'recent',
    'remote',
    'hopeless',
    'fedup',
    'cantBear',
    'intent',
    'oneSolution',
    'kill.self',
    'kill.other',
    'betterOff',
    'prayDeath',
    'cease',
    'without1',
  ].map((name) => [arabicWords, name] as const),
  ...[
    'firearm',
    'kin',
    'soon',
    'recent',
    'remote',
    'hopeless',
    'fedup',
    'cantBear',
    'oneSolution',
    'betterOff',
    'without1',
    'kill.self',
  ].map((name) => [englishWords, name] as const),
];
const ownLists: readonly string[] = [
  'نفسي|عمري|روحي|حالي',
  'نفسه|عمره|روحه',
  'نفسها|عمرها|روحها',
  'سكين|موس|شفرة|خنجر',
  'السكين|الموس|الشفرة|الخنجر',
  'حبوب|الحبوب|البنادول|الأدوية|الأقراص|العلاج|الدوا',
  'كلوركس|مبيد|سم|ديتول|ماي نار|فلاش',
  'السطح|البلكونة|الجسر|الدريشة|الجبل|البناية',
  'بلعت|شربت|خذيت|كليت|أخذت|تناولت',
  'بنتحر|أنتحر|بقتل نفسي|أذبح عمري|أنهي حياتي',
  'أفكر|أتخيل|يجي في بالي|تجيني فكرة',
  'ولدي|بنتي|أخوي|أختي|ربيعي|زوجتي|زوجي|صديقي',
  'ريلي|زوجي|رجلي|جوزي',
  'حرمتي|زوجتي|مرتي',
  'واجد|وايد|كثير|مرة',
  'موه|شو|ايش|وش',
  'وين|هين',
  'كيف|شلون|كيفه',
  'حال|حق|لـ',
  'هنيه|هنا',
  'تو|الحين|الآن|ذا الحين',
  'الليلة|اليوم|باكر|بكرة|هالليلة',
  'أريد|أبا|أبغى|أبي|ودي|بدي',
  'يريد|يبا|يبغى|يبي',
  'ما|مو|مب|مش',
  'pills|tablets|medicine|medication|meds|panadol',
  'roof|bridge|balcony|ledge|cliff',
  'knife|blade|razor|dagger',
  'tonight|today|now|tomorrow|right now',
  'want to|wanna|need to|am going to|gonna',
  'swallowed|took|drank',
  'son|daughter|brother|sister|husband|wife|friend|mother|father',
];

const standIns = new Map<string, readonly string[]>();
for (const phrases of [...interchangeable.map(([lists, name]) => lists[name] ?? ''), ...ownLists]) {
  const forms = phrases.split('|').map(normalise);
  for (const form of forms)
    standIns.set(form, [...(standIns.get(form) ?? []), ...forms.filter((other) => other !== form)]);
}

/** Some words, or pairs of words, by others that say the same. */
export function withStandIns(words: readonly string[], rate: number, chance: Chance): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const one = words[at] ?? '';
    const two = `${one} ${words[at + 1] ?? ''}`;
    const pair = standIns.get(two);
    const others = pair ?? standIns.get(one);
    if (others !== undefined && others.length > 0 && chance() < rate) {
      out.push(...wordsOf(pick(others, chance) ?? one));
      if (pair !== undefined) at += 1;
    } else out.push(one);
  }
  return out;
}

const soundAlike: Readonly<Record<string, string>> = {
  ح: 'ه',
  ه: 'ح',
  ط: 'ت',
  ص: 'س',
  س: 'ص',
  ض: 'ظ',
  ظ: 'ض',
  ذ: 'د',
  ق: 'ك',
  ت: 'ط',
  ز: 'ذ',
  ث: 'ت',
};

/** A word misheard, split, joined to the next, or short of a letter. */
export function misspelt(words: readonly string[], rate: number, chance: Chance): readonly string[] {
  const out: string[] = [];
  for (const word of words) {
    const last = out.length - 1;
    if (chance() >= rate || word.length < 3) out.push(word);
    else out.push(...oneMistake(word, chance));
    if (last >= 0 && chance() < rate / 3) out.splice(last, 2, (out[last] ?? '') + (out[last + 1] ?? ''));
  }
  return out;
}

function oneMistake(word: string, chance: Chance): readonly string[] {
  const at = 1 + Math.floor(chance() * (word.length - 1));
  const kind = chance();
  if (kind < 0.35 && word.length >= 4) return [word.slice(0, at), word.slice(at)];
  if (kind < 0.7 && word.length >= 4) return [word.slice(0, at) + word.slice(at + 1)];
  const letters = word.split('');
  const swappable = letters.flatMap((letter, index) => (soundAlike[letter] ? [index] : []));
  const swap = pick(swappable, chance);
  if (swap === undefined) return [word];
  return [letters.map((letter, index) => (index === swap ? (soundAlike[letter] ?? letter) : letter)).join('')];
}

const fillers = {
  arabic: 'والله|يعني|امم|اه|بصراحة|يا اخوي|يا اختي|صدق|اقول|تو|طيب|مدري|انا|ها|شوف|اسمعني|لحظة'.split('|'),
  latin: 'um|uh|like|you know|well|honestly|i mean|so|listen|please|wallah|yaani|look'.split('|'),
};

export function withFillers(words: readonly string[], rate: number, chance: Chance): readonly string[] {
  const latin = words.filter((word) => /^[a-z]/.test(word)).length * 2 > words.length;
  return words.flatMap((word) => {
    if (chance() >= rate) return [word];
    return chance() < 0.25 ? [word, word] : [pick(latin ? fillers.latin : fillers.arabic, chance) ?? '', word];
  });
}

const latinOf: Readonly<Record<string, readonly string[]>> = {
  ا: ['a', 'a', 'aa', 'e'],
  ب: ['b'],
  ت: ['t'],
  ث: ['th', 's'],
  ج: ['j', 'g'],
  ح: ['7', 'h', '7'],
  خ: ['5', 'kh', 'x'],
  د: ['d'],
  ذ: ['th', 'dh', 'z'],
  ر: ['r'],
  ز: ['z'],
  س: ['s'],
  ش: ['sh', 'ch', 'sh'],
  ص: ['s', '9', 's'],
  ض: ['dh', 'd', "9'"],
  ط: ['t', '6'],
  ظ: ['dh', 'th', 'z'],
  ع: ['3', '3', 'a'],
  غ: ['gh', 'g', "3'"],
  ف: ['f'],
  ق: ['q', 'g', '9', '8'],
  ك: ['k', 'ch', 'k'],
  ل: ['l'],
  م: ['m'],
  ن: ['n'],
  ه: ['h', 'h', 'a'],
  و: ['w', 'o', 'u', 'oo'],
  ي: ['y', 'i', 'ee'],
};

/** Arabic as young people type it; short vowels are put in by chance. */
export function inLatin(words: readonly string[], chance: Chance): readonly string[] {
  return words.map((word) => {
    let out = '';
    for (const letter of word) {
      const latin = pick(latinOf[letter] ?? [letter], chance) ?? letter;
      const isConsonant = (text: string) => /[bcdfghjklmnqrstvxz23456789]$/.test(text);
      if (isConsonant(out) && isConsonant(latin) && chance() < 0.55) out += pick(['a', 'e', 'i', 'a'], chance) ?? 'a';
      out += latin;
    }
    return out.replace(/'/g, '');
  });
}

const arabicOf: readonly (readonly [RegExp, string])[] = [
  [/tion/g, 'شن'],
  [/igh/g, 'اي'],
  [/ck/g, 'ك'],
  [/sh/g, 'ش'],
  [/ch/g, 'تش'],
  [/th/g, 'ذ'],
  [/ph/g, 'ف'],
  [/wh/g, 'و'],
  [/kn/g, 'ن'],
  [/ee|ea/g, 'ي'],
  [/oo|ou/g, 'و'],
  [/ai|ay|y$/g, 'ي'],
  [/([^aeiou])e$/g, '$1'],
  [/b|p/g, 'ب'],
  [/t/g, 'ت'],
  [/j/g, 'ج'],
  [/g/g, 'ق'],
  [/d/g, 'د'],
  [/r/g, 'ر'],
  [/z/g, 'ز'],
  [/s|c(?=[ei])/g, 'س'],
  [/c|k|q/g, 'ك'],
  [/f|v/g, 'ف'],
  [/l/g, 'ل'],
  [/m/g, 'م'],
  [/n/g, 'ن'],
  [/h/g, 'ه'],
  [/w/g, 'و'],
  [/x/g, 'كس'],
  [/y/g, 'ي'],
  [/^[aeiou]/g, 'ا'],
  [/a/g, 'ا'],
  [/i/g, 'ي'],
  [/o|u/g, 'و'],
  [/e/g, ''],
];

/** English as an Arabic recogniser writes it. */
export function inArabic(words: readonly string[]): readonly string[] {
  return words.map((word) => arabicOf.reduce((text, [from, to]) => text.replace(from, to), word));
}

export interface Spoken {
  readonly text: string;
  readonly lang: string;
}

/** One other way in which the same thing might have arrived. `benign` are harmless clauses that may stand around it. */
export function anotherWay({ text, lang }: Spoken, benign: readonly string[], chance: Chance): string {
  let words: readonly string[] = wordsOf(normalise(text));
  words = withStandIns(words, 0.35, chance);
  if (chance() < 0.4) words = withFillers(words, 0.08, chance);
  if (chance() < 0.35) words = misspelt(words, 0.12, chance);
  if (lang.startsWith('ar') && lang !== 'arabizi' && chance() < 0.12) words = inLatin(words, chance);
  else if (lang === 'en' && chance() < 0.15) words = inArabic(words);
  const around = chance();
  const clause = wordsOf(normalise(pick(benign, chance) ?? ''));
  if (around < 0.12) words = [...clause, ...words];
  else if (around < 0.24) words = [...words, ...clause];
  return words.join(' ');
}
