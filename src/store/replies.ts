import { z } from 'zod';
import type { RiskLevel } from '../call/meaning.ts';
import type { ScreenReply } from '../followUp/replies/screening.ts';
import { appendAudit } from './audit.ts';
import type { Database, Transaction } from './database.ts';
import { recordInbound } from './inboundMessages.ts';
import { callerKeyState, messageBodyPlace } from './messageRows.ts';
import { openWith } from './opened.ts';
import { optOutCaller } from './optOuts.ts';
import { ensureOrganisation, organisationOf, type Organisation } from './organisations.ts';
import { addToOutbox } from './outbox.ts';
import { escalateReply } from './replyEscalations.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** What people write to the line: kept, screened, and answered by bringing a person, in one transaction. */

/** `{ organisationId, messageId }`: a message that a classifier has not read yet. */
export const replyTopic = 'sms.reply';

export interface ReplyStoreOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly screen: ScreenReply;
  readonly ownNumber: { readonly name: string; readonly dialledNumber: string };
  readonly now: () => Date;
}

export interface NewReply {
  /** The carrier's. */
  readonly messageSid: string;
  /** E.164. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly language: string;
  /** The whole message is a withdrawal, or the carrier took it for one. */
  readonly optOut: boolean;
}

export interface KeptReply {
  readonly messageId: string;
  readonly level: RiskLevel;
  /** To be driven at once; null: nobody is brought, or they are on their way already. */
  readonly escalationId: string | null;
}

export interface ReadReply {
  readonly body: string;
  /** Our last message before it; null without any. */
  readonly question: string | null;
}

export interface ReplyStore {
  /** Null: it was kept before. */
  readonly keep: (reply: NewReply) => Promise<KeptReply | null>;
  /** Null: unknown, or its words are gone. */
  readonly read: (message: MessageIds) => Promise<ReadReply | null>;
  /** A classifier heard more than the floor. Gives the escalation to be driven; null as in `KeptReply`. */
  readonly raise: (message: MessageIds, level: RiskLevel) => Promise<string | null>;
  /** Of these sids of the carrier, those that nobody has kept. */
  readonly missing: (sids: readonly string[]) => Promise<readonly string[]>;
}

export interface MessageIds {
  readonly organisationId: string;
  readonly messageId: string;
}

export function createReplyStore(options: ReplyStoreOptions): ReplyStore {
  const { database, keys, screen, ownNumber, now } = options;
  const own = () => ensureOrganisation(database, keys, ownNumber);
  return {
    keep: async (reply) => {
      // Whatever number it was written to, it came to this line.
      const organisation = (await organisationOf(database, keys, reply.to)) ?? (await own());
      return database.within(organisation.id, (tx) => keep(tx, { keys, screen, organisation, at: now() }, reply));
    },
    read: ({ organisationId, messageId }) =>
      database.within(organisationId, async (tx) => {
        const found = await readReply(tx, keys, messageId);
        return found && { body: found.body, question: found.question };
      }),
    raise: ({ organisationId, messageId }, level) =>
      database.within(organisationId, async (tx) => {
        const found = await readReply(tx, keys, messageId);
        if (found === null) return null;
        const { briefing } = screen(found.body, found.question, level);
        if (briefing === null) return null;
        const { callerId, messageSid } = found;
        return escalateReply(tx, keys, { organisationId, callerId, messageId, messageSid, briefing });
      }),
    missing: async (sids) => {
      const known = await database.within((await own()).id, (tx) =>
        run(tx, 'select provider_sid as sid from messages where provider_sid = any(?::text[])', [sids]),
      );
      const kept = new Set(readRows(z.object({ sid: z.string() }), known).map(({ sid }) => sid));
      return sids.filter((sid) => !kept.has(sid));
    },
  };
}

interface Keeping extends Pick<ReplyStoreOptions, 'keys' | 'screen'> {
  readonly organisation: Organisation;
  readonly at: Date;
}

async function keep(
  tx: Transaction,
  { keys, screen, organisation, at }: Keeping,
  reply: NewReply,
): Promise<KeptReply | null> {
  const { from, body, messageSid, language, optOut } = reply;
  const recorded = await recordInbound(tx, keys, organisation, { from, body, providerSid: messageSid, language, at });
  if (recorded.kind === 'known') return null;
  const { id: messageId, callerId } = recorded;
  const organisationId = organisation.id;
  const question = await lastWordsTo(tx, keys, callerId, at);
  const { level, briefing } = screen(body, question);
  const by = { kind: 'caller', id: callerId } as const;
  if (optOut) await optOutCaller(tx, callerId, { source: 'stopWord', at, by });
  const escalationId =
    briefing === null
      ? null
      : await escalateReply(tx, keys, { organisationId, callerId, messageId, messageSid, briefing });
  await addToOutbox(tx, { organisationId, topic: replyTopic, payload: { messageId } });
  if (optOut)
    await appendAudit(tx, keys, {
      actor: { kind: 'caller', id: callerId, name: '' },
      action: 'consentWithdrawn',
      subject: { kind: 'caller', id: callerId },
      facts: { kind: 'sms', how: 'message', consent: null, call: null },
    });
  return { messageId, level, escalationId };
}

const replyRow = z.object({
  callerId: z.string(),
  messageSid: z.string(),
  body: sealedColumn.nullable(),
  at: z.date(),
});

async function readReply(tx: Transaction, keys: KeyKeeper, messageId: string) {
  const result = await run(
    tx,
    `select caller_id as "callerId", provider_sid as "messageSid", body, created_at as at from messages
     where id = ? and direction = 'in'`,
    [messageId],
  );
  const row = readRows(replyRow, result)[0];
  if (row === undefined || row.body === null) return null;
  const { callerId, messageSid, at } = row;
  const body = openWith(await callerKeyState(tx, keys, callerId), messageBodyPlace(messageId), row.body);
  if (body.kind !== 'text') return null;
  return { callerId, messageSid, body: body.text, question: await lastWordsTo(tx, keys, callerId, at) };
}

/** What we last wrote to them, in the days in which an answer may be meant for it. */
async function lastWordsTo(tx: Transaction, keys: KeyKeeper, callerId: string, before: Date): Promise<string | null> {
  const result = await run(
    tx,
    `select id, body from messages
     where caller_id = ? and direction = 'out' and state in ('sent', 'delivered') and body is not null
       and requested_at <= ? and requested_at > ?::timestamptz - interval '14 days'
     order by requested_at desc, id limit 1`,
    [callerId, before, before],
  );
  const row = readRows(z.object({ id: z.string(), body: sealedColumn }), result)[0];
  if (row === undefined) return null;
  // Words that cannot be opened are no question; they must not stop what came in from being heard.
  const words = openWith(await callerKeyState(tx, keys, callerId), messageBodyPlace(row.id), row.body);
  return words.kind === 'text' ? words.text : null;
}
