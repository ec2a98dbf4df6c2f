import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { escalationIdOf } from '../escalation/ids.ts';
import type { Briefing } from '../escalation/model.ts';
import { defaultTiming, humanCallbackOf } from '../escalation/timing.ts';
import type { WriterStore } from '../escalation/writers.ts';
import { createTask, numberOfCall } from './callbackTasks.ts';
import { endCall, insertCall, keyOfCall, readCall } from './calls.ts';
import type { Database, Transaction } from './database.ts';
import { keepEscalation } from './escalationRecords.ts';
import { readCount, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** Escalations that begin with a text message. */

export interface DangerousReply {
  readonly organisationId: string;
  readonly callerId: string;
  /** Ours, of the message: one message is one escalation, however often it is screened. */
  readonly messageId: string;
  /** The carrier's. */
  readonly messageSid: string;
  readonly briefing: Briefing;
}

/**
 * Asks for a person on behalf of whoever wrote, with a task that stands until somebody was reached. While people are being brought
 * for them already, only the briefing is renewed. Null: nothing new (this message has been through here before).
 */
export async function escalateReply(tx: Transaction, keys: KeyKeeper, reply: DangerousReply): Promise<string | null> {
  const { organisationId, callerId, messageId, briefing } = reply;
  const escalationId = escalationIdOf(messageId, 1);
  const there = await run(tx, 'select 1 from escalations where id = ?', [escalationId]);
  if (readCount(there) > 0) return null;
  const open = await openEscalation(tx, callerId);
  const callId = open?.callId ?? (await lastCall(tx, callerId)) ?? (await standInCall(tx, reply));
  const call = await readCall(tx, callId);
  const key = call && keyOfCall(keys, call);
  if (!key) throw new Error('the call of a reply cannot be sealed: its caller was erased');
  const place = { organisationId, key };
  const at = new Date();
  if (open !== null) {
    const newsId = escalationIdOf(messageId, 2);
    const news = { type: 'briefing', briefing } as const;
    await keepEscalation(tx, place, { type: 'escalationNews', callId, escalationId: open.id, newsId, news, at });
    return open.id;
  }
  await keepEscalation(tx, place, { type: 'escalationRequested', callId, escalationId, briefing, at });
  await run(tx, `update escalations set origin = 'message' where id = ?`, [escalationId]);
  const dueAt = at.getTime() + humanCallbackOf(briefing.level, defaultTiming);
  await createTask(tx, organisationId, escalationId, callId, {
    kind: 'humanCallback',
    ordinal: 1,
    dueAt,
    ownerId: null,
  });
  return escalationId;
}

async function openEscalation(tx: Transaction, callerId: string) {
  const result = await run(
    tx,
    `select e.id, e.call_id as "callId" from escalations e join calls c on c.id = e.call_id
     where c.caller_id = ? and e.state <> 'closed' and e.superseded_at is null order by e.requested_at desc, e.id limit 1`,
    [callerId],
  );
  return readRows(z.object({ id: z.string(), callId: z.string() }), result)[0] ?? null;
}

async function lastCall(tx: Transaction, callerId: string): Promise<string | null> {
  const result = await run(tx, 'select id from calls where caller_id = ? order by started_at desc, id limit 1', [
    callerId,
  ]);
  return readRows(z.object({ id: z.string() }), result)[0]?.id ?? null;
}

/** Who writes without ever having called gets a record of a call that did not take place: everything about danger belongs to one. */
async function standInCall(tx: Transaction, reply: DangerousReply): Promise<string> {
  const { organisationId, callerId, messageSid, briefing } = reply;
  const callId = randomUUID();
  const at = new Date();
  await insertCall(tx, {
    record: {
      type: 'callStarted',
      callId,
      callSid: messageSid,
      organisationNumber: '',
      from: null,
      language: briefing.language,
      packVersion: 'none',
      startedAt: at,
    },
    organisationId,
    callerId,
    ownKey: null,
    codeRevision: 'message',
    serverId: 'message',
  });
  const counters = { turns: 0, bargeIns: 0, falseBargeIns: 0 };
  await endCall(tx, { type: 'callEnded', callId, outcome: 'messageOnly', endedAt: at, counters });
  return callId;
}

export function writerStore(options: { readonly database: Database; readonly keys: KeyKeeper }): WriterStore {
  const { database, keys } = options;
  const inEscalation = async <T>(id: string, work: (tx: Transaction) => Promise<T>): Promise<T | null> => {
    const found = await database.acrossOrganisations((tx) =>
      run(tx, `select organisation_id from escalations where id = ? and origin = 'message'`, [id]),
    );
    const organisationId = readRows(z.object({ organisation_id: z.string() }), found)[0]?.organisation_id;
    return organisationId === undefined ? null : database.within(organisationId, work);
  };
  return {
    due: async (most) => {
      const result = await database.acrossOrganisations((tx) =>
        run(
          tx,
          `select id from escalations where origin = 'message' and state = 'joining'
             and (writer_called_at is null or writer_called_at < accepted_at)
           order by id limit ?`,
          [most],
        ),
      );
      return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
    },
    claim: (id) => inEscalation(id, (tx) => claim(tx, keys, id)),
    placed: async (id, callSid) => {
      await inEscalation(id, (tx) => run(tx, 'update escalations set writer_call_sid = ? where id = ?', [callSid, id]));
    },
    language: (id) =>
      inEscalation(id, async (tx) => {
        const result = await run(tx, 'select language from escalations where id = ?', [id]);
        return readRows(z.object({ language: z.string() }), result)[0]?.language ?? null;
      }),
  };
}

async function claim(tx: Transaction, keys: KeyKeeper, id: string): Promise<{ readonly to: string | null } | null> {
  const result = await run(
    tx,
    `update escalations set writer_called_at = clock_timestamp(), writer_call_sid = null
     where id = ? and state = 'joining'
       and (writer_called_at is null or writer_called_at < accepted_at)
     returning call_id as "callId"`,
    [id],
  );
  const callId = readRows(z.object({ callId: z.string() }), result)[0]?.callId;
  return callId === undefined ? null : { to: await numberOfCall(tx, keys, callId) };
}
