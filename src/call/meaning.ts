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

export interface Meaning {
  readonly wordCount: number;
  /** Only listening words (ايوه، اها، هم، mhm…): they do not take the floor while Sanad speaks. */
  readonly backchannel: boolean;
  /** What these words ask of the line itself, whatever else they say. */
  readonly asks: 'human' | 'stop' | 'goodbye' | 'nothing';
  /** `complete`: a whole sentence or a plain answer. `trailing`: ends in و، بس، لأن… `open`: neither. */
  readonly ending: 'complete' | 'trailing' | 'open';
  /** Painful content (death, violence, tears) earns a longer pause. */
  readonly painful: boolean;
  readonly risk: RiskLevel;
}
