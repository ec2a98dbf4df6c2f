import { openQueues } from '../../src/jobs/queues.ts';
import { silentLog } from '../../src/log.ts';

// A server that takes a job, says so, and never finishes it: the test kills it. Arguments: Redis (or -), database, prefix.
const [redisUrl = '-', databaseUrl = '', prefix = ''] = process.argv.slice(2);
const queues = openQueues({
  redisUrl: redisUrl === '-' ? null : redisUrl,
  databaseUrl,
  prefix,
  log: silentLog,
  timings: { lockMs: 1_000, stalledCheckMs: 300 },
});
await queues.work([
  {
    queue: 'afterCall',
    name: 'long',
    attempts: 1,
    backoffMs: 10,
    run: (job) => {
      process.stdout.write(`${job.id}\n`);
      return new Promise(() => {});
    },
  },
]);
