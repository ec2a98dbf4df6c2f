import { compilePhrases } from '../../text/phrases.ts';

/** What Sanad never says (clinical.md §1.8), by name; the name is recorded when the guard acts. */
export const guardRules = [
  'method',
  'medicine',
  'diagnosis',
  'deathReasonable',
  'humanClaim',
  'reliance',
  'secrecy',
  'dispatch',
  'promiseDemand',
  'faithShaming',
  'minimising',
  'leadingQuestion',
  'abuser',
  'belief',
  'contact',
  'language',
  'secondQuestion',
] as const;

export type GuardRule = (typeof guardRules)[number];

/** A family of wordings that break a rule. */
export interface Wording {
  readonly rule: GuardRule;
  /** Phrase syntax as in src/text/phrases.ts. */
  readonly says: readonly string[];
  /**
   * Words which, within the last words before the match, make it harmless: a negation, a reflection ("you feel that…"), or
   * somebody else's words ("the doctor told you…").
   */
  readonly unlessAfter?: readonly string[];
  /** Negations which, within a few words before the match, turn it round: "you do not have to be strong". */
  readonly unlessNegated?: readonly string[];
  /** Words after the match that make it harmless. */
  readonly unlessBefore?: readonly string[];
}

export interface CompiledWording {
  readonly rule: GuardRule;
  /** Where the text breaks the rule, as offsets into it. */
  readonly breaks: (normalised: string) => readonly { readonly start: number; readonly end: number }[];
}

/** How many words before a match may excuse it: a clause, as it is spoken. */
const excusingWords = 7;
/** A negation reaches less far: in "you need not say more, be strong" it does not reach. */
const negatingWords = 4;

export function compileWording(wording: Wording): CompiledWording {
  const says = compilePhrases(wording.says);
  const excusedAfter = compilePhrases(wording.unlessAfter ?? []);
  const negated = compilePhrases(wording.unlessNegated ?? []);
  const excusedBefore = compilePhrases(wording.unlessBefore ?? []);
  return {
    rule: wording.rule,
    breaks: (text) =>
      says
        .find(text)
        .filter(({ before, after }) => {
          if (excusedAfter.isIn(lastWords(before, excusingWords))) return false;
          if (negated.isIn(lastWords(before, negatingWords))) return false;
          return !excusedBefore.isIn(after.split(' ').slice(0, excusingWords).join(' '));
        })
        .map(({ matched, after }) => {
          const end = text.length - after.length;
          return { start: end - matched.length, end };
        }),
  };
}

function lastWords(text: string, count: number): string {
  return text.split(' ').slice(-count).join(' ');
}
