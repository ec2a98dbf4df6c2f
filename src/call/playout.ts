import { patch, setDeadline, type Draft } from './draft.ts';
import type { CallEffect } from './effect.ts';
import type { CallEvent, Position } from './event.ts';
import { afterLine, isInterruptible } from './linePolicy.ts';
import type { PlayedReply } from './state.ts';
import type { CallMs } from './time.ts';

/** Follows what the step ordered so far: called once before the region steps, and once for what the joint rules added. */
export function followEffects(draft: Draft, from: number): void {
  for (const effect of draft.effects.slice(from)) follow(draft, effect);
}

/**
 * The playout region: what was sent of the reply in hand, and what of it the caller heard. It follows the effects of its own
 * step (a reply started, dropped, cleared), so the floor cannot tell it one thing and do another.
 */
export function stepPlayout(draft: Draft, event: CallEvent): void {
  const { reply, generation } = draft.state.playout;
  if (reply === null) return;
  switch (event.type) {
    case 'replySounded':
      // The floor has stepped: it took the sound as a reply, or refused it (a reply that is held cannot sound).
      if (event.turn === reply.turn && draft.state.floor.kind === 'replying') amend(draft, { ...reply, sounded: true });
      break;
    case 'sentenceSent':
      if (event.turn === reply.turn) amend(draft, withSentence(reply, event.sentence, event.durationMs, draft.at));
      break;
    case 'replySent':
      if (event.turn === reply.turn) amend(draft, { ...reply, complete: true });
      break;
    case 'replyFailed':
      if (event.turn === reply.turn) amend(draft, { ...reply, complete: true, broken: event.stage === 'voice' });
      break;
    case 'markReturned':
      // A `clear` returns the marks of its queue unplayed; they carry the generation before it. Of its own nothing is sent
      // until the reply goes on.
      if (draft.state.floor.kind === 'interrupted' || event.turn !== reply.turn) break;
      if (event.generation === generation && isAfter(event.position, reply.heard)) {
        const heard = { ...reply, heard: event.position };
        amend(draft, { ...heard, endsAtMs: draft.at + remainingMs(heard) });
      }
      break;
    default:
      return;
  }
  guardAgainstLostMarks(draft);
}

function follow(draft: Draft, effect: CallEffect): void {
  const { playout } = draft.state;
  if (effect.type === 'startReply') {
    const line = effect.source.kind === 'line' ? effect.source.line : null;
    const reply: PlayedReply = {
      turn: effect.turn,
      source: effect.source,
      preface: effect.preface,
      followedBy: effect.followedBy,
      after: line === null ? 'listen' : afterLine(line),
      interruptible: line === null || isInterruptible(line),
      sentencesMs: [],
      complete: false,
      broken: false,
      sounded: false,
      heard: null,
      endsAtMs: draft.at,
    };
    patch(draft, { playout: { ...playout, reply } });
  } else if (effect.type === 'dropReply') {
    if (playout.reply?.turn === effect.turn) patch(draft, { playout: { ...playout, reply: null } });
  } else if (effect.type === 'clearPlayout') {
    patch(draft, { playout: { ...playout, generation: effect.generation } });
  } else if (effect.type === 'resumeReply') {
    if (playout.reply !== null) amend(draft, { ...playout.reply, endsAtMs: draft.at + remainingMs(playout.reply) });
    guardAgainstLostMarks(draft);
  }
}

function amend(draft: Draft, reply: PlayedReply): void {
  patch(draft, { playout: { ...draft.state.playout, reply } });
}

function withSentence(reply: PlayedReply, sentence: number, durationMs: number, at: CallMs): PlayedReply {
  // They are sent one after another; one that leaves others out would make their durations unknown.
  if (sentence > reply.sentencesMs.length) return reply;
  const sentencesMs = [...reply.sentencesMs];
  const isNew = sentence === sentencesMs.length;
  sentencesMs[sentence] = durationMs;
  return { ...reply, sentencesMs, endsAtMs: isNew ? Math.max(at, reply.endsAtMs) + durationMs : reply.endsAtMs };
}

/** While Sanad speaks, the carrier owes us marks: if none comes for the time of what is queued, the floor must pass anyway. */
function guardAgainstLostMarks(draft: Draft): void {
  const { floor, playout, settings } = draft.state;
  if (floor.kind !== 'replying') return;
  const endsAtMs = Math.max(draft.at, playout.reply?.endsAtMs ?? draft.at);
  setDeadline(draft, 'playoutStall', endsAtMs + settings.turnTaking.playoutGraceMs);
}

function remainingMs(reply: PlayedReply): number {
  const from = reply.heard ?? { sentence: 0, ms: 0 };
  const rest = reply.sentencesMs.slice(from.sentence).reduce((sum, ms) => sum + ms, 0);
  return Math.max(0, rest - from.ms);
}

function isAfter(position: Position, heard: Position | null): boolean {
  if (heard === null) return true;
  return position.sentence > heard.sentence || (position.sentence === heard.sentence && position.ms > heard.ms);
}

/** Everything that was to be said was heard. */
export function isPlayedOut(reply: PlayedReply): boolean {
  if (!reply.complete) return false;
  const last = reply.sentencesMs.length - 1;
  if (last < 0) return true;
  return reply.heard !== null && !isAfter({ sentence: last, ms: reply.sentencesMs[last] ?? 0 }, reply.heard);
}

/** Whether the first sentence, which says that this is an AI, was heard whole. */
export function identityWasHeard(reply: PlayedReply): boolean {
  const saysIt =
    reply.preface === 'identity' ||
    (reply.source.kind === 'line' && ['greeting', 'callbackGreeting', 'identity'].includes(reply.source.line));
  if (!saysIt || reply.heard === null) return false;
  return reply.heard.sentence > 0 || reply.heard.ms >= (reply.sentencesMs[0] ?? Number.POSITIVE_INFINITY);
}
