import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { LogEntry } from '../../src/call/replay.ts';
import { listAudit } from '../../src/store/audit.ts';
import { recordConsent, type ConsentAnswer } from '../../src/store/consents.ts';
import { loadCall } from '../../src/store/loadCall.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import type { CallRecord } from '../../src/store/records.ts';
import { sweepRetention } from '../../src/store/retention.ts';
import { readRetention, retentionRules, setRetention } from '../../src/store/retentionPolicy.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, line, logEntry, openStore, started, turn, type Kept } from './keeping.ts';

const none = { turns: 0, bargeIns: 0, falseBargeIns: 0 };
const nothing = {
  wordsWithoutConsent: 0,
  turnWords: 0,
  messageWords: 0,
  briefings: 0,
  callLog: 0,
  riskAssessments: 0,
  escalations: 0,
  messages: 0,
  calls: 0,
  callersWithoutCalls: 0,
};
const sanad = { kind: 'sanad', id: null, name: 'test' } as const;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const briefing = {
  level: 'high',
  reason: 'risk',
  language: 'ar',
  trigger: 'أبغى أموت',
  about: 'self',
  means: [],
  location: null,
  alone: 'yes',
  callerGender: 'unknown',
  child: false,
  overheard: false,
  refuses: false,
} as const;

describe('retention', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;
  let organisation: Organisation;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
    organisation = await ensureOrganisation(store.database, store.keys, line);
  });
  afterEach(async () => {
    await store.writer.close(1_000);
    await store.database.close();
  });

  const write = async (...records: readonly CallRecord[]) => {
    records.forEach((record) => store.writer.append(record));
    expect(await store.writer.flush(10_000)).to.equal(0);
    expect(store.alarms).to.deep.equal([]);
  };
  /** A call that ended so long ago, with an answer when asked for consent to keep the words. */
  const call = async (ended: number, answer: ConsentAnswer | null, from: string | null = '+96891234567') => {
    const record = started({ startedAt: hoursAgo(ended + 1), from });
    const { callId } = record;
    const event = { type: 'wordsRecognised', utterance: 1, text: 'ضايق صدري', meaning: { risk: 'low' } };
    const answered: CallRecord = {
      type: 'consentAnswered',
      callId,
      consentId: randomUUID(),
      kind: 'keepWords',
      answer: answer ?? 'given',
      how: 'voice',
      textVersion: '1',
      language: 'ar-OM',
      words: 'ايوه',
      at: hoursAgo(ended + 0.5),
    };
    await write(
      record,
      turn(callId, 1, { text: 'ضايق صدري' }),
      turn(callId, 2, { speaker: 'sanad', text: 'أنا وياك', heardText: 'أنا' }),
      logEntry(callId, 1, { eventType: 'wordsRecognised', entry: { event, effects: [{ type: 'hangUp' }] } }),
      logEntry(callId, 2),
      ...(answer === null ? [] : [answered]),
      { type: 'callEnded', callId, outcome: 'goodbye', endedAt: hoursAgo(ended), counters: { ...none, turns: 2 } },
    );
    return record;
  };
  const sweep = (change: Partial<Parameters<typeof sweepRetention>[0]> = {}) =>
    sweepRetention({
      database: store.database,
      keys: store.keys,
      organisationId: organisation.id,
      actor: sanad,
      ...change,
    });
  const removedBy = async (change: Partial<Parameters<typeof sweepRetention>[0]> = {}) => (await sweep(change)).removed;
  const texts = async ({ callSid }: { readonly callSid: string }) =>
    (await loadCall(store.database, store.keys, callSid))?.turns.map(({ text, heardText }) => [text, heardText]);
  const asOwner = (...statements: readonly string[]) =>
    asking(url, async (client) => {
      const tables = ['calls', 'callers', 'turns', 'call_log', 'escalations', 'risk_assessments', 'callback_tasks'];
      for (const table of tables) await client.query(`alter table ${table} no force row level security`);
      const results = [];
      for (const statement of statements) results.push((await client.query(statement)).rows);
      for (const table of tables) await client.query(`alter table ${table} force row level security`);
      return results;
    });
  const said = [
    ['ضايق صدري', null],
    ['أنا وياك', 'أنا'],
  ];
  const gone = [
    ['', null],
    ['', null],
  ];

  it('removes words to which nobody agreed a day after the call, and leaves what is no word', async () => {
    const [unasked, refused, fresh] = [
      await call(25, null, null),
      await call(25, 'refused'),
      await call(23, null, null),
    ];
    expect(await removedBy()).to.deep.equal({ ...nothing, wordsWithoutConsent: 2 });
    for (const each of [unasked, refused]) expect(await texts(each)).to.deep.equal(gone);
    expect(await texts(fresh)).to.deep.equal(said);
    const kept = await loadCall(store.database, store.keys, unasked.callSid);
    expect(kept?.turns.map(({ atMs, durationMs, speaker }) => [atMs, durationMs, speaker])).to.deep.equal([
      [1_000, 900, 'caller'],
      [2_000, 900, 'sanad'],
    ]);
    expect(await removedBy()).to.deep.equal(nothing);
  });

  it('leaves the log as it can be replayed: the decisions, without the words', async () => {
    const unasked = await call(25, null, null);
    await sweep();
    const kept = await loadCall(store.database, store.keys, unasked.callSid);
    expect(kept?.log.map(({ entry }) => entry as LogEntry)).to.deep.equal([
      {
        event: { type: 'wordsRecognised', utterance: 1, text: '', meaning: { risk: 'low' } },
        effects: [{ type: 'hangUp' }],
      },
      logEntry(unasked.callId, 2).entry,
    ]);
  });

  it('keeps words to which the caller agreed for half a year', async () => {
    const agreed = await call(25, 'given');
    expect(await removedBy()).to.deep.equal(nothing);
    expect(await texts(agreed)).to.deep.equal(said);
    const old = await call(180 * 24 + 1, 'given');
    expect(await removedBy()).to.deep.equal({ ...nothing, turnWords: 1 });
    expect([await texts(agreed), await texts(old)]).to.deep.equal([said, gone]);
  });

  it('decides about each call by the answer that was given in it', async () => {
    const agreed = await call(60, 'given');
    const declined = await call(30, 'refused');
    expect(await removedBy()).to.deep.equal({ ...nothing, wordsWithoutConsent: 1 });
    expect([await texts(agreed), await texts(declined)]).to.deep.equal([said, gone]);
  });

  it('removes the words of all calls once consent is withdrawn', async () => {
    const calls = [await call(60, 'given'), await call(30, 'given')];
    expect(await removedBy()).to.deep.equal(nothing);
    const [rows] = await asOwner(`select id from callers`);
    const callerId = idIn(rows?.[0]?.id);
    await store.database.within(organisation.id, (tx) =>
      recordConsent(
        tx,
        store.keys,
        organisation.id,
        {
          callerId,
          callId: null,
          kind: 'keepWords',
          answer: 'withdrawn',
          textVersion: '1',
          language: 'ar-OM',
          how: 'staff',
          at: new Date(),
          evidence: null,
        },
        { actor: sanad },
      ),
    );
    expect(await removedBy()).to.deep.equal({ ...nothing, wordsWithoutConsent: 2 });
    for (const each of calls) expect(await texts(each)).to.deep.equal(gone);
  });

  it('waits while somebody is still being brought to the caller, or has still to call back', async () => {
    const record = await call(30, null, null);
    const escalationId = randomUUID();
    await write({ type: 'escalationRequested', callId: record.callId, escalationId, briefing, at: hoursAgo(31) });
    const report = await sweep();
    expect([report.removed, report.waiting]).to.deep.equal([nothing, 1]);
    expect(await texts(record)).to.deep.equal(said);
    await asOwner(
      `update escalations set state = 'closed', outcome = 'nobody', next_at = null, closed_at = now() - interval '30 hours'`,
      `insert into callback_tasks (id, organisation_id, escalation_id, call_id, kind, owner_role, due_at, state)
       select gen_random_uuid(), organisation_id, id, call_id, 'humanCallback', 'supervisor', now(), 'waiting' from escalations`,
      'update calls set words_due_at = null',
    );
    expect((await sweep()).waiting).to.equal(1);
    await asOwner(
      `update callback_tasks set state = 'done', outcome = 'reached'`,
      'update calls set words_due_at = null',
    );
    expect(await removedBy()).to.deep.equal({ ...nothing, wordsWithoutConsent: 1 });
    const [briefings] = await asOwner('select octet_length(briefing) as bytes from escalations');
    expect(briefings).to.deep.equal([{ bytes: 0 }]);
  });

  it('empties briefings after a month, and removes logs, assessments, escalations, calls and callers in their time', async () => {
    const record = await call(5, 'given');
    const { callId } = record;
    await write(
      { type: 'riskAssessed', callId, atMs: 10, level: 'high', source: 'floor', signals: ['wantsToDie'] },
      { type: 'escalationRequested', callId, escalationId: randomUUID(), briefing, at: hoursAgo(5) },
    );
    const age = (hours: number) =>
      asOwner(
        `update escalations set state = 'closed', outcome = 'helped', next_at = null,
           requested_at = now() - interval '${hours} hours', closed_at = now() - interval '${hours} hours'`,
        `update risk_assessments set created_at = now() - interval '${hours} hours'`,
        `update calls set ended_at = now() - interval '${hours} hours', words_due_at = null`,
      );
    const { briefings, turnWords, callLog, calls } = retentionRules;
    await age(briefings.hours - 1);
    expect(await removedBy()).to.deep.equal(nothing);
    await age(briefings.hours + 1);
    expect(await removedBy()).to.deep.equal({ ...nothing, briefings: 1 });
    await age(turnWords.hours + 1);
    expect(await removedBy()).to.deep.equal({ ...nothing, turnWords: 1 });
    await age(callLog.hours + 1);
    expect(await removedBy()).to.deep.equal({ ...nothing, callLog: 1 });
    await age(calls.hours + 1);
    // Of the two assessments one came with the escalation.
    expect(await removedBy()).to.deep.equal({ ...nothing, riskAssessments: 2, escalations: 1, calls: 1 });
    expect(await removedBy()).to.deep.equal(nothing);
    await asOwner(`update callers set emptied_at = now() - interval '31 days'`);
    expect(await removedBy()).to.deep.equal({ ...nothing, callersWithoutCalls: 1 });
    const left = await asOwner('select id from callers', 'select id from calls', 'select call_id from turns');
    expect(left).to.deep.equal([[], [], []]);
  });

  it('keeps an open escalation and its call, however old', async () => {
    const record = await call(6 * 365 * 24, null, null);
    const escalationId = randomUUID();
    await write({ type: 'escalationRequested', callId: record.callId, escalationId, briefing, at: record.startedAt });
    await asOwner(`update escalations set requested_at = now() - interval '6 years'`);
    expect(await removedBy()).to.deep.equal({ ...nothing, callLog: 1 });
  });

  it('never touches a call that is on the line', async () => {
    const record = started({ startedAt: hoursAgo(24 * 365 * 9) });
    await write(record, turn(record.callId, 1, { text: 'here' }));
    expect(await removedBy()).to.deep.equal(nothing);
    expect(await texts(record)).to.deep.equal([['here', null]]);
  });

  it('removes the same in small batches, and with two that sweep at once', async () => {
    for (let n = 0; n < 7; n += 1) await call(25 + n / 1_000, null, null);
    const both = await Promise.all([removedBy({ batch: 2 }), removedBy({ batch: 2 })]);
    const again = await removedBy({ batch: 2 });
    const total = [...both, again].reduce((sum, { wordsWithoutConsent }) => sum + wordsWithoutConsent, 0);
    expect(total).to.equal(7);
    const [left] = await asOwner('select 1 from turns where words is not null');
    expect(left).to.deep.equal([]);
  });

  it('says in a dry run what it would remove, the same as it then removes, and removes nothing', async () => {
    for (let n = 0; n < 5; n += 1) await call(25, null, null);
    await call(181 * 24, 'given');
    await call(3 * 365 * 24, 'given');
    const expected = { ...nothing, wordsWithoutConsent: 5, turnWords: 2, callLog: 1 };
    expect(await removedBy({ dryRun: true, batch: 2 })).to.deep.equal(expected);
    const [left] = await asOwner('select 1 from turns where words is not null');
    expect(left).to.have.length(14);
    expect(await removedBy({ batch: 2 })).to.deep.equal(expected);
  });

  it('stops when it is told to, and goes on with the next run', async () => {
    for (let n = 0; n < 4; n += 1) await call(25, null, null);
    const stopping = new AbortController();
    const report = await sweep({ batch: 2, signal: stopping.signal, onProgress: () => stopping.abort() });
    expect([report.stopped, report.removed.wordsWithoutConsent]).to.deep.equal([true, 2]);
    expect(await removedBy()).to.deep.equal({ ...nothing, wordsWithoutConsent: 2 });
  });

  it('is audited when it removed something, and each time when a person runs it', async () => {
    await sweep();
    await call(25, null, null);
    await sweep();
    await sweep({ dryRun: true });
    await sweep({ actor: { kind: 'localOperator', id: null, name: 'me' } });
    const entries = await store.database.within(organisation.id, (tx) => listAudit(tx, organisation, { most: 10 }));
    expect(entries.map(({ actor, facts }) => [actor.name, facts['wordsWithoutConsent']])).to.deep.equal([
      ['me', 0],
      ['test', 1],
    ]);
  });

  it('follows what the organisation has set instead of the defaults, also for calls it has seen before', async () => {
    const agreed = await call(30, 'given');
    await sweep();
    await store.database.within(organisation.id, (tx) => setRetention(tx, organisation.id, 'turnWords', 24));
    expect(await removedBy()).to.deep.equal({ ...nothing, turnWords: 1 });
    expect(await texts(agreed)).to.deep.equal(gone);
    const policy = await store.database.within(organisation.id, (tx) => readRetention(tx, organisation.id));
    expect([policy.hours.turnWords, policy.changed]).to.deep.equal([24, ['turnWords']]);
  });

  it('takes a setting that makes no sense for none', async () => {
    await asking(url, async (client) => {
      await client.query('alter table organisation_settings no force row level security');
      await client.query(
        `insert into organisation_settings (organisation_id, name, value) values ($1, 'retention.turnWords', '-1'),
           ($1, 'retention.calls', '"for ever"')`,
        [organisation.id],
      );
      await client.query('alter table organisation_settings force row level security');
    });
    const policy = await store.database.within(organisation.id, (tx) => readRetention(tx, organisation.id));
    expect([policy.hours.turnWords, policy.hours.calls, policy.changed]).to.deep.equal([
      retentionRules.turnWords.hours,
      retentionRules.calls.hours,
      [],
    ]);
  });
});

function idIn(id: unknown): string {
  if (typeof id !== 'string') throw new Error('no caller');
  return id;
}
