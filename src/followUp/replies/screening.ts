/**
 * What a message asks of us, by the same floor that hears calls. A message cannot be asked back, so what a call would be asked about
 * (moderate) brings a person here, and so does the wish for one.
 */
import { isAtLeast, type RiskLevel, type Situation } from '../../call/meaning.ts';
import type { Briefing } from '../../escalation/model.ts';
import { assess } from '../../risk/assess.ts';
import { meansIn, situationOf, tagsOf } from '../../risk/situation.ts';
import { mainScript } from '../../text/normalise.ts';
import { understand } from '../../therapist/meaning.ts';
import { languagePacks } from '../../therapist/packs.ts';

export interface ScreenedReply {
  readonly level: RiskLevel;
  /** Tags, never words. */
  readonly signals: readonly string[];
  /** Of whoever is brought; null: a person reads it in time, and nobody is rung. */
  readonly briefing: Briefing | null;
}

/** Language pack of who wrote: what cannot be told is taken for Arabic. */
export function languageOfReply(body: string): 'ar-OM' | 'en' {
  return mainScript(body) === 'latin' ? 'en' : 'ar-OM';
}

const triggerCharacters = 200;
const inWriting = { 'ar-OM': 'في رسالة نصية', en: 'in a text message' } as const;

const aboutOf: Readonly<Record<Situation, Briefing['about']>> = {
  self: 'self',
  other: 'other',
  child: 'child',
  violence: 'self',
  voices: 'self',
  medical: 'unknown',
};

export type ScreenReply = typeof screenReply;

/**
 * @param question our last message to them; what a bare yes or no admits to; null without any
 * @param least a level from elsewhere (a classifier): the floor can only be raised
 */
export function screenReply(body: string, question: string | null, least: RiskLevel = 'none'): ScreenedReply {
  const assessment = assess(body, { question });
  const level = isAtLeast(least, assessment.level) ? least : assessment.level;
  const signals = tagsOf(assessment);
  const situation = situationOf(assessment);
  const language = languageOfReply(body);
  const meaning = understand(body, languagePacks[language], { risk: assessment.level, situation });
  const inDanger = isAtLeast(level, 'moderate');
  if (!inDanger && meaning.asks !== 'human') return { level, signals, briefing: null };
  return {
    level,
    signals,
    briefing: {
      level,
      reason: inDanger ? 'risk' : 'asked',
      language,
      trigger: `${inWriting[language]} ${body}`.slice(0, triggerCharacters),
      about: situation === null ? 'unknown' : aboutOf[situation],
      means: meansIn(assessment),
      location: null,
      alone: 'unknown',
      callerGender: 'unknown',
      child: situation === 'child',
      overheard: meaning.overheard,
      refuses: meaning.asks === 'noPerson',
    },
  };
}
