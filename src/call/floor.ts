import { ignore, moveFloor, recordCaller, type Draft, type Order } from './draft.ts';
import type { CallEvent } from './event.ts';
import { expectStreamToClose } from './line.ts';
import type { LineName } from './lineName.ts';
import { beginReply, listen, stopReply } from './floorMoves.ts';
import { floorReachedDeadline, replyFailed, replySounded } from './floorReply.ts';
import { speechPaused, speechStarted } from './floorVoice.ts';
import { withWords, wordsCame, wordsVoided } from './floorWords.ts';
import { nothingHeard, type Heard } from './state.ts';

/** The floor region: who may speak. Steps after line, safety and transfer; `obey` is how those override it. */
export function stepFloor(draft: Draft, event: CallEvent): void {
  switch (event.type) {
    case 'speechStarted':
      return speechStarted(draft, event.sinceMs);
    case 'speechPaused':
      return speechPaused(draft, event.sinceMs);
    case 'wordsHypothesised':
    case 'wordsRecognised':
      return wordsCame(draft, event);
    case 'wordsVoided':
      return wordsVoided(draft, event.utterance);
    case 'replySounded':
      return replySounded(draft, event.turn);
    case 'replyFailed':
      return replyFailed(draft, event);
    case 'deadlineReached':
      return floorReachedDeadline(draft, event.name);
    case 'replySent':
      if (event.sentences === 0) return replyFailed(draft, { type: 'replyFailed', turn: event.turn, stage: 'model' });
      return ignore(draft, 'the playout keeps count of it');
    case 'sentenceSent':
    case 'markReturned':
      return ignore(draft, 'the playout keeps count of it');
    case 'digitPressed':
      return ignore(draft, event.digit === '0' ? 'a person is being brought already' : 'no question waits for a key');
    case 'riskRaised':
    case 'riskClarified':
      return ignore(draft, 'the level stays');
    case 'escalationAdvanced':
      return ignore(draft, 'it was known, or that escalation is over');
    case 'consentLookedUp':
    case 'questionsAllowed':
      return ignore(draft, 'it was known');
    case 'hearingLost':
    case 'hearingRestored':
    case 'callStarted':
    case 'streamStarted':
    case 'streamLost':
    case 'hungUp':
    case 'personFinished':
    case 'faulted':
    case 'faultedAgain':
      return ignore(draft, 'other regions answer it');
  }
}

/** Does what a region before the floor ordered; nothing that was under way survives it, and nothing heard is lost. */
export function obey(draft: Draft, order: Order, event: CallEvent): void {
  if (order.kind === 'say') return say(draft, order.line, event);
  stopReply(draft, order.kind === 'listen' ? 'quiet' : 'streamGone');
  recordHeard(draft, event);
  if (order.kind === 'listen') return listen(draft, 0);
  if (order.kind === 'join') return joinPerson(draft, order.escalation);
  moveFloor(draft, { kind: order.kind === 'close' ? 'closed' : 'idle' }, {});
}

function joinPerson(draft: Draft, escalation: number): void {
  draft.effects.push({ type: 'joinPerson', escalation });
  expectStreamToClose(draft, 'person');
  moveFloor(draft, { kind: 'withPerson' }, {});
}

function say(draft: Draft, line: LineName, event: CallEvent): void {
  stopReply(draft, 'quiet');
  const heard = recordHeard(draft, event);
  beginReply(draft, { kind: 'line', line }, { hold: false, heard });
}

/** What the caller had said in a turn not yet taken is kept as a turn; the final of this very event is kept by a joint rule. */
function recordHeard(draft: Draft, event: CallEvent): Heard {
  const { floor } = draft.state;
  const before = 'heard' in floor ? floor.heard : nothingHeard;
  const isWords = event.type === 'wordsHypothesised' || event.type === 'wordsRecognised';
  const heard = isWords ? withWords(before, event) : before;
  if (floor.kind === 'callerSpeaking' || floor.kind === 'pausing') recordCaller(draft, heard.utterances, 'turn');
  return heard;
}
