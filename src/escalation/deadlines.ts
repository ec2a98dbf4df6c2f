/**
 * Every state has deadlines, and each deadline its move: both come from one list, so that no state can wait for something
 * that is never looked at.
 */
import { beginRound, close, dial, drop, endAttempt, endRound, listPeople, release, winnerOf } from './moves.ts';
import { isLive, isRinging, type DraftAttempt, type Turn, type WallMs } from './snapshot.ts';
import { ceilingOf, type EscalationTiming } from './timing.ts';
import { lastWave } from './waves.ts';

interface Deadline {
  readonly due: WallMs;
  readonly move: () => void;
}

/** The times are those of the move's own condition: after it, its deadline is gone or later than `at`. */
export function deadlinesOf(turn: Turn, timing: EscalationTiming): readonly Deadline[] {
  if (turn.draft.state === 'closed') return [];
  return [
    ...ofState(turn, timing),
    ...ofRoom(turn, timing),
    ...turn.draft.attempts.filter(isLive).map((attempt) => ofAttempt(turn, attempt, timing)),
    ...ofAnnouncements(turn, timing),
  ];
}

function ofState(turn: Turn, timing: EscalationTiming): readonly Deadline[] {
  const { draft } = turn;
  const { memory, requestedAt } = draft;
  const limit = { due: requestedAt + timing.longestMs, move: () => close(turn, 'nobody') };
  switch (draft.state) {
    case 'requested':
      return [limit, { due: requestedAt, move: () => beginRound(turn) }];
    case 'ringing': {
      if (memory.resumeAt !== null) return [limit, { due: memory.resumeAt, move: () => beginRound(turn) }];
      const roundAt = memory.roundAt ?? requestedAt;
      const ceiling = { due: roundAt + ceilingOf(draft.level, timing), move: () => endRound(turn, timing) };
      if (memory.listing || draft.wave >= lastWave) return [limit, ceiling];
      return [limit, ceiling, { due: (memory.waveAt ?? roundAt) + timing.waveMs, move: () => listPeople(turn) }];
    }
    case 'fallback':
      return [limit, { due: memory.resumeAt ?? requestedAt, move: () => beginRound(turn) }];
    case 'accepted':
      return [{ due: (draft.acceptedAt ?? requestedAt) + timing.briefingGuardMs, move: () => drop(turn, timing) }];
    case 'joining':
      return [{ due: (draft.joiningAt ?? requestedAt) + timing.joinGuardMs, move: () => drop(turn, timing) }];
    case 'bridged': {
      const bridgedAt = draft.bridgedAt ?? requestedAt;
      return [
        { due: bridgedAt + timing.talkMs, move: () => close(turn, 'helped') },
        { due: memory.checkAt ?? bridgedAt + timing.talkCheckMs, move: () => checkTalk(turn, timing) },
      ];
    }
    case 'closed':
      return [];
  }
}

function checkTalk(turn: Turn, timing: EscalationTiming): void {
  const { draft, at, orders } = turn;
  draft.memory.checkAt = at + timing.talkCheckMs;
  const winner = winnerOf(turn);
  if (winner !== null && winner.callSid !== null)
    orders.push({ type: 'checkPerson', attemptId: winner.id, callSid: winner.callSid });
  orders.push({ type: 'checkCaller' });
}

function ofRoom(turn: Turn, timing: EscalationTiming): readonly Deadline[] {
  const { draft, at, orders } = turn;
  if (draft.memory.fetchAt === null) return [];
  const move = () => {
    draft.memory.fetchAt = null;
    if (draft.memory.callerRoom === null) return;
    // Somebody was on the way, and does not come.
    if (draft.state === 'joining') return drop(turn, timing);
    orders.push({ type: 'fetchCaller' });
    draft.memory.fetchAt = at + timing.fetchAgainMs;
  };
  return [{ due: draft.memory.fetchAt, move }];
}

function ofAttempt(turn: Turn, attempt: DraftAttempt, timing: EscalationTiming): Deadline {
  const { at, orders } = turn;
  if (attempt.state === 'planned')
    return { due: ungrantedUntil(turn, attempt, timing), move: () => void dial(turn, attempt) };
  if (attempt.state === 'answered')
    return {
      due: (attempt.answeredAt ?? attempt.dueAt) + timing.keyGuardMs,
      move: () => release(turn, attempt, 'hangUp', 'noKey'),
    };
  const dialledAt = attempt.dialledAt ?? attempt.dueAt;
  const givenUp = dialledAt + timing.ringGuardMs;
  if (attempt.callSid !== null)
    return {
      due: Math.max(givenUp, (attempt.ringingAt ?? 0) + timing.ringGuardMs),
      move: () => release(turn, attempt, 'hangUp', 'noAnswer'),
    };
  const lookUpAt = attempt.lookUpAt ?? dialledAt + timing.placeGuardMs;
  if (lookUpAt >= givenUp) return { due: givenUp, move: () => endAttempt(attempt, 'failed', at) };
  const move = () => {
    attempt.lookUpAt = at + timing.lookUpMs;
    orders.push({ type: 'lookUp', attemptId: attempt.id });
  };
  return { due: lookUpAt, move };
}

/** The pace decides who is rung when (`pace.ts`); when it is not heard of, ringing out of turn is better than not at all. */
function ungrantedUntil({ draft }: Turn, attempt: DraftAttempt, timing: EscalationTiming): WallMs {
  if (draft.attempts.some(isRinging)) return attempt.dueAt + timing.waveMs;
  const quietSince = draft.attempts.reduce((since, { endedAt }) => Math.max(since, endedAt ?? since), attempt.dueAt);
  return quietSince + timing.paceGuardMs;
}

function ofAnnouncements(turn: Turn, timing: EscalationTiming): readonly Deadline[] {
  const { placedAt, memory, requestedAt } = turn.draft;
  if (placedAt !== null || memory.toldUnavailable) return [];
  const move = () => {
    memory.toldUnavailable = true;
    turn.orders.push({ type: 'tell', fact: { type: 'unavailable' } });
  };
  return [{ due: requestedAt + timing.unplacedMs, move }];
}
