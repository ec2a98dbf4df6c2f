import { mainScript, normalise } from '../text/normalise.ts';
import { emergencyNumberOf } from './emergencyNumber.ts';
import { arabicWordings } from './guardRules/arabic.ts';
import { englishWordings } from './guardRules/english.ts';
import { replacements } from './guardRules/replacements.ts';
import { compileWording, type CompiledWording, type GuardRule } from './guardRules/rule.ts';
import type { LanguagePack } from './languagePack.ts';

export type { GuardRule } from './guardRules/rule.ts';

export type GuardVerdict =
  | { readonly verdict: 'pass' }
  /** Say `with` instead. `endsReply`: what follows would go on with it, so nothing more of this reply is said. */
  | { readonly verdict: 'replace'; readonly rule: GuardRule; readonly with: string; readonly endsReply: boolean }
  /** Leave the sentence out: a second question, or the same replacement again. */
  | { readonly verdict: 'drop'; readonly rule: GuardRule };

/** Sees the sentences of one reply, in order, before they are spoken. */
export interface Guard {
  readonly check: (sentence: string) => GuardVerdict;
}

export interface GuardOptions {
  /** Numbers that may be spoken; left out: the one that stands in the pack, and none when there is none (clinical.md §4.3). */
  readonly verifiedNumbers?: readonly string[];
  /** The script of the caller's last words, when it is not the pack's: answering in it is no slip. */
  readonly callerScript?: 'arabic' | 'latin' | null;
}

const wordings: readonly CompiledWording[] = [...arabicWordings, ...englishWordings].map(compileWording);

/** After these the rest of the reply would go on with what was refused. */
const endsReply: ReadonlySet<GuardRule> = new Set<GuardRule>([
  'method',
  'medicine',
  'deathReasonable',
  'leadingQuestion',
  'dispatch',
  'language',
]);

/**
 * The guard of one reply. Deterministic, no network, well below a millisecond a sentence. It stops what clinical.md §1.8
 * says Sanad never says; it is a net under the prompt and not a proof that a text is good.
 */
export function createGuard(pack: LanguagePack, options: GuardOptions = {}): Guard {
  const verified = options.verifiedNumbers ?? [emergencyNumberOf(pack)].filter((number) => number !== null);
  const inPlace = replacements[pack.id];
  const used = new Set<GuardRule>();
  let previous: Spoken = nothingSaid;
  let questions = 0;

  const refuse = (rule: GuardRule): GuardVerdict => {
    const text = inPlace[rule];
    if (text === '' || used.has(rule)) return { verdict: 'drop', rule };
    if (isQuestion(text) && questions > 0) return { verdict: 'drop', rule };
    used.add(rule);
    if (isQuestion(text)) questions += 1;
    return { verdict: 'replace', rule, with: text, endsReply: endsReply.has(rule) };
  };

  return {
    check: (sentence) => {
      const said = normalise(sentence);
      const rule =
        brokenWording(previous, said) ??
        (namesContact(sentence, said, verified) ? 'contact' : null) ??
        (slipsLanguage(sentence, pack, options.callerScript ?? null) ? 'language' : null) ??
        (isQuestion(sentence) && questions > 0 ? 'secondQuestion' : null);
      if (rule !== null) {
        previous = nothingSaid;
        return refuse(rule);
      }
      if (isQuestion(sentence)) questions += 1;
      previous = { words: said, isWhole: /[.!?؟…]$/.test(sentence) };
      return { verdict: 'pass' };
    },
  };
}

const nothingSaid = { words: '', isWhole: true };

interface Spoken {
  readonly words: string;
  /** False when the cutter ended the piece in the middle of a sentence. */
  readonly isWhole: boolean;
}

/**
 * A wording may be cut in two, so each piece is also read together with the one before it. What excuses a wording may stand
 * in the piece before only when both are one sentence: "No. I am a person." is not negated by its "no".
 */
function brokenWording(previous: Spoken, said: string): GuardRule | null {
  const joined = previous.words === '' ? said : `${previous.words} ${said}`;
  const boundary = joined.length - said.length;
  for (const { rule, breaks } of wordings) {
    const inBoth = breaks(joined).filter(({ end }) => end > boundary);
    const broken = previous.isWhole
      ? inBoth.some(({ start }) => start < boundary) || breaks(said).length > 0
      : inBoth.length > 0;
    if (broken) return rule;
  }
  return null;
}

function isQuestion(sentence: string): boolean {
  return /[?؟]/.test(sentence);
}

const address = /https?:|www\.|\S@\S|\b[a-z0-9-]+\.(?:com|org|net|om|gov|io|info)\b/i;
const calling = /(?:^| )(?:call|ring|dial|phone|number|hotline|helpline|اتصل\S*|دق|رقم|الرقم|تتصل\S*|كلم)(?= )/;
const digitWords: Readonly<Record<string, readonly string[]>> = {
  '0': ['zero', 'صفر'],
  '1': ['one', 'واحد'],
  '2': ['two', 'اثنين', 'اثنان', 'ثنين'],
  '3': ['three', 'ثلاثه'],
  '4': ['four', 'اربعه'],
  '5': ['five', 'خمسه'],
  '6': ['six', 'سته'],
  '7': ['seven', 'سبعه'],
  '8': ['eight', 'ثمانيه', 'ثمنيه'],
  '9': ['nine', 'تسعه'],
};
/** Part of a number, but not one digit of it: what they are in cannot be compared, and so is not verified. */
const otherNumberWords = ['double', 'triple', 'hundred'];
const digitOf = new Map(Object.entries(digitWords).flatMap(([digit, words]) => words.map((word) => [word, digit])));
const anyNumberWord = [...digitOf.keys(), ...otherNumberWords].join('|');
const spelledNumber = new RegExp(`(?<= )(?:(?:[وب]?(?:${anyNumberWord})|\\d) ){3,}`, 'g');

/** Words and digits in one number: "eight 0011" is dialled as 80011, which neither half of it tells. */
const mixedNumber = new RegExp(`(?<= )(?:(?:[وب]?(?:${anyNumberWord})|\\d+) ){2,}`, 'g');

/** The digits that the words of a spelled number mean; a word that is no digit stays as it is. */
function digitsOf(spelled: string): string {
  return spelled
    .trim()
    .split(' ')
    .map((word) => digitOf.get(word) ?? digitOf.get(word.replace(/^[وب]/, '')) ?? word)
    .join('');
}

function namesContact(sentence: string, said: string, verified: readonly string[]): boolean {
  if (address.test(sentence)) return true;
  const numbers = said.match(/\d+(?: \d+)*/g)?.map((digits) => digits.replaceAll(' ', '')) ?? [];
  const shortest = calling.test(` ${said} `) ? 3 : 4;
  const unknown = numbers.some(
    (digits) => digits.length >= shortest && !verified.includes(digits) && !(shortest > 3 && isYear(digits)),
  );
  if (unknown) return true;
  const mixed = (` ${said} `.match(mixedNumber) ?? [])
    .filter((run) => /\d/.test(run) && /\p{L}/u.test(run))
    .map(digitsOf);
  if (mixed.some((digits) => digits.length > 3 && !verified.includes(digits))) return true;
  const spelled = ` ${said} `.match(spelledNumber) ?? [];
  return spelled.map(digitsOf).some((digits) => !verified.includes(digits) && !(shortest > 3 && isCounting(digits)));
}

/** "In, one, two, three, four": breathing is counted, up or down. */
function isCounting(digits: string): boolean {
  return '123456789'.includes(digits) || '9876543210'.includes(digits);
}

function isYear(digits: string): boolean {
  return /^(?:19|20)\d\d$/.test(digits);
}

const otherScript = /[^\p{Script=Arabic}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;

/** Letters of a third script, or a sentence in a language that is neither the pack's nor the caller's. */
function slipsLanguage(sentence: string, pack: LanguagePack, callerScript: 'arabic' | 'latin' | null): boolean {
  if (otherScript.test(sentence)) return true;
  const script = mainScript(sentence);
  return script !== null && script !== (pack.id === 'en' ? 'latin' : 'arabic') && script !== callerScript;
}
