import { takesFloor } from './bargeIn.ts';
import { ignore, moveFloor, patch, type Draft } from './draft.ts';
import type { CallEvent, UtteranceId } from './event.ts';
import {
  beginReply,
  callerPauses,
  callerSpeaks,
  commitTurn,
  dropSpeculation,
  pauseDeadlines,
  resume,
  stopReply,
  type InFloor,
} from './floorMoves.ts';
import { nothingHeard, type Heard } from './state.ts';

export type WordsEvent = Extract<CallEvent, { type: 'wordsHypothesised' | 'wordsRecognised' }>;

/** Words of the caller. They can open, extend, confirm or reopen a turn; which of these is decided by who has the floor. */
export function wordsCame(draft: Draft, event: WordsEvent): void {
  const { floor } = draft.state;
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

/** `heard` with the words of this event; a final closes its utterance. */
export function withWords(heard: Heard, event: WordsEvent): Heard {
  const { utterances, finals } = heard;
  const isFinal = event.type === 'wordsRecognised';
  return {
    utterances: utterances.includes(event.utterance) ? utterances : [...utterances, event.utterance],
    finals: isFinal && !finals.includes(event.utterance) ? [...finals, event.utterance] : finals,
    meaning: event.meaning,
    speculated: heard.speculated,
  };
}

function grew(heard: Heard, event: WordsEvent): boolean {
  return !heard.utterances.includes(event.utterance) || event.meaning.wordCount > (heard.meaning?.wordCount ?? 0);
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
    if (changed && unheard) return restart(draft, withWords(floor.heard, event));
    return ignoreAnswered(draft);
  }
  if (!takesFloor(event.meaning)) return ignore(draft, 'listening words do not take the floor');
  reopen(draft, floor, withWords(nothingHeard, event));
}

function wordsAfterInterruption(draft: Draft, floor: InFloor<'interrupted'>, event: WordsEvent): void {
  if (floor.heard.utterances.includes(event.utterance)) return ignoreAnswered(draft);
  if (takesFloor(event.meaning)) {
    stopReply(draft, 'interrupted');
    const heard = withWords(nothingHeard, event);
    if (floor.voice) callerSpeaks(draft, heard, draft.at);
    else callerPauses(draft, heard, draft.at, 0);
    return;
  }
  if (!floor.voice) return resume(draft, floor);
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
  const heard = { ...floor.heard, utterances: rest, meaning: rest.length === 0 ? null : floor.heard.meaning };
  if (floor.kind === 'callerSpeaking') return patch(draft, { floor: { ...floor, heard } });
  dropSpeculation(draft, floor);
  moveFloor(draft, { ...floor, heard, speculation: null }, pauseDeadlines(draft, heard, floor.sinceMs));
}

function reopen(draft: Draft, floor: InFloor<'thinking' | 'replying'>, heard: Heard): void {
  stopReply(draft, 'interrupted');
  if (floor.overVoiceSinceMs !== null) callerSpeaks(draft, heard, floor.overVoiceSinceMs);
  else callerPauses(draft, heard, draft.at, 0);
}

/** The words mean something else than was answered, and nothing of the answer was heard yet: answer again. */
function restart(draft: Draft, heard: Heard): void {
  const held = 'overVoiceSinceMs' in draft.state.floor && draft.state.floor.overVoiceSinceMs !== null;
  if (draft.state.playout.reply?.source.kind === 'line')
    return ignore(draft, 'a fixed line does not depend on the words');
  stopReply(draft, 'interrupted');
  beginReply(draft, { kind: 'model' }, { hold: held, heard });
}

function ignoreAnswered(draft: Draft): void {
  ignore(draft, 'these words were answered');
}
