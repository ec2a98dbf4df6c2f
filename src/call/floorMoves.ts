import { askingBeforeGoodbye, askingLine, askingReply, isAskedOut, noteAskingSaid, noteAskingTurn } from './asking.ts';
import { consentBeforeGoodbye, consentLine, consentReply, noteConsentSaid, noteConsentTurn } from './consent.ts';
import { moveFloor, patch, recordCaller, type Draft } from './draft.ts';
import type { Outcome, ReplySource } from './effect.ts';
import type { TurnId } from './event.ts';
import { endOfTurnPauseMs } from './endpointing.ts';
import type { LineName } from './lineName.ts';
import { isAtLeast } from './meaning.ts';
import { dueLine, noteClosing, noteSaid, noteTurn } from './safety.ts';
import type { After, CallState, Floor, Heard } from './state.ts';
import type { CallMs } from './time.ts';
import { isBringing } from './transfer.ts';

/** The moves of the floor: every passage from one holder to another, with the deadlines that guard it. */

export type InFloor<Kind extends Floor['kind']> = Extract<Floor, { kind: Kind }>;

export function callerSpeaks(draft: Draft, heard: Heard, sinceMs: CallMs): void {
  const { stuckVoiceMs, companyStuckVoiceMs } = draft.state.settings.turnTaking;
  const stuckVoice = draft.at + (isBringing(draft.state) ? companyStuckVoiceMs : stuckVoiceMs);
  moveFloor(draft, { kind: 'callerSpeaking', heard, voiceSinceMs: sinceMs }, { stuckVoice });
}

/** Opens the pause that may end the turn. `sinceMs` is the end of the last voiced frame; all waits count from it. */
export function callerPauses(draft: Draft, heard: Heard, sinceMs: CallMs, voicedForMs: number): void {
  const floor: Floor = { kind: 'pausing', heard, sinceMs, voicedForMs, speculation: null };
  moveFloor(draft, floor, pauseDeadlines(draft, heard, sinceMs));
}

export function pauseDeadlines(draft: Draft, heard: Heard, sinceMs: CallMs): { endOfTurn: CallMs; speculate?: CallMs } {
  const { stage, settings } = draft.state;
  const { speculateAfterMs } = settings.turnTaking;
  const pauseMs = endOfTurnPauseMs(heard, stage, settings.turnTaking);
  const endOfTurn = Math.max(draft.at, sinceMs + pauseMs);
  if (speculateAfterMs === null || heard.utterances.length === 0) return { endOfTurn };
  // Someone who goes on after every breath would start a model for each; every one in vain makes the next wait longer.
  const waitMs = speculateAfterMs * (1 + heard.speculated);
  return waitMs >= pauseMs ? { endOfTurn } : { endOfTurn, speculate: Math.max(draft.at, sinceMs + waitMs) };
}

/** A listening word, and the caller is still: say on, unless real words follow it in the same breath. */
export function settleBackchannel(draft: Draft, floor: InFloor<'interrupted'>): void {
  const { confirmWords = Infinity } = draft.state.deadlines;
  const settled = draft.at + draft.state.settings.turnTaking.afterBackchannelMs;
  moveFloor(draft, { ...floor, voice: false, backchannel: true }, { confirmWords: Math.min(confirmWords, settled) });
}

export function listen(draft: Draft, prompts: number): void {
  const { silenceMs, companySilenceMs } = draft.state.settings.turnTaking;
  const patienceMs = keepsCompany(draft) ? companySilenceMs : (silenceMs[Math.min(prompts, 2)] ?? silenceMs[2]);
  moveFloor(draft, { kind: 'listening', prompts, closing: null }, { silence: draft.at + patienceMs });
}

/** Telephones ring for a caller: silence would be taken for having been left. Without danger that eases once nobody came. */
function keepsCompany({ state }: Draft): boolean {
  if (!isBringing(state)) return false;
  const { transfer, safety } = state;
  return isAtLeast(safety.level, 'high') || transfer.kind !== 'requested' || !transfer.nobody;
}

/** Something may be added to a goodbye that was not said before it: the line stays open for a breath. */
export function listenBeforeClosing(draft: Draft, outcome: ClosingOutcome): void {
  const silence = draft.at + draft.state.settings.turnTaking.closingPauseMs;
  moveFloor(draft, { kind: 'listening', prompts: 0, closing: outcome }, { silence });
}

export type ClosingOutcome = Exclude<After, 'listen' | 'handOver'>;

export function hangUp(draft: Draft, outcome: Outcome): void {
  patch(draft, { line: { kind: 'over', outcome } });
  draft.effects.push({ type: 'hangUp' });
  moveFloor(draft, { kind: 'closed' }, {});
}

/** Sanad takes the turn. The caller hears a first sentence, or a fixed line instead, by the deadline set here. */
export function beginReply(draft: Draft, source: ReplySource, options: { hold: boolean; heard: Heard }): void {
  const turn = startReply(draft, source, options.hold);
  const firstSentence = draft.at + firstSentenceMs(draft);
  const thinking = { kind: 'thinking', turn, heard: options.heard } as const;
  if (!options.hold) return moveFloor(draft, { ...thinking, overVoiceSinceMs: null }, { firstSentence });
  const bargeIn = draft.at + draft.state.settings.turnTaking.bargeInMs;
  moveFloor(draft, { ...thinking, overVoiceSinceMs: draft.at }, { firstSentence, bargeIn });
}

function firstSentenceMs({ state }: Draft): number {
  const { turnTaking } = state.settings;
  return isBringing(state) ? turnTaking.companyFirstSentenceMs : turnTaking.firstSentenceMs;
}

export function startReply(draft: Draft, source: ReplySource, hold: boolean): TurnId {
  const turn = draft.state.lastTurn + 1;
  patch(draft, { lastTurn: turn });
  // A greeting that was cut before its first sentence was heard has not said what this is.
  const preface = source.kind === 'model' && !draft.state.safety.identityHeard ? 'identity' : null;
  // What has to be said is said with the answer: Sanad listens first, and then asks.
  const followedBy = source.kind === 'model' ? (dueLine(draft.state) ?? questionFor(draft.state)) : null;
  draft.effects.push({ type: 'startReply', turn, source, hold, preface, followedBy });
  return turn;
}

/** One question at a time, and an answer between two. */
function questionFor(state: CallState): LineName | null {
  return askingLine(state) ?? (isAskedOut(state) ? null : consentLine(state));
}

/** Ends whatever Sanad was saying or about to say, and records what of it was heard. */
export function stopReply(draft: Draft, why: 'interrupted' | 'quiet' | 'streamGone'): void {
  const { floor, playout } = draft.state;
  if (floor.kind === 'pausing') return dropSpeculation(draft, floor);
  if (floor.kind !== 'thinking' && floor.kind !== 'replying' && floor.kind !== 'interrupted') return;
  const sounded = playout.reply?.sounded === true;
  // An interruption has cleared the queue already; a stream that is gone took its queue along.
  if (sounded && floor.kind !== 'interrupted' && why !== 'streamGone') clear(draft);
  draft.effects.push({ type: 'dropReply', turn: floor.turn });
  if (!sounded) return;
  if (playout.reply) noteSaid(draft, playout.reply, false);
  if (playout.reply) noteConsentSaid(draft, playout.reply, false);
  if (playout.reply) noteAskingSaid(draft, playout.reply, false);
  const heard = playout.reply?.heard ?? null;
  draft.effects.push({ type: 'recordReply', turn: floor.turn, heard, interrupted: true });
}

export function clear(draft: Draft): void {
  draft.effects.push({ type: 'clearPlayout', generation: draft.state.playout.generation + 1 });
}

export function dropSpeculation(draft: Draft, floor: InFloor<'pausing'>): void {
  if (floor.speculation !== null) draft.effects.push({ type: 'dropReply', turn: floor.speculation });
}

/** The interruption was none: say on from where the caller had heard it. */
export function resume(draft: Draft, floor: InFloor<'interrupted'>): void {
  const { playout, settings } = draft.state;
  if (playout.reply?.after === 'silence') {
    // "I hear nobody" is no longer true: even a sob is somebody.
    stopReply(draft, 'interrupted');
    return listen(draft, 0);
  }
  const { turn, heard } = floor;
  const from = playout.reply?.heard ?? { sentence: 0, ms: 0 };
  moveFloor(
    draft,
    { kind: 'replying', turn, heard, overVoiceSinceMs: null },
    { playoutStall: draft.at + settings.turnTaking.playoutGraceMs },
  );
  draft.effects.push({ type: 'resumeReply', turn, from });
}

/** What the caller's words want of Sanad; null when they want nothing but silence. */
export function answerTo(draft: Draft, { meaning }: Heard): ReplySource | null {
  if (meaning?.asks === 'stop') return null;
  const line = closingLine(draft, meaning) ?? consentReply(draft.state) ?? askingReply(draft.state);
  return line === null ? { kind: 'model' } : { kind: 'line', line };
}

/** No call in which there was risk is closed without asking again (clinical.md §1.8, must 10); null when nobody is closing it. */
function closingLine(draft: Draft, meaning: Heard['meaning']): LineName | null {
  const { safety } = draft.state;
  const saysGoodbye = meaning?.asks === 'goodbye';
  const saysNo = meaning?.answer === 'no';
  if (isBringing(draft.state) && isAtLeast(safety.level, 'high')) return saysGoodbye ? 'stayABit' : null;
  if ((safety.question === 'closing' && saysNo) || (safety.closingAsked && (saysNo || saysGoodbye)))
    return 'goodbyeAfterRisk';
  if (!saysGoodbye) return null;
  if (isAtLeast(safety.level, 'moderate')) return 'askBeforeClosing';
  return askingBeforeGoodbye(draft.state) ?? consentBeforeGoodbye(draft.state) ?? 'goodbye';
}

/** The caller's turn is over: answer it. */
export function commitTurn(draft: Draft, floor: InFloor<'pausing'>): void {
  const { heard, speculation } = floor;
  recordCaller(draft, heard.utterances, 'turn');
  patch(draft, { wordless: 0, stage: draft.state.stage === 'opening' ? 'conversation' : draft.state.stage });
  const answer = answerTo(draft, heard);
  noteClosing(draft, answer);
  noteTurn(draft);
  noteConsentTurn(draft, answer, heard);
  noteAskingTurn(draft, answer);
  if (answer === null || answer.kind === 'line') dropSpeculation(draft, floor);
  if (answer === null) return listen(draft, 0);
  if (answer.kind === 'line' || speculation === null) return beginReply(draft, answer, { hold: false, heard });
  draft.effects.push({ type: 'releaseReply', turn: speculation });
  const firstSentence = draft.at + firstSentenceMs(draft);
  moveFloor(draft, { kind: 'thinking', turn: speculation, heard, overVoiceSinceMs: null }, { firstSentence });
}
