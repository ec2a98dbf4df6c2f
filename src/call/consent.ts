import { patch, type Draft } from './draft.ts';
import type { ConsentKind, ReplySource } from './effect.ts';
import type { CallEvent, UtteranceId } from './event.ts';
import type { LineName } from './lineName.ts';
import { isAtLeast, type Meaning } from './meaning.ts';
import { dueLine, lineIn, wasHeard } from './safety.ts';
import { leavesStanding } from './safetySteps.ts';
import type { CallState, Consent, ConsentQuestion, Heard, PlayedReply } from './state.ts';
import { isBringing } from './transfer.ts';

/**
 * The consent region: what the caller agrees to, asked in the call in fixed words, one short question at a time (clinical.md §4.5, §5;
 * docs/records.md). It steps after safety and transfer and yields to both: nothing is asked above `low`, while a person is brought, or
 * while somebody listens. The call is as good without any answer.
 */
export function stepConsent(draft: Draft, event: CallEvent): void {
  if (event.type === 'consentLookedUp' && draft.state.consent.open === null) amend(draft, { open: [...event.open] });
  if (event.type === 'wordsHypothesised' || event.type === 'wordsRecognised') noteWords(draft, event.meaning);
  if (event.type === 'wordsRecognised') wordsCame(draft, event.meaning, event.utterance);
  if (event.type === 'digitPressed') keyAnswers(draft, event.digit);
  if (isForbidden(draft.state)) giveWay(draft);
}

/** So many replies without a painful word come first: the call begins with listening, and nobody is asked in the middle of what hurts. */
const calmRepliesFirst = 2;
const mostAsked = 2;

const kinds: readonly ConsentKind[] = ['keepWords', 'followUp', 'sms'];

/** First in plain words, then in simpler ones. */
const questions: Readonly<Record<ConsentKind, readonly [LineName, LineName]>> = {
  keepWords: ['askKeepWords', 'askKeepWordsAgain'],
  followUp: ['askFollowUp', 'askFollowUpAgain'],
  sms: ['askSms', 'askSmsAgain'],
};

/** After an answer in the middle of the talk; at a goodbye the next question or the goodbye itself follows. */
const thanks: Readonly<Record<ConsentKind, Readonly<Record<'yes' | 'no', LineName>>>> = {
  keepWords: { yes: 'wordsKept', no: 'wordsNotKept' },
  followUp: { yes: 'contactAgreed', no: 'contactDeclined' },
  sms: { yes: 'contactAgreed', no: 'contactDeclined' },
};

const takenBack: Readonly<
  Record<'words' | 'contact', { readonly kinds: readonly ConsentKind[]; readonly line: LineName }>
> = {
  words: { kinds: ['keepWords'], line: 'wordsTakenBack' },
  contact: { kinds: ['followUp', 'sms'], line: 'contactTakenBack' },
};

function amend(draft: Draft, part: Partial<Consent>): void {
  patch(draft, { consent: { ...draft.state.consent, ...part } });
}

export function consentAskedBy(line: LineName | null): ConsentKind | null {
  return line === null ? null : (kinds.find((kind) => questions[kind].includes(line)) ?? null);
}

/** Help comes before consent, and consent is no matter for a third pair of ears. */
export function isForbidden({ safety, transfer }: CallState): boolean {
  return isAtLeast(safety.level, 'moderate') || safety.overheard || transfer.kind !== 'none';
}

function mayAsk(state: CallState): boolean {
  return !isForbidden(state) && state.hearing === 'up' && dueLine(state) === null && state.consent.question === null;
}

function questionFor({ consent }: CallState, kind: ConsentKind): LineName | null {
  if (consent.open?.includes(kind) !== true || consent.asked[kind] >= mostAsked) return null;
  return questions[kind][consent.asked[kind] === 0 ? 0 : 1];
}

/** What is asked with Sanad's answer in the middle of the talk: only whether words may be kept. Null when it is not the time. */
export function consentLine(state: CallState): LineName | null {
  if (state.consent.calmReplies < calmRepliesFirst || !mayAsk(state)) return null;
  return questionFor(state, 'keepWords');
}

/** What is asked when the caller says goodbye, before Sanad does. A second goodbye is not held up. */
export function consentBeforeGoodbye(state: CallState): LineName | null {
  const { moment, replies } = state.consent;
  return moment === 'goodbye' || replies === 0 || !mayAsk(state) ? null : nextAtGoodbye(state);
}

function nextAtGoodbye(state: CallState): LineName | null {
  // Who may not be rung is not asked about messages on top of it.
  const { open } = state.consent;
  const inTurn = kinds.filter((kind) => kind !== 'sms' || open?.includes('followUp') !== true);
  return inTurn.map((kind) => questionFor(state, kind)).find((line) => line !== null) ?? null;
}

/** A fixed line that answers an answer; it takes the place of the model's reply. */
export function consentReply({ consent }: CallState): LineName | null {
  return consent.due;
}

/** The same when the answer came before our last syllable, and nobody speaks now. While telephones ring it waits for a turn. */
export function consentAfterReply(state: CallState): LineName | null {
  return isBringing(state) ? null : state.consent.due;
}

/** The caller has said goodbye, was asked, and says nothing more. */
export function isSilentAtGoodbye({ consent }: CallState): boolean {
  return consent.moment === 'goodbye' && consent.question !== null;
}

/** The words so far sound like an answer to our question: its final is worth waiting for, since only that is evidence. */
export function awaitsAnswer(state: CallState, { meaning }: Heard): boolean {
  return awaitsConsent(state) && meaning !== null && meaning.answer !== null;
}

function noteWords(draft: Draft, { painful, risk }: Meaning): void {
  if ((painful || risk !== 'none') && draft.state.consent.calmReplies > 0) amend(draft, { calmReplies: 0 });
}

function wordsCame(draft: Draft, { answer, consent }: Meaning, utterance: UtteranceId): void {
  const asked = standingQuestion(draft.state);
  if (consent === 'takesBackWords' || consent === 'takesBackContact') {
    const what = takenBack[consent === 'takesBackWords' ? 'words' : 'contact'];
    // "No, do not keep them" to our own question is its answer.
    if (asked !== null && what.kinds.includes(asked.kind)) return answered(draft, asked, 'no', utterance);
    return takeBack(draft, what, utterance);
  }
  // What is said in danger is no agreement to anything.
  if (asked !== null && answer !== null && !isForbidden(draft.state)) answered(draft, asked, answer, utterance);
}

function keyAnswers(draft: Draft, digit: string): void {
  const asked = standingQuestion(draft.state);
  if ((digit !== '1' && digit !== '2') || asked === null || draft.order !== null || isForbidden(draft.state)) return;
  answered(draft, asked, digit === '1' ? 'yes' : 'no', null);
  const { line, floor, consent } = draft.state;
  // A key is a whole turn. Over our own last words it waits for them to end.
  const free = floor.kind === 'listening' || floor.kind === 'pausing' || floor.kind === 'callerSpeaking';
  if (consent.due !== null && line.kind === 'up' && free) draft.order = { kind: 'say', line: consent.due };
}

function answered(draft: Draft, asked: ConsentQuestion, answer: 'yes' | 'no', utterance: UtteranceId | null): void {
  const { kind, line } = asked;
  const { open, moment } = draft.state.consent;
  const settled: readonly ConsentKind[] = kind === 'followUp' && answer === 'no' ? ['followUp', 'sms'] : [kind];
  const { reply } = draft.state.playout;
  amend(draft, {
    question: null,
    answeredTurn: reply?.turn ?? null,
    open: (open ?? []).filter((each) => !settled.includes(each)),
  });
  const next = moment === 'goodbye' ? (nextAtGoodbye(draft.state) ?? 'goodbye') : thanks[kind][answer];
  amend(draft, { due: next });
  const given = answer === 'yes' ? 'given' : 'refused';
  draft.effects.push({ type: 'recordConsent', kind, answer: given, line, utterance });
}

/** At any time, and of whatever was agreed in whatever call. Kept once a call; said again, it is answered again. */
function takeBack(draft: Draft, what: (typeof takenBack)['words'], utterance: UtteranceId): void {
  const { open, takenBack: before, question } = draft.state.consent;
  for (const kind of what.kinds.filter((each) => !before.includes(each)))
    draft.effects.push({ type: 'recordConsent', kind, answer: 'withdrawn', line: null, utterance });
  amend(draft, {
    open: open?.filter((kind) => !what.kinds.includes(kind)) ?? null,
    takenBack: [...new Set([...before, ...what.kinds])],
    question: question !== null && what.kinds.includes(question.kind) ? null : question,
    due: what.line,
  });
}

/** A yes or a no would now answer our question for consent, and no other. */
export function awaitsConsent(state: CallState): boolean {
  return standingQuestion(state) !== null;
}

/** The question that waits for an answer: heard, or just being heard in its last sentence. */
function standingQuestion({ consent, playout }: CallState): ConsentQuestion | null {
  const { reply } = playout;
  if (reply === null || reply.turn === consent.answeredTurn || !wasHeard(reply)) return consent.question;
  const line = lineIn(reply);
  const kind = consentAskedBy(line);
  if (kind !== null && line !== null) return consent.open?.includes(kind) === true ? { kind, line } : null;
  return line !== null && leavesStanding(line) ? consent.question : null;
}

/** Danger, a person, or somebody who listens: what was being asked is dropped, and what is said instead is safety's. */
function giveWay(draft: Draft): void {
  const { consent } = draft.state;
  const asksNext = consentAskedBy(consent.due) !== null || consent.due === 'goodbye';
  if (consent.question !== null || consent.moment === 'goodbye' || asksNext)
    amend(draft, { question: null, moment: 'talk', due: asksNext ? null : consent.due });
  withdrawQuestion(draft, (each) => consentAskedBy(each) !== null);
}

/** A question that is being prepared or said is not said to its end. */
export function withdrawQuestion(draft: Draft, isAsked: (line: LineName | null) => boolean): void {
  const { playout, floor, line } = draft.state;
  const { reply } = playout;
  if (reply === null || !isAsked(lineIn(reply)) || draft.order !== null || line.kind !== 'up') return;
  if (floor.kind === 'pausing') {
    draft.effects.push({ type: 'dropReply', turn: reply.turn });
    patch(draft, { floor: { ...floor, speculation: null } });
  } else if (floor.kind === 'interrupted') draft.order = { kind: 'listen' };
  else draft.order = { kind: 'say', line: dueLine(draft.state) ?? 'presence' };
}

/** A reply is over: whether a question was asked with it. `stalled`: the carrier tells us nothing any more. */
export function noteConsentSaid(draft: Draft, reply: PlayedReply, stalled: boolean): void {
  const { consent } = draft.state;
  if (consent.open === null && consent.due === null) return;
  const line = lineIn(reply);
  const heard = wasHeard(reply) || (stalled && reply.complete && !reply.broken);
  const isModel = reply.source.kind === 'model';
  const due = reply.source.kind === 'line' && reply.source.line === consent.due ? null : consent.due;
  const kind = consentAskedBy(line);
  if (kind === null || line === null) {
    const stands = line !== null && leavesStanding(line);
    const calm = isModel && heard ? 1 : 0;
    return amend(draft, {
      due,
      question: heard && !stands ? null : consent.question,
      replies: consent.replies + calm,
      calmReplies: consent.calmReplies + calm,
    });
  }
  // Cut off in what the model said before it: it was not asked, and who breaks in has something to say first.
  if (!heard && isModel) return amend(draft, { due, calmReplies: 0 });
  const asked = { ...consent.asked, [kind]: consent.asked[kind] + 1 };
  const answeredAlready = reply.turn === consent.answeredTurn || isForbidden(draft.state);
  const question = heard && !answeredAlready ? { kind, line } : null;
  amend(draft, { due, asked, question, calmReplies: 0, replies: consent.replies + (isModel ? 1 : 0) });
}

/** A turn of the caller was taken. A question that it passed over is put once more; "later" or painful words put it off. */
export function noteConsentTurn(draft: Draft, answer: ReplySource | null, { meaning }: Heard): void {
  const { consent } = draft.state;
  const line = answer?.kind === 'line' ? answer.line : null;
  const moment = consentAskedBy(line) === null ? 'talk' : 'goodbye';
  const due = line !== consent.due && (consentAskedBy(consent.due) !== null || consent.due === 'goodbye');
  const passedOver = consent.question !== null && meaning?.consent !== 'later' && meaning?.painful !== true;
  if (consent.question === null && moment === consent.moment && !due) return;
  amend(draft, {
    moment,
    due: due ? null : consent.due,
    question: null,
    calmReplies: passedOver ? calmRepliesFirst : consent.calmReplies,
  });
}
