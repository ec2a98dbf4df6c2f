/** Calls that we place. The carrier has no idempotency key for them: our ids are in every address, and a list tells what rings. */
import { z } from 'zod';
import type { CarrierRequest, CarrierResult } from './carrierRequest.ts';

export interface OutboundCall {
  /** E.164. */
  readonly to: string;
  /** The document when it is answered; absolute, with our id in it. */
  readonly url: string;
  readonly statusCallback: string;
  /** Where the carrier tells whether it takes who answered for a machine. */
  readonly machineCallback: string;
  /** The carrier adds about 5 s. */
  readonly ringSeconds: number;
}

export interface ListedCall {
  readonly callSid: string;
  readonly createdAtMs: number;
}

export interface OutboundCalls {
  /** `unknown`: it may ring. Look into the list before trying again. */
  readonly place: (call: OutboundCall) => Promise<CarrierResult<{ readonly callSid: string }>>;
  /**
   * Our calls to this number since then, the newest first, at most 20. By the time of creation: a call that waits in the
   * account's queue has no start time yet, and the filter of the list would hide it.
   */
  readonly placedSince: (to: string, sinceMs: number) => Promise<CarrierResult<readonly ListedCall[]>>;
}

const placedShape = z.object({ sid: z.string().min(1) }).transform(({ sid }) => ({ callSid: sid }));
const listShape = z.array(
  z
    .object({ sid: z.string().min(1), dateCreated: z.date(), direction: z.string() })
    .transform(({ sid, dateCreated, direction }) => ({
      callSid: sid,
      createdAtMs: dateCreated.getTime(),
      isOutbound: direction.startsWith('outbound'),
    })),
);

const listed = 20;

/** @param from E.164 of the line */
export function createOutboundCalls(carrier: CarrierRequest, from: string): OutboundCalls {
  return {
    place: ({ to, url, statusCallback, machineCallback, ringSeconds }) =>
      carrier.ask(
        { name: 'placeCall', kind: 'change' },
        async (client) =>
          client.calls.create({
            to,
            from,
            url,
            method: 'POST',
            timeout: ringSeconds,
            statusCallback,
            statusCallbackMethod: 'POST',
            statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
            machineDetection: 'Enable',
            asyncAmd: 'true',
            asyncAmdStatusCallback: machineCallback,
            asyncAmdStatusCallbackMethod: 'POST',
          }),
        placedShape,
      ),
    placedSince: async (to, sinceMs) => {
      const result = await carrier.ask(
        { name: 'listCalls', kind: 'look' },
        async (client) => client.calls.list({ to, from, limit: listed, pageSize: listed }),
        listShape,
      );
      if (!result.ok) return result;
      return { ok: true, value: result.value.filter((call) => call.isOutbound && call.createdAtMs >= sinceMs) };
    },
  };
}
