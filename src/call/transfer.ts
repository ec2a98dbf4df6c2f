import { clearDeadline, patch, setDeadline, type Draft } from './draft.ts';
import type { EscalationReason, HandOverReason } from './effect.ts';
import type { CallEvent } from './event.ts';
import type { LineName } from './lineName.ts';
import { isAtLeast } from './meaning.ts';
import type { CallState } from './state.ts';

/**
 * The transfer region. People are rung while Sanad stays (`requested`, `accepted`), and the caller leaves the stream only for a
 * room in which a person is (`joined`). The carrier's own dialling (`announcing`, `handedOver`) is for when nobody can be rung that way, and
 * for faults of our own.
 */
export function stepTransfer(draft: Draft, event: CallEvent): void {
  const { transfer } = draft.state;
  if (event.type === 'personFinished') return personFinished(draft, event.outcome);
  // The stream is back though nobody said what became of the person: then there is none.
  if (event.type === 'streamStarted' && transfer.kind === 'handedOver') patch(draft, { transfer: { kind: 'none' } });
  if (event.type === 'streamStarted' && transfer.kind === 'joined') return backFromRoom(draft);
  if (event.type === 'streamStarted' && transfer.kind === 'announcing' && draft.order !== null) {
    // The stream was lost while the person was being announced, or before: that comes first when it is back.
    draft.order = { kind: 'say', line: announcement(transfer.reason) };
  }
  const withPerson = transfer.kind === 'handedOver' || transfer.kind === 'joined';
  if (event.type === 'faultedAgain' && !withPerson) return giveUpLine(draft);
  if (event.type === 'faulted' && !withPerson && transfer.kind !== 'announcing') return announce(draft, 'fault');
  if (event.type === 'escalationAdvanced') return advance(draft, event);
  if (refusesPerson(event)) return refuse(draft);
  if (transfer.kind === 'none' && asksForPerson(event)) bring(draft, reasonToAsk(draft));
}

/** Who asks for a person in danger is rung for as somebody in danger. */
function reasonToAsk({ state }: Draft): 'asked' | 'risk' {
  return isAtLeast(state.safety.level, 'high') ? 'risk' : 'asked';
}

/** People are being rung, or one is on the way. */
export function isBringing({ transfer }: CallState): boolean {
  return transfer.kind === 'requested' || transfer.kind === 'accepted';
}

/** The person comes without a line, at once (`reduce.ts` hands over); without a stream, when it is back. */
function giveUpLine(draft: Draft): void {
  const { transfer, line } = draft.state;
  if (transfer.kind !== 'announcing') patch(draft, { transfer: { kind: 'announcing', reason: 'fault' } });
  if (line.kind === 'up') draft.order = { kind: 'yield' };
}

function asksForPerson(event: CallEvent): boolean {
  if (event.type === 'digitPressed') return event.digit === '0';
  return (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') && event.meaning.asks === 'human';
}

function refusesPerson(event: CallEvent): boolean {
  // Who says in the same breath what nobody may be left alone with is not taken at the word.
  return (
    event.type === 'wordsRecognised' && event.meaning.asks === 'noPerson' && !isAtLeast(event.meaning.risk, 'high')
  );
}

/** Rings people, once, with what the caller is still to be told of it: whoever is being brought already must know when it has become danger. */
export function escalate(draft: Draft, reason: EscalationReason, notice: LineName | null = null): void {
  const { transfer, escalations } = draft.state;
  if (transfer.kind === 'requested' || transfer.kind === 'accepted') {
    if (reason === 'risk' && transfer.reason !== 'risk') patch(draft, { transfer: { ...transfer, reason } });
    return;
  }
  if (transfer.kind === 'announcing') {
    if (reason === 'risk') patch(draft, { transfer: { kind: 'announcing', reason } });
    return;
  }
  if (transfer.kind !== 'none') return;
  const escalation = escalations + 1;
  patch(draft, {
    escalations: escalation,
    transfer: { kind: 'requested', reason, escalation, nobody: false, notice },
  });
  draft.effects.push({ type: 'escalate', escalation, reason });
}

/** Rings people and tells the caller so. */
export function bring(draft: Draft, reason: 'asked' | 'risk' | 'unheard'): void {
  escalate(draft, reason);
  const { transfer, line } = draft.state;
  // It waits to be said until it was heard: the stream may be lost in its middle.
  if (transfer.kind === 'requested') patch(draft, { transfer: { ...transfer, notice: 'bringingPerson' } });
  if (line.kind === 'up') draft.order = { kind: 'say', line: 'bringingPerson' };
}

/** The carrier dials: the line that says so first. Without a stream that waits until it is back. */
export function announce(draft: Draft, reason: HandOverReason): void {
  patch(draft, { transfer: { kind: 'announcing', reason } });
  if (draft.state.line.kind === 'up') draft.order = { kind: 'say', line: announcement(reason) };
}

/** What the caller hears before the carrier dials. */
export function announcement(reason: HandOverReason): LineName {
  return reason === 'fault' ? 'fault' : 'connecting';
}

function advance(draft: Draft, event: Extract<CallEvent, { type: 'escalationAdvanced' }>): void {
  const { transfer, escalations } = draft.state;
  // A fault of ours is about to have the carrier dial, and here is somebody: nobody waits alone in a room.
  if (transfer.kind === 'announcing' && event.fact === 'ready' && event.escalation === escalations)
    return join(draft, transfer.reason === 'fault' ? 'risk' : transfer.reason, escalations);
  if (transfer.kind !== 'requested' && transfer.kind !== 'accepted') return;
  if (transfer.escalation !== event.escalation) return;
  const { reason, escalation } = transfer;
  const requested = { kind: 'requested', reason, escalation, nobody: false, notice: null } as const;
  switch (event.fact) {
    case 'ringing':
      return;
    case 'accepted':
      if (transfer.kind === 'accepted') return;
      patch(draft, { transfer: { kind: 'accepted', reason, escalation, notice: 'personAnswered' } });
      return sayNotice(draft);
    case 'ready':
      return join(draft, reason, escalation);
    case 'dropped':
      if (transfer.kind !== 'accepted') return;
      patch(draft, { transfer: { ...requested, notice: 'personDropped' } });
      return sayNotice(draft);
    case 'nobody': {
      const first = transfer.kind === 'requested' && !transfer.nobody;
      if (!first) return;
      const line = isAtLeast(draft.state.safety.level, 'high') ? 'nobodyReached' : 'nobodyYet';
      patch(draft, { transfer: { ...requested, nobody: true, notice: line } });
      return sayNotice(draft);
    }
    case 'unavailable':
      return announce(draft, reason === 'dropped' ? 'risk' : reason);
  }
}

/** Into a silence at once; otherwise with Sanad's next words, since nobody is cut off for a notice. */
export function sayNotice(draft: Draft): void {
  const { transfer, floor } = draft.state;
  if (floor.kind !== 'listening' || !('notice' in transfer) || transfer.notice === null) return;
  draft.order = { kind: 'say', line: transfer.notice };
}

/** The person is there: whatever is being said, the caller goes to them now. Without a stream, when the carrier asks what is next. */
function join(draft: Draft, reason: EscalationReason, escalation: number): void {
  patch(draft, { transfer: { kind: 'joined', reason, escalation, sinceMs: draft.at } });
  draft.order = { kind: 'join', escalation };
}

/** A stream that was on its way when the caller was sent to the room; longer ago, the room is over and nobody told us. */
function backFromRoom(draft: Draft): void {
  const { transfer } = draft.state;
  if (transfer.kind !== 'joined') return;
  if (draft.at - transfer.sinceMs < onItsWayMs) draft.order = { kind: 'join', escalation: transfer.escalation };
  else personFinished(draft, 'spoke');
}

const onItsWayMs = 10_000;

function refuse(draft: Draft): void {
  const { transfer, safety, line } = draft.state;
  if (transfer.kind !== 'requested' && transfer.kind !== 'accepted') return;
  patch(draft, { safety: { ...safety, refusedTurnsAgo: 0 } });
  if (safety.level === 'imminent') {
    if (line.kind === 'up') draft.order = { kind: 'say', line: 'comesAnyway' };
    return;
  }
  draft.effects.push({ type: 'callOff', escalation: transfer.escalation });
  patch(draft, { transfer: { kind: 'none' } });
  if (line.kind === 'up') draft.order = { kind: 'say', line: 'declined' };
}

/**
 * The talk with a person is over, or nobody came. A caller in danger who lost the person after a few seconds, or never had one, is
 * not left with a robot: people are rung again.
 */
function personFinished(draft: Draft, outcome: 'spoke' | 'nobody'): void {
  const { transfer, safety, settings } = draft.state;
  if (transfer.kind !== 'handedOver' && transfer.kind !== 'joined') return;
  const inDanger = isAtLeast(safety.level, 'high');
  const short = transfer.kind === 'joined' && draft.at - transfer.sinceMs < settings.turnTaking.shortTalkMs;
  patch(draft, { transfer: { kind: 'none' } });
  if (transfer.kind === 'joined' && (outcome === 'nobody' || (inDanger && short))) {
    return escalate(draft, 'dropped', 'personDropped');
  }
  if (outcome === 'nobody' && inDanger) setDeadline(draft, 'ringAgain', draft.at + settings.turnTaking.ringAgainMs);
  else clearDeadline(draft, 'ringAgain');
}
