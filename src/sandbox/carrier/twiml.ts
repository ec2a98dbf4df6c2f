/** TwiML as this carrier understands it: the document becomes verbs, what it cannot do becomes a fault with Twilio's code. */
import { attributeWarnings, flag, method, oneOf, text, whole } from './twimlAttributes.ts';
import { parseXml, type XmlElement } from './xml.ts';

export interface Prompt {
  readonly verb: 'Say' | 'Play' | 'Pause';
  /** Text, address, or nothing. */
  readonly content: string;
  readonly loop: number;
  readonly lengthMs: number;
  readonly language: string | null;
  readonly voice: string | null;
}

export interface ActionLink {
  /** As written, relative to the document; null when the attribute is missing. */
  readonly action: string | null;
  readonly method: 'GET' | 'POST';
}

export interface StreamVerb extends ActionLink {
  readonly verb: 'Stream';
  readonly url: string;
  readonly name: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly statusCallback: string | null;
}

export interface DialVerb extends ActionLink {
  readonly verb: 'Dial';
  readonly numbers: readonly DialledNumber[];
  readonly timeoutMs: number;
  readonly callerId: string | null;
}

export interface DialledNumber {
  readonly number: string;
  readonly statusCallback: string | null;
  readonly statusCallbackEvents: readonly string[];
}

/** `<Dial><Conference>`. */
export interface ConferenceVerb extends ActionLink {
  readonly verb: 'Conference';
  readonly name: string;
  readonly timeLimitMs: number;
  readonly hangupOnStar: boolean;
  readonly startOnEnter: boolean;
  readonly endOnExit: boolean;
  readonly muted: boolean;
  readonly beep: 'true' | 'false' | 'onEnter' | 'onExit';
  readonly label: string | null;
  /** Null: the carrier's own music. Empty: silence. */
  readonly waitUrl: string | null;
  readonly waitMethod: 'GET' | 'POST';
  readonly statusCallback: string | null;
  readonly statusCallbackMethod: 'GET' | 'POST';
  /** `start end join leave mute hold modify announcement`. */
  readonly statusCallbackEvents: readonly string[];
  readonly jitterBuffer: JitterBuffer;
  readonly maxParticipants: number;
}

export type JitterBuffer = 'off' | 'small' | 'medium' | 'large';

export interface GatherVerb extends ActionLink {
  readonly verb: 'Gather';
  readonly prompts: readonly Prompt[];
  readonly numDigits: number;
  readonly timeoutMs: number;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
}

export type Verb =
  | Prompt
  | StreamVerb
  | DialVerb
  | ConferenceVerb
  | GatherVerb
  | { readonly verb: 'Redirect'; readonly url: string; readonly method: 'GET' | 'POST' }
  | { readonly verb: 'Hangup' }
  | { readonly verb: 'Reject'; readonly reason: 'rejected' | 'busy' };

export interface TwimlFault {
  readonly code: number;
  readonly message: string;
  /** A warning is taken down only; what it is about is performed all the same. */
  readonly level?: 'warning';
}

export type TwimlResult =
  | { readonly ok: true; readonly verbs: readonly Verb[]; readonly faults: readonly TwimlFault[] }
  | { readonly ok: false; readonly fault: TwimlFault };

/** Name and value of a `<Parameter>` together must stay below this (twilio.md §1.5). */
const parameterCharacters = 500;

/**
 * Not XML, or no `<Response>`: 12100, the whole document is refused. A verb or noun that is unknown or wrong: 12200, it is left
 * out and the rest is performed, as Twilio does.
 */
export function parseTwiml(source: string, options: { readonly allowPlainWs: boolean }): TwimlResult {
  const parsed = parseXml(source);
  if (!parsed.ok) {
    return { ok: false, fault: { code: 12100, message: `Document parse failure: ${parsed.reason} at ${parsed.at}` } };
  }
  if (parsed.root.name !== 'Response') {
    return { ok: false, fault: { code: 12100, message: `<${parsed.root.name}> is no <Response>` } };
  }
  const faults: TwimlFault[] = attributeWarnings(parsed.root).map((warning) => ({
    code: 12200,
    message: `Schema validation warning: ${warning}`,
    level: 'warning',
  }));
  const verbs: Verb[] = [];
  for (const element of parsed.root.children) {
    const verb = readVerb(element, options.allowPlainWs);
    if ('code' in verb) {
      faults.push(verb);
    } else {
      verbs.push(verb);
    }
  }
  return { ok: true, verbs, faults };
}

function readVerb(element: XmlElement, allowPlainWs: boolean): Verb | TwimlFault {
  switch (element.name) {
    case 'Say':
    case 'Play':
    case 'Pause':
      return readPrompt(element, element.name);
    case 'Connect':
      return readConnect(element, allowPlainWs);
    case 'Dial':
      return readDial(element);
    case 'Gather':
      return readGather(element);
    case 'Redirect':
      return { verb: 'Redirect', url: element.text.trim(), method: method(element) };
    case 'Hangup':
      return { verb: 'Hangup' };
    case 'Reject':
      return { verb: 'Reject', reason: element.attributes.get('reason') === 'busy' ? 'busy' : 'rejected' };
    default:
      return { code: 12200, message: `Schema validation warning: <${element.name}> is not performed here` };
  }
}

function readPrompt(element: XmlElement, verb: Prompt['verb']): Prompt {
  return {
    verb,
    content: element.text.trim(),
    loop: whole(element, 'loop', 1),
    lengthMs: whole(element, 'length', 1) * 1_000,
    language: element.attributes.get('language') ?? null,
    voice: element.attributes.get('voice') ?? null,
  };
}

function readConnect(connect: XmlElement, allowPlainWs: boolean): Verb | TwimlFault {
  const [stream, ...others] = connect.children;
  if (stream?.name !== 'Stream' || others.length > 0) {
    return { code: 12200, message: `Schema validation warning: <Connect> takes one <Stream> here` };
  }
  const url = stream.attributes.get('url')?.trim() ?? '';
  if (!URL.canParse(url)) {
    return { code: 31923, message: 'Stream - the url is malformed' };
  }
  if (!url.startsWith('wss://') && !(allowPlainWs && url.startsWith('ws://'))) {
    return { code: 31922, message: 'Stream - the url must be wss' };
  }
  const parameters: Record<string, string> = {};
  for (const { name: noun, attributes } of stream.children) {
    const name = attributes.get('name');
    const value = attributes.get('value');
    if (noun !== 'Parameter' || !name || value === undefined || name.length + value.length >= parameterCharacters) {
      return { code: 12200, message: `Schema validation warning: <Parameter> of <Stream> is not valid` };
    }
    parameters[name] = value;
  }
  const name = stream.attributes.get('name') ?? null;
  const statusCallback = stream.attributes.get('statusCallback') ?? null;
  return { verb: 'Stream', url, name, parameters, statusCallback, ...link(connect) };
}

function readDial(dial: XmlElement): Verb | TwimlFault {
  const [only] = dial.children;
  if (only?.name === 'Conference' && dial.children.length === 1) {
    return readConference(dial, only);
  }
  if (dial.children.some(({ name }) => name !== 'Number')) {
    return { code: 12200, message: 'Schema validation warning: <Dial> takes <Number>, or one <Conference>, here' };
  }
  const bare = dial.text.trim();
  const numbers = dial.children.map((element) => ({
    number: element.text.trim(),
    statusCallback: element.attributes.get('statusCallback') ?? null,
    statusCallbackEvents: (element.attributes.get('statusCallbackEvent') ?? 'completed').split(/\s+/),
  }));
  if (bare !== '') {
    numbers.unshift({ number: bare, statusCallback: null, statusCallbackEvents: [] });
  }
  if (numbers.length === 0) {
    return { code: 13223, message: 'Dial: no number' };
  }
  const callerId = dial.attributes.get('callerId') ?? null;
  return { verb: 'Dial', numbers, timeoutMs: whole(dial, 'timeout', 30) * 1_000, callerId, ...link(dial) };
}

const longestCallS = 14_400;
const mostParticipants = 250;
const longestLabel = 128;

function readConference(dial: XmlElement, noun: XmlElement): Verb | TwimlFault {
  const name = noun.text.trim();
  const label = text(noun, 'participantLabel');
  if (name === '') {
    return { code: 12200, message: 'Schema validation warning: <Conference> without a name' };
  }
  if (label !== null && (label === '' || label.length > longestLabel)) {
    return { code: 16025, message: `Participant label must have 1 to ${longestLabel} characters` };
  }
  const events = text(noun, 'statusCallbackEvent')?.split(/\s+/) ?? [];
  return {
    verb: 'Conference',
    name,
    timeLimitMs: whole(dial, 'timeLimit', longestCallS) * 1_000,
    hangupOnStar: flag(dial, 'hangupOnStar', false),
    startOnEnter: flag(noun, 'startConferenceOnEnter', true),
    endOnExit: flag(noun, 'endConferenceOnExit', false),
    muted: flag(noun, 'muted', false),
    beep: oneOf(noun, 'beep', ['true', 'false', 'onEnter', 'onExit'], 'true'),
    label,
    waitUrl: text(noun, 'waitUrl'),
    waitMethod: method(noun, 'waitMethod'),
    statusCallback: text(noun, 'statusCallback'),
    statusCallbackMethod: method(noun, 'statusCallbackMethod'),
    statusCallbackEvents: events.filter((event) => event !== ''),
    jitterBuffer: oneOf(noun, 'jitterBufferSize', ['off', 'small', 'medium', 'large'], 'large'),
    maxParticipants: Math.min(mostParticipants, Math.max(2, whole(noun, 'maxParticipants', mostParticipants))),
    ...link(dial),
  };
}

function readGather(gather: XmlElement): Verb | TwimlFault {
  const prompts: Prompt[] = [];
  for (const child of gather.children) {
    if (child.name !== 'Say' && child.name !== 'Play' && child.name !== 'Pause') {
      return { code: 12200, message: `Schema validation warning: <${child.name}> inside <Gather>` };
    }
    prompts.push(readPrompt(child, child.name));
  }
  if (!(gather.attributes.get('input') ?? 'dtmf').split(/\s+/).includes('dtmf')) {
    return { code: 12200, message: 'Schema validation warning: <Gather> takes keys only here' };
  }
  return {
    verb: 'Gather',
    prompts,
    numDigits: whole(gather, 'numDigits', Number.POSITIVE_INFINITY),
    timeoutMs: whole(gather, 'timeout', 5) * 1_000,
    finishOnKey: gather.attributes.get('finishOnKey') ?? '#',
    actionOnEmptyResult: gather.attributes.get('actionOnEmptyResult') === 'true',
    ...link(gather),
  };
}

function link(element: XmlElement): ActionLink {
  return { action: element.attributes.get('action') ?? null, method: method(element) };
}
