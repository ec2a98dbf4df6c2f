/**
 * Text messages to people, through the carrier's REST interface. It has no idempotency key for them (twilio.md §4.3): what was sent
 * without a usable answer may have gone out, so it is looked for in the carrier's list before it is ever sent again.
 */
import { z } from 'zod';
import type { CarrierFailure, CarrierRequest, CarrierResult } from './carrierRequest.ts';
import { refusalOf, type RefusalReason } from './smsErrors.ts';

export interface SmsOrder {
  /** E.164. */
  readonly to: string;
  /** E.164, or a registered name of at most 11 characters, which nobody can answer. */
  readonly from: string;
  /** At most 1,600 characters; Arabic fits 70 of them into one segment. */
  readonly body: string;
  /** Absolute, with our id of the message in it. */
  readonly statusCallback: string;
}

export type SmsSent =
  /** The carrier has it, and reports to `statusCallback`. */
  | { readonly kind: 'accepted'; readonly sid: string }
  /**
   * Nothing was sent. `code` is the carrier's, null when nothing was reached; `mayRetry`: the same request may be made again later,
   * without looking first.
   */
  | {
      readonly kind: 'refused';
      readonly code: number | null;
      readonly reason: RefusalReason;
      readonly mayRetry: boolean;
    }
  /** No usable answer: nobody knows whether it was sent. */
  | { readonly kind: 'unknown' };

/** A message as the carrier lists it. */
export interface ListedSms {
  readonly sid: string;
  readonly body: string;
  /** As the carrier words it: `queued`, `sent`, `delivered` … */
  readonly status: string;
  readonly errorCode: number | null;
  readonly createdAtMs: number;
}

export interface OutboundSms {
  /** One request. Never throws. */
  readonly sendSms: (order: SmsOrder) => Promise<SmsSent>;
  /**
   * Our messages to this number since then, at most 50, the newest first. By the time of creation: one that still waits in the
   * carrier's queue has no time of sending, and the list's own filter would hide it.
   */
  readonly sentSince: (to: string, sinceMs: number) => Promise<CarrierResult<readonly ListedSms[]>>;
  /** How one message stands, for those of which no report came. */
  readonly statusOf: (sid: string) => Promise<CarrierResult<Pick<ListedSms, 'status' | 'errorCode'>>>;
}

const fetchedShape = z
  .object({ sid: z.string().min(1), status: z.string().min(1), errorCode: z.number().nullable() })
  .transform(({ status, errorCode }) => ({ status, errorCode }));

const createdShape = z.object({ sid: z.string().min(1) });

const listShape = z.array(
  z
    .object({
      sid: z.string().min(1),
      body: z.string(),
      status: z.string(),
      direction: z.string(),
      errorCode: z.number().nullable(),
      dateCreated: z.date(),
    })
    .transform(({ dateCreated, direction, ...same }) => ({
      ...same,
      createdAtMs: dateCreated.getTime(),
      isOutbound: direction.startsWith('outbound'),
    })),
);

const listed = 50;

export function createOutboundSms(carrier: CarrierRequest): OutboundSms {
  return {
    sendSms: async ({ to, from, body, statusCallback }) => {
      const result = await carrier.ask(
        { name: 'sendMessage', kind: 'change' },
        async (client) => client.messages.create({ to, from, body, statusCallback }),
        createdShape,
      );
      return result.ok ? { kind: 'accepted', sid: result.value.sid } : notSent(result.failure);
    },
    sentSince: async (to, sinceMs) => {
      const result = await carrier.ask(
        { name: 'listMessages', kind: 'look' },
        async (client) => client.messages.list({ to, limit: listed, pageSize: listed }),
        listShape,
      );
      if (!result.ok) return result;
      const since = result.value.filter(({ isOutbound, createdAtMs }) => isOutbound && createdAtMs >= sinceMs);
      return { ok: true, value: since };
    },
    statusOf: (sid) =>
      carrier.ask({ name: 'fetchMessage', kind: 'look' }, async (client) => client.messages(sid).fetch(), fetchedShape),
  };
}

const tooManyRequests = 20429;
const noSuchResource = 20404;

function notSent(failure: CarrierFailure): SmsSent {
  switch (failure.kind) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'unreachable':
      return { kind: 'refused', code: null, reason: 'carrierAway', mayRetry: true };
    case 'tooManyRequests':
      return { kind: 'refused', code: tooManyRequests, reason: 'tooMany', mayRetry: true };
    case 'gone':
      return { kind: 'refused', code: noSuchResource, ...refusalOf(noSuchResource) };
    case 'refused':
      return { kind: 'refused', code: failure.code, ...refusalOf(failure.code) };
  }
}
