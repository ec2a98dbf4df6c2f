import type { Heard } from './state.ts';
import type { Stage, TurnTaking } from './settings.ts';

/** How long the caller may pause, after the last voiced frame, before the turn is over. Milliseconds. */
export function endOfTurnPauseMs(heard: Heard, stage: Stage, turnTaking: TurnTaking): number {
  const patience = turnTaking.patience[stage];
  const { meaning } = heard;
  if (meaning === null) return patience.usualMs;
  // A thought that is not finished and a painful one both deserve the longer of their pauses.
  if (meaning.ending === 'trailing') return Math.max(patience.trailingMs, meaning.painful ? patience.painfulMs : 0);
  if (meaning.painful) return patience.painfulMs;
  return meaning.ending === 'complete' ? patience.completeMs : patience.usualMs;
}
