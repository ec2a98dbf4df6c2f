import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startJobs } from '../../src/wiring.ts';
import { eventsOf, openRehearsal, type RehearsedCall, type Rehearsal } from '../support/rehearsal.ts';
import { serverStartMs, testRedisUrl } from '../support/servers.ts';
import { dump } from '../store/keeping.ts';

const maryam = { name: 'Maryam Uniquename', number: '+96891112345' };
const nextOfHers = { name: 'سالم الاسم', number: '+96892223456' };
const callers = { inDanger: '+96897651234', unlucky: '+96893456781' };

/** Every form in which a text could lie somewhere without being sealed; base64 at each of its three places. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last letters also depend on the neighbours.
    return whole.slice(Math.ceil((before * 8) / 6), -1);
  });
  const escaped = text.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const hex = bytes.toString('hex');
  return [text, hex, hex.toUpperCase(), encodeURIComponent(text), escaped, ...base64];
}

/** Also within what columns of bytes hold, and what is packed in base64. */
function decoded(everything: string): string {
  const hex = everything.matchAll(/\\x([0-9a-f]{8,})/g);
  return [...hex].map(([, bytes]) => Buffer.from(bytes ?? '', 'hex').toString('utf8')).join('\n');
}

async function dumpRedis(redis: Redis): Promise<string> {
  const parts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const read: Readonly<Record<string, () => Promise<unknown>>> = {
      string: () => redis.get(key),
      hash: () => redis.hgetall(key),
      list: () => redis.lrange(key, 0, -1),
      set: () => redis.smembers(key),
      zset: () => redis.zrange(key, '0', '-1', 'WITHSCORES'),
      stream: () => redis.xrange(key, '-', '+'),
    };
    const reading = read[type];
    if (reading === undefined) throw new Error(`a key of Redis has the type ${type}, which nobody searches`);
    parts.push(`${key} ${JSON.stringify(await reading())}`);
  }
  return parts.join('\n');
}

describe('what whole calls leave behind', function () {
  this.timeout(serverStartMs + 60_000);
  let line: Rehearsal;
  let calls: readonly RehearsedCall[] = [];
  let redisUrl: string | null;
  let stopJobs: () => Promise<void>;
  const jobLog: string[] = [];
  const errors: string[] = [];
  const spoken = ['kill-myself', 'in-seeb', 'cannot-sleep', 'work-pressure'] as const;

  before(async () => {
    const server = await testRedisUrl();
    // A database of its own, since this one is searched as a whole.
    redisUrl = server === null ? null : new URL('/11', server).href;
    const redis = redisUrl === null ? null : new Redis(redisUrl);
    await redis?.flushdb();
    redis?.disconnect();
    const env = redisUrl === null ? {} : { REDIS_URL: redisUrl };
    line = await openRehearsal({ onCall: [maryam, nextOfHers], env, turnTaking: { shortTalkMs: 500 } });
    stopJobs = startWork();
    line.carrier.setPhone(nextOfHers.number, { kind: 'busy' });
    line.carrier.setPhone(maryam.number, {
      kind: 'answers',
      afterMs: 500,
      person: async (phone) => {
        await phone.asked();
        await phone.press('1');
        await phone.connected();
        await phone.say(line.phrase('hello'));
        await phone.silence(500);
      },
    });
    const written = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array) => {
      errors.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return written(chunk);
    };
    try {
      calls = await Promise.all([crisis(), misfortune()]);
      // The end of a call is written, and worked off, in its wake.
      await pause(1_500);
    } finally {
      process.stderr.write = written;
    }
  });
  after(async () => {
    await stopJobs();
    await line.close();
  });

  function startWork(): () => Promise<void> {
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        jobLog.push(chunk.toString());
        done();
      },
    });
    const url = line.settings.DATABASE_URL ?? '';
    const database = openDatabase({ url, connections: 4 });
    const jobs = startJobs(line.settings, { url, database, close: () => database.close() }, createLog('debug', sink));
    return async () => {
      await jobs.close(5_000);
      await database.close();
    };
  }

  /** Danger, a place, a person who comes. */
  function crisis(): Promise<RehearsedCall> {
    return line.call(
      async (caller) => {
        await caller.sayOver(line.phrase('kill-myself'));
        await caller.sayOver(line.phrase('in-seeb'));
        await caller.connected();
        await caller.silence(2_000);
      },
      { from: callers.inDanger },
    );
  }

  /** The models fail in the middle of the talk, and the caller hangs up on Sanad. */
  function misfortune(): Promise<RehearsedCall> {
    return line.call(
      async (caller) => {
        await caller.sayOver(line.phrase('cannot-sleep'));
        await caller.hears({ atLeastMs: 400, withinMs: 6_000 });
        line.models.faults.set([
          { scope: 'openai', fault: { kind: 'status', status: 500 }, times: null },
          { scope: 'anthropic', fault: { kind: 'status', status: 529 }, times: null },
        ]);
        await caller.say(line.phrase('work-pressure'));
        await caller.hears({ atLeastMs: 400, withinMs: 6_000 });
        line.models.faults.clear();
        caller.hangUp();
      },
      { from: callers.unlucky },
    );
  }

  const secrets = (): readonly string[] => {
    const said = spoken.map((id) => line.textOf(id));
    const words = said.flatMap((text) => text.split(/[\s.,،؟?!]+/)).filter((word) => word.length >= 4);
    const names = [maryam, nextOfHers].flatMap(({ name }) => [name, ...name.split(' ')]);
    const numbers = [maryam.number, nextOfHers.number, ...Object.values(callers)].map((number) => number.slice(4));
    return [...said, ...words, ...names, ...numbers];
  };
  const foundIn = (everything: string): readonly string[] => {
    const searched = `${everything}\n${decoded(everything)}`;
    return secrets().filter((secret) => formsOf(secret).some((form) => searched.includes(form)));
  };

  it('was said and heard, words and all', () => {
    const heard = calls.flatMap((call) => eventsOf(call, 'wordsRecognised').map(({ text }) => text)).join(' ');
    for (const id of ['kill-myself', 'cannot-sleep']) expect(heard).to.include(line.textOf(id));
  });

  it('in the database is no word, name or number, in whatever form', async () => {
    const everything = await dump(line.settings.DATABASE_URL ?? '');
    for (const open of ['riskRaised', 'escalationBridged', 'hungUp', 'wordsRecognised', 'high'])
      expect(everything, 'the dump is whole').to.include(open);
    expect(foundIn(everything)).to.deep.equal([]);
  });

  it('in the queue is no word, name or number', async function () {
    if (redisUrl === null) return this.skip();
    const redis = new Redis(redisUrl);
    const everything = await dumpRedis(redis);
    redis.disconnect();
    expect(everything, 'jobs went through it').to.match(/retention|escalation/);
    expect(foundIn(everything)).to.deep.equal([]);
  });

  it('in logs, metrics and on the error output is no word, name or number', async () => {
    const { text } = await line.sanad.metrics.exposition();
    const everything = [line.logged(), jobLog.join(''), text, errors.join('')].join('\n');
    for (const open of ['sanad_calls_total', 'callId', 'jobs are worked off']) expect(everything).to.include(open);
    expect(foundIn(everything)).to.deep.equal([]);
  });

  it('would be found by this search, however it lay there', () => {
    for (const secret of [line.textOf('kill-myself'), maryam.name, callers.inDanger.slice(4)])
      for (const form of [
        ...formsOf(secret),
        `\\x${Buffer.from(secret).toString('hex')}`,
        ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${secret}, and on`).toString('base64')),
      ])
        expect(foundIn(`before ${form} after`), form).to.include(secret);
  });
});
