import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { segmentsOf } from '../followUp/segments.ts';
import { callerKeyPlace, findOrCreateCaller } from './callers.ts';
import type { Transaction } from './database.ts';
import { addStep, messageBodyPlace } from './messageRows.ts';
import type { Organisation } from './organisations.ts';
import { readCount, readRows, run } from './rows.ts';
import { seal, type KeyKeeper } from './sealing.ts';

/** A message that came in. */
export interface ReceivedMessage {
  /** E.164. */
  readonly from: string;
  readonly body: string;
  /** The carrier's: one that comes twice is kept once. */
  readonly providerSid: string;
  readonly language: string;
  readonly at: Date;
}

export interface RecordedMessage {
  readonly kind: 'recorded' | 'known';
  readonly id: string;
  readonly callerId: string;
}

/** Whoever has never called becomes a caller by writing. */
export async function recordInbound(
  tx: Transaction,
  keys: KeyKeeper,
  organisation: Organisation,
  received: ReceivedMessage,
): Promise<RecordedMessage> {
  const { from, body, providerSid, language, at } = received;
  const caller = await findOrCreateCaller(tx, keys, organisation, from);
  const key = keys.unwrap(caller.wrappedKey, callerKeyPlace(caller.id));
  const id = randomUUID();
  const made = await run(
    tx,
    `insert into messages (id, organisation_id, caller_id, direction, kind, language, body, state, provider_sid, segments,
       created_at, updated_at)
     values (?, ?, ?, 'in', 'reply', ?, ?, 'delivered', ?, ?, ?, ?) on conflict (organisation_id, provider_sid) do nothing`,
    [
      id,
      organisation.id,
      caller.id,
      language,
      seal(key, messageBodyPlace(id), body),
      providerSid,
      segmentsOf(body).segments,
      at,
      at,
    ],
  );
  if (readCount(made) === 1) {
    const by = { kind: 'caller', id: caller.id } as const;
    const message = { id, organisationId: organisation.id };
    await addStep(tx, { message, type: 'received', from: null, to: 'delivered', by, at });
    return { kind: 'recorded', id, callerId: caller.id };
  }
  const known = await run(tx, 'select id, caller_id from messages where provider_sid = ?', [providerSid]);
  const row = readRows(z.object({ id: z.string(), caller_id: z.string() }), known)[0];
  if (row === undefined) throw new Error('a message that is known cannot be seen: row security is set up wrongly');
  return { kind: 'known', id: row.id, callerId: row.caller_id };
}
