/**
 * What the carrier says and does on the telephone of a person who is rung, and to whoever waits in the room. Nothing private
 * before the key: it may be a voicemail, or somebody of the family, who listens.
 */
import twilio from 'twilio';
import { limits } from '../limits.ts';
import { carrierVoices, type CarrierLanguage } from './spokenLines.ts';
import { carrierPaths } from './twiml.ts';

/** Paths of these documents and callbacks; `http/escalationWebhooks.ts` lists the same. */
export const onCallPaths = {
  whisper: '/twilio/on-call/whisper',
  key: '/twilio/on-call/key',
  join: '/twilio/on-call/join',
  left: '/twilio/on-call/left',
  farewell: '/twilio/on-call/farewell',
  status: '/twilio/on-call/status',
  machine: '/twilio/on-call/machine',
  callback: '/twilio/callback',
  callbackStatus: '/twilio/callback/status',
  callbackMachine: '/twilio/callback/machine',
} as const;

/** One telephone of one escalation. */
export interface Telephone {
  readonly escalationId: string;
  readonly attemptId: string;
}

export type Parting = 'taken' | 'callerGone' | 'thanks' | 'noKey' | 'sorry';

export interface OnCallTwiml {
  /** The question, in both languages. `asked` counts from 1; the last is 2. */
  readonly question: (telephone: Telephone, asked: number) => string;
  /** Sentences, then the way into the room. */
  readonly briefing: (telephone: Telephone, sentences: readonly string[], language: CarrierLanguage) => string;
  readonly room: (telephone: Telephone, room: string, language: CarrierLanguage) => string;
  readonly parting: (why: Parting) => string;
  /** We cannot answer yet: asks us again there. `path` with its query. */
  readonly moment: (path: string) => string;
  /** For whoever is alone in the room; asks again when it was said. */
  readonly wait: (query: string, who: 'caller' | 'person', language: CarrierLanguage, turn: number) => string;
}

type Line = Readonly<Record<CarrierLanguage, string>>;

const question: Line = {
  ar: 'هنا سند، خط الدعم. هناك من يحتاج إلى شخص. لاستلام المكالمة اضغط واحد. إذا لم يكن ذلك ممكنا اضغط اثنين.',
  en: 'Sanad, support line. Somebody needs a person. Press 1 to take the call, 2 if you cannot.',
};

const connecting: Line = { ar: 'يتم الآن التوصيل.', en: 'Connecting you now.' };

const partings: Readonly<Record<Parting, Line>> = {
  taken: { ar: 'تم استلام المكالمة من شخص آخر. شكرا.', en: 'Somebody has taken it. Thank you.' },
  callerGone: { ar: 'انتهت المكالمة من الطرف الآخر. شكرا.', en: 'The caller has left. Thank you.' },
  thanks: { ar: 'شكرا.', en: 'Thank you.' },
  noKey: { ar: 'لم يتم الضغط على رقم. شكرا.', en: 'No key was pressed. Thank you.' },
  sorry: {
    ar: 'نعتذر، حدث خلل عندنا ولا يمكن التوصيل الآن.',
    en: 'Sorry, something went wrong on our side and we cannot connect you now.',
  },
};

const moment: Line = { ar: 'لحظة من فضلك.', en: 'One moment please.' };

/** True whatever happens: the person has answered, and is not heard yet. Said in turn, so that it is no tape. */
const waiting: Readonly<Record<'caller' | 'person', readonly [Line, Line]>> = {
  caller: [
    {
      ar: 'الشخص في الطريق إليك الآن. الرجاء البقاء على الخط.',
      en: 'The person is being connected to you now. Please stay on the line.',
    },
    { ar: 'ما زال التوصيل جاريا. لست وحدك.', en: 'They are still being connected. You are not alone.' },
  ],
  person: [
    { ar: 'يتم الآن توصيل المتصل.', en: 'The caller is being connected.' },
    { ar: 'ما زال التوصيل جاريا.', en: 'Still connecting.' },
  ],
};

const questionSeconds = 8;
/** With the sentence before it: something is heard about every six seconds. */
const waitPauseSeconds = 3;
const retrySeconds = 2;

type Response = InstanceType<typeof twilio.twiml.VoiceResponse>;

export function telephoneQuery({ escalationId, attemptId }: Telephone): string {
  return `?e=${escalationId}&a=${attemptId}`;
}

/** @param publicUrl origin that the carrier sees */
export function createOnCallTwiml(publicUrl: string): OnCallTwiml {
  const at = (path: string, telephone: Telephone, more = '') =>
    `${publicUrl}${path}${telephoneQuery(telephone)}${more}`;
  const again = (response: Response, url: string) => response.redirect({ method: 'POST' }, url);
  return {
    question: (telephone, asked) =>
      printed((response) => {
        const action = at(onCallPaths.key, telephone, `&n=${asked}`);
        const gather = response.gather({
          input: ['dtmf'],
          numDigits: 1,
          timeout: questionSeconds,
          actionOnEmptyResult: true,
          action,
          method: 'POST',
        });
        sayIn(gather, question);
        // Reached only when the carrier could not use the action.
        again(response, action);
      }),
    briefing: (telephone, sentences, language) =>
      printed((response) => {
        for (const sentence of sentences) say(response, sentence, language);
        say(response, connecting[language], language);
        again(response, at(onCallPaths.join, telephone));
      }),
    room: (telephone, room, language) =>
      printed((response) => openRoom(response, telephone, room, language, publicUrl)),
    parting: (why) =>
      printed((response) => {
        sayIn(response, partings[why]);
        response.hangup();
      }),
    moment: (path) =>
      printed((response) => {
        sayIn(response, moment);
        response.pause({ length: retrySeconds });
        again(response, publicUrl + path);
      }),
    wait: (query, who, language, turn) =>
      printed((response) => {
        say(response, waiting[who][turn % 2 === 0 ? 0 : 1][language], language);
        response.pause({ length: waitPauseSeconds });
        again(response, `${publicUrl}${carrierPaths.roomWait}${query}`);
      }),
  };
}

function openRoom(
  response: Response,
  telephone: Telephone,
  room: string,
  language: CarrierLanguage,
  publicUrl: string,
): void {
  const query = telephoneQuery(telephone);
  const dial = response.dial({ action: `${publicUrl}${onCallPaths.left}${query}`, method: 'POST' });
  dial.conference(
    {
      participantLabel: `oncall-${telephone.attemptId}`,
      startConferenceOnEnter: true,
      endConferenceOnExit: true,
      beep: 'false',
      jitterBufferSize: 'small',
      waitUrl: `${publicUrl}${carrierPaths.roomWait}${query}&l=${language}`,
      waitMethod: 'POST',
      // The first to come decides for the whole conference, so both sides ask for the same.
      statusCallback: `${publicUrl}${carrierPaths.roomEvents}?e=${telephone.escalationId}`,
      statusCallbackMethod: 'POST',
      statusCallbackEvent: ['start', 'end', 'join', 'leave'],
    },
    room,
  );
  response.redirect({ method: 'POST' }, `${publicUrl}${onCallPaths.left}${query}`);
}

function printed(write: (response: Response) => void): string {
  const response = new twilio.twiml.VoiceResponse();
  write(response);
  return response.toString();
}

/** Whoever is rung may understand one of the two only. */
function sayIn(into: Pick<Response, 'addChild'>, line: Line): void {
  for (const language of ['ar', 'en'] as const) say(into, line[language], language);
}

/** Printed as text: the printer escapes it, and what XML cannot carry is left out. */
function say(into: Pick<Response, 'addChild'>, sentence: string, spoken: CarrierLanguage): void {
  const { language, voice } = carrierVoices[spoken];
  const text = sentence
    .slice(0, limits.sentenceCharacters)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  into.addChild('Say', { language, voice }).addText(text);
}
