/** Prints what comes next as TwiML. Every URL is absolute: documents sent by REST have no base to resolve against. */
import twilio from 'twilio';
import { limits } from '../limits.ts';
import type { NextStep } from '../session/callDesk.ts';
import { beforePerson, carrierVoices, nobodyAtAll, noPerson, trying } from './spokenLines.ts';
import type { CarrierLanguage, CarrierVoice } from './spokenLines.ts';

type Response = InstanceType<typeof twilio.twiml.VoiceResponse>;

/** Paths that TwiML hands to the carrier; the router lists the same. */
export const carrierPaths = {
  voice: '/twilio/voice',
  consent: '/twilio/consent',
  media: '/twilio/media',
  afterStream: '/twilio/after-stream',
  afterPerson: '/twilio/after-person',
  fallback: '/twilio/fallback',
  streamStatus: '/twilio/stream-status',
  callStatus: '/twilio/call-status',
  sms: '/twilio/sms',
  roomWait: '/twilio/room/wait',
  roomEvents: '/twilio/room/events',
} as const;

/** Twilio allows fewer than 500 characters for name and value of a `<Parameter>` together. */
const parameterCharacters = 499;

export interface Twiml {
  /** Throws RangeError for a ticket that does not fit into a `<Parameter>`: our own mistake. */
  readonly print: (step: Exclude<NextStep, { readonly kind: 'fallback' }>) => string;
  /**
   * What a caller gets when Sanad cannot even say what comes next. Needs nothing but the settings: rings the fallback
   * person, or (none is configured) asks the caller to stay and asks us again.
   *
   * @param attempt from 1; after `limits.fallbackAttempts` the call ends with honest words instead of ringing for ever
   */
  readonly fallback: (attempt: number) => string;
  /** An empty document: nothing more to do (the call is over), or nothing to say (a text message). */
  readonly nothing: () => string;
}

export interface TwimlSettings {
  /** Origin that the carrier sees: `https://host`, or `http://…` outside production. */
  readonly publicUrl: string;
  /** E.164; shown to the person who is rung. */
  readonly phoneNumber: string;
  /** E.164 of the person of last resort; null when nobody is configured. */
  readonly fallbackPhoneNumber: string | null;
}

export function createTwiml(settings: TwimlSettings): Twiml {
  return {
    print: (step) => {
      const response = new twilio.twiml.VoiceResponse();
      take(response, step, settings);
      return response.toString();
    },
    fallback: (attempt) => {
      const response = new twilio.twiml.VoiceResponse();
      fallBack(response, attempt, settings);
      return response.toString();
    },
    nothing: () => new twilio.twiml.VoiceResponse().toString(),
  };
}

function take(response: Response, step: Parameters<Twiml['print']>[0], settings: TwimlSettings): void {
  switch (step.kind) {
    case 'stream':
      return openStream(response, step.ticket, settings);
    case 'sayThenStream':
      for (const sentence of step.sentences.slice(0, limits.replySentences)) say(response, step, sentence);
      return openStream(response, step.ticket, settings);
    case 'sayThenHangUp':
      for (const sentence of step.sentences.slice(0, limits.replySentences)) say(response, step, sentence);
      response.hangup();
      return;
    case 'askForKey':
      return askForKey(response, step, settings);
    case 'person':
      if (settings.fallbackPhoneNumber === null) {
        sayLine(response, noPerson, step.language);
        response.redirect({ method: 'POST' }, settings.publicUrl + carrierPaths.afterPerson);
        return;
      }
      if (step.announced !== true) sayLine(response, beforePerson[step.reason], step.language);
      return ring(response, settings.fallbackPhoneNumber, carrierPaths.afterPerson, settings);
    case 'room':
      return openRoom(response, step, settings);
    case 'hangUp':
      response.hangup();
  }
}

/** One key; without any the redirect asks us all the same, so that nobody who cannot press is left in silence. */
function askForKey(
  response: Response,
  step: Extract<NextStep, { readonly kind: 'askForKey' }>,
  { publicUrl }: TwimlSettings,
): void {
  const action = `${publicUrl}${carrierPaths.consent}?asked=${step.asked}`;
  const gather = response.gather({ input: ['dtmf'], numDigits: 1, timeout: keySeconds, action, method: 'POST' });
  for (const sentence of step.sentences.slice(0, limits.replySentences)) {
    const text = printable(sentence.slice(0, limits.sentenceCharacters));
    gather.addChild('Say', { language: step.language, voice: step.voice }).addText(text);
  }
  response.redirect({ method: 'POST' }, action);
}

/** As long as the question to the person on call waits; it was heard just before. */
const keySeconds = 8;

/**
 * The caller's side of the room (twilio.md §2.6). When either side leaves, the room is over and `action` brings Sanad back; no beep and
 * no music, and the smallest jitter buffer, since this is a talk. Nothing here depends on a REST call.
 */
function openRoom(
  response: Response,
  step: Extract<NextStep, { readonly kind: 'room' }>,
  { publicUrl }: TwimlSettings,
): void {
  const query = `?e=${step.escalationId}`;
  const dial = response.dial({ action: `${publicUrl}${carrierPaths.afterPerson}${query}`, method: 'POST' });
  dial.conference(
    {
      participantLabel: 'caller',
      startConferenceOnEnter: true,
      endConferenceOnExit: true,
      beep: 'false',
      jitterBufferSize: 'small',
      waitUrl: `${publicUrl}${carrierPaths.roomWait}${query}&l=${step.language}`,
      waitMethod: 'POST',
      statusCallback: `${publicUrl}${carrierPaths.roomEvents}${query}`,
      statusCallbackMethod: 'POST',
      statusCallbackEvent: ['start', 'end', 'join', 'leave'],
    },
    step.room,
  );
  response.redirect({ method: 'POST' }, publicUrl + carrierPaths.fallback);
}

/**
 * The verb after `<Connect>` is a net below the net: it is reached only when the carrier cannot use our `action`, and then
 * a bare end of the document would hang up on the caller.
 */
function openStream(response: Response, ticket: string, settings: TwimlSettings): void {
  if ('ticket'.length + ticket.length > parameterCharacters) throw new RangeError('the ticket is too long');
  const { publicUrl } = settings;
  const connect = response.connect({ action: publicUrl + carrierPaths.afterStream, method: 'POST' });
  const stream = connect.stream({
    url: publicUrl.replace(/^http/, 'ws') + carrierPaths.media,
    statusCallback: publicUrl + carrierPaths.streamStatus,
    statusCallbackMethod: 'POST',
  });
  stream.parameter({ name: 'ticket', value: ticket });
  response.redirect({ method: 'POST' }, publicUrl + carrierPaths.fallback);
}

function fallBack(response: Response, attempt: number, settings: TwimlSettings): void {
  if (attempt > limits.fallbackAttempts) {
    sayLine(response, nobodyAtAll);
    response.hangup();
    return;
  }
  const next = `${carrierPaths.afterPerson}?attempt=${attempt + 1}`;
  if (settings.fallbackPhoneNumber === null) {
    sayLine(response, trying);
    response.pause({ length: 2 });
    response.redirect({ method: 'POST' }, settings.publicUrl + next);
    return;
  }
  sayLine(response, beforePerson.fault);
  ring(response, settings.fallbackPhoneNumber, next, settings);
}

function ring(response: Response, number: string, action: string, settings: TwimlSettings): void {
  const dial = response.dial({
    action: settings.publicUrl + action,
    method: 'POST',
    answerOnBridge: true,
    callerId: settings.phoneNumber,
    timeout: limits.fallbackRingSeconds,
  });
  dial.number(number);
}

/** In the caller's language, or in both when it is not known. */
function sayLine(
  response: Response,
  line: Readonly<Record<CarrierLanguage, string>>,
  language?: CarrierLanguage,
): void {
  const languages: readonly CarrierLanguage[] = language === undefined ? ['ar', 'en'] : [language];
  for (const each of languages) say(response, carrierVoices[each], line[each]);
}

/** Voice and language are always explicit: the carrier's default voice reads English. */
function say(response: Response, { language, voice }: CarrierVoice, sentence: string): void {
  const text = printable(sentence.slice(0, limits.sentenceCharacters));
  response.addChild('Say', { language, voice }).addText(text);
}

/** XML has no way to write control characters and lone surrogates; the printer would throw on them. */
function printable(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
}
