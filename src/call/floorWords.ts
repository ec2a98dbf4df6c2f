import { noteAskingTurn } from './asking.ts';
import { takesFloor } from './bargeIn.ts';
import { noteConsentTurn } from './consent.ts';
import { ignore, moveFloor, patch, type Draft } from './draft.ts';
import type { CallEvent, UtteranceId } from './event.ts';
import {
  answerTo,
  beginReply,
  callerPauses,
  callerSpeaks,
  commitTurn,
  dropSpeculation,
  listen,
  pauseDeadlines,
  resume,
  settleBackchannel,
  stopReply,
  type InFloor,
} from './floorMoves.ts';
import { noteClosing } from './safety.ts';
import { nothingHeard, type Heard } from './state.ts';

export type WordsEvent = Extract<CallEvent, { type: 'wordsHypothesised' | 'wordsRecognised' }>;

/** Words of the caller. They can open, extend, confirm or reopen a turn; which of these is decided by who has the floor. */
export function wordsCame(draft: Draft, event: WordsEvent): void {
  const { floor } = draft.state;
  if (wasAnswered(draft, event)) return ignoreAnswered(draft);
  switch (floor.kind) {
    case 'listening':
      // Words without voice: spoken softly, or later than their voice. The recogniser heard silence after a final.
      return callerPauses(draft, withWords(nothingHeard, event), draft.at, 0);
    case 'callerSpeaking':
      return callerSpeaks(draft, withWords(floor.heard, event), floor.voiceSinceMs);
    case 'pausing':
      return wordsInPause(draft, floor, event);
    case 'thinking':
      return wordsInThinking(draft, floor, event);
    case 'replying':
      return wordsOverReply(draft, floor, event);
    case 'interrupted':
      return wordsAfterInterruption(draft, floor, event);
    case 'idle':
    case 'withPerson':
    case 'closed':
      return ignore(draft, 'nobody answers it now; its final is kept');
  }
}

/** `heard` with the words of this event; a final closes its utterance. What is painful in a turn stays so to its end. */
export function withWords(heard: Heard, event: WordsEvent): Heard {
  const { utterances, finals } = heard;
  const isFinal = event.type === 'wordsRecognised';
  const isOlder = utterances.includes(event.utterance) && utterances.at(-1) !== event.utterance;
  const painful = event.meaning.painful || heard.meaning?.painful === true;
  return {
    utterances: utterances.includes(event.utterance) ? utterances : [...utterances, event.utterance],
    finals: isFinal && !finals.includes(event.utterance) ? [...finals, event.utterance] : finals,
    meaning: isOlder ? heard.meaning : { ...event.meaning, painful },
    speculated: heard.speculated,
  };
}

/** More words than before, of an utterance that is new or the newest. */
function grew(heard: Heard, event: WordsEvent): boolean {
  if (!heard.utterances.includes(event.utterance)) return true;
  return heard.utterances.at(-1) === event.utterance && event.meaning.wordCount > (heard.meaning?.wordCount ?? 0);
}

/** Final words may come long after the turn they belong to was taken and answered: they do not open another. */
function wasAnswered(draft: Draft, event: WordsEvent): boolean {
  const { floor, recorded } = draft.state;
  if (!recorded.includes(event.utterance)) return false;
  if (floor.kind === 'listening') return event.meaning.asks === 'nothing';
  if (floor.kind !== 'callerSpeaking' && floor.kind !== 'pausing') return false;
  return event.type === 'wordsRecognised' && !event.differs && !floor.heard.utterances.includes(event.utterance);
}

function wordsInPause(draft: Draft, floor: InFloor<'pausing'>, event: WordsEvent): void {
  const heard = withWords(floor.heard, event);
  const isFinal = event.type === 'wordsRecognised';
  const known = floor.heard.utterances.includes(event.utterance);
  const changed = isFinal ? event.differs || !known : grew(floor.heard, event);
  const wasDue = draft.state.deadlines.awaitFinal !== undefined || draft.state.deadlines.awaitWords !== undefined;
  if (!changed) {
    const same = { ...floor, heard };
    patch(draft, { floor: same });
    if (isFinal && wasDue) commitTurn(draft, same);
    return;
  }
  // What was prepared was prepared on other words.
  dropSpeculation(draft, floor);
  const next = { ...floor, heard, speculation: null };
  moveFloor(draft, next, pauseDeadlines(draft, heard, floor.sinceMs));
  if (isFinal && wasDue) commitTurn(draft, next);
}

function wordsInThinking(draft: Draft, floor: InFloor<'thinking'>, event: WordsEvent): void {
  if (draft.state.playout.reply?.interruptible === false)
    return ignore(draft, 'nobody answers it now; its final is kept');
  const known = floor.heard.utterances.includes(event.utterance);
  if (known && event.type === 'wordsRecognised') {
    const heard = withWords(floor.heard, event);
    if (!event.differs) return patch(draft, { floor: { ...floor, heard } });
    return restart(draft, heard);
  }
  if (known && !grew(floor.heard, event)) return ignore(draft, 'these words were answered');
  if (!known && !takesFloor(event.meaning)) return ignore(draft, 'listening words do not take the floor');
  // The caller goes on: the turn was not over after all.
  reopen(draft, floor, withWords(floor.heard, event));
}

function wordsOverReply(draft: Draft, floor: InFloor<'replying'>, event: WordsEvent): void {
  const known = floor.heard.utterances.includes(event.utterance);
  const unheard = draft.state.playout.reply?.heard === null;
  if (draft.state.playout.reply?.interruptible === false)
    return ignore(draft, 'this line is said to its end; the words are kept');
  if (known) {
    const changed = event.type === 'wordsRecognised' ? event.differs : grew(floor.heard, event);
    const heard = withWords(floor.heard, event);
    // The recogniser had not closed the utterance when the caller broke in: with a voice, more words are new ones.
    const breaksIn = floor.overVoiceSinceMs !== null && grew(floor.heard, event) && takesFloor(event.meaning);
    if (breaksIn) return reopen(draft, floor, unheard ? heard : withWords(nothingHeard, event));
    if (changed && (unheard || isWrongGoodbye(draft, heard))) return restart(draft, heard);
    return changed ? patch(draft, { floor: { ...floor, heard } }) : ignoreAnswered(draft);
  }
  if (!takesFloor(event.meaning)) return ignore(draft, 'listening words do not take the floor');
  reopen(draft, floor, withWords(nothingHeard, event));
}

function wordsAfterInterruption(draft: Draft, floor: InFloor<'interrupted'>, event: WordsEvent): void {
  if (floor.heard.utterances.includes(event.utterance) && !grew(floor.heard, event)) {
    const heard = withWords(floor.heard, event);
    const takenBack = event.type === 'wordsRecognised' && event.differs && isWrongGoodbye(draft, heard);
    return takenBack ? restart(draft, heard) : ignoreAnswered(draft);
  }
  if (takesFloor(event.meaning)) {
    stopReply(draft, 'interrupted');
    const heard = withWords(nothingHeard, event);
    if (floor.voice) callerSpeaks(draft, heard, draft.at);
    else callerPauses(draft, heard, draft.at, 0);
    return;
  }
  if (!floor.voice) return settleBackchannel(draft, floor);
  patch(draft, { floor: { ...floor, backchannel: true } });
}

/** The recogniser took the words back: a pause without words is left, or an interruption that was none. */
export function wordsVoided(draft: Draft, utterance: UtteranceId): void {
  const { floor } = draft.state;
  const confirmsNothing = floor.kind === 'interrupted' && !floor.voice && !floor.heard.utterances.includes(utterance);
  if (confirmsNothing) return resume(draft, floor);
  if (floor.kind !== 'callerSpeaking' && floor.kind !== 'pausing') return ignore(draft, 'nothing rests on those words');
  if (!floor.heard.utterances.includes(utterance)) return ignore(draft, 'nothing rests on those words');
  const rest = floor.heard.utterances.filter((id) => id !== utterance);
  const { meaning } = floor.heard;
  // What was asked or left open may have been in the words taken back.
  const left =
    meaning === null || rest.length === 0 ? null : ({ ...meaning, asks: 'nothing', ending: 'open' } as const);
  const heard = { ...floor.heard, utterances: rest, meaning: left };
  if (floor.kind === 'callerSpeaking') return patch(draft, { floor: { ...floor, heard } });
  dropSpeculation(draft, floor);
  moveFloor(draft, { ...floor, heard, speculation: null }, pauseDeadlines(draft, heard, floor.sinceMs));
}

function reopen(draft: Draft, floor: InFloor<'thinking' | 'replying'>, heard: Heard): void {
  stopReply(draft, 'interrupted');
  if (floor.overVoiceSinceMs !== null) callerSpeaks(draft, heard, floor.overVoiceSinceMs);
  else callerPauses(draft, heard, draft.at, 0);
}

/** A goodbye is being said to somebody who did not say one: their final words are others than the partial ones were. */
function isWrongGoodbye(draft: Draft, heard: Heard): boolean {
  const { reply } = draft.state.playout;
  return reply?.after === 'goodbye' && answerTo(draft, heard)?.kind !== 'line';
}

/** The words mean something else than was answered, and nothing of the answer was heard yet: answer again. */
function restart(draft: Draft, heard: Heard): void {
  const { floor, playout } = draft.state;
  const isVoiced =
    floor.kind === 'interrupted' ? floor.voice : 'overVoiceSinceMs' in floor && floor.overVoiceSinceMs !== null;
  if (playout.reply?.source.kind === 'line' && !isWrongGoodbye(draft, heard))
    return ignore(draft, 'a fixed line does not depend on the words');
  const answer = answerTo(draft, heard);
  noteClosing(draft, answer);
  noteConsentTurn(draft, answer, heard);
  noteAskingTurn(draft, answer);
  stopReply(draft, 'interrupted');
  if (answer !== null) return beginReply(draft, answer, { hold: isVoiced, heard });
  return isVoiced ? callerSpeaks(draft, heard, draft.at) : listen(draft, 0);
}

function ignoreAnswered(draft: Draft): void {
  ignore(draft, 'these words were answered');
}
