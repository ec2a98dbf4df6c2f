import { normalise, wordsOf } from '../../text/normalise.ts';

/**
 * A figure from one to ten as people say it: in Omani and Standard Arabic, in English, and in digits, in all languages at once since callers
 * mix them. Written from what is published of the dialect; a native Omani clinician has not reviewed it yet.
 */

const spoken: Readonly<Record<number, string>> = {
  1: 'واحد واحدة وحدة one',
  2: 'اثنين اثنان اثنتين ثنين ثنتين تنين اتنين two',
  3: 'ثلاثة ثلاث ثلاته تلاتة تلاته three',
  4: 'أربعة أربع اربعه four',
  5: 'خمسة خمس خمسه five',
  6: 'ستة ست سته six',
  7: 'سبعة سبع سبعه seven',
  8: 'ثمانية ثمانيه ثماني ثمان ثمنية تمانية eight',
  9: 'تسعة تسع تسعه nine',
  10: 'عشرة عشر عشره ten',
};

const figures: ReadonlyMap<string, number> = new Map(
  Object.entries(spoken).flatMap(([value, words]) =>
    [value, ...words.split(' ').map(normalise)].map((word) => [word, Number(value)] as const),
  ),
);

/** What may stand beside the figure without making it something else: hedging, "I feel", "my mood", courtesies. */
const beside: ReadonlySet<string> = new Set(
  wordsOf(
    normalise(
      `يعني تقريبا تقريب حوالي يمكن ممكن أظن اظن اعتقد أعتقد أحس احس حاس حاسه أشعر اشعر انا أنا مزاجي مزاج رقم الرقم الحين الان اليوم هو
       بين والله شوي اقول أقول بقول خلينا نقول لو سمحت سمحتوا ام اممم همم إيه ايوه نعم بس فقط و
       a an about around maybe perhaps probably roughly like say id i d would im m am feel its it s is my mood number at now today um uh
       hmm well just only guess think so yes please the right`,
    ),
  ),
);

/** "Seven out of ten" and "سبعة من عشرة" are a seven. */
const outOfTen = /(?:^| )(?:من|علي|عشان|out of|of|over|on|from) (?:عشره|عشر|ال10|10|ten)(?= |$)/g;
/** "7/10" is written so by some recognisers. */
const fraction = /^\s*([0-9٠-٩]{1,2})\s*\/\s*(?:10|١٠)\s*[.!؟?،,]*\s*$/;

/** 1 to 10 when these words are a figure and hardly anything else, or begin with one and a comma; null otherwise. */
export function ratingIn(text: string): number | null {
  const written = fraction.exec(text)?.[1];
  if (written !== undefined) return figures.get(normalise(written)) ?? null;
  const whole = figureOf(text);
  if (whole !== null) return whole;
  const [opening = '', ...rest] = text.split(/[.,;:!،؛…\n]+/);
  return rest.some((clause) => normalise(clause) !== '') ? figureOf(opening) : null;
}

/** Exactly one figure, and nothing beside it that could change it. "Two or three" is none: it is not ours to choose. */
function figureOf(text: string): number | null {
  if (/[?؟]\s*$/.test(text)) return null;
  const words = wordsOf(normalise(text).replaceAll(outOfTen, ' ').trim().replaceAll(/\s+/g, ' '));
  const found = words.flatMap((word) => figures.get(word) ?? []);
  if (found.length !== 1) return null;
  return words.every((word) => figures.has(word) || beside.has(word)) ? (found[0] ?? null) : null;
}
