import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { openJobDesk } from '../../src/jobs/jobDesk.ts';
import { openQueues, type JobDefinition, type Queues, type RunningJob } from '../../src/jobs/queues.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { serverStartMs, testDatabase, testRedisUrl } from '../support/servers.ts';
import { asking } from '../store/keeping.ts';
import { openProxy } from '../store/tcpProxy.ts';

const callId = randomUUID();
const timings = { lockMs: 1_000, stalledCheckMs: 300 };

interface Place {
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly prefix: string;
}

/** A job whose runs are noted, and that does `work`. */
function noted(work: (job: RunningJob) => Promise<void> = () => Promise.resolve(), name = 'noted') {
  const runs: (RunningJob & { readonly atMs: number })[] = [];
  const definition: JobDefinition = {
    queue: 'afterCall',
    name,
    attempts: 3,
    backoffMs: 60,
    run: (job) => {
      runs.push({ ...job, atMs: performance.now() });
      return work(job);
    },
  };
  return { definition, runs };
}

async function until(done: () => boolean, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms`);
    await wait(10);
  }
}

/** One contract; each backend must keep it. */
function contract(title: string, openPlace: () => Promise<Place>): void {
  describe(`the job queue on ${title}`, function () {
    this.timeout(serverStartMs);
    let place: Place;
    let open: Queues[];
    const server = (log: Log = silentLog, at: Place = place) => {
      const queues = openQueues({ ...at, log, timings });
      open.push(queues);
      return queues;
    };

    before(async function () {
      place = await openPlace();
    });
    beforeEach(() => {
      open = [];
      place = { ...place, prefix: `test-${randomUUID()}` };
    });
    afterEach(async () => {
      await Promise.all(open.map((queues) => queues.close(1_000)));
      if (place.redisUrl === null)
        await asking(place.databaseUrl, (client) => client.query('drop schema if exists bullmq cascade'));
    });

    it('runs a job with its ids, on whichever server works', async () => {
      const { definition, runs } = noted();
      const id = randomUUID();
      await server().add(definition, { id, payload: { callId } });
      await server().work([definition]);
      await until(() => runs.length === 1);
      expect(runs[0]).to.deep.include({ id, payload: { callId }, attempt: 1 });
    });

    it('runs a job once, however often its id is added', async () => {
      const { definition, runs } = noted();
      const queues = server();
      const id = randomUUID();
      await Promise.all([1, 2, 3].map(() => queues.add(definition, { id, payload: {} })));
      await queues.work([definition]);
      await until(() => runs.length === 1);
      await queues.add(definition, { id, payload: {} });
      const other = randomUUID();
      await queues.add(definition, { id: other, payload: {} });
      await until(() => runs.length === 2);
      await wait(50);
      expect(runs.map((run) => run.id)).to.deep.equal([id, other]);
    });

    it('runs a delayed job no earlier than asked for', async () => {
      const { definition, runs } = noted();
      const queues = server();
      await queues.work([definition]);
      const from = performance.now();
      await queues.add(definition, { id: randomUUID(), payload: {}, delayMs: 300 });
      await until(() => runs.length === 1);
      expect(runs[0]?.atMs).to.be.within(from + 295, from + 5_000);
    });

    it('tries a failed job again after growing waits, and then no more', async () => {
      const { definition, runs } = noted(() => Promise.reject(new Error('no luck')));
      const queues = server();
      await queues.work([definition]);
      await queues.add(definition, { id: randomUUID(), payload: {} });
      await until(() => runs.length === 3);
      await wait(300);
      expect(runs.map((run) => run.attempt)).to.deep.equal([1, 2, 3]);
      const [first = 0, second = 0, third = 0] = runs.map((run) => run.atMs);
      expect(second - first).to.be.at.least(55);
      expect(third - second).to.be.at.least(115);
    });

    it('keeps nothing of what a failing job said, but its code', async () => {
      const { definition, runs } = noted(() => Promise.reject(new TypeError('the caller Salim said unspeakable')));
      const said: string[] = [];
      const note = (...parts: readonly unknown[]) => void said.push(JSON.stringify(parts));
      const queues = server({ debug: note, info: note, warn: note, error: note });
      await queues.work([definition]);
      await queues.add(definition, { id: randomUUID(), payload: {} });
      await until(() => runs.length === 3 && said.length === 3);
      await wait(50);
      const kept = await contentOf(place);
      expect(kept).to.contain('noted failed: TypeError').and.to.not.contain('unspeakable');
      expect(said.join()).to.contain('TypeError').and.to.not.contain('unspeakable');
    });

    it('takes ids as payload, and refuses words and numbers', async () => {
      const { definition } = noted();
      const queues = server();
      for (const value of ['+96891234567', 'ضايق صدري', '{"text":"words"}']) {
        let refusal = '';
        try {
          await queues.add(definition, { id: randomUUID(), payload: { value } });
        } catch (fault) {
          refusal = String(fault);
        }
        expect(refusal).to.contain('must be an id').and.to.not.contain(value);
      }
      expect(await contentOf(place))
        .to.not.contain('96891234567')
        .and.to.not.contain('words');
    });

    it('gives the job of a killed server to another', async () => {
      const { definition, runs } = noted(undefined, 'long');
      const id = randomUUID();
      const queues = server();
      await queues.add({ ...definition, attempts: 1 }, { id, payload: {} });
      const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'dyingWorker.ts');
      const args = ['--import', 'tsx', script, place.redisUrl ?? '-', place.databaseUrl, place.prefix];
      const dying = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = await once(dying.stdout, 'data');
      expect(String(said).trim()).to.equal(id);
      await queues.work([definition]);
      expect(runs).to.have.length(0);
      dying.kill('SIGKILL');
      await until(() => runs.length === 1);
      expect(runs[0]?.id).to.equal(id);
    });

    it('runs a repeated job again and again, once each time, whoever schedules it', async () => {
      const { definition, runs } = noted();
      const [one, other] = [server(), server()];
      await one.repeat(definition, 200);
      await other.repeat(definition, 200);
      await Promise.all([one.work([definition]), other.work([definition])]);
      await until(() => runs.length === 3);
      // Runs are due at whole multiples of the interval, so of three the outer two are two intervals apart, the first of them
      // perhaps late by nearly one.
      const [first = 0, , third = 0] = runs.map((run) => run.atMs);
      expect(third - first).to.be.at.least(195);
      expect(new Set(runs.map((run) => run.id)).size).to.equal(3);
    });

    it('closes when the running job is done', async () => {
      let finished = false;
      const { definition, runs } = noted(async () => {
        await wait(150);
        finished = true;
      });
      const queues = server();
      await queues.work([definition]);
      await queues.add(definition, { id: randomUUID(), payload: {} });
      await until(() => runs.length === 1);
      expect(await queues.close(5_000)).to.equal('finished');
      expect(finished).to.equal(true);
    });

    it('closes in time also when the running job does not end; the job is aborted, and runs again elsewhere', async () => {
      let aborted = false;
      const { definition, runs } = noted(
        (job) =>
          new Promise((_resolve, reject) => {
            job.signal.addEventListener('abort', () => {
              aborted = true;
              reject(new Error('aborted'));
            });
          }),
      );
      const onlyOnce = { ...definition, attempts: 1 };
      const queues = server();
      await queues.work([onlyOnce]);
      const id = randomUUID();
      await queues.add(onlyOnce, { id, payload: {} });
      await until(() => runs.length === 1);
      const from = performance.now();
      expect(await queues.close(100)).to.equal('aborted');
      expect(performance.now() - from).to.be.below(5_000);
      expect(aborted).to.equal(true);
      const again = noted();
      await server().work([again.definition]);
      await until(() => again.runs.length === 1);
      expect(again.runs[0]).to.include({ id, attempt: 1 });
    });

    describe('the desk of failed jobs', () => {
      /** A job that failed as often as it may. */
      const failed = async () => {
        let works = false;
        const { definition, runs } = noted(() => (works ? Promise.resolve() : Promise.reject(new TypeError('words'))));
        const queues = server();
        await queues.work([definition]);
        const id = randomUUID();
        await queues.add(definition, { id, payload: { callId } });
        await until(() => runs.length === definition.attempts);
        const desk = openJobDesk(place);
        const dead = async () => {
          const end = performance.now() + 10_000;
          for (;;) {
            const [first] = await desk.deadLetters(10);
            if (first !== undefined || performance.now() > end) return first;
            await wait(20);
          }
        };
        const letter = await dead();
        if (letter === undefined) throw new Error('no dead letter');
        return { desk, id, letter, runs, mend: () => void (works = true) };
      };

      it('lists what failed for good, with its code and without words, and counts', async () => {
        const { desk, id, letter } = await failed();
        expect(letter).to.deep.include({ queue: 'afterCall', id, name: 'noted', payload: { callId }, attempts: 3 });
        expect(letter.fault).to.equal('TypeError');
        expect(letter.failedAt?.getTime()).to.be.closeTo(Date.now(), 60_000);
        const counts = await desk.counts();
        expect(counts.map(({ queue, dead }) => [queue, dead])).to.deep.equal([
          ['escalation', 0],
          ['followUp', 0],
          ['afterCall', 1],
          ['maintenance', 0],
        ]);
        await desk.close();
      });

      it('runs one again with all its attempts, once however many ask', async () => {
        const { desk, letter, runs, mend, id } = await failed();
        mend();
        const answers = [await desk.retry(letter), await desk.retry(letter)];
        expect(answers).to.deep.equal(['done', 'notDead']);
        await until(() => runs.length === 4);
        expect(runs[3]).to.include({ id, attempt: 1 });
        expect(await desk.deadLetters(10)).to.deep.equal([]);
        await desk.close();
      });

      it('removes one that is given up, and knows when it is gone', async () => {
        const { desk, letter, runs } = await failed();
        expect([await desk.discard(letter), await desk.discard(letter), await desk.retry(letter)]).to.deep.equal([
          'done',
          'notDead',
          'notDead',
        ]);
        expect(await desk.deadLetters(10)).to.deep.equal([]);
        expect(runs).to.have.length(3);
        await desk.close();
      });
    });

    it('refuses a job at once while it is away, and takes it when it is back', async () => {
      const target = new URL(place.redisUrl ?? place.databaseUrl);
      const proxy = await openProxy(Number(target.port));
      const wire = new URL(target);
      wire.port = String(proxy.port);
      const at = place.redisUrl === null ? { ...place, databaseUrl: wire.href } : { ...place, redisUrl: wire.href };
      proxy.cut();
      const queues = server(silentLog, at);
      const { definition, runs } = noted();
      const refused = async () => {
        const from = performance.now();
        const fault: unknown = await queues.add(definition, { id: randomUUID(), payload: {} }).catch((e: unknown) => e);
        expect(fault).to.include({ name: 'QueueAway' });
        return performance.now() - from;
      };
      expect(await refused()).to.be.below(3_000);
      proxy.restore();
      const id = randomUUID();
      const taken = async () => {
        for (;;) {
          const fault: unknown = await queues.add(definition, { id, payload: {} }).catch((e: unknown) => e);
          if (fault === undefined) return;
          await wait(20);
        }
      };
      await taken();
      proxy.cut();
      await wait(20);
      expect(await refused()).to.be.below(3_000);
      proxy.restore();
      await taken();
      await server().work([definition]);
      await until(() => runs.length === 1);
      expect(runs[0]?.id).to.equal(id);
      await queues.close(100);
      await proxy.close();
    });
  });
}

/** Everything the backend keeps, as text. */
async function contentOf(place: Place): Promise<string> {
  if (place.redisUrl === null)
    return asking(place.databaseUrl, async (client) => {
      const tables = await client.query<{ name: string }>(
        `select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_schema = 'bullmq'`,
      );
      const parts: string[] = [];
      for (const { name } of tables.rows)
        parts.push(JSON.stringify((await client.query(`select row_to_json(t)::text as row from ${name} t`)).rows));
      return parts.join('\n');
    });
  const redis = new Redis(place.redisUrl);
  const keys = await redis.keys(`${place.prefix}*`);
  const parts: string[] = [];
  for (const key of keys) {
    const type = await redis.type(key);
    if (type === 'hash') parts.push(JSON.stringify(await redis.hgetall(key)));
    else if (type === 'stream') parts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    else if (type === 'string') parts.push((await redis.get(key)) ?? '');
  }
  await redis.quit();
  return parts.join('\n');
}

contract('the PostgreSQL that keeps the records', async () => ({
  redisUrl: null,
  databaseUrl: (await testDatabase('empty')).url,
  prefix: '',
}));

const redisUrl = await testRedisUrl();
if (redisUrl === null) {
  describe('the job queue on Redis', () => {
    it('is NOT TESTED here: this machine has no Redis, so only the PostgreSQL backend kept the contract', () => {
      expect(redisUrl).to.equal(null);
    });
  });
} else {
  contract('Redis', () => Promise.resolve({ redisUrl, databaseUrl: 'postgres://unused@127.0.0.1:1/none', prefix: '' }));
}
