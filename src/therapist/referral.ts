import { isAtLeast, type RiskLevel } from '../call/meaning.ts';
import { spokenDigits } from './emergencyNumber.ts';
import type { ChatMessage } from './languageModel.ts';
import type { LanguagePack } from './languagePack.ts';

/**
 * Other services, named by the line and not by the model: the model writes a mark such as `@@2`, and name and number come from the
 * directory. So no number can be invented, and none is said that nobody stands for.
 */

/** A service as the directory holds it at this moment, in the language of the call. */
export interface SpokenService {
  readonly name: string;
  readonly whatFor: string;
  /** 3 to 8 digits. */
  readonly number: string;
}

/** More in one call would be a list, of which nobody remembers anything. */
export const mostNamed = 2;

export interface Referral {
  /** For the prompt; empty while no service may be named. */
  readonly instructions: string;
  /** Numbers that the model may repeat. */
  readonly numbers: readonly string[];
  /** Takes the marks out of one piece of a reply. `lines`: what is said after the words. */
  readonly read: (piece: string) => {
    readonly words: string;
    readonly lines: readonly string[];
    readonly hasUnknownMark: boolean;
  };
}

export interface ReferralFacts {
  readonly language: LanguagePack['id'];
  /** Above `low` no service is named: then a person is brought, and nobody is sent away. */
  readonly risk: RiskLevel;
  /** What was said in the call tells which were named already. */
  readonly history: readonly ChatMessage[];
}

const mark = /@{1,2}\s?([0-9٠-٩]{1,2})/g;
const anyMark = /@\S*/g;

/** For one reply. */
export function createReferral(services: readonly SpokenService[], facts: ReferralFacts): Referral {
  const { language, risk, history } = facts;
  const offered = isAtLeast(risk, 'moderate') ? [] : services;
  const named = new Set(offered.filter((service) => wasNamed(service, language, history)));
  const inThisReply = new Set<SpokenService>();
  const linesFor = (service: SpokenService | undefined): readonly string[] | null => {
    if (service === undefined || inThisReply.has(service)) return null;
    if (!named.has(service) && named.size >= mostNamed) return null;
    named.add(service);
    inThisReply.add(service);
    return serviceLines(service, language);
  };
  return {
    instructions: instructionsFor(offered, named),
    numbers: offered.map(({ number }) => number),
    read: (piece) => {
      if (!piece.includes('@')) return { words: piece, lines: [], hasUnknownMark: false };
      const marks = Array.from(piece.matchAll(mark), ([, digits]) => linesFor(offered[valueOf(digits ?? '') - 1]));
      const lines = marks.flatMap((each) => each ?? []);
      const rest = piece.replace(mark, ' ').replace(anyMark, ' ').replace(/\s+/g, ' ').trim();
      return {
        words: /[\p{L}\p{N}]/u.test(rest) ? rest : '',
        lines,
        hasUnknownMark: marks.length === 0 || marks.some((each) => each === null),
      };
    },
  };
}

function valueOf(digits: string): number {
  return Number(digits.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x06_60)));
}

/** Two digits at a time with a pause between: as people dictate a number that is written down. */
export function dictatedNumber(number: string, language: LanguagePack['id']): string {
  const pairs = number.match(/\d{1,2}/g) ?? [];
  return pairs.map((pair) => spokenDigits(pair, language)).join(language === 'en' ? ', ' : '، ');
}

/** The number comes twice: nobody has a pen in the hand at the first time. A native Omani has not reviewed the wording yet. */
const wordings: Readonly<Record<LanguagePack['id'], (name: string, digits: string) => readonly string[]>> = {
  'ar-OM': (name, digits) => [`${name}.`, `الرقم: ${digits}.`, `مرة ثانية: ${digits}.`],
  ar: (name, digits) => [`${name}.`, `الرقم: ${digits}.`, `مرة أخرى: ${digits}.`],
  en: (name, digits) => [`${name}.`, `The number is: ${digits}.`, `Once more: ${digits}.`],
};

/** Name and number as they are spoken, slowly. */
export function serviceLines({ name, number }: SpokenService, language: LanguagePack['id']): readonly string[] {
  return wordings[language](name, dictatedNumber(number, language));
}

/** Its whole number was said. One that was broken off may be said again. */
function wasNamed(service: SpokenService, language: LanguagePack['id'], history: readonly ChatMessage[]): boolean {
  const digits = dictatedNumber(service.number, language);
  return history.some(({ role, text }) => role !== 'caller' && text.includes(digits));
}

function instructionsFor(offered: readonly SpokenService[], named: ReadonlySet<SpokenService>): string {
  if (offered.length === 0) return '';
  const isFull = named.size >= mostNamed;
  const lines = offered.flatMap((service, index) =>
    isFull && !named.has(service) ? [] : [`@@${index + 1}: ${service.name} (${service.whatFor})`],
  );
  return [
    '# Other services',
    'Only when the caller asks for other help, or has said yes to hearing of one, you may name one of these; never in place of listening.',
    'Say in one short sentence that there is such a place, then write its mark alone, for example @@1. The line then says its name and number by itself.',
    'The rule about numbers stands: you write no number and no other place. Offer one at a time.',
    ...(isFull ? ['Two were named in this call, and no other may be; you may give one of them again.'] : []),
    ...lines,
  ].join('\n');
}
