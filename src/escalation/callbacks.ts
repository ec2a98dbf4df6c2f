/** Sanad's own calls to callers in danger who were lost. Each is claimed in the database before it is made, so it is made once. */
import type { Log } from '../log.ts';
import type { EscalationAddresses } from './addresses.ts';
import type { CallbackOutcome, CallbackStore, DueCallback, EscalationCarrier } from './ports.ts';

export interface CallbackOptions {
  readonly store: CallbackStore;
  readonly carrier: EscalationCarrier;
  readonly addresses: EscalationAddresses;
  readonly log: Log;
}

const callbackRingSeconds = 30;
const callbacksAtOnce = 20;

/** Makes the calls whose time has come; rejects when the database is away. */
export async function makeDueCallbacks(options: CallbackOptions): Promise<void> {
  for (const task of await options.store.due(callbacksAtOnce)) await makeCallback(task, options);
}

async function makeCallback(task: DueCallback, { store, carrier, addresses, log }: CallbackOptions): Promise<void> {
  // Claimed long ago and nothing was heard: it may have rung, so it is not made again.
  if (task.state === 'calling') return store.end(task.taskId, 'unknown');
  const claimed = await store.claim(task);
  if (claimed === null) return;
  const { taskId, escalationId, to } = claimed;
  log.info('calling back', { escalationId, taskId, hasNumber: to !== null });
  if (to === null) return store.end(taskId, 'noNumber');
  const result = await carrier.outbound.place({
    to,
    ...addresses.callback({ escalationId, taskId }),
    ringSeconds: callbackRingSeconds,
  });
  // What may ring after all ends by the carrier's report, or by silence.
  if (!result.ok && result.failure.kind !== 'unknown') await store.end(taskId, 'failed');
}

const outcomes: Readonly<Record<string, CallbackOutcome>> = {
  busy: 'noAnswer',
  'no-answer': 'noAnswer',
  failed: 'failed',
  canceled: 'failed',
  completed: 'unknown',
};

/** What a final status of the carrier says of a call back; null when it says nothing. */
export function callbackOutcome(status: string): CallbackOutcome | null {
  return outcomes[status] ?? null;
}
