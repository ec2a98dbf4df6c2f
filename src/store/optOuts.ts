import { z } from 'zod';
import type { Transaction } from './database.ts';
import { cancelMessages } from './messageCancelling.ts';
import { bySanad, type MessageActor } from './messageRows.ts';
import type { Organisation } from './organisations.ts';
import { readCount, readRows, run } from './rows.ts';
import { phoneHmac } from './sealing.ts';

/** Numbers that want no text messages. A list of our own, since whoever gets messages from a name cannot answer the carrier. */

export const optOutSources = ['stopWord', 'carrier21610', 'staff', 'saidInCall'] as const;
export type OptOutSource = (typeof optOutSources)[number];

/** For good, by number (E.164), whether or not a caller has it; their drafts are cancelled. False: it was known. */
export async function optOutNumber(
  tx: Transaction,
  organisation: Organisation,
  number: string,
  { source, at }: { readonly source: OptOutSource; readonly at: Date },
): Promise<boolean> {
  const hmac = phoneHmac(organisation.lookup, number);
  const result = await run(
    tx,
    `insert into opt_outs (organisation_id, number_hmac, at, source) values (?, ?, ?, ?)
     on conflict (organisation_id, number_hmac) do nothing`,
    [organisation.id, hmac, at, source],
  );
  const found = await run(tx, 'select id from callers where organisation_id = ? and phone_hmac = ?', [
    organisation.id,
    hmac,
  ]);
  const callerId = readRows(z.object({ id: z.string() }), found)[0]?.id;
  if (callerId !== undefined) await cancelMessages(tx, callerId, { why: 'optedOut', by: bySanad, at });
  return readCount(result) === 1;
}

/** The same of a caller. Null: they were erased. */
export async function optOutCaller(
  tx: Transaction,
  callerId: string,
  { source, at, by = bySanad }: { readonly source: OptOutSource; readonly at: Date; readonly by?: MessageActor },
): Promise<boolean | null> {
  const result = await run(
    tx,
    `insert into opt_outs (organisation_id, number_hmac, at, source)
     select organisation_id, phone_hmac, ?, ? from callers where id = ? and phone_hmac is not null
     on conflict (organisation_id, number_hmac) do nothing`,
    [at, source, callerId],
  );
  await cancelMessages(tx, callerId, { why: 'optedOut', by, at });
  if (readCount(result) === 1) return true;
  return (await isOptedOut(tx, callerId)) ? false : null;
}

export async function isOptedOut(tx: Transaction, callerId: string): Promise<boolean> {
  const result = await run(
    tx,
    `select 1 from opt_outs o join callers c on c.organisation_id = o.organisation_id and c.phone_hmac = o.number_hmac
     where c.id = ?`,
    [callerId],
  );
  return readCount(result) > 0;
}
