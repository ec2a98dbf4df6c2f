import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import sinon from 'sinon';
import { maintenanceJobs, scheduleMaintenance, type Records } from '../../src/jobs/maintenance.ts';
import { startOutboxDispatcher, type OutboxItem, type TakeFromOutbox } from '../../src/jobs/outboxDispatcher.ts';
import { openQueues, QueueAway, type NewJob, type Queues } from '../../src/jobs/queues.ts';
import { limits } from '../../src/limits.ts';
import { silentLog } from '../../src/log.ts';
import { closeAbandoned } from '../../src/store/calls.ts';
import { loadCall } from '../../src/store/loadCall.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { addToOutbox, dispatchOutbox, sweepOutbox } from '../../src/store/outbox.ts';
import { sweepTickets } from '../../src/store/tickets.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, line, openStore, started, type Kept } from '../store/keeping.ts';

const afterCall = { queue: 'afterCall', name: 'summarise', attempts: 3, backoffMs: 10 } as const;
const item = (id: string): OutboxItem => ({ id, organisationId: 'org', topic: 'call-ended', payload: { callId: 'c' } });

describe('maintenance', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;
  let queues: Queues;

  before(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
    queues = openQueues({ redisUrl: null, databaseUrl: url, log: silentLog });
  });
  after(async () => {
    await queues.close(2_000);
    await store.database.close();
  });

  it('closes the calls of a server that died, by a job that any server may schedule', async () => {
    const [lost, alive] = [started(), started()];
    [lost, alive].forEach((call) => store.writer.append(call));
    await store.writer.flush(5_000);
    await asking(url, async (client) => {
      await client.query('alter table calls no force row level security');
      await client.query(`update calls set heartbeat_at = now() - interval '1 hour' where id = $1`, [lost.callId]);
      await client.query('alter table calls force row level security');
    });
    const warned: unknown[] = [];
    const records: Records = {
      closeAbandoned: (olderThanMs) => closeAbandoned(store.database, olderThanMs),
      sweepTickets: (olderThanMs) => sweepTickets(store.database, olderThanMs),
      sweepOutbox: (olderThanMs) => sweepOutbox(store.database, olderThanMs),
    };
    const jobs = maintenanceJobs(records, {
      ...silentLog,
      warn: (message, fields) => void warned.push([message, fields]),
    });
    await scheduleMaintenance(queues, jobs);
    await queues.work(jobs);
    const outcome = async (sid: string) => (await loadCall(store.database, store.keys, sid))?.outcome;
    for (let look = 0; look < 200 && (await outcome(lost.callSid)) === null; look += 1) await wait(25);
    expect(await outcome(lost.callSid)).to.equal('lost');
    expect(await outcome(alive.callSid)).to.equal(null);
    expect(warned).to.deep.equal([['call lost: its server was not heard of', { callId: lost.callId }]]);
  });

  it('takes what the outbox holds into the queue, as one job for each entry', async () => {
    const { id: organisationId } = await ensureOrganisation(store.database, store.keys, line);
    const callId = randomUUID();
    const id = await store.database.within(organisationId, (tx) =>
      addToOutbox(tx, { organisationId, topic: 'call-ended', payload: { callId } }),
    );
    const runs: unknown[] = [];
    await queues.work([{ ...afterCall, run: (job) => Promise.resolve(void runs.push([job.id, job.payload])) }]);
    const take: TakeFromOutbox = (topics, most, handOver) => dispatchOutbox(store.database, topics, most, handOver);
    const dispatchers = [1, 2].map(() =>
      startOutboxDispatcher({ take, routes: { 'call-ended': afterCall }, queues, log: silentLog, pollMs: 20 }),
    );
    for (let look = 0; look < 200 && runs.length === 0; look += 1) await wait(25);
    await wait(50);
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
    expect(runs).to.deep.equal([[id, { callId, organisationId }]]);
  });
});

describe('the sweep', () => {
  it('removes tickets and outbox entries a day after their use', async () => {
    const ages: unknown[] = [];
    const note = (what: string) => (olderThanMs: number) => {
      ages.push([what, olderThanMs]);
      return Promise.resolve(2);
    };
    const jobs = maintenanceJobs(
      { closeAbandoned: () => Promise.resolve([]), sweepTickets: note('tickets'), sweepOutbox: note('outbox') },
      silentLog,
    );
    await jobs
      .find((job) => job.name === 'sweep-spent-rows')
      ?.run({ id: '', payload: {}, attempt: 1, signal: new AbortController().signal });
    expect(ages).to.deep.equal([
      ['tickets', 86_400_000],
      ['outbox', 86_400_000],
    ]);
  });
});

describe('the outbox dispatcher', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
  });
  afterEach(() => clock.restore());

  const start = (take: TakeFromOutbox, add: (job: NewJob) => Promise<void> = () => Promise.resolve()) =>
    startOutboxDispatcher({
      take,
      routes: { 'call-ended': afterCall },
      queues: { add: (_kind, job) => add(job) },
      log: silentLog,
      pollMs: 1_000,
    });

  it('takes the next batch at once while batches are full, and then looks once a second', async () => {
    const counts = [limits.outboxBatch, limits.outboxBatch, 3, 0, 0];
    const takenAt: number[] = [];
    const dispatcher = start(() => {
      takenAt.push(clock.now);
      return Promise.resolve(counts.shift() ?? 0);
    });
    await clock.tickAsync(2_100);
    const stopped = dispatcher.stop();
    await stopped;
    const begin = takenAt[0] ?? 0;
    expect(takenAt.map((at) => at - begin)).to.deep.equal([0, 0, 0, 1_000, 2_000]);
  });

  it('waits longer each time while the database is away, and half a minute at most', async () => {
    const takenAt: number[] = [];
    const dispatcher = start(() => {
      takenAt.push(clock.now);
      return Promise.reject(new Error('away'));
    });
    await clock.tickAsync(100_000);
    await dispatcher.stop();
    const waits = takenAt.slice(1).map((at, index) => at - (takenAt[index] ?? 0));
    expect(waits).to.deep.equal([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('leaves in the outbox what the queue did not take', async () => {
    const results: string[] = [];
    const dispatcher = start(
      async (_topics, _most, handOver) => {
        for (const id of ['taken', 'refused']) {
          const result = await handOver(item(id)).then(
            () => 'taken',
            () => 'left',
          );
          results.push(`${id}: ${result}`);
        }
        return 1;
      },
      (job) => (job.id === 'taken' ? Promise.resolve() : Promise.reject(new QueueAway('afterCall', null))),
    );
    await clock.tickAsync(0);
    await dispatcher.stop();
    expect(results).to.deep.equal(['taken: taken', 'refused: left']);
  });

  it('looks at once when it is woken', async () => {
    let looks = 0;
    const dispatcher = start(() => Promise.resolve(void (looks += 1)).then(() => 0));
    await clock.tickAsync(0);
    dispatcher.wake();
    await clock.tickAsync(0);
    expect(looks).to.equal(2);
    await dispatcher.stop();
  });
});
