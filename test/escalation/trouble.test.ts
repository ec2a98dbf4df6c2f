import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { freePort } from '../../src/embedded/port.ts';
import { openQueues } from '../../src/jobs/queues.ts';
import { startOutboxDispatcher } from '../../src/jobs/outboxDispatcher.ts';
import { escalationRoute } from '../../src/jobs/escalation.ts';
import { silentLog } from '../../src/log.ts';
import { dispatchOutbox } from '../../src/store/outbox.ts';
import { asking } from '../store/keeping.ts';
import { openProxy } from '../store/tcpProxy.ts';
import { serverStartMs } from '../support/servers.ts';
import { accepts, TestLine, until } from './line.ts';

const [one, two] = ['+96891110001', '+96891110002'] as const;

/** How often each person was rung in each wave, by the carrier's own book. */
const ringsOf = (line: TestLine) =>
  line.rows<{ count: number }>(
    `select count(*)::int as count from escalation_attempts group by round, wave, person_id having count(*) > 1`,
  );

/** How many telephones were asked for; the carrier must know of no more. */
const dialled = async (line: TestLine) =>
  (await line.rows('select 1 from escalation_attempts where dialled_at is not null')).length;

/** Ends every connection to the database but ours, in the middle of whatever it does: as a restart of the server does. */
const cutConnections = (line: TestLine) =>
  asking(line.url, (client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    ),
  );

describe('bringing a person in trouble', function () {
  this.timeout(serverStartMs + 150_000);
  let line: TestLine;

  beforeEach(async () => {
    line = await TestLine.open();
    await line.person(one);
    line.carrier.setPhone(one, accepts());
  });
  afterEach(() => line.close());

  for (const kind of ['response-lost', 'never-answered', 'server-error', 'reset', 'webhook-first'] as const) {
    it(`reaches somebody although the request to ring ends in ${kind}, and rings nobody twice in a wave`, async () => {
      const server = await line.serve();
      line.carrier.failRest({ fault: { kind }, method: 'POST', path: /^\/Calls$/ });
      const call = await line.callFor(server);
      await line.untilState(call.escalationId, 'bridged');
      expect(await ringsOf(line)).to.deep.equal([]);
      const rings = kind === 'server-error' || kind === 'reset' ? [1, 2] : [1];
      expect(line.legsTo(one).length).to.be.oneOf(rings);
      const [{ state }] = (await line.rows<{ state: string }>(
        `select state from escalation_attempts order by round, wave limit 1`,
      )) as [{ state: string }];
      expect(state).to.equal(kind === 'server-error' || kind === 'reset' ? 'failed' : 'joined');
    });
  }

  it('says that it is not available when the carrier refuses every request', async () => {
    const server = await line.serve();
    line.carrier.failRest({ fault: { kind: 'rate-limited' }, method: 'POST', path: /^\/Calls$/, probability: 1 });
    await line.callFor(server);
    await until(() => server.desk.facts.some(({ type }) => type === 'unavailable'), 'the fact');
    expect(line.legsTo(one)).to.have.length(0);
  });

  it('gets on when webhooks of telephones and room are lost, doubled and late', async () => {
    const server = await line.serve();
    line.carrier.failWebhooks({ fault: { kind: 'dropped' }, path: /status|machine/, probability: 0.4 });
    line.carrier.failWebhooks({ fault: { kind: 'doubled' }, path: /status|machine|events/, probability: 0.4 });
    line.carrier.failWebhooks({
      fault: { kind: 'delayed', leastMs: 0, mostMs: 3_000 },
      path: /status|events/,
      probability: 0.5,
    });
    line.carrier.setPhone(one, { ...accepts(), hangsUp: { when: 'connected', afterMs: 5_000 } });
    const call = await line.callFor(server);
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('helped');
    expect(await ringsOf(line)).to.deep.equal([]);
  });

  it('rings once and takes once when several processes drive it at the same time', async () => {
    const server = await line.serve();
    const others = [await line.serve({ answers: false }), await line.serve({ answers: false })];
    const silent = await line.person(two);
    line.carrier.setPhone(two, { kind: 'no-answer' });
    const call = await line.callFor(server);
    const drive = async () => {
      for (let times = 0; times < 30; times += 1) {
        await Promise.all(others.map(({ escalations }) => escalations.driver.drive(call.escalationId)));
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
    };
    await Promise.all([drive(), line.untilState(call.escalationId, 'bridged')]);
    expect(line.legsTo(one)).to.have.length(1);
    // On a slow machine the next wave rings again who does not answer; never more often than it is written down.
    const asked = await line.rows(`select 1 from escalation_attempts where person_id = $1 and dialled_at is not null`, [
      silent,
    ]);
    expect(line.legsTo(two).length).to.be.at.most(asked.length);
    expect(server.desk.facts.map(({ type }) => type)).to.deep.equal(['ringing', 'accepted', 'ready']);
  });

  it('is gone on with by another process when the one that rang has died', async () => {
    const first = await line.serve({ answers: false });
    line.carrier.setPhone(one, accepts(4_000));
    // Asked for by the first, and the call goes on at the second, which was never told.
    const second = await line.serve();
    const call = await line.callFor(second, {}, first);
    await until(() => line.legsTo(one).length > 0, 'the ringing');
    await first.stop();
    await line.untilState(call.escalationId, 'bridged');
    expect(second.desk.facts.map(({ type }) => type)).to.deep.equal(['ringing', 'accepted', 'ready']);
  });

  it('moves on after the database was away in the middle of the ringing', async () => {
    const proxy = await openProxy(Number(new URL(line.url).port));
    const through = new URL(line.url);
    through.port = String(proxy.port);
    const server = await line.serve({ databaseUrl: through.href, timing: { ringSeconds: 60 } });
    // Long enough that the database is away before, also on a slow machine.
    line.carrier.setPhone(one, { kind: 'person', answersAfterMs: 15_000, keys: [{ digits: '1', afterMs: 3_000 }] });
    const call = await line.callFor(server);
    await until(() => server.desk.facts.some(({ type }) => type === 'ringing'), 'the ringing');
    proxy.cut();
    // The person answers and presses 1 while nothing can be written.
    await until(() => line.saidTo(one).includes('One moment'), 'the moment');
    proxy.restore();
    await line.untilState(call.escalationId, 'bridged');
    expect(line.legsTo(one)).to.have.length(1);
    await server.stop();
    await proxy.close();
  });

  it('tells the live call within the limit when the request cannot be kept', async () => {
    const proxy = await openProxy(Number(new URL(line.url).port));
    const through = new URL(line.url);
    through.port = String(proxy.port);
    const server = await line.serve({ databaseUrl: through.href, timing: { unplacedMs: 500 } });
    proxy.cut();
    const call = await line.callFor(server);
    const from = performance.now();
    await until(() => server.desk.facts.some(({ type }) => type === 'unavailable'), 'the fact');
    // The database does not come back before, so only the limit can have told it.
    expect(performance.now() - from)
      .to.be.above(400)
      .and.below(10_000);
    // The carrier dials, and when the database is back nobody is rung beside it.
    server.escalations.desk.tell(call.escalationId, { type: 'handedOver' });
    proxy.restore();
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('handedOver');
    expect(line.legsTo(one)).to.have.length(0);
    await server.stop();
    await proxy.close();
  });

  it('is driven by the job of the queue when no process that serves calls does', async () => {
    const timing = { briefingGuardMs: 1_500 };
    const server = await line.serve({ timing });
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'accepted');
    const worker = await line.serve({ answers: false, timing });
    await worker.escalations.stop();
    await server.escalations.stop();
    const queues = openQueues({ redisUrl: null, databaseUrl: line.url, log: silentLog });
    await queues.work([worker.escalations.job(queues)]);
    const dispatcher = startOutboxDispatcher({
      take: (topics, most, handOver) => dispatchOutbox(line.database, topics, most, handOver),
      routes: escalationRoute,
      queues,
      log: silentLog,
      pollMs: 50,
    });
    // The person hangs up, and neither this nor that the caller is gone comes by a webhook: only deadlines are left.
    line.carrier.failWebhooks({ fault: { kind: 'dropped' }, probability: 1 });
    call.hangUp();
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.be.oneOf(['callerGone', 'nobody']);
    await dispatcher.stop();
    await queues.close(1_000);
  });

  it('reaches somebody while the queue is away from beginning to end', async () => {
    const server = await line.serve();
    line.carrier.setPhone(one, { ...accepts(), hangsUp: { when: 'connected', afterMs: 2_000 } });
    const queues = openQueues({
      redisUrl: `redis://127.0.0.1:${await freePort()}`,
      databaseUrl: line.url,
      log: silentLog,
    });
    const dispatcher = startOutboxDispatcher({
      take: (topics, most, handOver) => dispatchOutbox(line.database, topics, most, handOver),
      routes: escalationRoute,
      queues,
      log: silentLog,
      pollMs: 50,
    });
    const call = await line.callFor(server);
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('helped');
    expect(line.legsTo(one).length).to.be.within(1, await dialled(line));
    const waiting = await line.rows<{ count: number }>(
      'select count(*)::int as count from outbox where dispatched_at is null',
    );
    expect(waiting).to.deep.equal([{ count: 1 }]);
    await queues.close(100);
    await dispatcher.stop();
  });

  it('ends in an outcome and rings each telephone once although the database cuts all connections again and again', async () => {
    const server = await line.serve();
    await line.person(two);
    line.carrier.setPhone(one, { ...accepts(), hangsUp: { when: 'connected', afterMs: 2_000 } });
    line.carrier.setPhone(two, { kind: 'no-answer' });
    const call = await line.callFor(server);
    await until(() => line.legsTo(one).length + line.legsTo(two).length > 0, 'the ringing');
    for (let times = 0; times < 8; times += 1) {
      await cutConnections(line);
      await pause(150);
    }
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('helped');
    // Each telephone of a wave is one attempt, and none was asked for twice.
    const asked = await line.rows<{ count: number }>(
      'select count(*)::int as count from escalation_attempts where dialled_at is not null group by person_id order by 1 desc',
    );
    const rang = [one, two].map((number) => line.legsTo(number).length).toSorted((a, b) => b - a);
    rang.forEach((count, index) => expect(count).to.be.at.most(asked[index]?.count ?? 0));
    expect(await ringsOf(line)).to.deep.equal([]);
  });

  it('closes the one before when the call asks anew, and rings for the new one', async () => {
    line.carrier.setPhone(one, { kind: 'person', answersAfterMs: 60_000 });
    const server = await line.serve();
    const call = await line.callFor(server);
    await until(() => line.legsTo(one).length === 1, 'the ringing');
    const escalationId = randomUUID();
    server.escalations.desk.request({ ...call.request, escalationId });
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('nobody');
    await line.untilState(escalationId, 'ringing');
    await until(() => line.legsTo(one)[0]?.status === 'canceled', 'the release');
  });
});
