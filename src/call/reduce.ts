import { askingAfterReply, noteAskingSaid, stepAsking } from './asking.ts';
import { consentAfterReply, noteConsentSaid, stepConsent } from './consent.ts';
import { clearDeadline, moveFloor, patch, recordCaller, setDeadline, type Draft } from './draft.ts';
import type { CallEffect } from './effect.ts';
import type { CallEvent, Timed } from './event.ts';
import { obey, stepFloor } from './floor.ts';
import { beginReply, callerSpeaks, listen, listenBeforeClosing } from './floorMoves.ts';
import { stepHearing } from './hearing.ts';
import { expectStreamToClose, stepLine } from './line.ts';
import { goodbyeOf } from './linePolicy.ts';
import { isAtLeast } from './meaning.ts';
import { followEffects, identityWasHeard, isPlayedOut, stepPlayout } from './playout.ts';
import { noteSaid, stepSafety } from './safety.ts';
import { nothingHeard, type CallState, type PlayedReply } from './state.ts';
import { bring, isBringing, stepTransfer } from './transfer.ts';

export interface Step {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
  /** Why nothing happened; null when something did. A refused event leaves the state as it was. */
  readonly ignored: string | null;
}

/**
 * The core of a call: one fact in, the next state and its orders out. Pure: time comes with the event, deadlines stand in the
 * state, words never decide. Regions step in a fixed order — line, safety, transfer, consent, asking, hearing, floor, playout — and only
 * this file couples them, so the joint rules below are all there are.
 */
export function reduce(state: CallState, { at, event }: Timed): Step {
  const refusal = refuse(state, at, event);
  if (refusal !== null) return { state, effects: [], ignored: refusal };
  const draft: Draft = { state, at, effects: [], order: null, ignored: null };
  noteArrival(draft, event);
  stepLine(draft, event);
  stepSafety(draft, event);
  stepTransfer(draft, event);
  stepConsent(draft, event);
  stepAsking(draft, event);
  stepHearing(draft, event);
  stepLength(draft, event);
  if (draft.order === null) stepFloor(draft, event);
  else obey(draft, draft.order, event);
  followEffects(draft, 0);
  stepPlayout(draft, event);
  const followed = draft.effects.length;
  applyJointRules(draft, event);
  followEffects(draft, followed);
  const changed = draft.state !== state || draft.effects.length > 0;
  return {
    state: draft.state,
    effects: draft.effects,
    ignored: changed ? null : (draft.ignored ?? 'nothing depends on it'),
  };
}

function refuse(state: CallState, at: number, event: CallEvent): string | null {
  if (state.line.kind === 'over') return 'the call is over';
  if (event.type !== 'deadlineReached') return null;
  const due = state.deadlines[event.name];
  if (due === undefined) return 'that deadline is not set';
  return due > at ? 'that deadline is not due yet' : null;
}

function noteArrival(draft: Draft, event: CallEvent): void {
  if (event.type === 'deadlineReached') clearDeadline(draft, event.name);
  if (event.type !== 'wordsHypothesised' && event.type !== 'wordsRecognised') return;
  const lastUtterance = Math.max(draft.state.lastUtterance, event.utterance);
  if (lastUtterance !== draft.state.lastUtterance) patch(draft, { lastUtterance });
}

/** A call has a longest length: said five minutes before, when nobody speaks; and a caller in danger is never cut off by it. */
function stepLength(draft: Draft, event: CallEvent): void {
  if (event.type !== 'deadlineReached' || (event.name !== 'lengthNotice' && event.name !== 'lengthEnd')) return;
  const { floor, line, transfer, safety, settings } = draft.state;
  const overdue = event.name === 'lengthEnd' && draft.at >= settings.turnTaking.longestCallMs + 60_000;
  const canSpeak = line.kind === 'up' && transfer.kind === 'none' && (floor.kind === 'listening' || overdue);
  if (!canSpeak) return setDeadline(draft, event.name, draft.at + (line.kind === 'up' ? 1_000 : 60_000));
  if (event.name === 'lengthNotice') draft.order = { kind: 'say', line: 'lengthNotice' };
  else if (isAtLeast(safety.level, 'moderate')) bring(draft, 'asked');
  else draft.order = { kind: 'say', line: 'lengthGoodbye' };
}

/** The couplings between regions. Each is one sentence. */
function applyJointRules(draft: Draft, event: CallEvent): void {
  keepWords(draft, event);
  sayingByCarrierOrPerson(draft);
  if (event.type === 'faultedAgain' && draft.order !== null) handOver(draft, false);
  noteIdentity(draft);
  passFloorWhenPlayedOut(draft, event);
  closeWhenOver(draft);
}

/** Final words are recorded, whoever has the floor: with their turn when one is being taken, by themselves otherwise. */
function keepWords(draft: Draft, event: CallEvent): void {
  if (event.type !== 'wordsRecognised') return;
  const { floor } = draft.state;
  const ofOpenTurn =
    (floor.kind === 'callerSpeaking' || floor.kind === 'pausing') && floor.heard.utterances.includes(event.utterance);
  if (!ofOpenTurn) recordCaller(draft, [event.utterance], event.meaning.backchannel ? 'backchannel' : 'turn');
}

/** When not even the line that announces a person can sound, the person comes without it; other lines go to the carrier's voice. */
function sayingByCarrierOrPerson(draft: Draft): void {
  const index = draft.effects.findIndex((effect) => effect.type === 'sayByCarrier');
  const order = draft.effects[index];
  if (order?.type !== 'sayByCarrier') return;
  if (draft.state.transfer.kind === 'announcing') {
    draft.effects.splice(index, 1);
    return handOver(draft, false);
  }
  const outcome = goodbyeOf(order.line);
  if (outcome === null) return expectStreamToClose(draft, 'carrier');
  patch(draft, { line: { kind: 'over', outcome } });
  moveFloor(draft, { kind: 'closed' }, {});
}

function handOver(draft: Draft, announced: boolean): void {
  const { transfer } = draft.state;
  const reason = transfer.kind === 'announcing' ? transfer.reason : 'fault';
  draft.effects.push({ type: 'handOver', reason, announced });
  patch(draft, { transfer: { kind: 'handedOver', reason } });
  expectStreamToClose(draft, 'person');
  moveFloor(draft, { kind: 'withPerson' }, {});
}

/** Until the caller has heard that this is an AI, replies open with saying so. */
function noteIdentity(draft: Draft): void {
  const { playout, safety } = draft.state;
  if (safety.identityHeard || playout.reply === null || !identityWasHeard(playout.reply)) return;
  patch(draft, { safety: { ...safety, identityHeard: true } });
}

/** A reply heard to its end passes the floor on; so does one of which the carrier tells us nothing any more. */
function passFloorWhenPlayedOut(draft: Draft, event: CallEvent): void {
  const { floor, playout } = draft.state;
  const { reply } = playout;
  if (floor.kind !== 'replying' || reply === null) return;
  const stalled = event.type === 'deadlineReached' && event.name === 'playoutStall';
  if (!stalled && !isPlayedOut(reply)) return;
  if (stalled && !reply.complete) draft.effects.push({ type: 'dropReply', turn: reply.turn });
  noteSaid(draft, reply, stalled);
  noteConsentSaid(draft, reply, stalled);
  noteAskingSaid(draft, reply, stalled);
  draft.effects.push({ type: 'recordReply', turn: reply.turn, heard: reply.heard, interrupted: false });
  patch(draft, {
    playout: { ...playout, reply: null },
    failures: reply.source.kind === 'model' ? 0 : draft.state.failures,
  });
  afterReply(draft, reply);
  const { floor: next } = draft.state;
  // The wait for the marks was a silence already, as far as the caller may have heard.
  if (stalled && next.kind === 'listening' && isBringing(draft.state)) setDeadline(draft, 'silence', draft.at);
}

function afterReply(draft: Draft, reply: PlayedReply): void {
  const { floor } = draft.state;
  const overVoiceSinceMs = floor.kind === 'replying' ? floor.overVoiceSinceMs : null;
  if (reply.after === 'handOver') return handOver(draft, true);
  // Who begins to speak in the last moments of a goodbye is not hung up on.
  if (reply.after !== 'listen' && overVoiceSinceMs === null) return listenBeforeClosing(draft, reply.after);
  if (reply.broken && reply.source.kind === 'model') {
    const options = { hold: overVoiceSinceMs !== null, heard: nothingHeard };
    return beginReply(draft, { kind: 'line', line: 'voiceTrouble' }, options);
  }
  const answer = consentAfterReply(draft.state) ?? askingAfterReply(draft.state);
  if (answer !== null && overVoiceSinceMs === null)
    return beginReply(draft, { kind: 'line', line: answer }, { hold: false, heard: nothingHeard });
  listen(draft, promptsAfter(reply));
  // The voice is known already, only its holder changes.
  if (overVoiceSinceMs !== null) callerSpeaks(draft, nothingHeard, overVoiceSinceMs);
}

function promptsAfter(reply: PlayedReply): number {
  if (reply.source.kind === 'model') return 0;
  if (reply.source.line === 'silenceFirst') return 1;
  return reply.source.line === 'silenceSecond' ? 2 : 0;
}

function closeWhenOver(draft: Draft): void {
  const { line } = draft.state;
  if (line.kind !== 'over') return;
  patch(draft, { deadlines: {} });
  draft.effects.push({ type: 'closeCall', outcome: line.outcome });
}
