import { z } from 'zod';
import { CallRun, type DocumentSource } from './callRun.ts';
import { pause } from './clock.ts';
import { newSid, type Exchange } from './exchange.ts';
import { durationSeconds, Leg, rfc2822, type StatusSubscription } from './leg.ts';
import { notFound, restError, type RestAnswer, type RestRequest } from './restServer.ts';

/** `POST /Calls`, fetch, list and update, with the states and error codes of the real ones (twilio.md §2.2, §2.3, §4). */
export class CallResource {
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

  handle({ method, path, query, form }: RestRequest): RestAnswer | null {
    if (path === '/Calls') {
      return method === 'POST' ? this.#create(form) : this.#list(query);
    }
    const callSid = /^\/Calls\/(CA[0-9a-f]{32})$/.exec(path)?.[1];
    if (callSid === undefined) {
      return null;
    }
    const leg = this.#exchange.legs.get(callSid);
    if (leg === undefined) {
      return notFound(`/2010-04-01/Accounts/${this.#exchange.accountSid}${path}.json`);
    }
    return method === 'POST' ? this.#update(leg, form) : { status: 200, body: this.#print(leg) };
  }

  #create(form: URLSearchParams): RestAnswer {
    const to = form.get('To');
    const from = form.get('From') ?? '';
    const first = documentOf(form);
    if (!to) {
      return restError(400, 21201, "No 'To' number is specified");
    }
    if (!isNumber(to)) {
      return restError(400, 21211, `The phone number you are attempting to call, ${to}, is not valid.`);
    }
    if (!this.#numbers.has(from)) {
      return restError(400, 21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
    }
    if (first === null) {
      return restError(400, 21205, 'Url parameter is required.');
    }
    if (first === 'both') {
      return restError(400, 20001, 'Url and Twiml are mutually exclusive.');
    }
    const subscription = subscriptionOf(form);
    let answered = (): void => {};
    const firstWebhook = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const leg = new Leg(
      this.#exchange,
      { callSid: newSid('CA'), direction: 'outbound-api', from, to, parentCallSid: null },
      {
        subscription: subscription === 'malformed' ? null : subscription,
        onEntry: ({ type }) => (type === 'webhook' ? answered() : undefined),
      },
    );
    if (subscription === 'malformed') {
      leg.recorder.warning(21626, 'Invalid StatusCallbackEvent: no callbacks will be made');
    }
    const { queuedMs, run } = this.#start(leg, first, form);
    void run.ended.then(answered);
    return { status: 201, body: { ...this.#print(leg), queue_time: String(Math.round(queuedMs)) }, firstWebhook };
  }

  /** Calls above the account's rate are accepted and wait. */
  #start(leg: Leg, first: DocumentSource, form: URLSearchParams): { readonly queuedMs: number; readonly run: CallRun } {
    const { clock } = this.#exchange;
    const startMs = Math.max(clock.now(), this.#nextStartMs);
    this.#nextStartMs = startMs + this.#betweenCallsMs;
    const queuedMs = startMs - clock.now();
    const run = new CallRun(this.#exchange, leg, {
      first,
      fallback: form.get('FallbackUrl'),
      party: {
        kind: 'is-called',
        timeoutMs: Number(form.get('Timeout') ?? 60) * 1_000,
        queued: (signal) => pause(clock, queuedMs, signal),
      },
    });
    return { queuedMs, run };
  }

  #update(leg: Leg, form: URLSearchParams): RestAnswer {
    const status = form.get('Status');
    const document = documentOf(form);
    if (status !== null && status !== 'completed' && status !== 'canceled') {
      return restError(400, 20001, `Invalid Status: ${status}`);
    }
    if (document === 'both') {
      return restError(400, 20001, 'Url and Twiml are mutually exclusive.');
    }
    const run = this.#exchange.runs.get(leg.identity.callSid);
    if (status !== null) {
      if (leg.over) {
        return restError(400, 21220, 'Call is not in-progress. Cannot redirect.');
      }
      if (status === 'completed' || leg.answeredAt === null) {
        run?.end('rest', leg.answeredAt === null ? 'canceled' : 'completed');
        leg.onHangUp();
      }
    } else if (document !== null && !(run?.redirect(document) ?? false)) {
      return restError(400, 21220, 'Call is not in-progress. Cannot redirect.');
    }
    return { status: 200, body: this.#print(leg) };
  }

  #list(query: URLSearchParams): RestAnswer {
    const filters: readonly ((leg: Leg) => boolean)[] = [
      matching(query.get('To'), ({ identity }) => identity.to),
      matching(query.get('From'), ({ identity }) => identity.from),
      matching(query.get('Status'), ({ status }) => status),
      matching(query.get('ParentCallSid'), ({ identity }) => identity.parentCallSid),
      since(query.get('StartTime>')),
    ];
    const found = [...this.#exchange.legs.values()].filter((leg) => filters.every((fits) => fits(leg))).toReversed();
    const pageSize = Math.min(1_000, Number(query.get('PageSize') ?? 50));
    const page = Number(query.get('Page') ?? 0);
    const calls = found.slice(page * pageSize, (page + 1) * pageSize).map((leg) => this.#print(leg));
    const address = (number: number): string => {
      const parameters = new URLSearchParams(query);
      parameters.set('Page', String(number));
      parameters.set('PageSize', String(pageSize));
      return `/2010-04-01/Accounts/${this.#exchange.accountSid}/Calls.json?${parameters.toString()}`;
    };
    return {
      status: 200,
      body: {
        calls,
        page,
        page_size: pageSize,
        uri: address(page),
        first_page_uri: address(0),
        next_page_uri: (page + 1) * pageSize < found.length ? address(page + 1) : null,
        previous_page_uri: page > 0 ? address(page - 1) : null,
        start: page * pageSize,
        end: page * pageSize + calls.length - 1,
      },
    };
  }

  #print(leg: Leg): Readonly<Record<string, unknown>> {
    const { callSid, from, to, direction, parentCallSid } = leg.identity;
    const uri = `/2010-04-01/Accounts/${this.#exchange.accountSid}/Calls/${callSid}`;
    return {
      sid: callSid,
      date_created: rfc2822(leg.startedAt),
      date_updated: rfc2822(leg.endedAt ?? leg.answeredAt ?? leg.startedAt),
      parent_call_sid: parentCallSid,
      account_sid: this.#exchange.accountSid,
      to,
      to_formatted: to,
      from,
      from_formatted: from,
      phone_number_sid: null,
      // Initiated is an event and no status of the resource.
      status: leg.status === 'initiated' ? 'queued' : leg.status,
      start_time: leg.answeredAt ? rfc2822(leg.answeredAt) : null,
      end_time: leg.endedAt ? rfc2822(leg.endedAt) : null,
      duration: leg.endedAt ? String(durationSeconds(leg)) : null,
      price: null,
      price_unit: 'USD',
      direction,
      answered_by: null,
      api_version: '2010-04-01',
      forwarded_from: null,
      group_sid: null,
      caller_name: null,
      queue_time: '0',
      trunk_sid: null,
      uri: `${uri}.json`,
      subresource_uris: { events: `${uri}/Events.json`, notifications: `${uri}/Notifications.json` },
    };
  }
}

export function isNumber(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(value);
}

const link = z.object({ url: z.url({ protocol: /^https?$/ }), method: z.enum(['GET', 'POST']).default('POST') });

function documentOf(form: URLSearchParams): DocumentSource | 'both' | null {
  const twiml = form.get('Twiml');
  const given = link.safeParse({ url: form.get('Url'), method: form.get('Method') ?? undefined });
  if (twiml !== null && form.has('Url')) {
    return 'both';
  }
  if (twiml !== null) {
    return { kind: 'inline', twiml };
  }
  return given.success ? { kind: 'fetch', request: { ...given.data, parameters: [] } } : null;
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

function matching(wanted: string | null, value: (leg: Leg) => string | null): (leg: Leg) => boolean {
  return wanted === null ? () => true : (leg) => value(leg) === wanted;
}

function since(date: string | null): (leg: Leg) => boolean {
  const from = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(from) ? () => true : ({ startedAt }) => startedAt.getTime() >= from;
}
