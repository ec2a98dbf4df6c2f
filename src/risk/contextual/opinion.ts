import { z } from 'zod';
import { riskLevels, type RiskLevel } from '../../call/meaning.ts';
import { normalise } from '../../text/normalise.ts';
import { contextBounds } from './settings.ts';

/*
 * What a model says of a caller's words. Closed sets and yes/no only: the one free text is `quote`, and that must be the caller's.
 * `level` stands first, so that of an answer that breaks off the level may be known already.
 */

const level = z.enum(['none', 'low', 'moderate', 'high', 'imminent']);
const knowledge = z.enum(['yes', 'no', 'unknown']);

const assessment = z.object({
  level,
  subject: z.enum(['self', 'other', 'child', 'none']).describe('Who is in danger.'),
  time: z
    .enum(['now', 'recent', 'past', 'hypothetical', 'none'])
    .describe('Of what is told: now or coming; within three months; longer ago; only imagined; no danger told.'),
  domain: z.enum(['suicide', 'selfHarm', 'harmOthers', 'abuse', 'child', 'psychosis', 'overdose', 'medical', 'none']),
  means: z
    .array(z.enum(['medicine', 'poison', 'blade', 'firearm', 'rope', 'height', 'water', 'vehicle', 'fire', 'other']))
    .describe('Means that the caller named in connection with danger; empty when none.'),
  plan: z
    .enum(['none', 'vague', 'detailed', 'prepared', 'underWay'])
    .describe('How far a plan to harm has gone; underWay also for an attempt just made.'),
  negated: z.boolean().describe('The danger is named only to deny it, and the denial covers all of it.'),
  intentToday: z.boolean().describe('Intention to act now, today, tonight or tomorrow.'),
  commandVoices: z.boolean().describe('Voices that command to hurt oneself or others.'),
  canTalkFreely: knowledge,
  alone: knowledge,
  childInvolved: z.boolean().describe('A child is in danger or present where danger is.'),
  refersToMedia: z.boolean().describe('Only told of a film, news, a song, a game, lessons, or quoted of somebody.'),
  clarification: z
    .enum(['none', 'bareDenial', 'reasoned'])
    .describe(
      'Whether the caller takes back earlier danger: bareDenial is "no", "I was joking", "just venting"; reasoned explains credibly what was misunderstood.',
    ),
  quote: z
    .string()
    .nullable()
    .describe('The few words of the caller that decided the level, copied exactly; null when the level is none.'),
  confidence: z.enum(['low', 'medium', 'high']),
});

export const judgeReasons = [
  'wishToBeDead',
  'thoughtsOfSuicide',
  'method',
  'intention',
  'timeSet',
  'preparation',
  'recentAttempt',
  'pastAttempt',
  'attemptUnderWay',
  'selfInjury',
  'meansWithinReach',
  'farewell',
  'burden',
  'hopelessness',
  'denialAfterDisclosure',
  'somebodyElse',
  'childAtRisk',
  'violence',
  'sexualViolence',
  'confinement',
  'intentToHarmOthers',
  'commandVoices',
  'perinatal',
  'poisoning',
  'bodilyEmergency',
  'acuteDistress',
  'sincereDenial',
  'resolvedPast',
  'idiomOrMedia',
  'ordinary',
] as const;

const judgement = z.object({
  ...assessment.shape,
  missed: z.boolean().describe('The call as a whole is more dangerous than the level that the line holds it at.'),
  reasons: z.array(z.enum(judgeReasons)).describe('At most six codes, the weightiest first.'),
});

export type RiskOpinion = Readonly<z.infer<typeof assessment>>;
export type JudgeOpinion = Readonly<z.infer<typeof judgement>>;

export interface OpinionSchema<T> {
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly check: z.ZodType<T>;
}

function jsonOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...json } = z.toJSONSchema(schema);
  return json;
}

export const classifierSchema: OpinionSchema<RiskOpinion> = {
  name: 'risk_of_the_last_words',
  json: jsonOf(assessment),
  check: assessment,
};

export const judgeSchema: OpinionSchema<JudgeOpinion> = {
  name: 'risk_of_the_call',
  json: jsonOf(judgement),
  check: judgement,
};

/** The opinion in a model's text, or null when it is not one. Nothing of the text goes anywhere else. */
export function readOpinion<T>(schema: OpinionSchema<T>, text: string): T | null {
  try {
    const checked = schema.check.safeParse(JSON.parse(text));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

/** The level of an answer that broke off: legal only as its first field, where no words of a caller can come before it. */
export function levelAtStart(text: string): RiskLevel | null {
  const found = /^\s*\{\s*"level"\s*:\s*"([a-z]+)"/.exec(text)?.[1];
  return riskLevels.find((known) => known === found) ?? null;
}

/**
 * The opinion with its lists without repetition and its quote bounded and proven: one that is not in the words of the caller,
 * apart from spelling, is dropped, or a briefing could put a model's words into a caller's mouth.
 */
export function bounded<T extends RiskOpinion>(opinion: T, callerWords: readonly string[]): T {
  const quote = opinion.quote === null ? null : provenQuote(opinion.quote, callerWords);
  return { ...opinion, means: [...new Set(opinion.means)], quote };
}

/** The same for a judge's opinion, whose codes are bounded too. */
export function boundedJudgement(opinion: JudgeOpinion, callerWords: readonly string[]): JudgeOpinion {
  return { ...bounded(opinion, callerWords), reasons: [...new Set(opinion.reasons)].slice(0, 6) };
}

function provenQuote(quote: string, callerWords: readonly string[]): string | null {
  const words = quote.trim().split(/\s+/).slice(0, contextBounds.quoteWords);
  while (words.join(' ').length > contextBounds.quoteCharacters) words.pop();
  const wanted = normalise(words.join(' '));
  if (wanted === '') return null;
  return callerWords.some((said) => ` ${normalise(said)} `.includes(` ${wanted} `)) ? words.join(' ') : null;
}
