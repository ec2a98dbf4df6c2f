/** What a caller's words amount to for the control of a call. The shell classifies; the core never reads words. */

export type RiskLevel = 'none' | 'low' | 'moderate' | 'high' | 'imminent';

export const riskLevels: readonly RiskLevel[] = ['none', 'low', 'moderate', 'high', 'imminent'];

/** The higher of two levels: a level can only be raised. */
export function higherRisk(a: RiskLevel, b: RiskLevel): RiskLevel {
  return riskLevels.indexOf(a) >= riskLevels.indexOf(b) ? a : b;
}

export function isAtLeast(level: RiskLevel, least: RiskLevel): boolean {
  return riskLevels.indexOf(level) >= riskLevels.indexOf(least);
}

/** Whom or what the danger is about: each has its own table of steps (`safetySteps.ts`). */
export type Situation = 'self' | 'other' | 'child' | 'violence' | 'voices' | 'medical';

export interface Meaning {
  readonly wordCount: number;
  /** Only listening words (ايوه، اها، هم، mhm…): they do not take the floor while Sanad speaks. */
  readonly backchannel: boolean;
  /** What these words ask of the line itself, whatever else they say. */
  readonly asks: 'human' | 'noPerson' | 'stop' | 'goodbye' | 'nothing';
  /** `complete`: a whole sentence or a plain answer. `trailing`: ends in و، بس، لأن… `open`: neither. */
  readonly ending: 'complete' | 'trailing' | 'open';
  /** Painful content (death, violence, tears) earns a longer pause. */
  readonly painful: boolean;
  readonly risk: RiskLevel;
  /** What the danger in these words is about; null when there is none. */
  readonly situation: Situation | null;
  /** A plain yes or no and hardly anything else: an answer to the question that stands. */
  readonly answer: 'yes' | 'no' | null;
  /** The caller cannot speak freely: somebody is listening where they are. */
  readonly overheard: boolean;
  /** What these words say of consent; left out when they say nothing of it. `later`: not now. */
  readonly consent?: 'takesBackWords' | 'takesBackContact' | 'later';
  /** A figure from 1 to 10 and hardly anything else: an answer to how the caller feels. Left out when there is none. */
  readonly rating?: number;
}

/** One step down: only for a clarification with reasons (`riskClarified`). */
export function lowerRisk(level: RiskLevel): RiskLevel {
  return riskLevels[Math.max(0, riskLevels.indexOf(level) - 1)] ?? 'none';
}
