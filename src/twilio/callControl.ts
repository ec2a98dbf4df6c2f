/** What we ask the carrier to do with a live call. */
import { z } from 'zod';
import type { CarrierRequest, CarrierResult } from './carrierRequest.ts';

export const callStatuses = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
] as const;

export type CallStatus = (typeof callStatuses)[number];

const finalStatuses: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** True when no call comes back from this status. */
export function isFinal(status: string): boolean {
  return finalStatuses.has(status);
}

export type CallChange =
  /** A new document, at most 4,000 characters; ends the running verb. URLs in it must be absolute. */
  | { readonly kind: 'twiml'; readonly twiml: string }
  /** The carrier fetches the new document there by POST. */
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'complete' };

export interface CallControl {
  /** Takes effect at once. A call that is over is `gone`, which is no fault. */
  readonly update: (callSid: string, change: CallChange) => Promise<CarrierResult<CallStatus>>;
  readonly fetch: (callSid: string) => Promise<CarrierResult<CallStatus>>;
  /** Do the account's sid and token belong together, and is the account in use? Value: its status. */
  readonly verifyCredentials: () => Promise<CarrierResult<'active' | 'suspended' | 'closed'>>;
}

const callShape = z.object({ status: z.enum(callStatuses) }).transform((call) => call.status);
const accountShape = z
  .object({ status: z.enum(['active', 'suspended', 'closed']) })
  .transform((account) => account.status);

/** @param accountSid whose calls these are */
export function createCallControl(carrier: CarrierRequest, accountSid: string): CallControl {
  return {
    update: (callSid, change) =>
      carrier.ask(
        { name: 'updateCall', kind: 'change' },
        async (client) => client.calls(callSid).update(parametersOf(change)),
        callShape,
      ),
    fetch: (callSid) =>
      carrier.ask({ name: 'fetchCall', kind: 'look' }, async (client) => client.calls(callSid).fetch(), callShape),
    verifyCredentials: () =>
      carrier.ask(
        { name: 'fetchAccount', kind: 'look' },
        async (client) => client.api.v2010.accounts(accountSid).fetch(),
        accountShape,
      ),
  };
}

function parametersOf(
  change: CallChange,
): { twiml: string } | { url: string; method: 'POST' } | { status: 'completed' } {
  if (change.kind === 'twiml') return { twiml: change.twiml };
  if (change.kind === 'url') return { url: change.url, method: 'POST' };
  return { status: 'completed' };
}
