import type { Exchange } from './exchange.ts';
import { durationSeconds, rfc2822, type Leg } from './leg.ts';
import { printPage } from './listing.ts';
import { documentOf, type OutboundCalls } from './outbound.ts';
import { notFound, restError, type RestAnswer, type RestRequest } from './restServer.ts';

/** `POST /Calls`, fetch, list and update, with the states and error codes of the real ones (twilio.md §2.2, §2.3, §4). */
export class CallResource {
  readonly #exchange: Exchange;
  readonly #outbound: OutboundCalls;

  constructor(exchange: Exchange, outbound: OutboundCalls) {
    this.#exchange = exchange;
    this.#outbound = outbound;
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
    const order = this.#outbound.read(form);
    if ('status' in order) {
      return order;
    }
    const first = documentOf(form) ?? restError(400, 21205, 'Url parameter is required.');
    if ('status' in first) {
      return first;
    }
    const { leg, firstWebhook } = this.#outbound.place(order, first, form.get('FallbackUrl'));
    return { status: 201, body: this.#print(leg), firstWebhook };
  }

  #update(leg: Leg, form: URLSearchParams): RestAnswer {
    const status = form.get('Status');
    const document = documentOf(form);
    if (status !== null && status !== 'completed' && status !== 'canceled') {
      return restError(400, 20001, `Invalid Status: ${status}`);
    }
    if (document !== null && 'status' in document) {
      return document;
    }
    const run = this.#exchange.runs.get(leg.identity.callSid);
    if (status !== null) {
      if (leg.over) {
        return restError(400, 21220, 'Call is not in-progress. Cannot redirect.');
      }
      // `canceled` leaves a call alone that somebody has answered.
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
      matching(query.get('Status'), statusOf),
      matching(query.get('ParentCallSid'), ({ identity }) => identity.parentCallSid),
      dated(query.get('StartTime>'), (startedMs, limitMs) => startedMs >= limitMs),
      dated(query.get('StartTime<'), (startedMs, limitMs) => startedMs <= limitMs),
    ];
    const found = [...this.#exchange.legs.values()].filter((leg) => filters.every((fits) => fits(leg))).toReversed();
    const address = `/2010-04-01/Accounts/${this.#exchange.accountSid}/Calls.json`;
    return printPage(address, 'calls', query, found, (leg) => this.#print(leg));
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
      status: statusOf(leg),
      start_time: leg.dialledAt ? rfc2822(leg.dialledAt) : null,
      end_time: leg.endedAt ? rfc2822(leg.endedAt) : null,
      duration: leg.endedAt ? String(durationSeconds(leg)) : null,
      price: null,
      price_unit: 'USD',
      direction,
      answered_by: leg.answeredBy,
      api_version: '2010-04-01',
      forwarded_from: null,
      group_sid: null,
      caller_name: null,
      queue_time: String(Math.round(leg.queuedMs)),
      trunk_sid: null,
      uri: `${uri}.json`,
      subresource_uris: { events: `${uri}/Events.json`, notifications: `${uri}/Notifications.json` },
    };
  }
}

/** Initiated is an event and no status of the resource. */
function statusOf({ status }: Leg): string {
  return status === 'initiated' ? 'queued' : status;
}

function matching(wanted: string | null, value: (leg: Leg) => string | null): (leg: Leg) => boolean {
  return wanted === null ? () => true : (leg) => value(leg) === wanted;
}

/** A call that still waits in the queue has no start, and is not found by one. */
function dated(date: string | null, fits: (startedMs: number, limitMs: number) => boolean): (leg: Leg) => boolean {
  const limitMs = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(limitMs)
    ? () => true
    : ({ dialledAt }) => dialledAt !== null && fits(dialledAt.getTime(), limitMs);
}
