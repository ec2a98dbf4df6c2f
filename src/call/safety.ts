import { patch, type Draft } from './draft.ts';
import type { CallEvent } from './event.ts';
import { higherRisk, isAtLeast } from './meaning.ts';
import { announce } from './transfer.ts';

/** The safety region sees every event before the floor does, so no state of the floor can swallow a disclosure. */
export function stepSafety(draft: Draft, event: CallEvent): void {
  if (event.type !== 'wordsHypothesised' && event.type !== 'wordsRecognised') return;
  const { risk } = event.meaning;
  const level = higherRisk(draft.state.safety.level, risk);
  if (level !== draft.state.safety.level) patch(draft, { safety: { ...draft.state.safety, level } });
  if (isAtLeast(level, 'moderate')) patch(draft, { stage: 'distress' });
  if (!isAtLeast(risk, 'high')) return;
  const { transfer } = draft.state;
  if (transfer.kind === 'none') announce(draft, 'risk');
  // Whoever is being brought already must know what for.
  else if (transfer.kind === 'announcing') patch(draft, { transfer: { kind: 'announcing', reason: 'risk' } });
}
