import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { openQueues } from '../../src/jobs/queues.ts';
import { silentLog } from '../../src/log.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { serverStartMs } from '../support/servers.ts';
import { sanad } from './consultation.ts';

describe('sanad jobs', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  before(async () => {
    on = await recordedLine();
  });
  after(() => on.close());

  /** Adds a job that fails at once and for good. */
  const failedJob = async (organisationId: string): Promise<string> => {
    const queues = openQueues({ redisUrl: null, databaseUrl: on.url, log: silentLog });
    const id = randomUUID();
    let ran = (): void => {};
    const running = new Promise<void>((resolve) => {
      ran = resolve;
    });
    const job = {
      queue: 'afterCall' as const,
      name: 'summarise',
      attempts: 1,
      backoffMs: 10,
      run: () => {
        ran();
        return Promise.reject(new TypeError('what the caller said'));
      },
    };
    await queues.work([job]);
    await queues.add(job, { id, payload: { organisationId } });
    await running;
    await queues.close(5_000);
    return id;
  };

  it('says so when nothing has failed, with how much waits', async () => {
    const { code, stdout } = await on.sanad('jobs', 'list');
    expect(code).to.equal(0);
    expect(stdout).to.include('No job has failed for good (postgres).').and.include('maintenance');
  });

  it('shows what failed for good with exit code 1, runs it again or gives it up, and keeps both in the audit', async () => {
    const [kept, given] = [await failedJob(on.organisation.id), await failedJob(on.organisation.id)];
    const shown = await on.sanad('jobs', 'list');
    expect(shown.code).to.equal(1);
    expect(shown.stdout).to.include('summarise (1×)').and.include('TypeError').and.not.include('caller said');
    expect((await on.sanad('jobs', 'list', '--csv')).stdout).to.include('id,queue,job,failedAt,attempts,fault,about');
    expect((await on.sanad('jobs', 'retry', kept.slice(0, 8))).stdout).to.include('It runs again');
    expect((await on.sanad('jobs', 'discard', given, '--reason', 'the call was erased')).stdout).to.include(
      'Discarded',
    );
    expect((await on.sanad('jobs', 'list', '--json')).code).to.equal(0);
    const { entries } = JSON.parse((await on.sanad('audit', 'list', '--json')).stdout);
    expect(entries.map(({ action }: { action: string }) => action)).to.include.members(['jobRetried', 'jobDiscarded']);
  });

  it('knows no jobs of other organisations', async () => {
    const id = await failedJob(randomUUID());
    expect((await on.sanad('jobs', 'list', '--json')).stdout).to.not.include(id);
    expect(await on.sanad('jobs', 'retry', id)).to.include({ code: 1 });
  });

  it('answers an id that is none, a missing reason, and a queue that is away', async () => {
    const unknown = await on.sanad('jobs', 'retry', 'ffffffff');
    expect([unknown.code, unknown.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('has the id ffffffff'),
    );
    expect((await on.sanad('jobs', 'discard', 'ffffffff')).code).to.equal(2);
    const environment = { ...on.environment, REDIS_URL: 'redis://127.0.0.1:1' };
    const away = await sanad(['jobs', 'list'], { environment });
    expect(away.code).to.equal(1);
    expect(away.stderr).to.include('cannot be reached').and.include('REDIS_URL');
  });
});
