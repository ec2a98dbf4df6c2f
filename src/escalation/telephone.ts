/** What happens on the telephones of those who are rung: calls, keys, briefing and room. */
import { accept, bridgeWhenBoth, close, dial, drop, endAttempt, join } from './moves.ts';
import type { AttemptState } from './model.ts';
import { isLive, type DraftAttempt, type EscalationEvent, type Progress, type Turn } from './snapshot.ts';
import type { EscalationTiming } from './timing.ts';

/** Why an event changed nothing; null when it did. */
export type Ignored = string | null;

export type TelephoneEvent = Extract<EscalationEvent, { readonly attemptId: string }>;

export function ofTelephone(turn: Turn, event: TelephoneEvent, timing: EscalationTiming): Ignored {
  const attempt = turn.draft.attempts.find(({ id }) => id === event.attemptId);
  if (!attempt) return 'unknownAttempt';
  switch (event.type) {
    case 'granted':
      return dial(turn, attempt);
    case 'attemptPlaced':
      return placed(turn, attempt, event.callSid);
    case 'attemptRefused':
      if (attempt.state !== 'dialling' || attempt.callSid !== null) return 'late';
      endAttempt(attempt, 'failed', turn.at);
      return null;
    case 'placeUnknown':
      if (attempt.state !== 'dialling' || attempt.callSid !== null) return 'late';
      attempt.lookUpAt = turn.at + timing.lookUpMs;
      return null;
    case 'lookedUp':
      return lookedUp(turn, attempt, event.found, timing);
    case 'attemptProgressed':
      return progressed(turn, attempt, event, timing);
    case 'keyPressed':
      return keyPressed(turn, attempt, event);
    case 'amd':
      if (attempt.answeredBy !== null) return 'again';
      attempt.answeredBy = event.answeredBy;
      return null;
    case 'briefed':
    case 'personInRoom':
    case 'personLeftRoom':
      return ofWinner(turn, attempt, event, timing);
  }
}

/** The first that is heard of a telephone's call. One that was let go meanwhile is hung up now. */
export function learnSid(turn: Turn, attempt: DraftAttempt, callSid: string): boolean {
  if (attempt.callSid !== null) return false;
  attempt.callSid = callSid;
  attempt.lookUpAt = null;
  if (turn.draft.state !== 'closed') turn.draft.placedAt ??= turn.at;
  if (attempt.state === 'released')
    turn.orders.push({ type: 'release', attemptId: attempt.id, callSid, farewell: 'hangUp' });
  return true;
}

function placed(turn: Turn, attempt: DraftAttempt, callSid: string): Ignored {
  const isNew = learnSid(turn, attempt, callSid);
  // We had given up asking for it, and it rings after all: the telephone is worth more than our guess.
  if (isNew && attempt.state === 'failed' && turn.draft.winner === null) {
    attempt.state = 'dialling';
    attempt.endedAt = null;
  }
  return isNew ? null : 'again';
}

/** The carrier's list may lag behind; twice nothing is nothing, and only the next wave may ring this person again. */
function lookedUp(
  turn: Turn,
  attempt: DraftAttempt,
  found: Extract<EscalationEvent, { type: 'lookedUp' }>['found'],
  timing: EscalationTiming,
): Ignored {
  if (found.kind === 'rings') return placed(turn, attempt, found.callSid);
  if (attempt.state !== 'dialling' || attempt.callSid !== null) return 'late';
  if (found.kind === 'unknown') return 'unknown';
  attempt.lookUps += 1;
  if (attempt.lookUps > 1) endAttempt(attempt, 'failed', turn.at);
  else attempt.lookUpAt = turn.at + timing.lookUpMs;
  return null;
}

/** How far a telephone has come: what lies behind is late news. */
const order: Readonly<Partial<Record<AttemptState, number>>> = { planned: 0, dialling: 0, ringing: 1, answered: 2 };

const endings: Readonly<Record<Exclude<Progress, 'ringing' | 'answered' | 'completed'>, AttemptState>> = {
  busy: 'busy',
  noAnswer: 'noAnswer',
  failed: 'failed',
};

function progressed(
  turn: Turn,
  attempt: DraftAttempt,
  event: Extract<EscalationEvent, { type: 'attemptProgressed' }>,
  timing: EscalationTiming,
): Ignored {
  const isNew = learnSid(turn, attempt, event.callSid);
  if (attempt.callSid !== event.callSid) return 'otherCall';
  const { progress } = event;
  if (attempt.id === turn.draft.winner) {
    if (progress !== 'completed') return 'late';
    return ofWinner(turn, attempt, { type: 'personLeftRoom' }, timing);
  }
  const revived = isNew && attempt.state === 'failed' && turn.draft.winner === null;
  if (!isLive(attempt) && !revived) return 'late';
  if (progress === 'ringing' || progress === 'answered') {
    if (!revived && (order[progress] ?? 0) <= (order[attempt.state] ?? 0)) return 'late';
    attempt.state = progress;
    attempt.endedAt = null;
    attempt.ringingAt ??= turn.at;
    if (progress === 'answered') attempt.answeredAt = turn.at;
    tellRinging(turn);
    return null;
  }
  if (progress === 'completed') endAttempt(attempt, attempt.state === 'answered' ? 'noKey' : 'noAnswer', turn.at);
  else endAttempt(attempt, endings[progress], turn.at);
  return null;
}

function tellRinging({ draft, at, orders }: Turn): void {
  draft.ringingAt ??= at;
  if (draft.memory.toldRinging) return;
  draft.memory.toldRinging = true;
  orders.push({ type: 'tell', fact: { type: 'ringing' } });
}

/** Who was let go, has said no, or has left: no key brings them back in this wave. */
const out: ReadonlySet<AttemptState> = new Set(['released', 'tooLate', 'declined', 'left']);

function keyPressed(
  turn: Turn,
  attempt: DraftAttempt,
  event: Extract<EscalationEvent, { type: 'keyPressed' }>,
): Ignored {
  const { draft, at } = turn;
  if (attempt.id === draft.winner) return 'again';
  if (out.has(attempt.state)) return 'late';
  learnSid(turn, attempt, event.callSid);
  // A key is proof that somebody is there, whatever we had concluded from silence.
  if (event.key === '1') {
    if (draft.winner === null) accept(turn, attempt);
    else endAttempt(attempt, 'tooLate', at);
    return null;
  }
  if (!isLive(attempt)) return 'late';
  if (event.key === '2') endAttempt(attempt, 'declined', at);
  else if (event.asked === 'last') endAttempt(attempt, 'noKey', at);
  else if (attempt.state !== 'answered') {
    attempt.state = 'answered';
    attempt.answeredAt = at;
  } else return 'askedAgain';
  return null;
}

function ofWinner(
  turn: Turn,
  attempt: DraftAttempt,
  event:
    | { readonly type: 'briefed' }
    | { readonly type: 'personInRoom'; readonly room: string }
    | { readonly type: 'personLeftRoom' },
  timing: EscalationTiming,
): Ignored {
  const { draft } = turn;
  if (attempt.id !== draft.winner) return 'notTheirs';
  if (event.type === 'personLeftRoom') {
    if (draft.state === 'bridged') close(turn, 'helped');
    else drop(turn, timing);
    return null;
  }
  if (draft.state === 'bridged') return 'again';
  if (draft.state === 'accepted') join(turn, timing);
  else if (event.type === 'briefed') return 'again';
  if (event.type === 'personInRoom') {
    if (draft.memory.personRoom === event.room) return 'again';
    draft.memory.personRoom = event.room;
    attempt.state = 'joined';
    bridgeWhenBoth(turn, timing);
  }
  return null;
}
