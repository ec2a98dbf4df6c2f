/**
 * The sandbox carrier: a local Twilio. It rings the application's number, signs its webhooks, performs TwiML, opens Media
 * Streams and plays back at the speed of speech, so that the application runs against it unchanged. It is no telephone: the
 * callers are scripts.
 */
import { CallRun } from './callRun.ts';
import type { Callee, Caller } from './caller.ts';
import { realTime, type CarrierClock } from './clock.ts';
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
import { Leg } from './leg.ts';
import { tone } from './levels.ts';
import type { CallReport, TimelineEntry } from './report.ts';
import type { StreamSignatureForm } from './signature.ts';
import { liveStreams } from './streamVerb.ts';
import { createTicker } from './ticker.ts';
import { createWebhookClient } from './webhooks.ts';

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
  /** For packet loss and jitter. */
  readonly seed?: number;
}

export interface PlaceCallOptions {
  /** Null: withheld, which Twilio writes as `anonymous`. */
  readonly from: string | null;
  readonly to?: string;
  readonly caller: Caller;
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
  readonly placeCall: (options: PlaceCallOptions) => PlacedCall;
  /** What happens when the application rings this number. */
  readonly setPhone: (number: string, callee: Callee) => void;
  /** Ends all calls. */
  readonly close: () => Promise<void>;
}

/** Speech in a prompt takes about this long per character. */
const characterMs = 65;
const unknownPlayMs = 2_000;

export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const exchange = createExchange(options);
  return {
    placeCall: (call) => placeCall(exchange, options, call),
    setPhone: (number, callee) => void exchange.phones.set(number, callee),
    close: async () => {
      const runs = [...exchange.runs.values()];
      for (const run of runs) {
        run.end('carrier');
      }
      await Promise.all(runs.map((run) => run.ended));
    },
  };
}

function createExchange(options: CarrierOptions): Exchange {
  const clock = options.clock ?? realTime;
  const timings = { ...shortTimings, ...options.timings };
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
    webhooks: createWebhookClient(options.authToken, clock, timings.webhookTimeoutMs),
    prompter: {
      say: async (text) => tone(Math.max(200, text.length * characterMs), 300, -26),
      play: async () => tone(unknownPlayMs, 350, -26),
      ...options.prompter,
    },
    random: seededRandom(options.seed ?? 1),
    legs: new Map(),
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
    party: { kind: 'calls', caller: call.caller },
  });
  return {
    callSid,
    ended: run.ended,
    hangUp: () => run.end('caller', leg.answeredAt === null ? 'no-answer' : 'completed'),
    cutStream: () => liveStreams.get(leg)?.cut(),
    freezeStream: () => liveStreams.get(leg)?.freeze(),
  };
}
