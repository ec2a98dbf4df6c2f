/** The jobs of sending: one message at once when it is approved, and a look every minute at what was forgotten. */
import { createHash } from 'node:crypto';
import type { JobDefinition, Queues } from './queues.ts';
import { faultOf, type Log } from '../log.ts';
import type { SmsStore } from '../store/smsSending.ts';
import { refusalOf } from '../twilio/smsErrors.ts';
import { sendMessage, sendOrLog, type SenderOptions } from '../followUp/sending/send.ts';

export const sendKind = { queue: 'followUp', name: 'followUp.send', attempts: 5, backoffMs: 5_000 } as const;
export const forgottenKind = { queue: 'followUp', name: 'followUp.forgotten', attempts: 1, backoffMs: 1_000 } as const;

/** A job of longer ago is not worth keeping: the look every minute finds the message then. */
const longestDelayMs = 600_000;
export const lookEveryMs = 60_000;

export interface SendingJobOptions extends SenderOptions {
  readonly store: SmsStore;
  readonly queues: Pick<Queues, 'add'>;
  readonly log: Log;
}

export function sendingJobs(options: SendingJobOptions): readonly JobDefinition[] {
  return [sendJob(options), forgottenJob(options)];
}

/** Comes back while the message waits for something near; what waits for longer is met by the look every minute. */
function sendJob(options: SendingJobOptions): JobDefinition {
  const { queues, log } = options;
  return {
    ...sendKind,
    run: async ({ id, payload }) => {
      const { organisationId, messageId } = payload;
      if (organisationId === undefined || messageId === undefined)
        return log.error('a job of a message names none', { jobId: id });
      const inMs = await sendMessage({ organisationId, messageId }, options);
      if (inMs === null || inMs > longestDelayMs) return;
      await queues.add(sendKind, { id: nextJobId(id), payload, delayMs: inMs });
    },
  };
}

/** Derived, so that a job that runs twice is followed once. */
function nextJobId(jobId: string): string {
  const hex = createHash('sha256').update(`${jobId}:next`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const atOnce = 100;
/** The carrier mostly reports within seconds; and after a day it will not any more. */
const unreportedMs = { leastMs: 600_000, mostMs: 86_400_000 } as const;

/** Whatever the queue lost, and whoever died between the request and its result: the rows tell. */
function forgottenJob(options: SendingJobOptions): JobDefinition {
  return {
    ...forgottenKind,
    run: async ({ signal }) => {
      for (const message of await options.store.toSend(atOnce)) {
        if (signal.aborted) return;
        await sendOrLog(message, options);
      }
      if (!signal.aborted) await askForReports(options, signal);
    },
  };
}

/** Reports that were lost are fetched. */
export async function askForReports(
  { store, sms, log }: Pick<SendingJobOptions, 'store' | 'sms' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { organisationId, messageId, sid } of await store.unreported({ ...unreportedMs, most: atOnce })) {
    if (signal.aborted) return;
    const found = await sms.statusOf(sid);
    if (!found.ok) continue;
    const { status, errorCode } = found.value;
    const { reason } = refusalOf(errorCode);
    try {
      await store.reported({ organisationId, messageId, sid, status, errorCode, reason });
    } catch (error) {
      log.warn('a report that was fetched could not be kept', { messageId, ...faultOf(error) });
    }
  }
}
