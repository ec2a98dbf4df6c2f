import type { Log } from '../log.ts';
import { callEndedTopic } from '../store/calls.ts';
import type { Database } from '../store/database.ts';
import { organisationIds } from '../store/retention.ts';
import type { KeyKeeper } from '../store/sealing.ts';
import { readOrganisationSettings } from '../store/settings.ts';
import { keepSummary } from '../store/summaries.ts';
import { callsWithoutSummary, summarisable } from '../store/summarisable.ts';
import { summarise } from '../summary/summarise.ts';
import type { StructuredModel } from '../therapist/structured/structuredModel.ts';
import type { JobDefinition, Queues } from './queues.ts';

const kind = { queue: 'afterCall', name: 'after-call', attempts: 5, backoffMs: 30_000 } as const;

/** The outbox's topic and the job it becomes. */
export const afterCallRoute = { [callEndedTopic]: kind };

export interface AfterCallOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  /** In the order in which they are asked; with none a summary is an extract. */
  readonly models: readonly StructuredModel[];
  readonly log: Log;
}

/** Writes the summary of a call that is over. May run twice: a call has one summary, and the first stands. */
export function afterCallJob({ database, keys, models, log }: AfterCallOptions): JobDefinition {
  return {
    ...kind,
    run: async ({ id, payload, signal }) => {
      const { callId, organisationId } = payload;
      if (callId === undefined || organisationId === undefined)
        return log.error('a job after a call names none', { jobId: id });
      const found = await database.within(organisationId, (tx) => summarisable(tx, keys, callId));
      if (found.kind === 'none') return log.debug('no summary', { callId, why: found.why });
      // Not in a transaction: a model may take a minute.
      const made = await summarise(models, found, signal);
      if (signal.aborted) throw new Error('aborted');
      if (made === null) return;
      if (made.source === 'extractive') log.warn('no model has summarised a call; it is an extract', { callId });
      await database.within(organisationId, async (tx) => {
        const settings = await readOrganisationSettings(tx, organisationId);
        const approved = settings.get('summaries.autoApprove')?.value === 'yes' && made.source !== 'extractive';
        // Consent may have been withdrawn meanwhile.
        if ((await summarisable(tx, keys, callId)).kind === 'call')
          await keepSummary(tx, keys, { callId, ...made, approved });
      });
    },
  };
}

/** A queue that was wiped has lost its jobs; what they were for is found again within the hour. */
export const lookBackEveryMs = 3_600_000;
const lookBackMs = 3 * 86_400_000;
const mostOfOnce = 500;

export function lookBackJob(
  options: Pick<AfterCallOptions, 'database' | 'log'> & { readonly queues: Pick<Queues, 'add'> },
): JobDefinition {
  const { database, log, queues } = options;
  return {
    queue: 'maintenance',
    name: 'find-calls-without-summary',
    attempts: 1,
    backoffMs: 1_000,
    run: async ({ signal }) => {
      for (const organisationId of await organisationIds(database)) {
        if (signal.aborted) return;
        const since = new Date(Date.now() - lookBackMs);
        const calls = await database.within(organisationId, (tx) =>
          callsWithoutSummary(tx, organisationId, since, mostOfOnce),
        );
        // The call's id is the job's, so that a call is asked for once, also by the next look.
        for (const callId of calls) await queues.add(kind, { id: callId, payload: { callId, organisationId } });
        if (calls.length > 0) log.info('calls without a summary were found', { organisationId, calls: calls.length });
      }
    },
  };
}
