import type { Situation } from '../call/meaning.ts';
import type { RiskAssessment, RiskMeans, RiskSignal } from './assessment.ts';

/** What an assessment is about, in the words of the call's core: which table of steps answers it. Null without any danger meant. */
export function situationOf({ signals }: RiskAssessment): Situation | null {
  const meant = signals.filter(({ reading }) => reading === 'meant');
  const some = (is: (signal: RiskSignal) => boolean): boolean => meant.some(is);
  // What has to be done first comes first: breath before talk, a child and a hand that strikes before one's own despair.
  if (some(({ domain, kind }) => domain === 'overdose' || domain === 'medical' || kind === 'bodilyEmergency'))
    return 'medical';
  if (some(({ kind, domain }) => kind === 'commands' || domain === 'psychosis')) return 'voices';
  if (some(({ domain, subject }) => domain === 'child' || subject === 'child')) return 'child';
  if (some(({ domain, kind }) => domain === 'abuse' || kind === 'threat' || kind === 'violence')) return 'violence';
  if (some(({ subject }) => subject === 'other')) return 'other';
  return meant.some(({ domain }) => domain !== 'distress') ? 'self' : null;
}

/** The means that were named, for the briefing. */
export function meansIn({ signals }: RiskAssessment): readonly RiskMeans[] {
  const named = signals.flatMap(({ means, reading }) => (means !== undefined && reading === 'meant' ? [means] : []));
  return [...new Set(named)];
}

/** Signals as tags for records: `suicide.intent.self.soon`. */
export function tagsOf({ signals }: RiskAssessment): readonly string[] {
  return signals.map(({ domain, kind, subject, time, reading, source }) =>
    [domain, kind, subject, time, ...(reading === 'meant' ? [] : [reading]), source].join('.'),
  );
}
