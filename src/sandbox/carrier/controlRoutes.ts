/** What another process may tell the carrier, and ask of it: `/sandbox/…` beside the REST interface, JSON both ways. */
import { z } from 'zod';
import type { Carrier } from './carrier.ts';
import { phoneBehaviour } from './phone.ts';
import type { RestAnswer } from './restServer.ts';

const ms = z.number().min(0).max(3_600_000);

const expression = z
  .string()
  .max(500)
  .transform((source, context) => {
    try {
      return new RegExp(source);
    } catch {
      context.addIssue({ code: 'custom', message: 'no regular expression' });
      return z.NEVER;
    }
  });

const match = {
  method: z.enum(['GET', 'POST', 'DELETE']).exactOptional(),
  path: expression.exactOptional(),
  parameters: z.record(z.string(), z.string()).exactOptional(),
  times: z.int().min(1).max(1_000_000).exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
};

const restFaultRule = z.strictObject({
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rate-limited'), retryAfterS: z.number().min(0).max(3_600).exactOptional() }),
    z.strictObject({ kind: z.literal('server-error') }),
    z.strictObject({ kind: z.literal('reset') }),
    z.strictObject({ kind: z.literal('slow'), ms }),
    z.strictObject({ kind: z.literal('response-lost') }),
    z.strictObject({ kind: z.literal('never-answered') }),
    z.strictObject({ kind: z.literal('webhook-first') }),
  ]),
  ...match,
});

const webhookFaultRule = z.strictObject({
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('dropped') }),
    z.strictObject({ kind: z.literal('doubled'), afterMs: ms.exactOptional() }),
    z.strictObject({ kind: z.literal('delayed'), leastMs: ms, mostMs: ms }),
  ]),
  ...match,
});

const errorCode = z.int().min(10_000).max(99_999);
const messageFates = z.record(
  z.string().regex(/^\+[1-9]\d{6,14}$/),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('delivered') }),
    z.strictObject({ kind: z.literal('undelivered'), errorCode }),
    z.strictObject({ kind: z.literal('failed'), errorCode }),
    z.strictObject({ kind: z.literal('never-reported') }),
    z.strictObject({ kind: z.literal('refused'), status: z.int().min(400).max(499), errorCode }),
    z.strictObject({ kind: z.literal('opted-out') }),
  ]),
);
const textMessage = z.strictObject({ from: z.string().max(40), body: z.string().max(1_600) });

const placedCall = z.strictObject({ from: z.string().max(40).nullable(), caller: phoneBehaviour });
const phones = z.record(z.string().regex(/^\+[1-9]\d{6,14}$/), phoneBehaviour);

/** As they are written in JSON. */
export type RestFaultPlan = z.input<typeof restFaultRule>;
export type WebhookFaultPlan = z.input<typeof webhookFaultRule>;
export type PhonePlan = z.input<typeof phones>;
export type CallPlan = z.input<typeof placedCall>;

export type Controlled = Pick<
  Carrier,
  | 'setPhone'
  | 'failRest'
  | 'failWebhooks'
  | 'clearFaults'
  | 'legs'
  | 'messages'
  | 'placeCall'
  | 'setMessageFate'
  | 'sendMessage'
>;

/** Never throws: what is no order is refused with 400 and the reason. */
export function control(carrier: Controlled, method: string, path: string, body: string): RestAnswer {
  switch (`${method} ${path}`) {
    case 'GET /sandbox/legs':
      return { status: 200, body: carrier.legs() };
    case 'GET /sandbox/messages':
      return { status: 200, body: carrier.messages() };
    case 'PUT /sandbox/phones':
      return take(phones, body, (plan) => {
        for (const [number, behaviour] of Object.entries(plan)) {
          carrier.setPhone(number, behaviour);
        }
      });
    case 'PUT /sandbox/message-fates':
      return take(messageFates, body, (plan) => {
        for (const [number, fate] of Object.entries(plan)) {
          carrier.setMessageFate(number, fate);
        }
      });
    case 'POST /sandbox/messages':
      return take(textMessage, body, (message) => {
        // Who wrote does not wait for what the application makes of it.
        carrier.sendMessage(message).catch(() => {});
      });
    case 'POST /sandbox/rest-faults':
      return take(restFaultRule.array().max(1_000), body, (plans) => {
        for (const rule of plans) {
          carrier.failRest(rule);
        }
      });
    case 'POST /sandbox/webhook-faults':
      return take(webhookFaultRule.array().max(1_000), body, (plans) => {
        for (const rule of plans) {
          carrier.failWebhooks(rule);
        }
      });
    case 'DELETE /sandbox/faults':
      carrier.clearFaults();
      return { status: 200, body: {} };
    case 'POST /sandbox/calls':
      return take(placedCall, body, ({ from, caller }) => {
        if (caller.kind !== 'person') {
          throw new RangeError('only a person calls');
        }
        return { callSid: carrier.placeCall({ from, caller }).callSid };
      });
    default:
      return { status: 404, body: { error: `${method} ${path} is no order` } };
  }
}

function take<Plan>(schema: z.ZodType<Plan>, body: string, obey: (plan: Plan) => object | void): RestAnswer {
  try {
    return { status: 200, body: obey(schema.parse(JSON.parse(body))) ?? {} };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}
