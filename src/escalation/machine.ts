/**
 * The state machine of an escalation. Pure: the time and every id come from outside, nothing is awaited, and what is to be
 * done is returned as orders. Events may come doubled, late, in any order, or not at all: each is compared with what is known,
 * and every state has deadlines of its own (`deadlines.ts`).
 */
import { higherRisk } from '../call/meaning.ts';
import { deadlinesOf } from './deadlines.ts';
import { bridgeWhenBoth, close, loseCaller } from './moves.ts';
import type { Draft, Escalation, EscalationEvent, Order, Turn, WallMs } from './snapshot.ts';
import { learnSid, ofTelephone, type Ignored } from './telephone.ts';
import { humanCallbackOf, type EscalationTiming } from './timing.ts';
import { goOnWhenExhausted, planWave } from './waves.ts';

export interface Step {
  readonly snapshot: Escalation;
  readonly orders: readonly Order[];
  /** Why the event changed nothing; null when it did. */
  readonly ignored: string | null;
}

/** Takes in one event. `at` is the database's time; an earlier one than before only delays what is due. */
export function step(
  before: Escalation,
  { at, event }: { readonly at: WallMs; readonly event: EscalationEvent },
  timing: EscalationTiming,
): Step {
  const turn: Turn = { draft: draftOf(before), at, orders: [] };
  const ignored = take(turn, event, timing);
  if (ignored !== null && turn.orders.length === 0) return { snapshot: before, orders: [], ignored };
  goOnWhenExhausted(turn, timing);
  turn.draft.nextAt = earliest(deadlinesOf(turn, timing))?.due ?? null;
  return { snapshot: turn.draft, orders: turn.orders.filter((order) => stillStands(turn.draft, order)), ignored };
}

/** After a long sleep many deadlines are met at once: who was to be rung may be let go within the same step. */
function stillStands({ attempts }: Draft, order: Order): boolean {
  return order.type !== 'place' || attempts.some(({ id, state }) => id === order.attemptId && state === 'dialling');
}

function draftOf(before: Escalation): Draft {
  return { ...before, memory: { ...before.memory }, attempts: before.attempts.map((attempt) => ({ ...attempt })) };
}

function earliest<Item extends { readonly due: WallMs }>(items: readonly Item[]): Item | null {
  return items.reduce<Item | null>((least, item) => (least === null || item.due < least.due ? item : least), null);
}

/** Moves one deadline may lead to within one step; beyond it the next one comes with the next step. */
const movesAtOnce = 100;

function runDue(turn: Turn, timing: EscalationTiming): string | null {
  for (let moves = 0; moves < movesAtOnce; moves += 1) {
    const next = earliest(deadlinesOf(turn, timing));
    if (next === null || next.due > turn.at) return moves === 0 ? 'nothingDue' : null;
    next.move();
    goOnWhenExhausted(turn, timing);
  }
  return null;
}

function take(turn: Turn, event: EscalationEvent, timing: EscalationTiming): Ignored {
  if (turn.draft.state === 'closed') return afterTheEnd(turn, event);
  switch (event.type) {
    case 'requested':
    case 'timerDue':
      return runDue(turn, timing);
    case 'peopleListed':
      if (!turn.draft.memory.listing) return 'notAsked';
      planWave(turn, event.people, timing);
      return null;
    case 'roomStarted':
      return roomStarted(turn, event.room, timing);
    case 'callerInRoom':
    case 'callerWaiting':
    case 'callerLeftRoom':
    case 'callerFetched':
      return ofCallerInRoom(turn, event, timing);
    case 'callerJoining':
    case 'callerGone':
    case 'declined':
    case 'briefingChanged':
    case 'handedOver':
    case 'superseded':
      return ofCall(turn, event, timing);
    default:
      return ofTelephone(turn, event, timing);
  }
}

/** Closed: nothing rings any more, and nobody stays behind on a line. */
function afterTheEnd(turn: Turn, event: EscalationEvent): Ignored {
  if (event.type === 'callerWaiting') turn.orders.push({ type: 'fetchCaller' });
  if ('attemptId' in event && 'callSid' in event && event.type !== 'keyPressed') {
    const attempt = turn.draft.attempts.find(({ id }) => id === event.attemptId);
    if (attempt?.callSid === null) learnSid(turn, attempt, event.callSid);
  }
  return 'closed';
}

function ofCall(
  turn: Turn,
  event: Extract<
    EscalationEvent,
    { type: 'callerJoining' | 'callerGone' | 'declined' | 'briefingChanged' | 'handedOver' | 'superseded' }
  >,
  timing: EscalationTiming,
): Ignored {
  const { draft, at } = turn;
  const bridged = draft.state === 'bridged';
  switch (event.type) {
    case 'callerGone':
      loseCaller(turn, timing);
      return null;
    case 'declined':
      if (draft.level === 'imminent') return 'imminent';
      close(turn, bridged ? 'helped' : 'declined');
      return null;
    case 'handedOver':
      if (bridged) return 'bridged';
      close(turn, 'handedOver');
      return null;
    case 'superseded':
      close(turn, bridged ? 'helped' : 'nobody');
      return null;
    case 'callerJoining':
      if (draft.state !== 'joining') return 'notJoining';
      draft.joiningAt = at;
      return null;
    case 'briefingChanged':
      return raise(turn, event.level, timing);
  }
}

function raise(turn: Turn, level: Escalation['level'], timing: EscalationTiming): Ignored {
  const { draft, orders } = turn;
  const raised = higherRisk(draft.level, level);
  if (raised === draft.level) return 'notHigher';
  draft.level = raised;
  if (draft.fallbackAt !== null) {
    const dueAt = draft.fallbackAt + humanCallbackOf(raised, timing);
    orders.push({
      type: 'createTask',
      task: { kind: 'humanCallback', ordinal: 1, dueAt, ownerId: draft.memory.ownerId },
    });
  }
  return null;
}

function ofCallerInRoom(
  turn: Turn,
  event: Extract<EscalationEvent, { type: 'callerInRoom' | 'callerWaiting' | 'callerLeftRoom' | 'callerFetched' }>,
  timing: EscalationTiming,
): Ignored {
  const { draft, at, orders } = turn;
  const { memory } = draft;
  if (event.type === 'callerFetched') {
    if (memory.callerRoom === null || draft.state === 'bridged') return 'notWaiting';
    memory.callerRoom = null;
    memory.fetchAt = null;
    return null;
  }
  if (event.type === 'callerLeftRoom') {
    if (memory.callerRoom !== event.room) return 'otherRoom';
    memory.callerRoom = null;
    memory.fetchAt = null;
    if (draft.state === 'bridged') close(turn, 'helped');
    else if (event.leaving === 'hungUp') loseCaller(turn, timing);
    return null;
  }
  if (draft.state === 'bridged' || memory.callerRoom === event.room) return 'again';
  memory.callerRoom = event.room;
  if (bridgeWhenBoth(turn, timing)) return null;
  // With nobody on the way there is nothing to wait for in there.
  if (draft.winner === null) orders.push({ type: 'fetchCaller' });
  memory.fetchAt = at + (draft.winner === null ? timing.fetchAgainMs : timing.aloneMs);
  return null;
}

/** A conference starts when both are in it, so it stands for the news of either that was lost. */
function roomStarted(turn: Turn, room: string, timing: EscalationTiming): Ignored {
  const { draft } = turn;
  if (draft.state !== 'joining') return 'notJoining';
  draft.memory.callerRoom = room;
  draft.memory.personRoom = room;
  bridgeWhenBoth(turn, timing);
  return null;
}
