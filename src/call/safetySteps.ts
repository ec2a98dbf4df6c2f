import type { LineName } from './lineName.ts';
import { isAtLeast, type RiskLevel, type Situation } from './meaning.ts';

/**
 * The staged response to danger as tables (DESIGN §7, clinical.md §1.1, §1.6, §1.8): what is said first, what is asked and in which
 * order, and what a yes or no comes to. The words are in the language packs; every line is fixed and needs no provider.
 */

/** Said at once, over whatever is going on: `soon` at `high`, `now` at `imminent`, with what to do in the same breath. */
export const firstResponses: Readonly<Record<Situation, { readonly soon: LineName; readonly now: LineName }>> = {
  self: { soon: 'stayWithMe', now: 'stayWithMeNow' },
  other: { soon: 'otherStay', now: 'otherStayNow' },
  child: { soon: 'childStay', now: 'childStayNow' },
  violence: { soon: 'violenceStay', now: 'violenceStayNow' },
  voices: { soon: 'voicesStay', now: 'voicesStayNow' },
  medical: { soon: 'medicalStay', now: 'medicalStay' },
};

export function firstResponse(situation: Situation, level: RiskLevel): LineName {
  return firstResponses[situation][level === 'imminent' ? 'now' : 'soon'];
}

/** One at a time, with Sanad's next words or into a silence, while a person is being brought. */
const steps: Readonly<Record<Situation, readonly LineName[]>> = {
  self: [
    'askWhen',
    'awayFromMeans',
    'whoIsNear',
    'whereAreYou',
    'breathe',
    'askHow',
    'planPerson',
    'whatNext',
    'lookAround',
  ],
  other: ['otherWithYou', 'otherMeans', 'otherWhere', 'whatNext', 'breathe'],
  child: ['childAdult', 'whereAreYou', 'childBrave', 'whatNext'],
  violence: ['safePlace', 'whereAreYou', 'neighbours', 'whatNext', 'breathe'],
  voices: ['voicesNoDeed', 'awayFromMeans', 'whoIsNear', 'whereAreYou', 'breathe', 'whatNext'],
  medical: ['medicalAwake', 'otherWhere', 'medicalNear', 'whatNext'],
};

/** Whoever says "now" needs no question whether it is for today. */
export function stepAt(situation: Situation, level: RiskLevel, step: number): LineName | null {
  const table = level === 'imminent' ? steps[situation].filter((line) => line !== 'askWhen') : steps[situation];
  return table[step] ?? null;
}

const companyLines: readonly LineName[] = ['company1', 'company2', 'company3', 'company4'];
const ringingLines: readonly LineName[] = ['ringing1', 'ringing2', 'ringing3'];

/** Keeps a caller company when all steps are said, or when there is no danger and a person was only asked for. */
export function companyAt(level: RiskLevel, count: number): LineName {
  const lines = isAtLeast(level, 'high') ? companyLines : ringingLines;
  return lines[count % lines.length] ?? 'company1';
}

/** Asked directly when there is a sign and no more (`moderate`): this turn or the next. */
export const directQuestions: Readonly<Record<Situation, LineName>> = {
  self: 'askSuicide',
  other: 'askOther',
  child: 'askSafe',
  violence: 'askSafe',
  voices: 'askVoices',
  medical: 'medicalAwake',
};

export type SafetyQuestion =
  | 'suicide'
  | 'past'
  | 'recent'
  | 'how'
  | 'when'
  | 'means'
  | 'near'
  | 'where'
  | 'other'
  | 'safe'
  | 'freely'
  | 'voices'
  | 'closing'
  | 'person'
  | 'awake';

/** Which question a line asks; the lines that are not here ask for no yes or no. */
const questions: Readonly<Partial<Record<LineName, SafetyQuestion>>> = {
  askSuicide: 'suicide',
  askSuicideAgain: 'suicide',
  askPast: 'past',
  askRecent: 'recent',
  askHow: 'how',
  askWhen: 'when',
  askOther: 'other',
  askSafe: 'safe',
  askFreely: 'safe',
  askVoices: 'voices',
  awayFromMeans: 'means',
  whoIsNear: 'near',
  whereAreYou: 'where',
  otherWhere: 'where',
  otherWithYou: 'near',
  medicalAwake: 'awake',
  askBeforeClosing: 'closing',
  offerPersonAgain: 'person',
  greeting: 'freely',
  callbackGreeting: 'freely',
};

/** Said into a silence after a question; the question stands. */
const leavesQuestion: ReadonlySet<LineName> = new Set([
  ...companyLines,
  ...ringingLines,
  'presence',
  'silenceFirst',
  'silenceSecond',
  'cannotHear',
  'lineBack',
]);

export function leavesStanding(line: LineName): boolean {
  return leavesQuestion.has(line);
}

/** Asked plainly whether there is danger: after two of these a clarification may count. */
export function isDirect(line: LineName): boolean {
  const again: readonly LineName[] = ['askSuicideAgain', 'askBeforeClosing'];
  return Object.values(directQuestions).includes(line) || again.includes(line);
}

export function questionOf(line: LineName): SafetyQuestion | null {
  return questions[line] ?? null;
}

/** What an answer comes to. A plain no lowers nothing. */
export interface Consequence {
  readonly level: RiskLevel | null;
  readonly next: LineName | null;
  readonly bringPerson: boolean;
  readonly overheard: boolean;
}

const none: Consequence = { level: null, next: null, bringPerson: false, overheard: false };

const consequences: Readonly<Partial<Record<`${SafetyQuestion} ${'yes' | 'no'}`, Partial<Consequence>>>> = {
  'suicide yes': { level: 'high' },
  'suicide no': { next: 'askPast' },
  'past yes': { level: 'moderate', next: 'askRecent' },
  'recent yes': { level: 'high' },
  'how yes': { level: 'high' },
  'when yes': { level: 'imminent' },
  'other yes': { level: 'high' },
  'safe no': { level: 'high' },
  'voices yes': { level: 'high' },
  'closing yes': { level: 'high' },
  'person yes': { bringPerson: true },
  'freely no': { overheard: true, next: 'askFreely' },
  'awake no': { level: 'imminent' },
};

export function consequenceOf(question: SafetyQuestion, answer: 'yes' | 'no'): Consequence {
  return { ...none, ...consequences[`${question} ${answer}`] };
}
