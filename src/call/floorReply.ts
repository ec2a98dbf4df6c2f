import { awaitsSmallAnswer, isSilentAtEndQuestion } from './asking.ts';
import { awaitsAnswer, isSilentAtGoodbye } from './consent.ts';
import { ignore, moveFloor, patch, setDeadline, type Draft } from './draft.ts';
import type { CallEvent, DeadlineName, TurnId } from './event.ts';
import {
  beginReply,
  callerPauses,
  callerSpeaks,
  clear,
  commitTurn,
  dropSpeculation,
  hangUp,
  listen,
  resume,
  startReply,
  stopReply,
  type InFloor,
} from './floorMoves.ts';
import type { LineName } from './lineName.ts';
import { goodbyeOf } from './linePolicy.ts';
import { isAtLeast } from './meaning.ts';
import { nothingHeard } from './state.ts';
import { companyLine, dueLine, mayClose } from './safety.ts';
import { escalate, isBringing } from './transfer.ts';

export function replySounded(draft: Draft, turn: TurnId): void {
  const { floor, settings, deadlines } = draft.state;
  if (floor.kind !== 'thinking' || floor.turn !== turn) return ignore(draft, 'that reply is not awaited');
  const { heard, overVoiceSinceMs } = floor;
  const playoutStall = draft.at + settings.turnTaking.playoutGraceMs;
  const bargeIn = deadlines.bargeIn === undefined ? {} : { bargeIn: deadlines.bargeIn };
  moveFloor(draft, { kind: 'replying', turn, heard, overVoiceSinceMs }, { playoutStall, ...bargeIn });
}

export function replyFailed(draft: Draft, event: Extract<CallEvent, { type: 'replyFailed' }>): void {
  const { floor } = draft.state;
  if (floor.kind === 'pausing' && floor.speculation === event.turn) {
    // It will be tried again when the turn is over.
    dropSpeculation(draft, floor);
    return patch(draft, { floor: { ...floor, speculation: null } });
  }
  if (!('turn' in floor) || floor.turn !== event.turn) return ignore(draft, 'that reply is not awaited');
  if (floor.kind === 'thinking') return nothingToSay(draft, floor, event.stage);
  ignore(draft, 'what was sent of it is heard to its end');
}

/** A reply came to nothing: a fixed line instead, then the offer of a person; and if not even a fixed line sounds, the carrier's voice. */
function nothingToSay(draft: Draft, floor: InFloor<'thinking'>, stage: 'model' | 'voice'): void {
  const failed = draft.state.playout.reply;
  draft.effects.push({ type: 'dropReply', turn: floor.turn });
  if (failed?.source.kind === 'line') return sayByCarrier(draft, failed.source.line);
  const failures = draft.state.failures + 1;
  patch(draft, { failures });
  const line = failed?.followedBy ?? lineForFailure(draft, failures, stage);
  beginReply(draft, { kind: 'line', line }, { hold: floor.overVoiceSinceMs !== null, heard: floor.heard });
}

function lineForFailure(draft: Draft, failures: number, stage: 'model' | 'voice'): LineName {
  // No model is needed to stay with somebody for whom telephones ring; and a person who comes need not be offered.
  if (isBringing(draft.state)) return companyLine(draft.state);
  if (failures > 1) return 'offerPerson';
  return stage === 'voice' ? 'voiceTrouble' : 'thinkingTrouble';
}

/** `reduce.ts` turns it into the handing over itself when the line would have announced a person. */
function sayByCarrier(draft: Draft, meant: LineName): void {
  const line = goodbyeOf(meant) !== null && !mayClose(draft.state) ? instead(draft) : meant;
  draft.effects.push({ type: 'sayByCarrier', line, afterwards: goodbyeOf(line) !== null ? 'hangUp' : 'stream' });
  moveFloor(draft, { kind: 'idle' }, {});
}

export function floorReachedDeadline(draft: Draft, name: DeadlineName): void {
  const { floor } = draft.state;
  const { turnTaking } = draft.state.settings;
  if (name === 'bargeIn' && floor.kind === 'thinking') {
    stopReply(draft, 'interrupted');
    return callerSpeaks(draft, floor.heard, floor.overVoiceSinceMs ?? draft.at);
  }
  if (name === 'bargeIn' && floor.kind === 'replying') return interrupt(draft, floor);
  if (name === 'confirmWords' && floor.kind === 'interrupted') return resume(draft, floor);
  if (name === 'unconfirmedVoice' && floor.kind === 'interrupted') {
    // No words, but the caller is not still: weeping, or a voice we do not understand. It is theirs.
    const { unconfirmedVoiceMs } = turnTaking;
    stopReply(draft, 'interrupted');
    if (floor.voice) return callerSpeaks(draft, nothingHeard, draft.at - unconfirmedVoiceMs);
    return callerPauses(draft, nothingHeard, draft.at, unconfirmedVoiceMs);
  }
  if (floor.kind === 'pausing') return pauseReachedDeadline(draft, floor, name);
  if (name === 'stuckVoice' && floor.kind === 'callerSpeaking') return voiceIsStuck(draft, floor);
  if (name === 'firstSentence' && floor.kind === 'thinking') return nothingToSay(draft, floor, 'model');
  if (name === 'silence' && floor.kind === 'listening') {
    if (floor.closing === null) return answerSilence(draft, floor.prompts);
    if (mayClose(draft.state)) return hangUp(draft, floor.closing);
    return beginReply(draft, { kind: 'line', line: instead(draft) }, { hold: false, heard: nothingHeard });
  }
  ignore(draft, 'the deadline lost a race, or another region answers it');
}

/** Said in place of hanging up: danger was seen while the goodbye was said. */
function instead(draft: Draft): LineName {
  return isBringing(draft.state) ? companyLine(draft.state) : 'askBeforeClosing';
}

function interrupt(draft: Draft, floor: InFloor<'replying'>): void {
  const { turn, heard } = floor;
  clear(draft);
  const unconfirmedVoice = draft.at + draft.state.settings.turnTaking.unconfirmedVoiceMs;
  moveFloor(draft, { kind: 'interrupted', turn, heard, voice: true, backchannel: false }, { unconfirmedVoice });
}

function pauseReachedDeadline(draft: Draft, floor: InFloor<'pausing'>, name: DeadlineName): void {
  const { turnTaking } = draft.state.settings;
  const { heard, sinceMs } = floor;
  if (name === 'speculate') {
    const turn = startReply(draft, { kind: 'model' }, true);
    return patch(draft, { floor: { ...floor, speculation: turn } });
  }
  if (name === 'endOfTurn') {
    if (heard.utterances.length === 0)
      return setDeadline(draft, 'awaitWords', Math.max(draft.at, sinceMs + turnTaking.awaitWordsMs));
    const open = heard.utterances.some((id) => !heard.finals.includes(id));
    const answers = awaitsAnswer(draft.state, heard) || awaitsSmallAnswer(draft.state, heard);
    const awaitMs = answers ? turnTaking.awaitWordsMs : turnTaking.awaitFinalMs;
    return open ? setDeadline(draft, 'awaitFinal', draft.at + awaitMs) : commitTurn(draft, floor);
  }
  if (name === 'awaitFinal') return commitTurn(draft, floor);
  if (name === 'awaitWords') return noWordsCame(draft, floor.voicedForMs);
  ignore(draft, 'the deadline lost a race, or another region answers it');
}

/**
 * A voice and not one word. A cough or a door, below a second, is simply no turn. Two voices of a second, or one as long as a
 * sentence, and we own up to not hearing; and when it goes on, a person comes who may understand: the caller may speak another
 * language, or no longer clearly.
 */
function noWordsCame(draft: Draft, voicedForMs: number): void {
  const before = draft.state.wordless;
  const wordless = before + (voicedForMs >= 3_000 ? 2 : voicedForMs >= 1_000 ? 1 : 0);
  patch(draft, { wordless });
  if (Math.floor(wordless / 2) === Math.floor(before / 2)) return listen(draft, 0);
  const line = wordlessLine(draft, wordless);
  beginReply(draft, { kind: 'line', line }, { hold: false, heard: nothingHeard });
}

/** Tears have no words either: whoever is in distress is told that they are heard, not that they are not. */
function wordlessLine(draft: Draft, wordless: number): LineName {
  const { transfer, stage } = draft.state;
  if (isBringing(draft.state)) return companyLine(draft.state);
  if (wordless >= 6 && transfer.kind === 'none') {
    patch(draft, { wordless: 0 });
    escalate(draft, 'unheard', 'bringingPerson');
    return 'bringingPerson';
  }
  return stage === 'distress' ? 'presence' : 'cannotHear';
}

function voiceIsStuck(draft: Draft, floor: InFloor<'callerSpeaking'>): void {
  const { heard } = floor;
  if (heard.utterances.length === 0) return noWordsCame(draft, draft.at - floor.voiceSinceMs);
  commitTurn(draft, { kind: 'pausing', heard, sinceMs: draft.at, voicedForMs: 0, speculation: null });
}

/** Silence is answered gently, not filled; and a caller in danger is not left alone for being silent. */
function answerSilence(draft: Draft, prompts: number): void {
  const waiting = isBringing(draft.state) ? companyLine(draft.state) : dueLine(draft.state);
  if (waiting !== null) return beginReply(draft, { kind: 'line', line: waiting }, { hold: false, heard: nothingHeard });
  if (isSilentAtGoodbye(draft.state) || isSilentAtEndQuestion(draft.state))
    return beginReply(draft, { kind: 'line', line: 'goodbye' }, { hold: false, heard: nothingHeard });
  const lines: readonly LineName[] = ['silenceFirst', 'silenceSecond', 'silenceGoodbye'];
  const line = lines[Math.min(prompts, 2)] ?? 'silenceGoodbye';
  // Who may be in danger is not left, and of silence we know nothing while we cannot hear.
  const mayBeSpeaking = draft.state.hearing === 'down' || isAtLeast(draft.state.safety.level, 'low');
  const staysAnyway = line === 'silenceGoodbye' && mayBeSpeaking;
  beginReply(draft, { kind: 'line', line: staysAnyway ? 'silenceSecond' : line }, { hold: false, heard: nothingHeard });
}
