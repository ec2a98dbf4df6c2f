import { clearDeadline, patch, setDeadline, type Draft } from './draft.ts';
import type { CallEvent } from './event.ts';
import { bring } from './transfer.ts';

/** While the recogniser is away, the caller is told before long; when that lasts, a person takes over who can hear. */
export function stepHearing(draft: Draft, event: CallEvent): void {
  const { cannotHearMs } = draft.state.settings.turnTaking;
  if (event.type === 'streamStarted' && draft.order !== null) {
    // A new stream is heard with new ears; what became of the old ones says nothing of them.
    patch(draft, { hearing: 'up' });
    clearDeadline(draft, 'cannotHear');
  } else if (event.type === 'hearingLost' && draft.state.hearing === 'up') {
    patch(draft, { hearing: 'down' });
    setDeadline(draft, 'cannotHear', draft.at + cannotHearMs);
  } else if (event.type === 'hearingRestored') {
    patch(draft, { hearing: 'up' });
    clearDeadline(draft, 'cannotHear');
  } else if (event.type === 'deadlineReached' && event.name === 'cannotHear') {
    stillDeaf(draft, cannotHearMs);
  }
}

function stillDeaf(draft: Draft, cannotHearMs: number): void {
  const { line, transfer, floor, hearing } = draft.state;
  if (hearing === 'up' || line.kind !== 'up' || transfer.kind !== 'none') return;
  const sanadHasTheTurn = floor.kind === 'thinking' || floor.kind === 'replying' || floor.kind === 'interrupted';
  if (sanadHasTheTurn) return setDeadline(draft, 'cannotHear', draft.at + cannotHearMs);
  // What is said now is kept and heard later, should the recogniser come back soon: let the caller come to a pause.
  const speaksOn = floor.kind === 'callerSpeaking' && draft.at - floor.voiceSinceMs < 3 * cannotHearMs;
  if (speaksOn) return setDeadline(draft, 'cannotHear', draft.at + 1_000);
  if (draft.state.toldDeaf) return bring(draft, 'unheard');
  patch(draft, { toldDeaf: true });
  draft.order = { kind: 'say', line: 'cannotHear' };
  setDeadline(draft, 'cannotHear', draft.at + 3 * cannotHearMs);
}
