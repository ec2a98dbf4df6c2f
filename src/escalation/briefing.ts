/** What the person hears once the key was pressed: under 15 seconds, the most important first. Words only; nothing is decided here. */
import type { RiskLevel } from '../call/meaning.ts';
import type { Briefing } from './model.ts';

export type BriefingLanguage = 'ar' | 'en';

/** Slow speech is about 14 characters a second. */
const briefingCharacters = 190;
const triggerCharacters = 80;
const locationCharacters = 50;

interface Words {
  readonly level: Readonly<Record<RiskLevel, string>>;
  readonly dropped: string;
  readonly about: Readonly<Record<Briefing['about'], string | null>>;
  readonly trigger: (words: string) => string;
  readonly location: (words: string) => string;
  readonly means: (names: string) => string;
  readonly meansNames: Readonly<Record<string, string>>;
  readonly alone: string;
  readonly overheard: string;
  readonly child: string;
  readonly refuses: string;
  readonly speaks: (language: BriefingLanguage) => string;
  readonly gender: Readonly<Record<'feminine' | 'masculine', string>>;
  readonly and: string;
}

const arabic: Words = {
  level: {
    imminent: 'خطر وشيك.',
    high: 'خطر مرتفع.',
    moderate: 'خطر متوسط.',
    low: 'خطر منخفض.',
    none: 'طلب التحدث مع شخص.',
  },
  dropped: 'انقطع الخط مع من كان يتحدث قبلك.',
  about: { self: null, unknown: null, other: 'الخطر على شخص آخر.', child: 'الخطر على طفل.' },
  trigger: (words) => `قيل: ${words}.`,
  location: (words) => `المكان: ${words}.`,
  means: (names) => `الوسيلة: ${names}.`,
  meansNames: {
    medicine: 'أدوية',
    poison: 'سم',
    blade: 'آلة حادة',
    firearm: 'سلاح ناري',
    rope: 'حبل',
    height: 'مكان مرتفع',
    water: 'ماء',
    vehicle: 'سيارة',
    fire: 'نار',
  },
  alone: 'لا أحد هناك.',
  overheard: 'قد يسمع أحد، فالأسئلة بنعم أو لا.',
  child: 'على الخط طفل أو طفلة.',
  refuses: 'لا رغبة في التحدث مع شخص.',
  speaks: (language) => (language === 'ar' ? 'اللغة: العربية.' : 'اللغة: الإنجليزية.'),
  gender: { feminine: 'امرأة.', masculine: 'رجل.' },
  and: ' و',
};

const english: Words = {
  level: {
    imminent: 'Imminent danger.',
    high: 'High risk.',
    moderate: 'Moderate risk.',
    low: 'Low risk.',
    none: 'They asked for a person.',
  },
  dropped: 'The line to the person before you broke off.',
  about: { self: null, unknown: null, other: 'The danger is to somebody else.', child: 'The danger is to a child.' },
  trigger: (words) => `They said: ${words}.`,
  location: (words) => `Place: ${words}.`,
  means: (names) => `Means: ${names}.`,
  meansNames: {
    medicine: 'medicine',
    poison: 'poison',
    blade: 'a blade',
    firearm: 'a firearm',
    rope: 'a rope',
    height: 'a high place',
    water: 'water',
    vehicle: 'a vehicle',
    fire: 'fire',
  },
  alone: 'They are alone.',
  overheard: 'Somebody may be listening: ask yes or no questions.',
  child: 'The caller is a child.',
  refuses: 'They do not want a person.',
  speaks: (language) => (language === 'ar' ? 'They speak Arabic.' : 'They speak English.'),
  gender: { feminine: 'A woman.', masculine: 'A man.' },
  and: ' and ',
};

const words: Readonly<Record<BriefingLanguage, Words>> = { ar: arabic, en: english };

/** The call's language as people speak it: `ar-OM` is Arabic. */
export function spokenLanguage(language: string): BriefingLanguage {
  return language.toLowerCase().startsWith('en') ? 'en' : 'ar';
}

/** The language in which a person is briefed: the caller's when they speak it, since they have to talk in it anyhow. */
export function briefingLanguage(languages: readonly string[], callLanguage: BriefingLanguage): BriefingLanguage {
  if (languages.length === 0 || languages.includes(callLanguage)) return callLanguage;
  return languages.includes('ar') ? 'ar' : 'en';
}

/** Sentences in the order of their weight; what does not fit into the time is left out whole. */
export function briefingSentences(briefing: Briefing, language: BriefingLanguage): readonly string[] {
  const say = words[language];
  const { trigger, location, callerGender, alone } = briefing;
  const means = briefing.means.flatMap((tag) => say.meansNames[tag] ?? []).slice(0, 3);
  const all = [
    say.level[briefing.level],
    briefing.overheard ? say.overheard : null,
    means.length > 0 ? say.means(means.join(say.and)) : null,
    briefing.child ? say.child : say.about[briefing.about],
    trigger === null ? null : say.trigger(shorten(trigger, triggerCharacters)),
    location === null ? null : say.location(shorten(location, locationCharacters)),
    alone === 'yes' ? say.alone : null,
    briefing.reason === 'dropped' ? say.dropped : null,
    briefing.refuses ? say.refuses : null,
    callerGender === 'unknown' ? null : say.gender[callerGender],
    say.speaks(spokenLanguage(briefing.language)),
  ];
  let left = briefingCharacters;
  return all.filter((sentence): sentence is string => {
    if (sentence === null || sentence.length > left) return false;
    left -= sentence.length;
    return true;
  });
}

/** At a word's end, without the marks that would end the sentence around it. */
function shorten(text: string, characters: number): string {
  const plain = text.replace(/[\s.:;؛]+/gu, ' ').trim();
  if (plain.length <= characters) return plain;
  const cut = plain.slice(0, characters);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), characters / 2)).trim();
}
