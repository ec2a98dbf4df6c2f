import { higherRisk, isAtLeast, riskLevels, type RiskLevel } from '../../call/meaning.ts';
import type { ContextualOutcome } from './contextualRisk.ts';
import type { JudgeOpinion, RiskOpinion } from './opinion.ts';
import { judgeEveryTurns } from './settings.ts';

/*
 * What opinions may do to the level of a call. Pure. They raise it; the one way down is `mayLower`, which only says that a step is
 * allowed: whoever keeps the course takes it and records it.
 */

/** The level after an outcome: never below `current`, whatever was answered, and `current` when nothing was. */
export function raise(current: RiskLevel, outcome: ContextualOutcome): RiskLevel {
  switch (outcome.type) {
    case 'opinion':
      return higherRisk(current, levelOf(outcome.opinion));
    case 'levelOnly':
      return higherRisk(current, outcome.level);
    case 'failed':
      return current;
  }
}

/**
 * The level that an opinion calls for: what it says, or what its own fields amount to by docs/risk-levels.md when that is higher. A
 * model that reports command voices and yet says `moderate` has contradicted itself, and the higher one is taken.
 */
export function levelOf(opinion: RiskOpinion): RiskLevel {
  const isActual = !opinion.negated && !opinion.refersToMedia && (opinion.time === 'now' || opinion.time === 'recent');
  if (!isActual) return opinion.level;
  if (opinion.plan === 'underWay' || opinion.intentToday) return higherRisk(opinion.level, 'imminent');
  if (opinion.commandVoices || opinion.plan === 'detailed' || opinion.plan === 'prepared')
    return higherRisk(opinion.level, 'high');
  return opinion.level;
}

export interface LoweringCase {
  /** The level at which the call is held. */
  readonly course: RiskLevel;
  /** The highest that the deterministic floor said of anything since the caller began to explain. */
  readonly floorSince: RiskLevel;
  /** Neutral safety questions that the caller has answered since the danger was heard. */
  readonly neutralQuestionsAnswered: number;
  /** Both formed after the answer to the last of those questions; null when there is none. */
  readonly classifier: RiskOpinion | null;
  readonly judge: JudgeOpinion | null;
  /** Whether this danger has been stepped down before. */
  readonly lowered: 'never' | 'once';
}

export type Lowering =
  | { readonly type: 'lower'; readonly to: RiskLevel }
  | {
      readonly type: 'stay';
      readonly why:
        'nothingToLower' | 'loweredBefore' | 'askAgain' | 'noOpinion' | 'notReasoned' | 'stillDangerous' | 'unsure';
    };

/**
 * Whether a reasoned clarification may lower the course by one step (clinical.md §3): only after a second neutral safety question, only
 * when classifier and judge both saw a reasoned clarification and hold a lower level with some confidence, never below what the floor
 * heard since, and once for one danger. A bare denial never does.
 */
export function mayLower(asked: LoweringCase): Lowering {
  const { course, classifier, judge } = asked;
  const stay = (why: Extract<Lowering, { type: 'stay' }>['why']): Lowering => ({ type: 'stay', why });
  if (!isAtLeast(course, 'moderate')) return stay('nothingToLower');
  if (asked.lowered === 'once') return stay('loweredBefore');
  if (asked.neutralQuestionsAnswered < 2) return stay('askAgain');
  if (classifier === null || judge === null) return stay('noOpinion');
  if (classifier.clarification !== 'reasoned' || judge.clarification !== 'reasoned') return stay('notReasoned');
  const heard = higherRisk(asked.floorSince, higherRisk(levelOf(classifier), levelOf(judge)));
  const signs = [classifier, judge].some(
    (opinion) =>
      opinion.intentToday || opinion.commandVoices || opinion.plan === 'prepared' || opinion.plan === 'underWay',
  );
  if (isAtLeast(heard, course) || signs || judge.missed) return stay('stillDangerous');
  if (classifier.confidence === 'low' || judge.confidence === 'low') return stay('unsure');
  return { type: 'lower', to: riskLevels[riskLevels.indexOf(course) - 1] ?? course };
}

export interface JudgeCase {
  readonly callerTurnsSinceJudged: number;
  /** Since the judge last looked. */
  readonly levelChanged: boolean;
  /** The caller took back or denied a danger since the judge last looked. */
  readonly denied: boolean;
}

/** Whether the judge should look at the call again. */
export function judgeIsDue(asked: JudgeCase, everyTurns = judgeEveryTurns): boolean {
  if (asked.callerTurnsSinceJudged <= 0) return false;
  return asked.levelChanged || asked.denied || asked.callerTurnsSinceJudged >= everyTurns;
}

/** Whether an opinion is about a danger that the caller denies or takes back: then the judge looks. */
export function isDenial(opinion: RiskOpinion): boolean {
  return opinion.negated || opinion.clarification !== 'none';
}
