/** Attributes as Twilio's schema knows them: names and, where it lists them, values. */
import type { XmlElement } from './xml.ts';

/** Every attribute Twilio documents, also those that change nothing here (README.md). */
const known: Readonly<Record<string, string>> = {
  Response: '',
  Say: 'language loop voice',
  Play: 'digits loop',
  Pause: 'length',
  Gather:
    'action actionOnEmptyResult bargeIn debug enhanced finishOnKey hints input language maxSpeechTime method numDigits partialResultCallback partialResultCallbackMethod profanityFilter speechModel speechTimeout timeout',
  Redirect: 'method',
  Hangup: '',
  Reject: 'reason',
  Connect: 'action method',
  Stream: 'connectorName name statusCallback statusCallbackMethod track url',
  Parameter: 'name value',
  Dial: 'action answerOnBridge callerId events hangupOnStar method record recordingStatusCallback recordingStatusCallbackEvent recordingStatusCallbackMethod recordingTrack referMethod referUrl ringTone sequential timeLimit timeout trim',
  Number:
    'amdStatusCallback amdStatusCallbackMethod byoc machineDetection machineDetectionSilenceTimeout machineDetectionSpeechEndThreshold machineDetectionSpeechThreshold machineDetectionTimeout method sendDigits statusCallback statusCallbackEvent statusCallbackMethod url',
  Conference:
    'beep coach endConferenceOnExit eventCallbackUrl jitterBufferSize maxParticipants muted participantLabel record recordingStatusCallback recordingStatusCallbackEvent recordingStatusCallbackMethod region startConferenceOnEnter statusCallback statusCallbackEvent statusCallbackMethod trim waitMethod waitUrl',
};

/** They would change what happens, and this carrier does not do it: better said than left out in silence. */
const notPerformed: Readonly<Record<string, readonly string[]>> = {
  Play: ['digits'],
  Dial: ['record', 'referUrl', 'sequential'],
  Number: ['machineDetection', 'sendDigits', 'url'],
  Conference: ['coach', 'record'],
};

const truth = ['true', 'false'];
const values: Readonly<Record<string, readonly string[]>> = {
  'Conference beep': ['true', 'false', 'onEnter', 'onExit'],
  'Conference endConferenceOnExit': truth,
  'Conference jitterBufferSize': ['off', 'small', 'medium', 'large'],
  'Conference muted': truth,
  'Conference startConferenceOnEnter': truth,
  'Dial hangupOnStar': truth,
  'Gather actionOnEmptyResult': truth,
  'Reject reason': ['rejected', 'busy'],
};

const events: Readonly<Record<string, readonly string[]>> = {
  Conference: ['start', 'end', 'join', 'leave', 'mute', 'hold', 'modify', 'speaker', 'announcement'],
  Number: ['initiated', 'ringing', 'answered', 'completed'],
};

/** What Twilio would warn of (12200) in this element and below, and then go on without. */
export function attributeWarnings(element: XmlElement): readonly string[] {
  const { name, attributes, children } = element;
  const names = known[name]?.split(' ');
  const own = [...attributes].flatMap(([attribute, value]) => {
    if (names !== undefined && !names.includes(attribute)) {
      return [`Attribute '${attribute}' is not allowed to appear in element '${name}'`];
    }
    if (notPerformed[name]?.includes(attribute) === true) {
      return [`Attribute '${attribute}' of element '${name}' is not performed here`];
    }
    const allowed = values[`${name} ${attribute}`];
    const wrong = attribute === 'statusCallbackEvent' ? unknownEvent(name, value) : null;
    if ((allowed !== undefined && !allowed.includes(value)) || wrong !== null) {
      return [`Value '${wrong ?? value}' of attribute '${attribute}' is not allowed in element '${name}'`];
    }
    return [];
  });
  return [...own, ...children.flatMap(attributeWarnings)];
}

function unknownEvent(element: string, value: string): string | null {
  return value.split(/\s+/).find((event) => events[element]?.includes(event) === false) ?? null;
}

export function text(element: XmlElement, attribute: string): string | null {
  return element.attributes.get(attribute) ?? null;
}

export function method(element: XmlElement, attribute = 'method'): 'GET' | 'POST' {
  return text(element, attribute)?.toUpperCase() === 'GET' ? 'GET' : 'POST';
}

export function whole(element: XmlElement, attribute: string, otherwise: number): number {
  const value = text(element, attribute);
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : otherwise;
}

export function flag(element: XmlElement, attribute: string, otherwise: boolean): boolean {
  const value = text(element, attribute);
  return value === 'true' || (value !== 'false' && otherwise);
}

/** The value when it is one of these; what is wrong is warned of and counts as missing. */
export function oneOf<Value extends string>(
  element: XmlElement,
  attribute: string,
  allowed: readonly Value[],
  otherwise: Value,
): Value {
  return allowed.find((value) => value === text(element, attribute)) ?? otherwise;
}
