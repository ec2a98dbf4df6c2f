import { Redis } from 'ioredis';
import { expect } from 'chai';
import { RedisUnavailable, startRedis } from '../../src/embedded/redis.ts';
import { serverStartMs, testRedisUrl } from '../support/servers.ts';
import { bareMachine, ownMachine, program, reachable, temporaryFolder } from './processes.ts';

describe('the embedded Redis', function () {
  this.timeout(serverStartMs);
  const cleanUps: (() => void)[] = [];

  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  it('is done without, and that is said, when there is none and the network is not to be asked', async () => {
    const lines: string[] = [];
    const machine = bareMachine(temporaryFolder(cleanUps));
    expect(await startRedis({ machine, fetch: 'never', log: (line) => lines.push(line) })).to.equal(null);
    expect(lines).to.deep.equal(['Redis: not installed, and not fetched yet']);
  });

  it('is done without when the program is too old for the queue', async () => {
    const folder = temporaryFolder(cleanUps);
    program(folder, 'redis-server', 'echo "Redis server v=5.0.3 sha=00000000:0 malloc=jemalloc"');
    const lines: string[] = [];
    const machine = bareMachine(folder, { programFolders: [folder] });
    expect(await startRedis({ machine, fetch: 'never', log: (line) => lines.push(line) })).to.equal(null);
    expect(lines).to.deep.equal([`Redis: ${folder}/redis-server is version 5.0.3; 6.2 is needed`]);
  });

  it('is done without when the program does not start, with its own last words', async () => {
    const folder = temporaryFolder(cleanUps);
    program(folder, 'redis-server', 'test "$1" = --version && echo "v=7.0.1" && exit 0; echo "out of memory"; exit 1');
    const lines: string[] = [];
    const machine = bareMachine(folder, { programFolders: [folder] });
    expect(await startRedis({ machine, fetch: 'never', log: (line) => lines.push(line) })).to.equal(null);
    expect(lines).to.deep.equal([`Redis: ${folder}/redis-server did not start: ended with 1: out of memory`]);
  });

  it('refuses to go on without a REDIS_URL that was asked for, and does not show its password', async () => {
    const machine = bareMachine('/nowhere', { env: { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' } });
    const error: unknown = await startRedis({ machine }).catch((fault) => fault);
    expect(error).to.be.instanceOf(RedisUnavailable);
    expect(String(error)).to.match(/REDIS_URL is set, but that Redis does not answer/);
    expect(String(error)).not.to.include('hunter2');
  });

  it('uses REDIS_URL when it is set, and leaves that server alone', async () => {
    const url = await testRedisUrl();
    if (url === null) return;
    const given = await startRedis({ machine: bareMachine('/nowhere', { env: { REDIS_URL: url } }) });
    expect(given).to.include({ url, source: 'REDIS_URL' });
    await given?.stop();
    expect(await reachable('127.0.0.1', Number(new URL(url).port))).to.equal(true);
  });

  it('listens on 127.0.0.1 only, wants its password, never evicts a job, and is gone when it was stopped', async () => {
    const redis = await startRedis({ machine: ownMachine(), fetch: 'never' });
    if (redis === null) return;
    const { hostname, port } = new URL(redis.url);
    expect(hostname).to.equal('127.0.0.1');
    expect(await reachable('127.0.0.2', Number(port))).to.equal(false);
    const stranger = new Redis({ port: Number(port), lazyConnect: true, retryStrategy: () => null });
    stranger.on('error', () => {});
    const refused = await stranger.get('x').catch((error: unknown) => String(error));
    expect(refused).to.match(/NOAUTH/);
    stranger.disconnect();
    const client = new Redis(redis.url);
    expect(await client.config('GET', 'maxmemory-policy')).to.deep.equal(['maxmemory-policy', 'noeviction']);
    client.disconnect();
    await redis.stop();
    expect(await reachable('127.0.0.1', Number(port))).to.equal(false);
  });
});
