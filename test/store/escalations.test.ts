import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { EscalationStore } from '../../src/escalation/ports.ts';
import type { Escalation } from '../../src/escalation/snapshot.ts';
import { saveAttempts, saveEscalation } from '../../src/store/escalationRows.ts';
import { createEscalationStore } from '../../src/store/escalations.ts';
import { addPerson } from '../../src/store/onCallPeople.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import type { EscalationRequested } from '../../src/store/records.ts';
import { createKeyKeeper, type KeyKeeper } from '../../src/store/sealing.ts';
import { briefing } from '../escalation/line.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, dump, freshDataKey, line, openStore, started, type Kept } from './keeping.ts';

describe('the records of escalations', function () {
  this.timeout(serverStartMs);
  let url: string;
  let keys: KeyKeeper;
  let kept: Kept;
  let store: EscalationStore;
  let organisation: Organisation;
  let written: string[];

  beforeEach(async () => {
    ({ url } = await testDatabase());
    keys = createKeyKeeper(freshDataKey());
    written = [];
    kept = openStore(url, { keys, onWritten: (records) => written.push(...records.map(({ type }) => type)) });
    organisation = await ensureOrganisation(kept.database, keys, line);
    store = createEscalationStore({ database: kept.database, keys, lastResort: '+96891119999' });
  });
  afterEach(() => kept.database.close());

  const call = () => {
    const record = started();
    kept.writer.append(record);
    return record;
  };
  const requestFor = (callId: string, change: Partial<EscalationRequested> = {}): EscalationRequested => ({
    type: 'escalationRequested',
    callId,
    escalationId: randomUUID(),
    briefing,
    at: new Date(),
    ...change,
  });
  const keep = async (...records: readonly EscalationRequested[]) => {
    for (const record of records) kept.writer.append(record);
    expect(await kept.writer.flush(5_000)).to.equal(0);
  };
  const snapshotOf = (id: string) => store.change(id, ({ escalation }) => Promise.resolve(escalation));
  const count = (table: string) =>
    asking(url, async (client) => {
      await client.query(`alter table ${table} no force row level security`);
      const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
      return rows[0]?.count;
    });

  it('are written at once, told of when committed, and once however often they come', async () => {
    const { callId } = call();
    const request = requestFor(callId);
    kept.writer.append(request);
    const from = performance.now();
    while (written.length === 0 && performance.now() - from < 5_000)
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    expect(written).to.deep.equal(['escalationRequested']);
    await keep(request, request);
    expect(await snapshotOf(request.escalationId)).to.include({ state: 'requested', level: 'high', reason: 'risk' });
    expect([await count('escalations'), await count('risk_assessments'), await count('outbox')]).to.deep.equal([
      1, 1, 1,
    ]);
    expect(kept.alarms).to.deep.equal([]);
  });

  it('hold no word of the caller that is not sealed, and open for whoever has the key', async () => {
    const { callId } = call();
    const request = requestFor(callId);
    await keep(request);
    const content = await dump(url);
    for (const secret of ['ما اريد اعيش', 'مسقط', Buffer.from('مسقط').toString('hex')])
      expect(content).to.not.contain(secret);
    expect(await store.change(request.escalationId, (locked) => locked.briefing())).to.deep.equal(briefing);
    const others = createEscalationStore({
      database: kept.database,
      keys: createKeyKeeper(freshDataKey()),
      lastResort: null,
    });
    expect(await others.change(request.escalationId, (locked) => locked.briefing())).to.equal(null);
  });

  it('have one open escalation for each call: the one before is told to give way', async () => {
    const { callId } = call();
    const [first, second] = [requestFor(callId), requestFor(callId)];
    await keep(first);
    await keep(second, first);
    const news = await store.change(first.escalationId, (locked) => locked.takeNews());
    expect(news).to.deep.equal([{ type: 'superseded' }]);
    expect(await store.change(second.escalationId, (locked) => locked.takeNews())).to.deep.equal([]);
  });

  it('give news once, in the order in which the call told it', async () => {
    const { callId } = call();
    const { escalationId, ...request } = requestFor(callId);
    const news = (type: 'callerJoining' | 'callerGone') =>
      ({ type: 'escalationNews', callId, escalationId, newsId: randomUUID(), news: { type }, at: new Date() }) as const;
    const raised = { ...briefing, level: 'imminent' } as const;
    kept.writer.append({ ...request, escalationId });
    kept.writer.append({ ...news('callerGone'), news: { type: 'briefing', briefing: raised } });
    kept.writer.append(news('callerJoining'));
    const last = news('callerGone');
    kept.writer.append(last);
    kept.writer.append(last);
    await kept.writer.flush(5_000);
    const taken = await store.change(escalationId, (locked) => locked.takeNews());
    expect(taken).to.deep.equal([
      { type: 'briefingChanged', level: 'imminent' },
      { type: 'callerJoining' },
      { type: 'callerGone' },
    ]);
    expect(await store.change(escalationId, (locked) => locked.takeNews())).to.deep.equal([]);
    expect(await store.change(escalationId, (locked) => locked.briefing())).to.deep.equal(raised);
  });

  const won = (escalation: Escalation, attemptId: string, at: number): Escalation => ({
    ...escalation,
    state: 'accepted',
    winner: attemptId,
    acceptedAt: at,
    nextAt: at + 1_000,
    attempts: escalation.attempts.map((attempt) =>
      attempt.id === attemptId ? { ...attempt, state: 'accepted' } : attempt,
    ),
  });

  const withAttempts = async (escalationId: string) => {
    const people = await kept.database.within(organisation.id, (tx) =>
      Promise.all(
        ['+96891110001', '+96891110002'].map((number) =>
          addPerson(tx, keys, organisation, {
            name: 'x',
            number,
            languages: ['ar'],
            gender: null,
            shifts: [],
            priority: 1,
            role: 'listener',
            active: true,
          }),
        ),
      ),
    );
    return store.change(escalationId, async ({ escalation, now, save }) => {
      const attempts = people.map((personId, position) => ({
        id: randomUUID(),
        personId,
        round: 1,
        wave: 1,
        position,
        state: 'ringing' as const,
        callSid: null,
        dueAt: now,
        dialledAt: now,
        ringingAt: now,
        answeredAt: null,
        acceptedAt: null,
        endedAt: null,
        answeredBy: null,
        lookUpAt: now,
        lookUps: 1,
      }));
      const after = { ...escalation, state: 'ringing' as const, round: 1, wave: 1, attempts };
      await save([{ event: { type: 'requested' }, before: escalation, after, orders: [] }]);
      return attempts.map(({ id }) => id);
    });
  };

  it('read back what was saved, and let one person be the winner whatever the code believes', async () => {
    const { callId } = call();
    const { escalationId, ...request } = requestFor(callId);
    await keep({ ...request, escalationId });
    const [first = '', second = ''] = (await withAttempts(escalationId)) ?? [];
    const before = await snapshotOf(escalationId);
    expect(before?.attempts.map(({ id, state, lookUps }) => [id, state, lookUps])).to.deep.equal([
      [first, 'ringing', 1],
      [second, 'ringing', 1],
    ]);
    // Code that believes it holds the row, and does not.
    const claim = (attemptId: string) =>
      kept.database.within(organisation.id, async (tx) => {
        if (before === null) return;
        await saveEscalation(tx, before, won(before, attemptId, Date.now()), 9);
        await saveAttempts(tx, organisation.id, before, won(before, attemptId, Date.now()));
      });
    const claims = await Promise.allSettled([first, second].map(claim));
    expect(claims.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const after = await snapshotOf(escalationId);
    expect(after?.attempts.filter(({ state }) => state === 'accepted').map(({ id }) => id)).to.deep.equal([
      after?.winner,
    ]);
  });

  it('leave out who talks in another escalation', async () => {
    const [one, other] = [call(), call()];
    const [talk, wait] = [requestFor(one.callId), requestFor(other.callId)];
    await keep(talk, wait);
    const [first = ''] = (await withAttempts(talk.escalationId)) ?? [];
    await store.change(talk.escalationId, ({ escalation, now, save }) =>
      save([{ event: { type: 'timerDue' }, before: escalation, after: won(escalation, first, now), orders: [] }]),
    );
    const people = (await store.change(wait.escalationId, (locked) => locked.people())) ?? [];
    expect(people.filter(({ busy }) => busy)).to.have.length(1);
    const own = (await store.change(talk.escalationId, (locked) => locked.people())) ?? [];
    expect(own.map(({ busy }) => busy)).to.deep.equal([false, false]);
  });

  it('tell facts in order, from where one has read', async () => {
    const { callId } = call();
    const { escalationId, ...request } = requestFor(callId);
    await keep({ ...request, escalationId });
    await store.change(escalationId, ({ escalation, save }) =>
      save(
        (['ringing', 'accepted', 'ready'] as const).map((type) => ({
          event: { type: 'timerDue' },
          before: escalation,
          after: escalation,
          orders: [{ type: 'tell', fact: { type } }],
        })),
      ),
    );
    const after = async (seq: number) =>
      (await store.factsAfter([{ escalationId, seq }])).flatMap(({ facts }) => facts.map(({ type }) => type));
    expect(await after(0)).to.deep.equal(['ringing', 'accepted', 'ready']);
    expect(await after(2)).to.deep.equal(['ready']);
    expect(await store.factsAfter([{ escalationId: randomUUID(), seq: 0 }])).to.deep.equal([]);
  });

  it('are due when their time has come, and found by no one under another id', async () => {
    const { callId } = call();
    const request = requestFor(callId);
    await keep(request);
    expect(await store.due(10)).to.deep.equal([request.escalationId]);
    expect(await store.standing([request.escalationId, randomUUID()])).to.deep.equal([
      { escalationId: request.escalationId, callId, placed: false },
    ]);
    expect(await store.change(randomUUID(), () => Promise.resolve('found'))).to.equal(null);
    expect((await store.open()).count).to.equal(1);
  });
});
