import type { Log } from '../log.ts';
import { limits } from '../limits.ts';
import type { JobDefinition, Queues } from './queues.ts';

/** What maintenance does to the records; the store implements it. Ages in milliseconds. */
export interface Records {
  /** Closes calls whose server was not heard of for so long; gives their ids. */
  readonly closeAbandoned: (olderThanMs: number) => Promise<readonly string[]>;
  readonly sweepTickets: (olderThanMs: number) => Promise<number>;
  readonly sweepOutbox: (olderThanMs: number) => Promise<number>;
}

const everyMs = { closeAbandoned: 30_000, sweep: 3_600_000 };

/** The jobs of the `maintenance` queue. All of them may run twice, or late, without harm. */
export function maintenanceJobs(records: Records, log: Log): readonly JobDefinition[] {
  return [
    {
      queue: 'maintenance',
      name: 'close-abandoned-calls',
      // The next run comes soon enough; a run that failed need not be repeated on top of it.
      attempts: 1,
      backoffMs: 1_000,
      run: async () => {
        const closed = await records.closeAbandoned(limits.abandonedCallMs);
        for (const callId of closed) log.warn('call lost: its server was not heard of', { callId });
      },
    },
    {
      queue: 'maintenance',
      name: 'sweep-spent-rows',
      attempts: 3,
      backoffMs: 60_000,
      run: async () => {
        const tickets = await records.sweepTickets(limits.sweptAfterMs);
        const outbox = await records.sweepOutbox(limits.sweptAfterMs);
        if (tickets + outbox > 0) log.info('swept', { tickets, outbox });
      },
    },
  ];
}

/** Any server may say so, as often as it likes; rejects with `QueueAway`. */
export async function scheduleMaintenance(queues: Queues, jobs: readonly JobDefinition[]): Promise<void> {
  for (const job of jobs)
    await queues.repeat(job, job.name === 'close-abandoned-calls' ? everyMs.closeAbandoned : everyMs.sweep);
}
