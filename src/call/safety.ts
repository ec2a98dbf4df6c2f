import { clearDeadline, patch, type Draft } from './draft.ts';
import type { ReplySource } from './effect.ts';
import type { CallEvent } from './event.ts';
import type { LineName } from './lineName.ts';
import { higherRisk, isAtLeast, lowerRisk, type RiskLevel, type Situation } from './meaning.ts';
import {
  companyAt,
  consequenceOf,
  directQuestions,
  firstResponse,
  isDirect,
  leavesStanding,
  questionOf,
  stepAt,
  type SafetyQuestion,
} from './safetySteps.ts';
import type { CallState, PlayedReply, Safety } from './state.ts';
import { bring, escalate, isBringing, sayNotice } from './transfer.ts';

/** The safety region sees every event before the floor does, so no state of the floor can swallow a disclosure. */
export function stepSafety(draft: Draft, event: CallEvent): void {
  switch (event.type) {
    case 'wordsHypothesised':
    case 'wordsRecognised':
      return wordsCame(draft, event);
    case 'riskRaised':
      return raise(draft, event.level, event.situation, event.source === 'carried' ? 'ask' : 'act');
    case 'riskClarified':
      return clarify(draft);
    case 'digitPressed':
      return keyAnswers(draft, event.digit);
    case 'streamStarted':
      return respondAfterLoss(draft);
    case 'deadlineReached':
      if (event.name === 'ringAgain' && draft.state.transfer.kind === 'none') act(draft);
      return;
    default:
  }
}

function wordsCame(draft: Draft, event: Extract<CallEvent, { type: 'wordsHypothesised' | 'wordsRecognised' }>): void {
  const { risk, situation, overheard, answer } = event.meaning;
  if (overheard && !draft.state.safety.overheard) amend(draft, { overheard: true, due: 'askFreely' });
  raise(draft, risk, situation, 'act');
  // A partial yes may be the beginning of something else; what it admits to can wait for the final by half a second.
  if (event.type === 'wordsRecognised' && answer !== null) answered(draft, answer);
}

function amend(draft: Draft, part: Partial<Safety>): void {
  patch(draft, { safety: { ...draft.state.safety, ...part } });
}

/** `ask`: an earlier call left this level open; the caller is asked about it, and nobody is rung for what may be over. */
function raise(draft: Draft, risk: RiskLevel, situation: Situation | null, how: 'act' | 'ask'): void {
  const { safety } = draft.state;
  const level = higherRisk(safety.level, risk);
  const rose = level !== safety.level;
  // Whom the talk was about first stays, unless the danger has become another and greater one.
  const about = situation !== null && (rose || safety.level === 'none') ? situation : safety.situation;
  const step = about === safety.situation ? safety.step : 0;
  if (rose) amend(draft, { level, situation: about, step, closingAsked: false });
  if (isAtLeast(level, 'moderate')) patch(draft, { stage: 'distress' });
  if (how === 'ask' && safety.asked === 0 && safety.told === 'none')
    return amend(draft, { due: directQuestions[about] });
  if (how === 'act' && isAtLeast(risk, 'high')) act(draft);
}

/** Danger: a person now, and our first response once for each level. */
function act(draft: Draft): void {
  const { safety, transfer, line } = draft.state;
  if (transfer.kind === 'joined' || transfer.kind === 'handedOver') return;
  clearDeadline(draft, 'ringAgain');
  const toldBefore = isAtLeast(safety.told, safety.level);
  // Who was told of an earlier ringing is told of this one in a word.
  escalate(draft, 'risk', toldBefore ? 'bringingPerson' : null);
  // What was to be asked is known now; the steps go on from here.
  if (safety.due !== 'askFreely') amend(draft, { due: null });
  if (transfer.kind === 'announcing' || line.kind !== 'up' || !isAtLeast(safety.level, 'high')) return;
  const first = firstResponse(safety.situation, safety.level);
  if (toldBefore) return sayNotice(draft);
  // Every partial of the same words holds the danger again: what is being said is not begun anew.
  if (!isSaying(draft.state, first)) draft.order = { kind: 'say', line: first };
}

function isSaying({ floor, playout }: CallState, line: LineName): boolean {
  const { reply } = playout;
  const underWay = floor.kind === 'thinking' || floor.kind === 'replying';
  return underWay && reply?.source.kind === 'line' && reply.source.line === line;
}

/** The stream came back and the caller has not heard yet what was to be said of the danger, or of who is coming. */
function respondAfterLoss(draft: Draft): void {
  const { safety, transfer } = draft.state;
  if (draft.order === null || !isBringing(draft.state)) return;
  const untold = isAtLeast(safety.level, 'high') && !isAtLeast(safety.told, safety.level);
  const notice = 'notice' in transfer ? transfer.notice : null;
  const line = untold ? firstResponse(safety.situation, safety.level) : notice;
  if (line !== null) draft.order = { kind: 'say', line };
}

/** One step down, and only here. Whoever was rung for it comes all the same. */
function clarify(draft: Draft): void {
  const { level, asked } = draft.state.safety;
  if (asked < 2 || level === 'none' || level === 'imminent') return;
  amend(draft, { level: lowerRisk(level) });
}

function keyAnswers(draft: Draft, digit: string): void {
  if (digit !== '1' && digit !== '2') return;
  const question = standingQuestion(draft.state);
  if (question === null) return;
  answered(draft, digit === '1' ? 'yes' : 'no');
  const { line, floor } = draft.state;
  // A key is a whole turn; there are no words for a model to answer.
  const free = floor.kind === 'listening' || floor.kind === 'pausing' || floor.kind === 'callerSpeaking';
  if (draft.order !== null || line.kind !== 'up' || !free) return;
  const closes = question === 'closing' && mayClose(draft.state);
  draft.order = { kind: 'say', line: closes ? 'goodbyeAfterRisk' : (dueLine(draft.state) ?? 'presence') };
}

function answered(draft: Draft, answer: 'yes' | 'no'): void {
  const question = standingQuestion(draft.state);
  if (question === null) return;
  const { level, next, bringPerson, overheard } = consequenceOf(question, answer);
  const { reply } = draft.state.playout;
  amend(draft, { question: null, answeredTurn: reply?.turn ?? null, ...(overheard ? { overheard } : {}) });
  if (question === 'closing' && answer === 'no') amend(draft, { closingAsked: true });
  if (level !== null) raise(draft, level, null, 'act');
  if (bringPerson) {
    amend(draft, { refusedTurnsAgo: null });
    bring(draft, isAtLeast(draft.state.safety.level, 'high') ? 'risk' : 'asked');
  }
  if (next !== null) amend(draft, { due: next });
}

/** The question that waits for an answer: heard, or just being heard in its last sentence. */
function standingQuestion({ safety, playout }: CallState): SafetyQuestion | null {
  const { reply } = playout;
  if (reply === null || reply.turn === safety.answeredTurn || !wasHeard(reply)) return safety.question;
  const line = lineIn(reply);
  return (line === null ? null : questionOf(line)) ?? safety.question;
}

export function lineIn(reply: PlayedReply): LineName | null {
  return reply.source.kind === 'line' ? reply.source.line : reply.followedBy;
}

/** Its last sentence began at the caller's ear: questions and steps stand last, and are missing when the voice broke off. */
export function wasHeard(reply: PlayedReply): boolean {
  return (
    reply.complete && !reply.broken && reply.heard !== null && reply.heard.sentence >= reply.sentencesMs.length - 1
  );
}

/** What is to be said with Sanad's next words; null when nothing waits. */
export function dueLine(state: CallState): LineName | null {
  const { safety, transfer } = state;
  const notice = 'notice' in transfer ? transfer.notice : null;
  if (notice !== null) return notice;
  const { level, situation, told } = safety;
  const inDanger = isBringing(state) && isAtLeast(level, 'high');
  const ringsForIt = 'reason' in transfer && transfer.reason === 'risk';
  // It was cut off by a fault, or broke off with the voice.
  if (inDanger && ringsForIt && !isAtLeast(told, level)) return firstResponse(situation, level);
  if (safety.due !== null) return safety.due;
  // A sign and no more is asked about, whatever else was asked meanwhile.
  if (level === 'moderate' && told === 'none' && safety.asked === 0) return directQuestions[situation];
  return inDanger ? stepAt(situation, level, safety.step) : null;
}

/** Nobody is being rung for the caller in danger; and where there was risk, safety was asked for again. */
export function mayClose(state: CallState): boolean {
  const { level, closingAsked } = state.safety;
  if (isBringing(state) && isAtLeast(level, 'high')) return false;
  return closingAsked || !isAtLeast(level, 'moderate');
}

/** What Sanad says into a silence while telephones ring. */
export function companyLine(state: CallState): LineName {
  return dueLine(state) ?? companyAt(state.safety.level, state.safety.company);
}

/** A reply is over: what of the staged response the caller has heard with it. `stalled`: the carrier tells us nothing any more. */
export function noteSaid(draft: Draft, reply: PlayedReply, stalled: boolean): void {
  const { safety, transfer } = draft.state;
  const line = lineIn(reply);
  const heard = wasHeard(reply) || (stalled && reply.complete && !reply.broken);
  if (!heard) return;
  if (line === null) return amend(draft, { question: null });
  if ('notice' in transfer && transfer.notice === line) patch(draft, { transfer: { ...transfer, notice: null } });
  const asked = questionOf(line);
  const question = reply.turn === safety.answeredTurn ? null : asked;
  const isFirst = line === firstResponse(safety.situation, safety.level);
  const isStep = line === stepAt(safety.situation, safety.level, safety.step);
  const isCompany = line === companyAt(safety.level, safety.company);
  amend(draft, {
    due: safety.due === line ? null : safety.due,
    question: question ?? (leavesStanding(line) ? safety.question : null),
    step: safety.step + (isStep ? 1 : 0),
    company: safety.company + (isCompany && !isStep ? 1 : 0),
    told: isFirst ? safety.level : safety.told,
    asked: safety.asked + (isDirect(line) ? 1 : 0),
  });
}

/** How many turns of rapport before a caller who wanted no person is offered one again. */
const turnsBeforeOffer = 4;

/** What answers the caller's turn closes the call, or the talk goes on and a no of before counts no longer. */
export function noteClosing(draft: Draft, answer: ReplySource | null): void {
  amend(draft, { closingAsked: answer?.kind === 'line' && answer.line === 'goodbyeAfterRisk' });
}

/** A turn of the caller was taken: a question without answer is put once more, a refusal is remembered for a while. */
export function noteTurn(draft: Draft): void {
  const { safety, transfer } = draft.state;
  const { question, level, told, asked, refusedTurnsAgo } = safety;
  const isSign = told === 'none' && isAtLeast(level, 'moderate');
  const unanswered = question === 'suicide' && isSign && asked === 1 && safety.due === null;
  const offers = refusedTurnsAgo === turnsBeforeOffer && transfer.kind === 'none' && isAtLeast(level, 'high');
  amend(draft, {
    due: unanswered ? 'askSuicideAgain' : offers ? 'offerPersonAgain' : safety.due,
    refusedTurnsAgo: refusedTurnsAgo === null ? null : refusedTurnsAgo + 1,
  });
}
