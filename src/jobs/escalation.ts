import { createHash } from 'node:crypto';
import type { Drive } from '../escalation/drive.ts';
import type { Log } from '../log.ts';
import { escalationTopic } from '../store/escalationRecords.ts';
import type { JobDefinition, Queues } from './queues.ts';

export interface EscalationJobOptions {
  readonly drive: Drive;
  readonly queues: Pick<Queues, 'add'>;
  readonly log: Log;
}

/** At which a job looks again when the time it waits for is over already: clocks of servers differ. */
const leastDelayMs = 250;

const kind = { queue: 'escalation', name: 'escalation.drive', attempts: 20, backoffMs: 500 } as const;

/**
 * Drives one escalation, and comes back at its next deadline until it is closed. Beside the serving processes, which do the same:
 * each drive takes in only what has happened and what is due, so it does not matter who is first.
 */
export function escalationJob({ drive, queues, log }: EscalationJobOptions): JobDefinition {
  return {
    ...kind,
    run: async ({ id, payload }) => {
      const { escalationId } = payload;
      if (escalationId === undefined) return log.error('a job of an escalation names none', { jobId: id });
      const driven = await drive(escalationId);
      // Handed over by the outbox, so it was committed: whoever is unknown was erased since.
      if (driven === null || driven.escalation.nextAt === null) return;
      const { nextAt } = driven.escalation;
      await queues.add(kind, {
        id: nextJobId(id, nextAt),
        payload,
        delayMs: Math.max(leastDelayMs, nextAt - Date.now()),
      });
    },
  };
}

/** The outbox's topic and the job it becomes. */
export const escalationRoute = { [escalationTopic]: kind };

/** The same for the same job and deadline, so that a job that runs twice is followed once. */
function nextJobId(jobId: string, nextAt: number): string {
  const hex = createHash('sha256').update(`${jobId}:${nextAt}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
