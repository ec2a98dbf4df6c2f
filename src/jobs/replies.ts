/** The jobs of what people write: a second reading by a classifier, and what came while we could not take it in. */
import { readCallerNumber } from '../callers/callerNumber.ts';
import { isAtLeast } from '../call/meaning.ts';
import type { JobDefinition } from './queues.ts';
import type { Log } from '../log.ts';
import type { ContextualRisk } from '../risk/contextual/contextualRisk.ts';
import type { ContextTurn } from '../risk/contextual/transcript.ts';
import type { MessageIds, ReplyStore } from '../store/replies.ts';
import type { ReceivedSms } from '../twilio/receivedSms.ts';
import type { ReplyDoor } from '../followUp/replies/door.ts';
import { languageOfReply, screenReply } from '../followUp/replies/screening.ts';

export const secondReadingKind = {
  queue: 'followUp',
  name: 'followUp.secondReading',
  attempts: 6,
  backoffMs: 10_000,
} as const;
export const missedKind = { queue: 'followUp', name: 'followUp.missed', attempts: 1, backoffMs: 1_000 } as const;
export const missedEveryMs = 300_000;

export interface ReplyJobOptions {
  readonly store: ReplyStore;
  readonly door: ReplyDoor;
  readonly contextual: Pick<ContextualRisk, 'classify'>;
  readonly received: ReceivedSms;
  readonly now: () => number;
  readonly log: Log;
}

export function replyJobs(options: ReplyJobOptions): readonly JobDefinition[] {
  return [secondReadingJob(options), missedJob(options)];
}

/** No classifier answered: it is tried again, and in the end it is with the jobs that failed. The floor has been heard already. */
class NoOpinion extends Error {
  override readonly name = 'NoOpinion';
}

function secondReadingJob(options: ReplyJobOptions): JobDefinition {
  return {
    ...secondReadingKind,
    run: async ({ id, payload, signal }) => {
      const { organisationId, messageId } = payload;
      if (organisationId === undefined || messageId === undefined)
        return options.log.error('a job of a message names none', { jobId: id });
      await readAgain({ organisationId, messageId }, options, signal);
    },
  };
}

async function readAgain(
  message: MessageIds,
  { store, door, contextual }: ReplyJobOptions,
  signal: AbortSignal,
): Promise<void> {
  const reply = await store.read(message);
  if (reply === null || reply.body.trim() === '') return;
  const { body, question } = reply;
  const floor = screenReply(body, question);
  // People are on their way already.
  if (floor.briefing !== null) return;
  const asked: readonly ContextTurn[] = question === null ? [] : [{ speaker: 'sanad', words: question }];
  const turns: readonly ContextTurn[] = [...asked, { speaker: 'caller', words: body }];
  const language = languageOfReply(body);
  const outcome = await contextual.classify({ turns, language, floor: floor.level, course: 'none' }, signal);
  if (outcome.type === 'failed') {
    if (outcome.reason === 'nothingToAssess') return;
    throw new NoOpinion(outcome.reason);
  }
  const level = outcome.type === 'opinion' ? outcome.opinion.level : outcome.level;
  if (isAtLeast(level, 'moderate')) door.escalated(await store.raise(message, level));
}

/** Far longer than any absence of ours that nobody notices; the carrier keeps messages for longer still. */
const lookBackMs = 86_400_000;

function missedJob({ store, door, received, now, log }: ReplyJobOptions): JobDefinition {
  return {
    ...missedKind,
    run: async ({ signal }) => {
      const listed = await received.receivedSince(now() - lookBackMs);
      if (!listed.ok || listed.value.length === 0) return;
      const missing = new Set(await store.missing(listed.value.map(({ messageSid }) => messageSid)));
      for (const message of listed.value) {
        if (signal.aborted) return;
        if (!missing.has(message.messageSid)) continue;
        log.warn('a text message is taken in late', { messageSid: message.messageSid });
        const from = readCallerNumber(message.from);
        if (from.kind === 'known') await door.received({ ...message, from: from.number, carrierOptOut: false });
      }
    },
  };
}
