import type { Clock } from './clock.ts';
import { ReplyDoor } from './followUp/replies/door.ts';
import { screenReply } from './followUp/replies/screening.ts';
import { sendingTiming, type SendingTiming } from './followUp/sending/send.ts';
import type { Route } from './http/router.ts';
import { smsRoutes, smsStatusPath, smsStatusQuery } from './http/smsWebhooks.ts';
import type { JobDefinition, Queues } from './jobs/queues.ts';
import { missedEveryMs, missedKind, replyJobs, secondReadingKind } from './jobs/replies.ts';
import { forgottenKind, lookEveryMs, sendingJobs, sendKind } from './jobs/sms.ts';
import { limits } from './limits.ts';
import { faultOf, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ContextualRisk } from './risk/contextual/contextualRisk.ts';
import type { Settings } from './settings.ts';
import type { Database } from './store/database.ts';
import { messageTopic } from './store/messages.ts';
import { createReplyStore, replyTopic } from './store/replies.ts';
import type { KeyKeeper } from './store/sealing.ts';
import { createSmsStore } from './store/smsSending.ts';
import { createCarrierRequest } from './twilio/carrierRequest.ts';
import { createOutboundSms } from './twilio/outboundSms.ts';
import { createReceivedSms } from './twilio/receivedSms.ts';

/** Text messages between settings, store and carrier; the same for the process that serves calls and the one that runs jobs. */

export type SmsSettings = Pick<
  Settings,
  | 'PUBLIC_URL'
  | 'TWILIO_ACCOUNT_SID'
  | 'TWILIO_AUTH_TOKEN'
  | 'TWILIO_PHONE_NUMBER'
  | 'TWILIO_API_BASE_URL'
  | 'SMS_SENDER_NAME'
>;

export interface SmsParts {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Of the escalations: what people wrote is answered by bringing a person at once. */
  readonly drive: (escalationId: string) => Promise<unknown>;
  readonly timing?: SendingTiming;
}

export interface OpenSms {
  readonly routes: readonly Route[];
  readonly jobs: (options: {
    readonly queues: Pick<Queues, 'add'>;
    readonly contextual: Pick<ContextualRisk, 'classify'>;
  }) => readonly JobDefinition[];
}

/** The outbox's topics and the jobs they become. */
export const smsTopics = { [messageTopic]: sendKind, [replyTopic]: secondReadingKind };

/** What is looked at now and then, whatever the queue lost. */
export const smsSchedule = [
  { kind: forgottenKind, everyMs: lookEveryMs },
  { kind: missedKind, everyMs: missedEveryMs },
] as const;

export function openSms(settings: SmsSettings, parts: SmsParts): OpenSms {
  const { database, keys, clock, log, metrics, drive, timing = sendingTiming } = parts;
  const { PUBLIC_URL: publicUrl, TWILIO_PHONE_NUMBER: line } = settings;
  const carrier = createCarrierRequest(
    {
      accountSid: settings.TWILIO_ACCOUNT_SID,
      authToken: settings.TWILIO_AUTH_TOKEN,
      apiBaseUrl: settings.TWILIO_API_BASE_URL ?? null,
      requestMs: limits.carrierRequestMs,
    },
    { clock, log, metrics },
  );
  const now = () => clock.wall();
  const messages = createSmsStore({ database, keys, now });
  const ownNumber = { name: 'Sanad', dialledNumber: line };
  const replies = createReplyStore({ database, keys, screen: screenReply, ownNumber, now });
  const door = new ReplyDoor({
    replies,
    messages,
    // The keeper would find it within half a second.
    drive: (escalationId) =>
      void drive(escalationId).catch((error: unknown) =>
        log.warn('an escalation could not be driven', { escalationId, ...faultOf(error) }),
      ),
    log,
  });
  return {
    routes: smsRoutes({ door, clock, log }),
    jobs: ({ queues, contextual }) => [
      ...sendingJobs({
        store: messages,
        sms: createOutboundSms(carrier),
        senders: { number: line, name: settings.SMS_SENDER_NAME ?? null },
        statusCallback: (message) => publicUrl + smsStatusPath + smsStatusQuery(message),
        timing,
        queues,
        log,
      }),
      ...replyJobs({
        store: replies,
        door,
        contextual,
        received: createReceivedSms(carrier, line),
        now: () => clock.wall().getTime(),
        log,
      }),
    ],
  };
}
