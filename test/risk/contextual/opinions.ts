import type { JudgeOpinion, RiskOpinion } from '../../../src/risk/contextual/opinion.ts';

const nothing: RiskOpinion = {
  level: 'none',
  subject: 'none',
  time: 'none',
  domain: 'none',
  means: [],
  plan: 'none',
  negated: false,
  intentToday: false,
  commandVoices: false,
  canTalkFreely: 'unknown',
  alone: 'unknown',
  childInvolved: false,
  refersToMedia: false,
  clarification: 'none',
  quote: null,
  confidence: 'medium',
};

export function opinion(changes: Partial<RiskOpinion>): RiskOpinion {
  return { ...nothing, ...changes };
}

export function judgement(changes: Partial<JudgeOpinion>): JudgeOpinion {
  return { ...nothing, missed: false, reasons: [], ...changes };
}
