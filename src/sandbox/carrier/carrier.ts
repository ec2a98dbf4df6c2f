/**
 * The sandbox carrier: a local Twilio. It rings the application's number, signs its webhooks, performs TwiML, opens Media
 * Streams and plays back at the speed of speech, so that the application runs against it unchanged. It is no telephone: the
 * callers are scripts.
 */
import { CallResource } from './callResource.ts';
import { CallRun } from './callRun.ts';
import type { Callee, Caller } from './caller.ts';
import { realTime, type CarrierClock } from './clock.ts';
import { ConferenceResource } from './conferenceResource.ts';
import { Conferences } from './conferences.ts';
import { control, type Controlled } from './controlRoutes.ts';
import { seededRandom } from './delayLine.ts';
import {
  newSid,
  perfectLine,
  shortTimings,
  type CarrierLog,
  type CarrierTimings,
  type Exchange,
  type LineQuality,
  type Prompter,
} from './exchange.ts';
import { FaultRules } from './faultRules.ts';
import { Leg, type LegIdentity } from './leg.ts';
import type { LegReport } from './legLog.ts';
import { tone } from './levels.ts';
import { MessageResource, type MessageFate, type TextMessage } from './messageResource.ts';
import { OutboundCalls } from './outbound.ts';
import { calleeOf, callerOf, type PhoneBehaviour, type WrittenPerson } from './phone.ts';
import type { CallReport, TimelineEntry } from './report.ts';
import type { StreamSignatureForm } from './signature.ts';
import { liveStreams } from './streamVerb.ts';
import { notFound, startRestServer, type RestAnswer, type RestFaultRule } from './restServer.ts';
import { createTicker } from './ticker.ts';
import { createWebhookClient, type WebhookAnswer, type WebhookFault, type WebhookFaultRule } from './webhooks.ts';

export interface CarrierOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The application's number, E.164. */
  readonly phoneNumber: string;
  /** `POST …/twilio/voice` */
  readonly voiceUrl: string;
  readonly voiceFallbackUrl?: string;
  /** Told when a call to the number is over. */
  readonly statusCallbackUrl?: string;
  readonly log?: CarrierLog;
  readonly clock?: CarrierClock;
  readonly timings?: Partial<CarrierTimings>;
  /** Streams to `ws://` addresses; the real carrier takes `wss` only. */
  readonly allowPlainWs?: boolean;
  readonly streamSignature?: StreamSignatureForm;
  readonly actionAfterHangUp?: boolean;
  /** The carrier's voice; a quiet tone as long as the text would take, when not given. */
  readonly prompter?: Partial<Prompter>;
  /** Outbound calls that the account may start each second; 1 is the real default. */
  readonly callsPerSecond?: number;
  /** `POST …/twilio/sms`, for `sendMessage`. */
  readonly smsUrl?: string;
  /** Names from which the application may send text messages, besides its number: nobody can answer them. */
  readonly senderNames?: readonly string[];
  /** Phones that the application may ring, by number, besides those set later. */
  readonly phones?: Readonly<Record<string, Callee | PhoneBehaviour>>;
  /** Each entry of every leg's time line as it happens. */
  readonly onEntry?: (leg: LegIdentity, entry: TimelineEntry) => void;
  /** For packet loss and jitter. */
  readonly seed?: number;
}

export interface PlaceCallOptions {
  /** Null: withheld, which Twilio writes as `anonymous`. */
  readonly from: string | null;
  readonly to?: string;
  readonly caller: Caller | WrittenPerson;
  readonly quality?: Partial<LineQuality>;
  /** Each entry of the time line as it happens. */
  readonly onEntry?: (entry: TimelineEntry) => void;
}

export interface PlacedCall {
  readonly callSid: string;
  /** When the call is over and every callback was made. */
  readonly ended: Promise<CallReport>;
  readonly hangUp: () => void;
  /** The network under the stream breaks (1006); the call goes on with the next verb. */
  readonly cutStream: () => void;
  /** The stream falls silent with its socket open. */
  readonly freezeStream: () => void;
}

export interface Carrier {
  /** `client.api.baseUrl` of the application's `twilio` client. */
  readonly apiBaseUrl: string;
  readonly placeCall: (options: PlaceCallOptions) => PlacedCall;
  /** What happens when the application rings this number. */
  readonly setPhone: (number: string, phone: Callee | PhoneBehaviour) => void;
  /** Every leg so far, oldest first, as things stand. */
  readonly legs: () => readonly LegReport[];
  /** What a leg has heard so far, μ-law 8 kHz from its answer on; null for an unknown sid. */
  readonly heardBy: (callSid: string) => Uint8Array | null;
  /** What happens to text messages to this number; they are delivered when nothing was set. */
  readonly setMessageFate: (number: string, fate: MessageFate) => void;
  /** Text messages that the application sent, oldest first. */
  readonly messages: () => readonly TextMessage[];
  /** Someone writes to the application's number; resolves with its answer. */
  readonly sendMessage: (message: { readonly from: string; readonly body: string }) => Promise<WebhookAnswer>;
  /** The next REST requests that fit go wrong. */
  readonly failRest: (rule: RestFaultRule) => void;
  /** The next requests to the application that fit go wrong. */
  readonly failWebhooks: (rule: WebhookFaultRule) => void;
  readonly clearFaults: () => void;
  /** The report of any leg, also of one the application placed; null for an unknown sid. Resolves when it is over. */
  readonly reportOf: (callSid: string) => Promise<CallReport | null>;
  /** Ends all calls and waits for what was under way. */
  readonly close: () => Promise<void>;
}

/** Speech in a prompt takes about this long per character. */
const characterMs = 65;
const unknownPlayMs = 2_000;

export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const webhookFaults = new FaultRules<WebhookFault>(seededRandom(options.seed ?? 1));
  const exchange = createExchange(options, webhookFaults);
  const numbers = new Set([options.phoneNumber]);
  const outbound = new OutboundCalls(exchange, numbers, options.callsPerSecond ?? 1);
  const calls = new CallResource(exchange, outbound);
  const conferences = new ConferenceResource(exchange, outbound);
  const messages = new MessageResource(exchange, new Set([...numbers, ...(options.senderNames ?? [])]));
  const api = await startRestServer({
    accountSid: options.accountSid,
    authToken: options.authToken,
    clock: exchange.clock,
    random: seededRandom(options.seed ?? 1),
    control: (method, path, body) => control(controlled, method, path, body),
    handle: (request) => {
      const { path, method } = request;
      const account = path === '' && method === 'GET' ? printAccount(options.accountSid) : null;
      return (
        account ?? calls.handle(request) ?? conferences.handle(request) ?? messages.handle(request) ?? notFound(path)
      );
    },
  });
  for (const [number, phone] of Object.entries(options.phones ?? {})) {
    setPhone(exchange, number, phone);
  }
  exchange.log.info('the sandbox carrier (a stand-in for Twilio) is ready', { api: api.url });
  const controlled: Controlled = {
    placeCall: (call) => placeCall(exchange, options, call),
    setPhone: (number, phone) => setPhone(exchange, number, phone),
    legs: () => [...exchange.legs.values()].map((leg) => leg.legReport()),
    messages: () => messages.sent,
    setMessageFate: (number, fate) => messages.setFate(number, fate),
    sendMessage: async ({ from, body }) => {
      const { smsUrl } = options;
      if (smsUrl === undefined) {
        throw new Error('startCarrier was given no smsUrl');
      }
      return messages.receive(smsUrl, { from, to: options.phoneNumber, body });
    },
    failRest: api.fail,
    failWebhooks: (rule) => webhookFaults.add(rule),
    clearFaults: () => {
      api.clearFaults();
      webhookFaults.clear();
    },
  };
  return {
    ...controlled,
    apiBaseUrl: api.url,
    heardBy: (callSid) => exchange.legs.get(callSid)?.recorder.recordings().downlink ?? null,
    reportOf: async (callSid) => exchange.runs.get(callSid)?.ended ?? null,
    close: async () => {
      const runs = [...exchange.runs.values()];
      for (const run of runs) {
        run.end('carrier');
      }
      await Promise.all([...runs.map((run) => run.ended), messages.settled()]);
      await exchange.conferences.settled();
      await api.close();
    },
  };
}

function setPhone({ phones, prompter }: Exchange, number: string, phone: Callee | PhoneBehaviour): void {
  phones.set(number, phone.kind === 'person' || phone.kind === 'voicemail' ? calleeOf(phone, prompter) : phone);
}

function printAccount(accountSid: string): RestAnswer {
  const uri = `/2010-04-01/Accounts/${accountSid}`;
  const since = 'Fri, 20 Nov 2026 08:00:00 +0000';
  return {
    status: 200,
    body: {
      sid: accountSid,
      friendly_name: 'Sandbox carrier (simulated)',
      status: 'active',
      type: 'Full',
      auth_token: null,
      owner_account_sid: accountSid,
      date_created: since,
      date_updated: since,
      subresource_uris: { calls: `${uri}/Calls.json`, messages: `${uri}/Messages.json` },
      uri: `${uri}.json`,
    },
  };
}

function createExchange(options: CarrierOptions, rules: FaultRules<WebhookFault>): Exchange {
  const clock = options.clock ?? realTime;
  const timings = { ...shortTimings, ...options.timings };
  const startedMs = clock.now();
  return {
    accountSid: options.accountSid,
    authToken: options.authToken,
    allowPlainWs: options.allowPlainWs ?? false,
    streamSignature: options.streamSignature ?? 'plain',
    actionAfterHangUp: options.actionAfterHangUp ?? false,
    timings,
    clock,
    log: options.log ?? { info: () => {}, warn: () => {} },
    ticker: createTicker(clock),
    webhooks: createWebhookClient(options.authToken, clock, timings.webhookTimeoutMs, {
      rules,
      random: seededRandom(options.seed ?? 1),
    }),
    prompter: {
      say: async (text) => tone(Math.max(200, text.length * characterMs), 300, -26),
      play: async () => tone(unknownPlayMs, 350, -26),
      ...options.prompter,
    },
    random: seededRandom(options.seed ?? 1),
    sinceStartMs: () => clock.now() - startedMs,
    observe: options.onEntry ?? ((): void => {}),
    legs: new Map(),
    conferences: new Conferences(),
    runs: new Map(),
    phones: new Map(),
  };
}

function placeCall(exchange: Exchange, options: CarrierOptions, call: PlaceCallOptions): PlacedCall {
  const callSid = newSid('CA');
  const { statusCallbackUrl } = options;
  const leg = new Leg(
    exchange,
    {
      callSid,
      direction: 'inbound',
      from: call.from ?? 'anonymous',
      to: call.to ?? options.phoneNumber,
      parentCallSid: null,
    },
    {
      quality: { ...perfectLine, ...call.quality },
      subscription: statusCallbackUrl
        ? { url: statusCallbackUrl, method: 'POST', events: new Set(['completed']) }
        : null,
      ...(call.onEntry ? { onEntry: call.onEntry } : {}),
    },
  );
  const run = new CallRun(exchange, leg, {
    first: { kind: 'fetch', request: { url: options.voiceUrl, method: 'POST', parameters: [] } },
    fallback: options.voiceFallbackUrl ?? null,
    party: {
      kind: 'calls',
      caller: typeof call.caller === 'function' ? call.caller : callerOf(call.caller, exchange.prompter),
    },
  });
  return {
    callSid,
    ended: run.ended,
    hangUp: () => run.end('caller', leg.answeredAt === null ? 'no-answer' : 'completed'),
    cutStream: () => liveStreams.get(leg)?.cut(),
    freezeStream: () => liveStreams.get(leg)?.freeze(),
  };
}
