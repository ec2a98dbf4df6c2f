import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { retentionJob, sweepAllOrganisations } from '../../src/jobs/retention.ts';
import { scheduleMaintenance } from '../../src/jobs/maintenance.ts';
import { openQueues, type Queues } from '../../src/jobs/queues.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { serverStartMs } from '../support/servers.ts';

describe('the job retention.sweep', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  let queues: Queues;
  const logged: unknown[] = [];
  const log: Log = { ...silentLog, info: (message, fields) => void logged.push([message, fields]) };

  before(async () => {
    on = await recordedLine();
    queues = openQueues({ redisUrl: null, databaseUrl: on.url, log: silentLog });
  });
  after(async () => {
    await queues.close(2_000);
    await on.close();
  });

  it('is scheduled with the others, sweeps every organisation, and says how much and not what', async () => {
    await ensureOrganisation(on.store.database, on.store.keys, { name: 'Other', dialledNumber: '+96824000009' });
    await on.call({ endedHoursAgo: 30, keepWords: null });
    await on.call({ endedHoursAgo: 1, keepWords: null });
    const jobs = [retentionJob(sweepAllOrganisations(on.store.database, on.store.keys), log)];
    await scheduleMaintenance(queues, jobs);
    await queues.work(jobs);
    const left = async () => (await on.asOwner('select 1 from turns where words is not null'))[0]?.length;
    for (let look = 0; look < 400 && (logged.length === 0 || (await left()) !== 2); look += 1) await wait(25);
    expect(await left()).to.equal(2);
    expect(logged).to.deep.equal([
      ['retention swept', { organisationId: on.organisation.id, wordsWithoutConsent: 1, waiting: 0, stopped: false }],
    ]);
  });

  it('stops between organisations when the server must stop', async () => {
    const stopping = new AbortController();
    stopping.abort();
    expect(await sweepAllOrganisations(on.store.database, on.store.keys)(stopping.signal)).to.deep.equal([]);
  });
});
