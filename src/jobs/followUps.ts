import type { Clock } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import type { Database } from '../store/database.ts';
import { tickFollowUps } from '../store/followUpTick.ts';
import { organisationIds } from '../store/retention.ts';
import type { KeyKeeper } from '../store/sealing.ts';
import type { JobDefinition } from './queues.ts';

/** A draft is there for a person to look at within minutes after the call. */
export const followUpsEveryMs = 60_000;

export interface FollowUpJobOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** The job `followUp.plan`: goes through the organisations one by one. May run twice, at once, or late, without harm. */
export function followUpJob({ database, keys, clock, log }: FollowUpJobOptions): JobDefinition {
  return {
    queue: 'followUp',
    name: 'followUp.plan',
    // The next run comes soon enough.
    attempts: 1,
    backoffMs: 1_000,
    run: async ({ signal }) => {
      for (const organisationId of await organisationIds(database)) {
        if (signal.aborted) return;
        try {
          const done = await tickFollowUps({ database, keys, organisationId, at: clock.wall(), signal });
          if (Object.values(done).some((count) => count > 0)) log.info('follow-ups', { organisationId, ...done });
        } catch (error) {
          // One organisation must not keep the others from their contacts.
          log.error('follow-ups could not be gone through', { organisationId, ...faultOf(error) });
        }
      }
    },
  };
}
