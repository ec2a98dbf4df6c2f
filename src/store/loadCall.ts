import { readLog } from './callLog.ts';
import { keyOfCall, organisationOfCall, readCallBySid } from './calls.ts';
import type { Database } from './database.ts';
import type { StoredCall, StoredLogEntry } from './records.ts';
import type { KeyKeeper } from './sealing.ts';
import { readTurns } from './turns.ts';

/**
 * A call as it was kept, so that another server can go on with it. Null when no such call was written, or its key was
 * destroyed. Throws `SealBroken` when a value in it was changed or moved: such a call must not be gone on with.
 */
export async function loadCall(database: Database, keys: KeyKeeper, callSid: string): Promise<StoredCall | null> {
  const organisationId = await organisationOfCall(database, { callSid });
  if (organisationId === null) return null;
  return database.within(organisationId, async (tx) => {
    const call = await readCallBySid(tx, callSid);
    const key = call && keyOfCall(keys, call);
    if (!key) return null;
    const { log, logGapAt } = untilGap(await readLog(tx, key, call.id));
    return {
      callId: call.id,
      organisationId,
      callSid,
      language: call.language,
      packVersion: call.pack_version,
      startedAt: call.started_at,
      endedAt: call.ended_at,
      outcome: call.outcome,
      highestRisk: call.highest_risk,
      log,
      logGapAt,
      turns: await readTurns(tx, key, call.id),
    };
  });
}

/** A log that lost an entry folds to another state from there on, so it counts only up to the gap. */
function untilGap(entries: readonly StoredLogEntry[]): Pick<StoredCall, 'log' | 'logGapAt'> {
  const first = entries[0]?.seq ?? 0;
  // Counting starts at 0 or 1; a log that starts later has lost its beginning.
  if (first > 1) return { log: [], logGapAt: 0 };
  const gap = entries.findIndex((entry, index) => entry.seq !== first + index);
  return gap === -1 ? { log: entries, logGapAt: null } : { log: entries.slice(0, gap), logGapAt: first + gap };
}
