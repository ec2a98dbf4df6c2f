import { z } from 'zod';
import { moveMessage } from '../followUp/messageState.ts';
import type { Transaction } from './database.ts';
import { addStep, lockMessage, type MessageActor, type MessageRow } from './messageRows.ts';
import { readRows, run } from './rows.ts';

export interface Cancelling {
  /** A tag. */
  readonly why: string;
  readonly by: MessageActor;
  readonly at: Date;
}

/** All of a caller that are not yet on their way, or only those of follow-up plans. Gives how many. */
export async function cancelMessages(
  tx: Transaction,
  callerId: string,
  { why, by, at, ofPlans = false }: Cancelling & { readonly ofPlans?: boolean },
): Promise<number> {
  const open = await run(
    tx,
    `select id from messages where caller_id = ? and direction = 'out' and state in ('draft', 'approved')
       and (not ? or follow_up_id is not null) order by id`,
    [callerId, ofPlans],
  );
  let cancelled = 0;
  for (const { id } of readRows(z.object({ id: z.string() }), open)) {
    const message = await lockMessage(tx, id);
    if (message !== null && (await cancelMessage(tx, message, { why, by, at }))) cancelled += 1;
  }
  return cancelled;
}

/** A message that is locked. False: it is over, or on its way. */
export async function cancelMessage(
  tx: Transaction,
  message: MessageRow,
  { why, by, at }: Cancelling,
): Promise<boolean> {
  if (moveMessage(message.state, { type: 'cancelled' }).kind !== 'moved') return false;
  await run(tx, `update messages set state = 'cancelled', reason = ?, updated_at = ? where id = ?`, [
    why,
    at,
    message.id,
  ]);
  await addStep(tx, { message, type: 'cancelled', from: message.state, to: 'cancelled', by, at, reason: why });
  return true;
}
