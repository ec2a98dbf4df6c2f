import { clearDeadline, patch, setDeadline, type Draft } from './draft.ts';
import type { CallEvent } from './event.ts';
import { isAtLeast } from './meaning.ts';
import { defaultTurnTaking } from './settings.ts';

/** The line region: is there a stream, and what has to be explained when it comes back? Nothing here ends a call but a hang-up. */
export function stepLine(draft: Draft, event: CallEvent): void {
  switch (event.type) {
    case 'callStarted':
      return callStarted(draft, event);
    case 'streamStarted':
      return streamStarted(draft);
    case 'streamLost':
      return streamLost(draft);
    case 'personFinished':
      return personFinished(draft, event.outcome);
    case 'hungUp':
      patch(draft, { line: { kind: 'over', outcome: 'hungUp' } });
      draft.order = { kind: 'close' };
      return;
    case 'deadlineReached':
      if (event.name === 'lineLost') {
        patch(draft, { line: { kind: 'over', outcome: 'lost' } });
        draft.order = { kind: 'close' };
      }
      return;
    default:
  }
}

function callStarted(draft: Draft, event: Extract<CallEvent, { type: 'callStarted' }>): void {
  if (draft.state.line.kind !== 'waiting') return;
  const { longestCallMs, lengthNoticeMs, lineLostMs } = event.settings.turnTaking;
  // The log of an older version may not know a setting that came later.
  const turnTaking = { ...defaultTurnTaking, ...event.settings.turnTaking };
  patch(draft, { settings: { ...event.settings, turnTaking } });
  setDeadline(draft, 'lengthNotice', draft.at + longestCallMs - lengthNoticeMs);
  setDeadline(draft, 'lengthEnd', draft.at + longestCallMs);
  setDeadline(draft, 'lineLost', draft.at + lineLostMs);
}

function streamStarted(draft: Draft): void {
  const { line } = draft.state;
  if (line.kind !== 'waiting' && line.kind !== 'down') return;
  clearDeadline(draft, 'lineLost');
  patch(draft, { line: { kind: 'up' } });
  const opening = line.kind === 'waiting' ? (draft.state.settings.opening ?? 'greeting') : line.openWith;
  draft.order = opening === null ? { kind: 'listen' } : { kind: 'say', line: opening };
}

function streamLost(draft: Draft): void {
  if (draft.state.line.kind !== 'up') return;
  patch(draft, { line: { kind: 'down', openWith: 'lineBack' } });
  setDeadline(draft, 'lineLost', draft.at + draft.state.settings.turnTaking.lineLostMs);
  draft.order = { kind: 'yield' };
}

function personFinished(draft: Draft, outcome: 'spoke' | 'nobody'): void {
  if (draft.state.line.kind !== 'down') return;
  const nobody = isAtLeast(draft.state.safety.level, 'high') ? 'nobodyReached' : 'nobodyForNow';
  patch(draft, { line: { kind: 'down', openWith: outcome === 'spoke' ? 'personLeft' : nobody } });
  setDeadline(draft, 'lineLost', draft.at + draft.state.settings.turnTaking.lineLostMs);
}

/** The carrier ends every call after four hours (twilio.md §1.10): by then nobody is with a person any more. */
const longestWithPersonMs = 14_400_000;

/** The stream will close because we want it to: the carrier says a line or rings a person. `lineLost` guards its return. */
export function expectStreamToClose(draft: Draft, forWhom: 'carrier' | 'person'): void {
  const { lineLostMs } = draft.state.settings.turnTaking;
  // Should nobody tell us what became of the person, the caller who is back must not find silence.
  patch(draft, { line: { kind: 'down', openWith: forWhom === 'person' ? 'lineBack' : null } });
  setDeadline(draft, 'lineLost', draft.at + (forWhom === 'person' ? longestWithPersonMs : lineLostMs));
}
