import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import type { CallRecord } from '../../src/store/records.ts';
import { run } from '../../src/store/rows.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { testDatabase } from '../support/servers.ts';
import { asking, freshDataKey, line, logEntry, openStore, started, turn, type Kept } from '../store/keeping.ts';
import { sanad, type Ran } from '../staff/consultation.ts';

/** Words that stand nowhere else, so that a dump can be searched for them. */
export const secretWords = {
  said: 'ضايق صدري من زمان uniquesaid',
  answered: 'أنا وياك uniqueanswer',
  trigger: 'ما أبغى أعيش uniquetrigger',
  place: 'روي uniqueplace',
  consent: 'ايوه موافقة uniqueconsent',
} as const;

export interface RecordedLine {
  readonly url: string;
  readonly store: Kept;
  readonly organisation: Organisation;
  readonly dataKey: string;
  /** What commands of staff need. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sanad: (...words: readonly string[]) => Promise<Ran>;
  readonly write: (...records: readonly CallRecord[]) => Promise<void>;
  /** A whole call, over, with danger, an escalation that is closed, and consents. Gives its id. */
  readonly call: (change?: RecordedCall) => Promise<string>;
  readonly callerIdOf: (callId: string) => Promise<string>;
  /** Statements past row security, as the owner of the database. */
  readonly asOwner: (...statements: readonly string[]) => Promise<readonly unknown[][]>;
  readonly close: () => Promise<void>;
}

export interface RecordedCall {
  readonly from?: string | null;
  readonly endedHoursAgo?: number;
  readonly live?: boolean;
  readonly escalation?: 'closed' | 'open' | 'none';
  readonly keepWords?: 'given' | 'refused' | null;
}

const tables = ['calls', 'callers', 'turns', 'call_log', 'escalations', 'callback_tasks', 'consents', 'audit_log'];

export async function recordedLine(): Promise<RecordedLine> {
  const { url } = await testDatabase();
  const dataKey = freshDataKey();
  const store = openStore(url, { keys: createKeyKeeper(dataKey) });
  const organisation = await ensureOrganisation(store.database, store.keys, line);
  const environment = { DATABASE_URL: url, DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: line.dialledNumber };
  const write = async (...records: readonly CallRecord[]): Promise<void> => {
    records.forEach((record) => store.writer.append(record));
    expect(await store.writer.flush(10_000)).to.equal(0);
    expect(store.alarms).to.deep.equal([]);
  };
  const asOwner = (...statements: readonly string[]): Promise<readonly unknown[][]> =>
    asking(url, async (client) => {
      for (const table of tables) await client.query(`alter table ${table} no force row level security`);
      const results: unknown[][] = [];
      for (const statement of statements) results.push((await client.query(statement)).rows);
      for (const table of tables) await client.query(`alter table ${table} force row level security`);
      return results;
    });
  return {
    url,
    store,
    organisation,
    dataKey,
    environment,
    sanad: (...words) => sanad(words, { environment }),
    write,
    asOwner,
    call: async (change = {}) => {
      const records = recordsOf(change);
      await write(...records.records);
      if ((change.escalation ?? 'closed') === 'closed')
        await asOwner(
          `update escalations set state = 'closed', outcome = 'helped', next_at = null, closed_at = now() where call_id = '${records.callId}'`,
        );
      return records.callId;
    },
    callerIdOf: async (callId) => {
      const result = await store.database.within(organisation.id, (tx) =>
        run(tx, 'select caller_id from calls where id = ?', [callId]),
      );
      return (result as { rows: { caller_id: string }[] }).rows[0]?.caller_id ?? '';
    },
    close: async () => {
      await store.writer.close(1_000);
      await store.database.close();
    },
  };
}

function recordsOf({
  from = '+96891234567',
  endedHoursAgo = 2,
  live = false,
  escalation = 'closed',
  keepWords = 'given',
}: RecordedCall): { readonly callId: string; readonly records: readonly CallRecord[] } {
  const at = (hours: number): Date => new Date(Date.now() - (endedHoursAgo + hours) * 3_600_000);
  const call = started({ from, startedAt: at(0.5) });
  const { callId } = call;
  const { said, answered, trigger, place, consent } = secretWords;
  const briefing = {
    level: 'high',
    reason: 'risk',
    language: 'ar',
    trigger,
    about: 'self',
    means: ['pills'],
    location: place,
    alone: 'yes',
    callerGender: 'feminine',
    child: false,
    overheard: false,
    refuses: false,
  } as const;
  const answer = { textVersion: '1', language: 'ar-OM', how: 'voice', words: consent, at: at(0.4) } as const;
  return {
    callId,
    records: [
      call,
      { type: 'callAnswered', callId, at: at(0.5) },
      turn(callId, 1, { text: said }),
      turn(callId, 2, { speaker: 'sanad', text: `${answered} وأسمعك`, heardText: answered, interrupted: true }),
      logEntry(callId, 1, {
        eventType: 'wordsRecognised',
        entry: { event: { type: 'wordsRecognised', utterance: 1, text: said, meaning: { risk: 'high' } }, effects: [] },
      }),
      logEntry(callId, 2),
      { type: 'riskAssessed', callId, atMs: 900, level: 'high', source: 'floor', signals: ['wantsToDie'] },
      { type: 'riskRaised', callId, level: 'high' },
      ...(escalation === 'none'
        ? []
        : [{ type: 'escalationRequested', callId, escalationId: randomUUID(), briefing, at: at(0.3) } as const]),
      ...(keepWords === null
        ? []
        : [
            {
              ...answer,
              type: 'consentAnswered',
              callId,
              consentId: randomUUID(),
              kind: 'keepWords',
              answer: keepWords,
            } as const,
          ]),
      ...(live
        ? []
        : [
            {
              type: 'callEnded',
              callId,
              outcome: 'goodbye',
              endedAt: at(0),
              counters: { turns: 2, bargeIns: 1, falseBargeIns: 0 },
            } as const,
          ]),
    ],
  };
}
