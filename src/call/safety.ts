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
  if (!isAtLeast(risk, 'high') || draft.state.transfer.kind !== 'none' || draft.state.line.kind !== 'up') return;
  announce(draft, 'risk');
}
