import { openJobDesk, type DeadLetter, type JobDesk, type QueueCounts } from '../../jobs/jobDesk.ts';
import { QueueAway } from '../../jobs/queues.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText } from '../csv.ts';
import { exitCodes } from '../exitCodes.ts';
import { shortId, type ListOptions } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone } from '../zonedTime.ts';

/** So many failed jobs of each queue are looked through. */
const mostOfQueue = 1_000;

export function list(access: StaffAccess, options: ListOptions): Promise<Outcome> {
  return atDesk(access, async (desk) => {
    await access.note('jobsSeen', { kind: 'job', id: null });
    const [queues, dead] = await Promise.all([desk.counts(), deadOf(desk, access)]);
    const after = options.after === undefined ? -1 : dead.findIndex(({ id }) => id.startsWith(options.after ?? ''));
    if (options.after !== undefined && after < 0) return unknown(options.after);
    const items = dead.slice(after + 1, after + 1 + options.limit);
    const rest = dead.length - after - 1 - items.length;
    return {
      kind: 'done',
      code: dead.length === 0 ? exitCodes.good : exitCodes.failed,
      json: { backend: desk.backend, queues, dead: items, next: rest > 0 ? (items.at(-1)?.id ?? null) : null },
      csv: csvText(
        [
          { name: 'id', value: ({ id }) => id },
          { name: 'queue', value: ({ queue }) => queue },
          { name: 'job', value: ({ name }) => name },
          { name: 'failedAt', value: ({ failedAt }) => failedAt },
          { name: 'attempts', value: ({ attempts }) => attempts },
          { name: 'fault', value: ({ fault }) => fault },
          { name: 'about', value: about },
        ],
        items,
      ),
      print: (output) => print(output, { queues, items, rest, zone: options.zone, backend: desk.backend }),
    };
  });
}

export function retry(access: StaffAccess, id: string): Promise<Outcome> {
  return atDesk(access, async (desk) => {
    const found = await find(desk, access, id);
    if (!('dead' in found)) return found;
    const { dead } = found;
    await access.note('jobRetried', { kind: 'job', id: tag(dead) }, undefined, { queue: dead.queue, job: dead.name });
    if ((await desk.retry(dead)) === 'notDead') return gone(dead);
    return {
      kind: 'done',
      json: { retried: dead },
      print: ({ line }) => line(`It runs again: ${shortId(dead.id)} (${dead.name}). See what becomes of it: jobs list`),
    };
  });
}

export function discard(access: StaffAccess, id: string, reason: string): Promise<Outcome> {
  return atDesk(access, async (desk) => {
    const found = await find(desk, access, id);
    if (!('dead' in found)) return found;
    const { dead } = found;
    await access.note('jobDiscarded', { kind: 'job', id: tag(dead) }, reason, { queue: dead.queue, job: dead.name });
    if ((await desk.discard(dead)) === 'notDead') return gone(dead);
    return {
      kind: 'done',
      json: { discarded: dead },
      print: ({ line }) => line(`Discarded: ${shortId(dead.id)} (${dead.name}). What it was for is not done.`),
    };
  });
}

async function atDesk(access: StaffAccess, work: (desk: JobDesk) => Promise<Outcome>): Promise<Outcome> {
  access.demand('manageJobs');
  const desk = openJobDesk({ redisUrl: access.settings.REDIS_URL ?? null, databaseUrl: access.databaseUrl });
  try {
    return await work(desk);
  } catch (error) {
    if (!(error instanceof QueueAway)) throw error;
    const where = desk.backend === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
    return refused(
      'queueAway',
      `The queue cannot be reached (${error.message}). Check ${where}, and: npm run sanad -- doctor`,
    );
  } finally {
    await desk.close();
  }
}

/** Of this organisation, and of none: maintenance is everybody's. The newest first. */
async function deadOf(desk: JobDesk, { organisationId }: StaffAccess): Promise<readonly DeadLetter[]> {
  const dead = await desk.deadLetters(mostOfQueue);
  return dead
    .filter(({ payload }) => (payload['organisationId'] ?? organisationId) === organisationId)
    .sort((a, b) => Number(b.failedAt) - Number(a.failedAt));
}

async function find(desk: JobDesk, access: StaffAccess, id: string): Promise<{ readonly dead: DeadLetter } | Outcome> {
  const found = (await deadOf(desk, access)).filter((dead) => dead.id.startsWith(id.trim()));
  const [dead] = found;
  if (dead === undefined || id.trim() === '') return unknown(id);
  if (found.length > 1)
    return misused(
      'ambiguousId',
      `${found.length} failed jobs begin with ${id}. Give more of the id: jobs list --json`,
    );
  return { dead };
}

function unknown(id: string): Outcome {
  return refused('unknownId', `No job that failed for good has the id ${id}. It may have been retried. See: jobs list`);
}

function gone(dead: DeadLetter): Outcome {
  return refused('notDead', `${shortId(dead.id)} does not wait here any more: somebody else was first. See: jobs list`);
}

/** Of a repeated job the id holds a time, which the audit would take for a number that can be dialled. */
function tag({ id, name }: DeadLetter): string {
  return /^[0-9a-f-]{36}$/.test(id) ? id : name.slice(0, 80);
}

function about({ payload }: DeadLetter): string {
  return Object.entries(payload)
    .filter(([name]) => name !== 'organisationId')
    .map(([name, id]) => `${name} ${id}`)
    .join(' ');
}

interface Shown {
  readonly queues: readonly QueueCounts[];
  readonly items: readonly DeadLetter[];
  readonly rest: number;
  readonly zone: string;
  readonly backend: string;
}

function print(output: Output, { queues, items, rest, zone, backend }: Shown): void {
  output.table(
    [
      { title: 'queue', cell: ({ queue }) => queue },
      { title: 'waiting', width: 8, cell: ({ waiting }) => String(waiting) },
      { title: 'running', width: 8, cell: ({ running }) => String(running) },
      { title: 'delayed', width: 8, cell: ({ delayed }) => String(delayed) },
      { title: 'failed', width: 8, cell: ({ dead }, { red }) => (dead === 0 ? '0' : red(String(dead))) },
    ],
    queues,
  );
  output.line();
  if (items.length === 0) return output.line(`No job has failed for good (${backend}).`);
  output.table(
    [
      { title: 'id', width: 8, cell: ({ id }) => shortId(id) },
      {
        title: 'failed',
        width: 16,
        cell: ({ failedAt }) => (failedAt === null ? '' : inZone(failedAt, zone).slice(0, 16)),
      },
      { title: 'queue', width: 11, cell: ({ queue }) => queue },
      { title: 'job', width: 22, cell: ({ name, attempts }) => `${name} (${attempts}×)` },
      { title: 'fault', width: 18, cell: ({ fault }, { red }) => red(fault) },
      { title: 'about', cell: about },
    ],
    items,
  );
  output.line();
  output.line(`Times: ${zone}. Again: jobs retry ID. Give up: jobs discard ID --reason …`);
  if (rest > 0) output.line(`There are ${rest} more: --after ${shortId(items.at(-1)?.id ?? '')}`);
}
