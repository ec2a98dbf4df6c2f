/**
 * Somebody wrote of danger and is on no line: people are rung as for a caller, and when one of them is ready, we ring whoever wrote
 * and bring both into the room. Claimed in the database before each call, so it is made once for each person who is ready.
 */
import type { Log } from '../log.ts';
import type { EscalationAddresses } from './addresses.ts';
import { driveOrLog, type Drive } from './drive.ts';
import type { EscalationCarrier } from './ports.ts';

export interface WriterStore {
  /** Escalations of messages in which a person waits in the room and the writer was not rung for them. */
  readonly due: (most: number) => Promise<readonly string[]>;
  /** Null: somebody else has it, or it is over. `to`: E.164; null when the number is erased or cannot be opened. */
  readonly claim: (escalationId: string) => Promise<{ readonly to: string | null } | null>;
  /** The carrier took the call: from now on it is the caller's, whom the escalation checks and fetches. */
  readonly placed: (escalationId: string, callSid: string) => Promise<void>;
  /** In which language to speak; null when there is no such escalation of a message. */
  readonly language: (escalationId: string) => Promise<string | null>;
}

export interface WriterOptions {
  readonly writers: WriterStore;
  readonly drive: Drive;
  readonly carrier: EscalationCarrier;
  readonly addresses: EscalationAddresses;
  readonly log: Log;
}

/** Below the time at which voicemail usually takes over. */
const ringSeconds = 18;
const writersAtOnce = 20;

/** Rings those for whom a person is ready; rejects when the database is away. */
export async function ringWriters(options: WriterOptions): Promise<void> {
  for (const escalationId of await options.writers.due(writersAtOnce)) await ringWriter(escalationId, options);
}

async function ringWriter(
  escalationId: string,
  { writers, drive, carrier, addresses, log }: WriterOptions,
): Promise<void> {
  const claimed = await writers.claim(escalationId);
  if (claimed === null) return;
  log.info('ringing somebody who wrote', { escalationId, hasNumber: claimed.to !== null });
  const gone = () => driveOrLog(drive, log, escalationId, { type: 'callerGone' });
  if (claimed.to === null) return void (await gone());
  const result = await carrier.outbound.place({ to: claimed.to, ...addresses.writer(escalationId), ringSeconds });
  if (result.ok) {
    await writers.placed(escalationId, result.value.callSid);
    await driveOrLog(drive, log, escalationId, { type: 'callerJoining' });
  }
  // What may ring after all is heard of by the carrier's report; without one the person's deadline ends the waiting.
  else if (result.failure.kind !== 'unknown') await gone();
}
