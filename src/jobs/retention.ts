import type { Log } from '../log.ts';
import { organisationIds, sweepRetention, type RetentionReport } from '../store/retention.ts';
import type { Database } from '../store/database.ts';
import type { KeyKeeper } from '../store/sealing.ts';
import type { JobDefinition } from './queues.ts';

/** Every hour is soon enough: periods are counted in hours, and one that is late by an hour hurts nobody. */
export const retentionEveryMs = 3_600_000;

/** Sweeps one organisation after the other; gives what was removed of each. */
export type SweepAll = (signal: AbortSignal) => Promise<readonly RetentionReport[]>;

export function sweepAllOrganisations(database: Database, keys: KeyKeeper): SweepAll {
  const actor = { kind: 'sanad', id: null, name: 'retention.sweep' } as const;
  return async (signal) => {
    const reports: RetentionReport[] = [];
    for (const organisationId of await organisationIds(database)) {
      if (signal.aborted) break;
      reports.push(await sweepRetention({ database, keys, organisationId, actor, signal }));
    }
    return reports;
  };
}

/** The job `retention.sweep` of the maintenance queue. May run twice, or late, without harm; broken off, the next run goes on. */
export function retentionJob(sweepAll: SweepAll, log: Log): JobDefinition {
  return {
    queue: 'maintenance',
    name: 'retention.sweep',
    attempts: 3,
    backoffMs: 60_000,
    run: async ({ signal }) => {
      for (const { organisationId, removed, waiting, stopped } of await sweepAll(signal)) {
        const counts = Object.entries(removed).filter(([, count]) => count > 0);
        if (counts.length + waiting > 0 || stopped)
          log.info('retention swept', { organisationId, ...Object.fromEntries(counts), waiting, stopped });
      }
    },
  };
}
