/** Text messages to people. One-way and best effort in Oman (twilio.md §7.1): nothing may depend on an answer. */
import { z } from 'zod';
import type { CarrierRequest, CarrierResult } from './carrierRequest.ts';

export interface OutgoingMessage {
  /** E.164. */
  readonly to: string;
  /** Arabic fits 70 characters into one segment. */
  readonly body: string;
  /** Absolute; carries our id of the message, since the carrier has no idempotency key. */
  readonly statusCallback: string;
}

export interface SentMessage {
  readonly messageSid: string;
  /** As the carrier words it; `queued` or `accepted` at first. */
  readonly status: string;
}

export interface Messages {
  /**
   * An `unknown` failure may have been sent: reconcile before sending again. A refusal with code 21610 is a person who
   * said STOP: never again.
   */
  readonly send: (message: OutgoingMessage) => Promise<CarrierResult<SentMessage>>;
}

const messageShape = z
  .object({ sid: z.string().min(1), status: z.string().min(1) })
  .transform(({ sid, status }) => ({ messageSid: sid, status }));

/** @param from E.164 of the line */
export function createMessages(carrier: CarrierRequest, from: string): Messages {
  return {
    send: ({ to, body, statusCallback }) =>
      carrier.ask(
        { name: 'sendMessage', kind: 'change' },
        async (client) => client.messages.create({ to, from, body, statusCallback }),
        messageShape,
      ),
  };
}
