/**
 * Text messages that come in, and what becomes of those we sent. Nothing is ever answered to what people write: a person reads it.
 * The one exception confirms a withdrawal that the carrier does not confirm itself.
 */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { InboundSms, SmsDoor } from '../followUp/replies/door.ts';
import { faultOf, type Log } from '../log.ts';
import { answerWith, noAnswer } from '../twilio/messagingTwiml.ts';
import { carrierPaths } from '../twilio/twiml.ts';
import { callerNumber, firstValues } from './parameters.ts';
import { carrierRoute, empty, type Answer, type Route, type RouteRequest } from './router.ts';

export const smsStatusPath = '/twilio/sms/status';

/** Of the address to which the carrier reports on one message of ours. */
export function smsStatusQuery(message: { readonly organisationId: string; readonly messageId: string }): string {
  return `?o=${message.organisationId}&m=${message.messageId}`;
}

export interface SmsWebhookDependencies {
  readonly door: SmsDoor;
  readonly clock: Clock;
  readonly log: Log;
}

export function smsRoutes(dependencies: SmsWebhookDependencies): readonly Route[] {
  const route = carrierRoute(dependencies);
  return [route(carrierPaths.sms, sms), route(smsStatusPath, smsStatus)];
}

const messageSid = z.string().regex(/^(?:SM|MM)[0-9a-f]{32}$/i);

/** Twice what the carrier delivers: whatever comes is kept, and nothing is without bound. */
const longestBody = 3_200;

const smsParameters = z.object({
  MessageSid: messageSid,
  From: z.string().max(256).transform(callerNumber),
  To: z.string().min(1).max(256),
  Body: z
    .string()
    .default('')
    .transform((text) => text.slice(0, longestBody)),
  OptOutType: z.string().max(32).optional(),
});

const statusParameters = z.object({
  MessageSid: messageSid,
  MessageStatus: z.string().min(1).max(32),
  ErrorCode: z.coerce.number().int().min(0).max(999_999).nullable().catch(null).default(null),
});

const uuid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);

const confirmations = { ar: 'لن تصلك رسائل أخرى.', en: 'You will get no more messages.' } as const;

/** The carrier waits 15 s. A short absence of the database is worth waiting for: it asks nobody a second time. */
const triesMs = [0, 1_000, 3_000, 6_000];

async function sms(request: RouteRequest, dependencies: SmsWebhookDependencies): Promise<Answer> {
  const { door, log } = dependencies;
  const read = smsParameters.safeParse(firstValues(request.parameters));
  const message = read.data;
  if (message === undefined || message.From === null) {
    // No number that could be answered or rung: a service, another network's notice.
    log.warn('a text message has no sender that could be found', { field: read.error?.issues[0]?.path.map(String)[0] });
    return xml(noAnswer());
  }
  const inbound: InboundSms = {
    messageSid: message.MessageSid,
    from: message.From,
    to: message.To,
    body: message.Body,
    carrierOptOut: message.OptOutType?.toUpperCase() === 'STOP',
  };
  const received = await insist('received', message.MessageSid, () => door.received(inbound), dependencies);
  // The carrier then asks the fallback address of the number, which is the same one (docs/sms.md).
  if (received === null) return empty(503);
  return xml(received.kind === 'optedOut' ? confirmed(inbound, received.language) : noAnswer());
}

/** In the words that the carrier itself takes for a withdrawal, it has answered already. */
function confirmed({ body, carrierOptOut }: InboundSms, language: 'ar' | 'en'): string {
  const isCarriers = /^\s*(?:stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)\s*$/i.test(body);
  return carrierOptOut || isCarriers ? noAnswer() : answerWith(confirmations[language]);
}

async function smsStatus(request: RouteRequest, dependencies: SmsWebhookDependencies): Promise<Answer> {
  const { door, log } = dependencies;
  const messageId = uuid.safeParse(request.query.get('m')).data;
  const organisationId = uuid.safeParse(request.query.get('o')).data;
  const status = statusParameters.safeParse(firstValues(request.parameters)).data;
  if (messageId === undefined || organisationId === undefined || status === undefined) {
    log.warn('cannot read what became of a text message', { route: smsStatusPath });
    return empty(400);
  }
  const report = {
    organisationId,
    messageId,
    messageSid: status.MessageSid,
    status: status.MessageStatus.toLowerCase(),
    errorCode: status.ErrorCode === 0 ? null : status.ErrorCode,
  };
  const done = await insist('reported', messageId, async () => (await door.reported(report), true), dependencies);
  return empty(done === null ? 503 : 204);
}

/** Null: it failed every time. */
async function insist<T>(
  what: string,
  id: string,
  work: () => Promise<T>,
  { clock, log }: SmsWebhookDependencies,
): Promise<T | null> {
  for (const waitMs of triesMs) {
    if (waitMs > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, waitMs));
    try {
      return await work();
    } catch (error) {
      log.error('a text message could not be taken in', { what, id, ...faultOf(error) });
    }
  }
  return null;
}

function xml(text: string): Answer {
  return { status: 200, contentType: 'text/xml; charset=utf-8', body: text };
}
