import { patch, type Draft } from './draft.ts';
import type { HandOverReason } from './effect.ts';
import type { CallEvent } from './event.ts';
import type { LineName } from './lineName.ts';

/** The transfer region: asking for a person, by word or by key 0, wins over everything but danger itself. */
export function stepTransfer(draft: Draft, event: CallEvent): void {
  const { transfer } = draft.state;
  if (event.type === 'personFinished' && transfer.kind === 'handedOver') patch(draft, { transfer: { kind: 'none' } });
  // The stream is back though nobody said what became of the person: then there is none.
  if (event.type === 'streamStarted' && transfer.kind === 'handedOver') patch(draft, { transfer: { kind: 'none' } });
  if (event.type === 'streamStarted' && transfer.kind === 'announcing' && draft.order !== null) {
    // The stream was lost while the person was being announced, or before: that comes first when it is back.
    draft.order = { kind: 'say', line: announcement(transfer.reason) };
  }
  if (event.type === 'faultedAgain' && transfer.kind !== 'handedOver') return giveUpLine(draft);
  if (transfer.kind !== 'none') return;
  if (event.type === 'faulted') announce(draft, 'fault');
  else if (asksForPerson(event)) announce(draft, 'asked');
}

/** The person comes without a line, at once (`reduce.ts` hands over); without a stream, when it is back. */
function giveUpLine(draft: Draft): void {
  const { transfer, line } = draft.state;
  if (transfer.kind === 'none') patch(draft, { transfer: { kind: 'announcing', reason: 'fault' } });
  if (line.kind === 'up') draft.order = { kind: 'yield' };
}

function asksForPerson(event: CallEvent): boolean {
  if (event.type === 'digitPressed') return event.digit === '0';
  return (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') && event.meaning.asks === 'human';
}

/** Brings a person: the line that says so first, then the carrier rings. Without a stream that waits until it is back. */
export function announce(draft: Draft, reason: HandOverReason): void {
  patch(draft, { transfer: { kind: 'announcing', reason } });
  if (draft.state.line.kind === 'up') draft.order = { kind: 'say', line: announcement(reason) };
}

/** What the caller hears before the carrier rings. */
export function announcement(reason: HandOverReason): LineName {
  if (reason === 'risk') return 'stayWithMe';
  return reason === 'fault' ? 'fault' : 'bringingPerson';
}
