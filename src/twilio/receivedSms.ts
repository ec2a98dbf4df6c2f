/** What people wrote to the line, from the carrier's own list: for messages whose webhook we could not take in. */
import { z } from 'zod';
import type { CarrierRequest, CarrierResult } from './carrierRequest.ts';

export interface ListedReceived {
  readonly messageSid: string;
  /** As the carrier gives it: mostly E.164. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

export interface ReceivedSms {
  /** Messages to the line since then, at most 200, the oldest first. */
  readonly receivedSince: (sinceMs: number) => Promise<CarrierResult<readonly ListedReceived[]>>;
}

const listShape = z.array(
  z
    .object({ sid: z.string().min(1), from: z.string(), to: z.string(), body: z.string(), direction: z.string() })
    .transform(({ sid, ...same }) => ({ messageSid: sid, ...same })),
);

const listed = 200;

/** @param line E.164 of the line */
export function createReceivedSms(carrier: CarrierRequest, line: string): ReceivedSms {
  return {
    receivedSince: async (sinceMs) => {
      const result = await carrier.ask(
        { name: 'listReceived', kind: 'look' },
        async (client) => client.messages.list({ to: line, dateSentAfter: new Date(sinceMs), limit: listed }),
        listShape,
      );
      if (!result.ok) return result;
      const inbound = result.value.filter(({ direction }) => direction === 'inbound');
      return {
        ok: true,
        value: inbound.map(({ direction: _inbound, ...message }) => message).toReversed(),
      };
    },
  };
}
