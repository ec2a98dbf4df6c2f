import { z } from 'zod';
import type { MessageRef, SendingStore, SmsRequest } from '../followUp/sending/send.ts';
import type { Database, Transaction } from './database.ts';
import {
  claimForSending,
  knownSids,
  messagesToSend,
  recordGivenUp,
  recordNotSent,
  recordRefused,
  recordSent,
  recordStatus,
  type ClaimedMessage,
} from './messageSending.ts';
import { organisationIds } from './retention.ts';
import { readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** What sending asks of the messages, each in a transaction of its organisation. */

export interface SmsStoreOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly now: () => Date;
}

/** A message that the carrier has, and of which nothing was heard since. */
export interface UnreportedSms extends MessageRef {
  readonly sid: string;
}

export interface SmsReportOf extends MessageRef {
  readonly sid: string;
  /** As the carrier words it. */
  readonly status: string;
  readonly errorCode: number | null;
  readonly reason: string;
}

export interface SmsStore extends SendingStore {
  /** Approved ones whose time has come, and those whose request was never settled, of all organisations. */
  readonly toSend: (most: number) => Promise<readonly MessageRef[]>;
  /** Sent, and unreported for longer than `leastMs`, but no longer than `mostMs`. */
  readonly unreported: (span: {
    readonly leastMs: number;
    readonly mostMs: number;
    readonly most: number;
  }) => Promise<readonly UnreportedSms[]>;
  readonly reported: (report: SmsReportOf) => Promise<void>;
}

export function createSmsStore({ database, keys, now }: SmsStoreOptions): SmsStore {
  const of = <T>({ organisationId }: MessageRef, work: (tx: Transaction, at: Date) => Promise<T>): Promise<T> =>
    database.within(organisationId, (tx) => work(tx, now()));
  const everywhere = async <T>(work: (tx: Transaction, organisationId: string) => Promise<readonly T[]>) => {
    const found: T[] = [];
    for (const organisationId of await organisationIds(database))
      found.push(...(await database.within(organisationId, (tx) => work(tx, organisationId))));
    return found;
  };
  return {
    begin: (message) =>
      of(message, async (tx, at) => {
        const claim = await claimForSending(tx, keys, message.messageId, at);
        switch (claim.kind) {
          case 'claimed':
            return { kind: 'request', request: requestOf(claim.request) };
          case 'doubt':
            return { kind: 'doubt', request: requestOf(claim.request), sinceMs: claim.sinceMs };
          case 'later':
            return claim;
          case 'over':
            return { kind: 'over' };
        }
      }),
    accepted: (request, sid) => of(request, (tx, at) => recordSent(tx, request.messageId, sid, at)),
    refused: (request, code, reason) =>
      of(request, (tx, at) => recordRefused(tx, request.messageId, { code, reason }, at)),
    notSent: (request, code, reason) =>
      of(request, (tx, at) => recordNotSent(tx, request.messageId, { code, reason }, at)),
    givenUp: (request) => of(request, (tx, at) => recordGivenUp(tx, request.messageId, at)),
    knownSids: (request, sids) => of(request, (tx) => knownSids(tx, request.messageId, sids)),
    toSend: (most) =>
      everywhere(async (tx, organisationId) => {
        const ids = await messagesToSend(tx, now(), most);
        return ids.map((messageId) => ({ organisationId, messageId }));
      }),
    unreported: (span) => everywhere((tx, organisationId) => unreported(tx, organisationId, now(), span)),
    reported: (report) =>
      of(report, (tx, at) => {
        const { messageId, sid, status, errorCode, reason } = report;
        const failure = errorCode === null ? null : { code: errorCode, reason };
        return recordStatus(tx, messageId, { status, sid, failure }, at);
      }),
  };
}

function requestOf({ requestedAt, ...same }: ClaimedMessage): SmsRequest {
  return { ...same, requestedAtMs: requestedAt.getTime() };
}

async function unreported(
  tx: Transaction,
  organisationId: string,
  now: Date,
  { leastMs, mostMs, most }: { readonly leastMs: number; readonly mostMs: number; readonly most: number },
): Promise<readonly UnreportedSms[]> {
  const result = await run(
    tx,
    `select id as "messageId", provider_sid as sid from messages
     where direction = 'out' and state = 'sent' and provider_sid is not null and updated_at between ? and ?
     order by updated_at, id limit ?`,
    [new Date(now.getTime() - mostMs), new Date(now.getTime() - leastMs), most],
  );
  return readRows(z.object({ messageId: z.string(), sid: z.string() }), result).map((row) => ({
    organisationId,
    ...row,
  }));
}
