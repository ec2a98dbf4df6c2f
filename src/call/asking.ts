import { consentAskedBy, consentBeforeGoodbye, isForbidden, withdrawQuestion } from './consent.ts';
import { patch, type Draft } from './draft.ts';
import type { ReplySource } from './effect.ts';
import type { CallEvent } from './event.ts';
import type { LineName } from './lineName.ts';
import type { Meaning } from './meaning.ts';
import { dueLine, lineIn, wasHeard } from './safety.ts';
import { leavesStanding } from './safetySteps.ts';
import type { Asking, CallState, Heard, PlayedReply, SmallQuestion } from './state.ts';
import { isBringing } from './transfer.ts';

/**
 * The asking region: small questions that an organisation may let Sanad ask (docs/progress.md): how the caller feels from one to ten,
 * near the start and once more at the goodbye, and whether they have rung before. It steps after consent and yields to safety as consent
 * does. Each is asked once at most, and none is ever asked for the first time in the middle of what hurts.
 */
export function stepAsking(draft: Draft, event: CallEvent): void {
  const { allowed } = draft.state.asking;
  if (event.type === 'questionsAllowed' && allowed.length === 0 && event.questions.length > 0)
    amend(draft, { allowed: [...event.questions] });
  if (draft.state.asking.allowed.length === 0) return;
  if (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') noteWords(draft, event.meaning);
  if (event.type === 'wordsRecognised') wordsCame(draft, event.meaning);
  if (event.type === 'digitPressed') keyAnswers(draft, event.digit);
  if (isForbidden(draft.state)) giveWay(draft);
}

/** So many replies of the model are heard first, and between two questions of whatever kind. */
const calmRepliesFirst = 1;
/** Later than this it is not near the start any more, and nothing could be compared with the end. */
const lastReplyNearStart = 5;
/** A call that is over sooner has no end to ask about. */
const leastRepliesBeforeEnd = 2;
/** A longer answer tells something, and is answered by the model. */
const answerWords = 4;

const lines: Readonly<Record<SmallQuestion, LineName>> = {
  returning: 'askReturning',
  moodStart: 'askMood',
  moodEnd: 'askMoodEnd',
};
const questions: readonly SmallQuestion[] = ['returning', 'moodStart', 'moodEnd'];
const thanks: readonly (LineName | null)[] = ['moodNoted', 'returningYes', 'returningNo'];

function amend(draft: Draft, part: Partial<Asking>): void {
  patch(draft, { asking: { ...draft.state.asking, ...part } });
}

export function smallQuestionIn(line: LineName | null): SmallQuestion | null {
  return questions.find((question) => lines[question] === line) ?? null;
}

function mayAsk(state: CallState): boolean {
  const { safety, consent, asking, hearing } = state;
  const free = safety.question === null && consent.question === null && asking.question === null;
  return free && !isForbidden(state) && hearing === 'up' && dueLine(state) === null;
}

/** What is asked with Sanad's answer near the start of the talk; null when it is not the time. */
export function askingLine(state: CallState): LineName | null {
  const { allowed, asked, replies, calmReplies } = state.asking;
  if (calmReplies < calmRepliesFirst || replies > lastReplyNearStart || !mayAsk(state)) return null;
  if (allowed.includes('returning') && !asked.includes('returning')) return lines.returning;
  return allowed.includes('mood') && !asked.includes('moodStart') ? lines.moodStart : null;
}

/** A question of ours was just asked, or what was said hurts: nothing else is asked with this answer. */
export function isAskedOut({ asking }: CallState): boolean {
  return asking.allowed.length > 0 && asking.calmReplies < calmRepliesFirst;
}

/** What is asked when the caller says goodbye: only of one who answered at the start. A second goodbye is not held up by anything. */
export function askingBeforeGoodbye(state: CallState): LineName | null {
  const { asked, replies, rated, question } = state.asking;
  if (question === 'moodEnd') return 'goodbye';
  if (!rated || asked.includes('moodEnd') || replies < leastRepliesBeforeEnd || !mayAsk(state)) return null;
  return lines.moodEnd;
}

/** A fixed line that answers an answer; it takes the place of the model's reply. */
export function askingReply({ asking }: CallState): LineName | null {
  return asking.due;
}

/** The same when the answer came before our last syllable, and nobody speaks now. */
export function askingAfterReply(state: CallState): LineName | null {
  return isBringing(state) ? null : state.asking.due;
}

export function isSilentAtEndQuestion({ asking }: CallState): boolean {
  return asking.question === 'moodEnd';
}

/** The words so far sound like an answer to our question: their final is worth waiting for. */
export function awaitsSmallAnswer(state: CallState, { meaning }: Heard): boolean {
  return standingQuestion(state) !== null && (meaning?.rating !== undefined || (meaning?.answer ?? null) !== null);
}

/** The caller says that they have rung before. Not while somebody listens. */
export function saysTheyRangBefore({ asking, safety }: CallState): boolean {
  return asking.rangBefore === 'yes' && !safety.overheard;
}

function noteWords(draft: Draft, { painful, risk, wordCount }: Meaning): void {
  const hurts = painful || risk !== 'none';
  const { calmReplies, due } = draft.state.asking;
  // "Seven. But he hit me" is not answered with thanks for the seven.
  const goesOn = thanks.includes(due) && (hurts || wordCount > answerWords);
  if ((hurts && calmReplies > 0) || goesOn)
    amend(draft, { calmReplies: hurts ? 0 : calmReplies, due: goesOn ? null : due });
}

function wordsCame(draft: Draft, { answer, rating, wordCount, consent }: Meaning): void {
  const asked = standingQuestion(draft.state);
  if (asked === null || isForbidden(draft.state)) return;
  const isShort = wordCount <= answerWords;
  if (asked === 'returning') {
    if (answer !== null) answersReturning(draft, answer, isShort);
  } else if (rating !== undefined) recordRating(draft, { asked, rating, how: 'voice', isShort });
  else if (asked === 'moodEnd' && (answer === 'no' || consent === 'later')) settle(draft, afterEnd(draft.state));
}

function keyAnswers(draft: Draft, digit: string): void {
  const asked = standingQuestion(draft.state);
  if (asked === null || draft.order !== null || isForbidden(draft.state)) return;
  if (asked === 'returning') {
    if (digit !== '1' && digit !== '2') return;
    answersReturning(draft, digit === '1' ? 'yes' : 'no', true);
  } else {
    const rating = ratingOfKey(digit);
    if (rating === null) return;
    recordRating(draft, { asked, rating, how: 'key', isShort: true });
  }
  const { line, floor, asking } = draft.state;
  // A key is a whole turn. Over our own last words it waits for them to end.
  const free = floor.kind === 'listening' || floor.kind === 'pausing' || floor.kind === 'callerSpeaking';
  if (asking.due !== null && line.kind === 'up' && free) draft.order = { kind: 'say', line: asking.due };
}

/** The star is ten: 0 brings a person at any time, so "1, 0" cannot be it. */
function ratingOfKey(digit: string): number | null {
  if (digit === '*') return 10;
  return /^[1-9]$/.test(digit) ? Number(digit) : null;
}

function answersReturning(draft: Draft, answer: 'yes' | 'no', isShort: boolean): void {
  settle(draft, isShort ? (answer === 'yes' ? 'returningYes' : 'returningNo') : null);
  amend(draft, { rangBefore: answer });
}

interface Rated {
  readonly asked: 'moodStart' | 'moodEnd';
  readonly rating: number;
  readonly how: 'voice' | 'key';
  readonly isShort: boolean;
}

function recordRating(draft: Draft, { asked, rating, how, isShort }: Rated): void {
  const moment = asked === 'moodEnd' ? 'end' : 'start';
  settle(draft, moment === 'end' ? afterEnd(draft.state) : isShort ? 'moodNoted' : null);
  amend(draft, { rated: true });
  draft.effects.push({ type: 'recordMood', moment, rating, how });
}

function settle(draft: Draft, due: LineName | null): void {
  const { reply } = draft.state.playout;
  amend(draft, { question: null, answeredTurn: reply?.turn ?? null, due });
}

function afterEnd(state: CallState): LineName {
  return consentBeforeGoodbye(state) ?? 'goodbye';
}

/** The question that waits for an answer: heard, or just being heard in its last sentence. */
function standingQuestion({ asking, playout }: CallState): SmallQuestion | null {
  const { reply } = playout;
  if (reply === null || reply.turn === asking.answeredTurn || !wasHeard(reply)) return asking.question;
  const line = lineIn(reply);
  if (line === null || leavesStanding(line)) return line === null ? null : asking.question;
  return smallQuestionIn(line);
}

/** Danger, a person, or somebody who listens: what was being asked is dropped, and what is said instead is safety's. */
function giveWay(draft: Draft): void {
  const { question, due } = draft.state.asking;
  if (question !== null || due !== null) amend(draft, { question: null, due: null });
  withdrawQuestion(draft, (line) => smallQuestionIn(line) !== null);
}

/** A reply is over: whether a question was asked with it. `stalled`: the carrier tells us nothing any more. */
export function noteAskingSaid(draft: Draft, reply: PlayedReply, stalled: boolean): void {
  const { asking } = draft.state;
  if (asking.allowed.length === 0) return;
  const line = lineIn(reply);
  const heard = wasHeard(reply) || (stalled && reply.complete && !reply.broken);
  const isModel = reply.source.kind === 'model';
  const asks = smallQuestionIn(line);
  const due = reply.source.kind === 'line' && reply.source.line === asking.due ? null : asking.due;
  const replies = asking.replies + (isModel && heard ? 1 : 0);
  if (asks === null) {
    const stands = line !== null && leavesStanding(line);
    const calmReplies = consentAskedBy(line) === null ? asking.calmReplies + (isModel && heard ? 1 : 0) : 0;
    return amend(draft, { due, replies, calmReplies, question: heard && !stands ? null : asking.question });
  }
  // Cut off in what the model said before it: it was not asked, and who breaks in has something to say first.
  if (!heard && isModel) return amend(draft, { due, calmReplies: 0 });
  const answeredAlready = reply.turn === asking.answeredTurn || isForbidden(draft.state);
  const question = heard && !answeredAlready ? asks : null;
  amend(draft, { due, replies, question, calmReplies: 0, asked: [...asking.asked, asks] });
}

/** A turn of the caller was taken: a question that it passed over is not put again. */
export function noteAskingTurn(draft: Draft, answer: ReplySource | null): void {
  const { question, due } = draft.state.asking;
  const line = answer?.kind === 'line' ? answer.line : null;
  if (question !== null || (due !== null && due !== line))
    amend(draft, { question: null, due: line === due ? due : null });
}
