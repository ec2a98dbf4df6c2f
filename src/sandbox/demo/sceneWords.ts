import type { CallEffect, Outcome } from '../../call/effect.ts';
import type { EscalationOutcome } from '../../escalation/model.ts';
import type { LineName } from '../../call/lineName.ts';

/** What the core and the providers name in one word, for people. */

export const handOverWords: Readonly<Record<Extract<CallEffect, { type: 'handOver' }>['reason'], string>> = {
  asked: 'the caller asked',
  risk: 'the caller is in danger',
  fault: 'Sanad has a fault',
  unheard: 'Sanad cannot hear',
};

export const escalationWords: Readonly<Record<Extract<CallEffect, { type: 'escalate' }>['reason'], string>> = {
  asked: 'the caller asked',
  risk: 'the caller is in danger',
  unheard: 'Sanad cannot hear',
  dropped: 'the person was lost',
};

/** How bringing a person ended. */
export const broughtWords: Readonly<Record<EscalationOutcome, string>> = {
  helped: 'helped: the caller and a person spoke',
  callerGone: 'callerGone: the caller was lost before anybody came',
  declined: 'declined: the caller wanted nobody',
  nobody: 'nobody: the call ended and nobody had been reached',
  handedOver: 'handedOver: the carrier dialled the telephone of last resort',
};

/** What became of a telephone, where the record's word is none of everyday. */
export const telephoneWords: Readonly<Record<string, string>> = {
  noAnswer: 'no answer',
  noKey: 'answered, pressed no key',
  tooLate: 'pressed the key too late',
  released: 'released',
  left: 'spoke with the caller',
  declined: 'pressed 2: cannot',
  failed: 'cannot be reached',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  hungUp: 'the caller hung up',
  goodbye: 'goodbye was said',
  silence: 'nobody was to be heard',
  length: 'the longest call',
  lost: 'the line was lost',
};

const providerNames: Readonly<Record<string, string>> = {
  openai: 'OpenAI (stand-in)',
  anthropic: 'Claude (stand-in)',
  recogniser: 'speech recognition (stand-in)',
  synthesiser: 'speech synthesis (stand-in)',
};

export function providerName(provider: string): string {
  return providerNames[provider] ?? provider;
}

const faultWords: Readonly<Record<string, string>> = {
  noFirstToken: 'no first word in time',
  stalled: 'stopped in the middle',
  disconnected: 'the connection broke',
  unreachable: 'cannot be reached',
  truncated: 'ended without its last event',
  service: 'answers with an error',
  rateLimited: 'takes no more requests now',
  empty: 'ended without a word',
};

export function faultText(fault: string): string {
  return faultWords[fault] ?? fault;
}

/** What a fixed line is for, after "Sanad, ". */
export const lineWords: Readonly<Record<LineName, string>> = {
  greeting: 'greeting',
  identity: 'says what it is',
  lineBack: 'back on the line',
  silenceFirst: 'after a silence',
  silenceSecond: 'after a second silence',
  silenceGoodbye: 'goodbye after silence',
  goodbye: 'goodbye',
  cannotHear: 'cannot hear',
  thinkingTrouble: 'scripted line',
  offerPerson: 'offers a person',
  bringingPerson: 'rings a person',
  connecting: 'the carrier dials a person',
  personAnswered: 'a person has answered',
  personDropped: 'the person was lost',
  nobodyReached: 'nobody was reached',
  nobodyYet: 'nobody was reached',
  nobodyForNow: 'nobody was reached',
  personLeft: 'after the person',
  declined: 'nobody is rung',
  offerPersonAgain: 'offers a person again',
  comesAnyway: 'a person comes all the same',
  company1: 'company while telephones ring',
  company2: 'company while telephones ring',
  company3: 'company while telephones ring',
  company4: 'company while telephones ring',
  ringing1: 'telephones ring',
  ringing2: 'telephones ring',
  ringing3: 'telephones ring',
  presence: 'hears a voice without words',
  stayWithMe: 'first response to danger',
  stayWithMeNow: 'first response to danger now',
  otherStay: 'first response to danger of another',
  otherStayNow: 'first response to danger of another now',
  childStay: 'first response to a child',
  childStayNow: 'first response to a child in danger now',
  violenceStay: 'first response to violence',
  violenceStayNow: 'first response to violence now',
  voicesStay: 'first response to voices',
  voicesStayNow: 'first response to voices now',
  medicalStay: 'first response to a medical emergency',
  askSuicide: 'asks directly',
  askSuicideAgain: 'asks directly again',
  askPast: 'asks about before',
  askRecent: 'asks how long ago',
  askHow: 'asks how',
  askWhen: 'asks when',
  askOther: 'asks about the other',
  askSafe: 'asks whether the caller is safe',
  askFreely: 'offers keys instead of words',
  askVoices: 'asks what the voice demands',
  awayFromMeans: 'distance from what may harm',
  whoIsNear: 'asks who is near',
  whereAreYou: 'asks where the caller is',
  breathe: 'breathes with the caller',
  lookAround: 'grounding',
  planPerson: 'a person to turn to',
  whatNext: 'what happens next',
  otherWithYou: 'asks whether they are together',
  otherMeans: 'distance from what may harm the other',
  otherWhere: 'asks where the other is',
  childAdult: 'asks for an adult',
  childBrave: 'encourages the child',
  safePlace: 'a safe place',
  neighbours: 'asks for neighbours',
  voicesNoDeed: 'nothing has to be done for the voices',
  medicalAwake: 'asks whether they breathe',
  medicalNear: 'stay with them',
  askBeforeClosing: 'asks again before the end',
  stayABit: 'asks the caller to stay',
  goodbyeAfterRisk: 'goodbye after danger',
  callbackGreeting: 'calls back',
  voiceTrouble: 'its voice broke off',
  lengthNotice: 'time is nearly up',
  lengthGoodbye: 'time is up',
  fault: 'has a fault',
  askReturning: 'asks whether they rang before',
  returningYes: 'welcomes back',
  returningNo: 'welcomes',
  askMood: 'asks how they feel',
  askMoodEnd: 'asks how they feel now',
  moodNoted: 'thanks for the answer',
  askKeepWords: 'asks whether words may be kept',
  askKeepWordsAgain: 'asks once more whether words may be kept',
  askFollowUp: 'asks whether to ring back',
  askFollowUpAgain: 'asks once more whether to ring back',
  askSms: 'asks whether to write',
  askSmsAgain: 'asks once more whether to write',
  wordsKept: 'words are kept',
  wordsNotKept: 'words are not kept',
  contactAgreed: 'thanks for the answer',
  contactDeclined: 'will not ring or write',
  wordsTakenBack: 'words will be deleted',
  contactTakenBack: 'will not ring or write any more',
  askBeforeAudio: 'asks before it listens',
  askBeforeAudioAgain: 'asks once more before it listens',
};
