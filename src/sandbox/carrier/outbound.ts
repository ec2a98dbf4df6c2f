import { z } from 'zod';
import { CallRun } from './callRun.ts';
import { pause, type CarrierClock } from './clock.ts';
import type { DocumentSource } from './documents.ts';
import { newSid, type Exchange } from './exchange.ts';
import { Leg, type StatusSubscription } from './leg.ts';
import { detectionOf, type MachineDetection } from './machineDetection.ts';
import { restError, type RestAnswer } from './restServer.ts';
import type { TimelineEntry } from './report.ts';

/** What a request for a call says of the call itself, whatever is then done with it. */
export interface OutboundOrder {
  readonly to: string;
  readonly from: string;
  readonly timeoutMs: number;
  readonly timeLimitMs: number;
  readonly subscription: StatusSubscription | 'malformed' | null;
  readonly detection: MachineDetection | null;
}

export interface OutboundCall {
  readonly leg: Leg;
  readonly run: CallRun;
  /** Resolves when the application has answered the first webhook of the call, or the call is over. */
  readonly firstWebhook: Promise<void>;
}

const longestRingS = 600;
const longestCallS = 14_400;

/** Places calls for the account, so many in a second: more are accepted, and wait (twilio.md §2.5). */
export class OutboundCalls {
  readonly #exchange: Exchange;
  readonly #numbers: ReadonlySet<string>;
  readonly #betweenCallsMs: number;
  #nextStartMs = 0;

  /** @param numbers the account's own; only these may be shown to the called. */
  constructor(exchange: Exchange, numbers: ReadonlySet<string>, callsPerSecond: number) {
    this.#exchange = exchange;
    this.#numbers = numbers;
    this.#betweenCallsMs = 1_000 / callsPerSecond;
  }

  /** The order, or Twilio's refusal of it. */
  read(form: URLSearchParams): OutboundOrder | RestAnswer {
    const to = form.get('To');
    const from = form.get('From') ?? '';
    if (!to) {
      return restError(400, 21201, "No 'To' number is specified");
    }
    if (!isNumber(to)) {
      return restError(400, 21211, `The phone number you are attempting to call, ${to}, is not valid.`);
    }
    if (!this.#numbers.has(from)) {
      return restError(400, 21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
    }
    return {
      to,
      from,
      timeoutMs: seconds(form.get('Timeout'), 60, longestRingS) * 1_000,
      timeLimitMs: seconds(form.get('TimeLimit'), longestCallS, longestCallS) * 1_000,
      subscription: subscriptionOf(form),
      detection: detectionOf(form),
    };
  }

  place(order: OutboundOrder, first: DocumentSource, fallback: string | null): OutboundCall {
    const { clock } = this.#exchange;
    let answered = (): void => {};
    const firstWebhook = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const leg = this.#leg(order, ({ type }) => (type === 'webhook' ? answered() : undefined));
    leg.queuedMs = this.#wait(clock);
    const run = new CallRun(this.#exchange, leg, {
      first,
      fallback,
      party: {
        kind: 'is-called',
        timeoutMs: order.timeoutMs,
        timeLimitMs: order.timeLimitMs,
        detection: order.detection,
        queued: (signal) => pause(clock, leg.queuedMs, signal),
      },
    });
    void run.ended.then(answered);
    return { leg, run, firstWebhook };
  }

  #leg({ from, to, subscription }: OutboundOrder, onEntry: (entry: TimelineEntry) => void): Leg {
    const leg = new Leg(
      this.#exchange,
      { callSid: newSid('CA'), direction: 'outbound-api', from, to, parentCallSid: null },
      { subscription: subscription === 'malformed' ? null : subscription, onEntry },
    );
    if (subscription === 'malformed') {
      leg.recorder.warning(21626, 'Invalid StatusCallbackEvent: no callbacks will be made');
    }
    return leg;
  }

  #wait(clock: CarrierClock): number {
    const startMs = Math.max(clock.now(), this.#nextStartMs);
    this.#nextStartMs = startMs + this.#betweenCallsMs;
    return startMs - clock.now();
  }
}

export function isNumber(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(value);
}

const link = z.object({ url: z.url({ protocol: /^https?$/ }), method: z.enum(['GET', 'POST']).default('POST') });
/** The SDK's own documentation of `twiml`. */
const longestTwiml = 4_000;

/** The document a request names, null when it names none, or Twilio's refusal. */
export function documentOf(form: URLSearchParams): DocumentSource | RestAnswer | null {
  const twiml = form.get('Twiml');
  if (twiml !== null && form.has('Url')) {
    return restError(400, 20001, 'Url and Twiml are mutually exclusive.');
  }
  if (twiml !== null) {
    return twiml.length > longestTwiml
      ? restError(400, 20001, `Twiml has ${twiml.length} characters, more than ${longestTwiml}`)
      : { kind: 'inline', twiml };
  }
  if (!form.has('Url')) {
    return null;
  }
  const given = link.safeParse({ url: form.get('Url'), method: form.get('Method') ?? undefined });
  return given.success
    ? { kind: 'fetch', request: { ...given.data, parameters: [] } }
    : restError(400, 21205, `Url is not a valid URL: ${form.get('Url')}`);
}

const eventNames: ReadonlySet<string> = new Set(['initiated', 'ringing', 'answered', 'completed']);

/** A wrong event is accepted, and then nothing is ever called back (seen live). */
function subscriptionOf(form: URLSearchParams): StatusSubscription | 'malformed' | null {
  const url = form.get('StatusCallback');
  if (url === null) {
    return null;
  }
  const events = form.getAll('StatusCallbackEvent');
  if (events.some((event) => !eventNames.has(event))) {
    return 'malformed';
  }
  const method = form.get('StatusCallbackMethod') === 'GET' ? 'GET' : 'POST';
  return { url, method, events: new Set(events.length > 0 ? events : ['completed']) };
}

function seconds(value: string | null, otherwise: number, most: number): number {
  return value !== null && /^\d{1,6}$/.test(value) ? Math.min(most, Number(value)) : otherwise;
}
