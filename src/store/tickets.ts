import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import { readCount, readRows, run } from './rows.ts';

/**
 * Tickets of media streams, for the case that the stream reaches another server than the webhook did. Only a hash is
 * kept: whoever reads the table cannot open a stream with it.
 */
export interface NewTicket {
  readonly organisationId: string;
  readonly callSid: string;
  readonly ticket: string;
  readonly expiresAt: Date;
}

export type TicketUse = 'ok' | 'unknownTicket' | 'otherCall' | 'usedTicket' | 'expiredTicket';

export async function issueTicket(database: Database, ticket: NewTicket): Promise<void> {
  await database.within(ticket.organisationId, (tx) =>
    run(tx, 'insert into tickets (ticket_hash, organisation_id, call_sid, expires_at) values (?, ?, ?, ?)', [
      hash(ticket.ticket),
      ticket.organisationId,
      ticket.callSid,
      ticket.expiresAt,
    ]),
  );
}

const row = z.object({ call_sid: z.string(), used: z.boolean() });

/** Uses the ticket: of any number of servers that try at once, one gets `ok`. */
export async function useTicket(database: Database, ticket: string, callSid: string): Promise<TicketUse> {
  return database.acrossOrganisations(async (tx) => {
    const used = await run(
      tx,
      `update tickets set used_at = now()
       where ticket_hash = ? and call_sid = ? and used_at is null and expires_at > now()`,
      [hash(ticket), callSid],
    );
    if (readCount(used) === 1) return 'ok';
    const found = await run(tx, 'select call_sid, used_at is not null as used from tickets where ticket_hash = ?', [
      hash(ticket),
    ]);
    const known = readRows(row, found)[0];
    if (!known) return 'unknownTicket';
    if (known.call_sid !== callSid) return 'otherCall';
    return known.used ? 'usedTicket' : 'expiredTicket';
  });
}

/** Removes tickets that expired so long ago. Gives how many. */
export async function sweepTickets(database: Database, olderThanMs: number): Promise<number> {
  const result = await database.acrossOrganisations((tx) =>
    run(tx, 'delete from tickets where expires_at < now() - make_interval(secs => ?)', [olderThanMs / 1000]),
  );
  return readCount(result);
}

function hash(ticket: string): Buffer {
  return createHash('sha256').update(ticket, 'utf8').digest();
}
