/** The moves of an escalation: each changes the draft and gives its orders. When they are made is in `machine.ts` and `deadlines.ts`. */
import { isAtLeast } from '../call/meaning.ts';
import type { AttemptState, EscalationOutcome } from './model.ts';
import { isLive, type DraftAttempt, type Farewell, type Turn } from './snapshot.ts';
import { humanCallbackOf, type EscalationTiming } from './timing.ts';

/** Asks for people; they come as `peopleListed` in the same transaction. */
export function listPeople({ draft, orders }: Turn): void {
  draft.memory.listing = true;
  orders.push({ type: 'listPeople' });
}

export function beginRound(turn: Turn): void {
  const { draft, at, orders } = turn;
  draft.round += 1;
  draft.wave = 0;
  draft.state = 'ringing';
  draft.memory.roundAt = at;
  draft.memory.waveAt = at;
  draft.memory.resumeAt = null;
  // Nobody may have told us that the caller is gone; before the first round they have just spoken.
  if (draft.round > 1) orders.push({ type: 'checkCaller' });
  listPeople(turn);
}

/** Everybody was rung: honest words, a promise with an owner, and a pause before the next round. */
export function endRound({ draft, at, orders }: Turn, timing: EscalationTiming): void {
  const { memory, placedAt, round } = draft;
  draft.state = 'fallback';
  draft.fallbackAt ??= at;
  memory.listing = false;
  memory.resumeAt = at + timing.pauseMs;
  if (placedAt === null) memory.toldUnavailable = true;
  orders.push({
    type: 'tell',
    fact: placedAt === null ? { type: 'unavailable' } : { type: 'nobody', rounds: round },
  });
  orders.push({
    type: 'createTask',
    task: {
      kind: 'humanCallback',
      ordinal: 1,
      dueAt: draft.fallbackAt + humanCallbackOf(draft.level, timing),
      ownerId: memory.ownerId,
    },
  });
}

/** From `dialling` on somebody may have asked the carrier already, so nobody asks again. Why not, or null. */
export function dial({ at, orders }: Turn, attempt: DraftAttempt): 'late' | null {
  if (attempt.state !== 'planned') return 'late';
  attempt.state = 'dialling';
  attempt.dialledAt = at;
  orders.push({ type: 'place', attemptId: attempt.id });
  return null;
}

export function endAttempt(attempt: DraftAttempt, state: AttemptState, at: number): void {
  attempt.state = state;
  attempt.endedAt = at;
  attempt.lookUpAt = null;
}

/** Ends a telephone that still rings or talks. Without a sid there is nothing to hang up yet; `attemptPlaced` does it then. */
export function release({ at, orders }: Turn, attempt: DraftAttempt, farewell: Farewell, state: AttemptState): void {
  const { callSid, id } = attempt;
  endAttempt(attempt, state, at);
  if (callSid !== null) orders.push({ type: 'release', attemptId: id, callSid, farewell });
}

function releaseOthers(turn: Turn, farewell: Farewell): void {
  for (const attempt of turn.draft.attempts) {
    if (attempt.id === turn.draft.winner || !isLive(attempt)) continue;
    // Who hears the question is told why it ends; who has not answered yet needs no words.
    release(turn, attempt, attempt.state === 'answered' ? farewell : 'hangUp', 'released');
  }
}

/** The claim: the first key counts, and everybody else is let go at once. */
export function accept(turn: Turn, attempt: DraftAttempt): void {
  const { draft, at, orders } = turn;
  attempt.state = 'accepted';
  attempt.acceptedAt = at;
  attempt.answeredAt ??= at;
  attempt.endedAt = null;
  attempt.lookUpAt = null;
  draft.winner = attempt.id;
  draft.state = 'accepted';
  draft.acceptedAt = at;
  draft.joiningAt = null;
  draft.bridgedAt = null;
  draft.placedAt ??= at;
  draft.memory.listing = false;
  draft.memory.resumeAt = null;
  releaseOthers(turn, 'taken');
  orders.push({ type: 'tell', fact: { type: 'accepted' } });
}

export function winnerOf({ draft }: Turn): DraftAttempt | null {
  return draft.attempts.find(({ id }) => id === draft.winner) ?? null;
}

/** Briefed: the caller is asked into the room. */
export function join({ draft, at, orders }: Turn, timing: EscalationTiming): void {
  draft.state = 'joining';
  draft.joiningAt = at;
  if (draft.memory.callerRoom !== null) draft.memory.fetchAt = at + timing.aloneMs;
  orders.push({ type: 'tell', fact: { type: 'ready' } });
}

/** True when it is just now that both are there. */
export function bridgeWhenBoth({ draft, at }: Turn, timing: EscalationTiming): boolean {
  const { callerRoom, personRoom } = draft.memory;
  // The same conference: a name is used again, and news of an earlier one may be late.
  if (draft.state !== 'joining' || callerRoom === null || callerRoom !== personRoom) return false;
  draft.state = 'bridged';
  draft.bridgedAt = at;
  draft.memory.fetchAt = null;
  draft.memory.checkAt = at + timing.talkCheckMs;
  return true;
}

/**
 * The person who had accepted is gone again before they spoke. While the caller is still with Sanad the others are rung at once.
 * Once the caller was sent to the room, the live call asks anew (`dropped`) as soon as it has them back, and takes the place of this
 * escalation; only when it does not, this one goes on by itself.
 */
export function drop(turn: Turn, timing: EscalationTiming): void {
  const { draft, at, orders } = turn;
  const wasReady = draft.state === 'joining';
  const winner = winnerOf(turn);
  if (winner) release(turn, winner, 'hangUp', 'left');
  draft.winner = null;
  draft.state = 'ringing';
  draft.memory.personRoom = null;
  orders.push({ type: 'tell', fact: { type: 'dropped' } });
  if (draft.memory.callerRoom !== null) {
    orders.push({ type: 'fetchCaller' });
    draft.memory.fetchAt = at + timing.fetchAgainMs;
  }
  if (wasReady) draft.memory.resumeAt = at + timing.askAnewMs;
  else beginRound(turn);
}

export function close(turn: Turn, outcome: EscalationOutcome): void {
  const { draft, at, orders } = turn;
  const winner = winnerOf(turn);
  releaseOthers(turn, 'callerGone');
  // A talk ends by itself for the other side, with words; whoever still waits for the caller must be told.
  if (winner && draft.state === 'bridged') endAttempt(winner, 'left', at);
  else if (winner) release(turn, winner, 'callerGone', 'left');
  draft.state = 'closed';
  draft.outcome = outcome;
  draft.closedAt = at;
  draft.memory.listing = false;
  draft.memory.resumeAt = null;
  draft.memory.fetchAt = null;
  if (outcome === 'helped' || outcome === 'declined') orders.push({ type: 'cancelTasks', outcome });
}

/** The call is over. Who was in danger and had no person is called back twice, and then it is for a supervisor. */
export function loseCaller(turn: Turn, timing: EscalationTiming): void {
  const { draft, at, orders } = turn;
  if (draft.state === 'bridged') return close(turn, 'helped');
  close(turn, draft.fallbackAt === null ? 'callerGone' : 'nobody');
  if (!isAtLeast(draft.level, 'high')) return;
  timing.automaticCallbackMs.forEach((ms, index) =>
    orders.push({
      type: 'createTask',
      task: { kind: 'automaticCallback', ordinal: index + 1, dueAt: at + ms, ownerId: null },
    }),
  );
  const { imminent, high } = timing.supervisorMs;
  orders.push({
    type: 'createTask',
    task: {
      kind: 'supervisor',
      ordinal: 1,
      dueAt: at + (draft.level === 'imminent' ? imminent : high),
      ownerId: draft.memory.ownerId,
    },
  });
}
