import type { RiskLevel } from '../call/meaning.ts';
import { assess } from './assess.ts';

/** The level alone, of words without their question: see src/risk/assess.ts. */
export function assessWords(text: string): RiskLevel {
  return assess(text).level;
}
