/**
 * One message to the carrier, at most once. There is no idempotency key, so the request is written down before it is made, and one
 * whose outcome nobody knows is looked for in the carrier's list before there is another. Nothing is remembered here: any process
 * may go on with any message, and one that dies at any point leaves a row from which the next sees what has to be asked.
 */
import { faultOf, type Log } from '../../log.ts';
import type { OutboundSms } from '../../twilio/outboundSms.ts';
import type { RefusalReason } from '../../twilio/smsErrors.ts';
import { readSmsNumber, senderFor, type Senders } from './smsNumber.ts';

/** A message of ours; ids only. */
export interface MessageRef {
  readonly organisationId: string;
  readonly messageId: string;
}

/** A request that stands in the database. */
export interface SmsRequest extends MessageRef {
  readonly requestId: string;
  readonly callerId: string;
  /** E.164; null when the number is erased or cannot be opened. */
  readonly to: string | null;
  readonly body: string;
  readonly requestedAtMs: number;
}

export type Begun =
  /** Written down just now, by us alone: make it. */
  | { readonly kind: 'request'; readonly request: SmsRequest }
  /** An earlier one, made or not: nobody knows. `sinceMs` have passed on the database's clock. */
  | { readonly kind: 'doubt'; readonly request: SmsRequest; readonly sinceMs: number }
  /** Not before then: refused as too many, the carrier away, quiet hours. */
  | { readonly kind: 'later'; readonly inMs: number }
  /** Sent, rejected, cancelled, opted out, or unknown to us. */
  | { readonly kind: 'over' };

export interface SendingStore {
  /** One transaction under the lock of the message. Everything that may forbid sending is asked in it. */
  readonly begin: (message: MessageRef) => Promise<Begun>;
  readonly accepted: (request: SmsRequest, sid: string) => Promise<void>;
  /** For good: the message failed. 21610 is kept as the person's own withdrawal. */
  readonly refused: (request: SmsRequest, code: number | null, reason: RefusalReason) => Promise<void>;
  /** Nothing was sent; another request may follow. After too many of them the message failed. */
  readonly notSent: (request: SmsRequest, code: number | null, reason: RefusalReason) => Promise<void>;
  /** Nobody will ever know: the message failed with that, and a person looks. */
  readonly givenUp: (request: SmsRequest) => Promise<void>;
  /** Of these sids of the carrier, those that are a message of ours already. */
  readonly knownSids: (request: SmsRequest, sids: readonly string[]) => Promise<ReadonlySet<string>>;
}

export interface SenderOptions {
  readonly store: SendingStore;
  readonly sms: OutboundSms;
  readonly senders: Senders;
  /** Absolute, with our ids in it. */
  readonly statusCallback: (message: MessageRef) => string;
  readonly timing: SendingTiming;
  readonly log: Log;
}

export interface SendingTiming {
  /** A request may be under way for so long, whoever made it. Above the limit of one request to the carrier. */
  readonly underWayMs: number;
  readonly lookAgainMs: number;
  /** What the carrier's list does not show by then was never sent. */
  readonly settledMs: number;
  /** The list could not be read for so long: given up. */
  readonly givenUpMs: number;
}

export const sendingTiming: SendingTiming = {
  underWayMs: 20_000,
  lookAgainMs: 30_000,
  settledMs: 120_000,
  givenUpMs: 6 * 3_600_000,
};

/** The carrier keeps whole seconds, and its clock is not ours. */
const clockSkewMs = 5_000;

/** Goes one step on with a message. Gives the time after which to come back; null when there is nothing more to do. */
export async function sendMessage(message: MessageRef, options: SenderOptions): Promise<number | null> {
  const begun = await options.store.begin(message);
  switch (begun.kind) {
    case 'over':
      return null;
    case 'later':
      return begun.inMs;
    case 'doubt':
      return lookFor(begun.request, begun.sinceMs, options);
    case 'request':
      return request(begun.request, options);
  }
}

async function request(order: SmsRequest, options: SenderOptions): Promise<number | null> {
  const { store, sms, senders, statusCallback, timing, log } = options;
  const { messageId, to, body } = order;
  const number = to === null ? notThere : readSmsNumber(to);
  if (!number.ok || to === null) {
    const { code, reason } = number.ok ? notThere : number;
    await store.refused(order, code, reason);
    return null;
  }
  const from = senderFor(number.country, senders);
  const sent = await sms.sendSms({ to, from, body, statusCallback: statusCallback(order) });
  log.info('a text message was given to the carrier', {
    messageId,
    outcome: sent.kind,
    ...(sent.kind === 'refused' ? { code: sent.code, reason: sent.reason } : {}),
  });
  switch (sent.kind) {
    case 'accepted':
      await store.accepted(order, sent.sid);
      return null;
    case 'unknown':
      return timing.underWayMs;
    case 'refused':
      if (!sent.mayRetry) {
        await store.refused(order, sent.code, sent.reason);
        return null;
      }
      await store.notSent(order, sent.code, sent.reason);
      return timing.lookAgainMs;
  }
}

const notThere = { ok: false, code: 21604, reason: 'numberUnusable' } as const;

async function lookFor(order: SmsRequest, sinceMs: number, options: SenderOptions): Promise<number | null> {
  const { store, timing, log } = options;
  if (sinceMs < timing.underWayMs) return timing.underWayMs - sinceMs;
  const found = await findSent(order, options);
  log.info('looked for a text message', { messageId: order.messageId, found: found.kind, sinceMs });
  if (found.kind === 'sent') {
    await store.accepted(order, found.sid);
    return null;
  }
  if (found.kind === 'nothing' && sinceMs >= timing.settledMs) {
    await store.notSent(order, null, 'carrierAway');
    return timing.lookAgainMs;
  }
  if (found.kind === 'unreadable' && sinceMs >= timing.givenUpMs) {
    await store.givenUp(order);
    return null;
  }
  return timing.lookAgainMs;
}

type Found =
  { readonly kind: 'sent'; readonly sid: string } | { readonly kind: 'nothing' } | { readonly kind: 'unreadable' };

async function findSent(order: SmsRequest, { store, sms }: SenderOptions): Promise<Found> {
  const { to, body, requestedAtMs } = order;
  if (to === null) return { kind: 'nothing' };
  const listed = await sms.sentSince(to, requestedAtMs - clockSkewMs);
  if (!listed.ok) return { kind: 'unreadable' };
  const same = listed.value.filter((message) => message.body === body).map(({ sid }) => sid);
  const known = await store.knownSids(order, same);
  // The oldest: a later one of the same words would be another message's.
  const sid = same.filter((each) => !known.has(each)).at(-1);
  return sid === undefined ? { kind: 'nothing' } : { kind: 'sent', sid };
}

/** For whoever can do nothing about a failure: the row stands, and the next look meets it. Gives when to come back. */
export async function sendOrLog(message: MessageRef, options: SenderOptions): Promise<number | null> {
  try {
    return await sendMessage(message, options);
  } catch (error) {
    options.log.warn('a text message could not be sent on', { messageId: message.messageId, ...faultOf(error) });
    return options.timing.lookAgainMs;
  }
}
