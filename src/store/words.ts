import { z } from 'zod';
import { blankLogs } from './callLog.ts';
import { callKeyPlace, tryUnwrap } from './calls.ts';
import { callerKeyPlace } from './callers.ts';
import type { Transaction } from './database.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper, SealingKey } from './sealing.ts';
import { removeMoods } from './moodRatings.ts';
import { removeSummaries } from './summaries.ts';

const keyRow = z.object({
  id: z.string(),
  caller_id: z.string().nullable(),
  wrapped_key: sealedColumn.nullable(),
  caller_key: sealedColumn.nullable(),
});

/**
 * Removes what was said in these calls: the words of both sides, those in the log, and briefings of escalations that are over. Times,
 * counts, tags and decisions stay. A call whose key does not open loses its words all the same.
 */
export async function removeWords(tx: Transaction, keys: KeyKeeper, callIds: readonly string[]): Promise<void> {
  await run(tx, 'update turns set words = null, heard = null where call_id = any(?::uuid[]) and words is not null', [
    callIds,
  ]);
  await blankLogs(tx, await keysOf(tx, keys, callIds));
  await removeSummaries(tx, callIds);
  await removeMoods(tx, callIds);
  await run(tx, `update escalations set briefing = '' where call_id = any(?::uuid[]) and state = 'closed'`, [callIds]);
  await run(
    tx,
    `update calls set words_removed_at = clock_timestamp(), words_due_at = null
     where id = any(?::uuid[]) and words_removed_at is null`,
    [callIds],
  );
}

async function keysOf(
  tx: Transaction,
  keys: KeyKeeper,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, SealingKey | null>> {
  const result = await run(
    tx,
    `select calls.id, caller_id, calls.wrapped_key, callers.wrapped_key as caller_key
     from calls left join callers on callers.id = calls.caller_id where calls.id = any(?::uuid[])`,
    [callIds],
  );
  const keyOf = ({ id, caller_id: callerId, wrapped_key: own, caller_key: callers }: z.infer<typeof keyRow>) => {
    if (own !== null) return tryUnwrap(keys, own, callKeyPlace(id));
    return callerId === null || callers === null ? null : tryUnwrap(keys, callers, callerKeyPlace(callerId));
  };
  return new Map(readRows(keyRow, result).map((each) => [each.id, keyOf(each)]));
}
