import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { loadCall } from '../../src/store/loadCall.ts';
import { migrate, openDatabase } from '../../src/store/database.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, logEntry, openStore, started, turn, type Kept } from './keeping.ts';
import { openProxy, type TcpProxy } from './tcpProxy.ts';

/** A hundred turns and log entries, one by one as in a call, while something is done to the database in between. */
async function speak(store: Kept, callId: string, disturb: Readonly<Record<number, () => unknown>>): Promise<void> {
  for (let seq = 0; seq < 100; seq += 1) {
    await disturb[seq]?.();
    store.writer.append(turn(callId, seq));
    store.writer.append(logEntry(callId, seq));
    await wait(3);
  }
}

async function expectAll(url: string, store: Kept, callSid: string): Promise<void> {
  const database = openDatabase({ url });
  const kept = await loadCall(database, store.keys, callSid);
  await database.close();
  const hundred = Array.from({ length: 100 }, (_, seq) => seq);
  expect(kept?.turns.map((t) => t.seq)).to.deep.equal(hundred);
  expect(kept?.log.map((entry) => entry.seq)).to.deep.equal(hundred);
  const rows = await asking(url, async (client) => {
    await client.query(
      'alter table turns no force row level security; alter table call_log no force row level security',
    );
    return client.query(
      'select (select count(*)::int from turns) as turns, (select count(*)::int from call_log) as log',
    );
  });
  expect(rows.rows).to.deep.equal([{ turns: 100, log: 100 }]);
}

describe('a call that is written while the database is away', function () {
  this.timeout(serverStartMs);
  let url: string;
  let proxy: TcpProxy;
  let through: string;
  let store: Kept;

  const aimProxy = async (target: string) => {
    proxy = await openProxy(Number(new URL(target).port));
    const wire = new URL(target);
    wire.port = String(proxy.port);
    through = wire.href;
  };
  const finish = async () => {
    expect(await store.writer.flush(15_000)).to.equal(0);
  };
  afterEach(async () => {
    await store.writer.close(0);
    await store.database.close();
    await proxy.close();
  });

  it('is whole and single afterwards, though its connections were cut twice', async () => {
    ({ url } = await testDatabase());
    await aimProxy(url);
    store = openStore(through);
    const call = started();
    store.writer.append(call);
    await speak(store, call.callId, { 20: proxy.cut, 40: proxy.restore, 60: proxy.cut, 80: proxy.restore });
    await finish();
    await expectAll(url, store, call.callSid);
    const kinds = store.alarms.map((alarm) => alarm.type);
    expect(kinds.slice(0, 2)).to.deep.equal(['databaseAway', 'databaseBack']);
    expect(kinds.at(-1)).to.equal('databaseBack');
  });

  it('is whole and single afterwards, though the network swallowed its commits without a word', async () => {
    ({ url } = await testDatabase());
    await aimProxy(url);
    store = openStore(through, { transactionMs: 150 });
    const call = started();
    store.writer.append(call);
    await speak(store, call.callId, { 20: proxy.stall, 60: proxy.restore });
    await finish();
    await expectAll(url, store, call.callSid);
  });

  it('is whole and single afterwards, though PostgreSQL was stopped in the middle and started again', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'sanad-outage-'));
    chmodSync(directory, 0o755);
    let postgres = await startPostgres({ directory: path.join(directory, 'cluster') });
    await migrate(postgres.url);
    await aimProxy(postgres.url);
    store = openStore(through);
    const call = started();
    store.writer.append(call);
    await speak(store, call.callId, {
      30: () => postgres.stop(),
      70: async () => {
        postgres = await startPostgres({ directory: path.join(directory, 'cluster') });
        proxy.aimAt(Number(new URL(postgres.url).port));
      },
    });
    await finish();
    await expectAll(postgres.url, store, call.callSid);
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
    expect(store.alarms.map((alarm) => alarm.type)).to.deep.equal(['databaseAway', 'databaseBack']);
  });

  it('may begin before the database is there at all', async () => {
    ({ url } = await testDatabase());
    await aimProxy(url);
    proxy.cut();
    store = openStore(through);
    const call = started();
    store.writer.append(call);
    await speak(store, call.callId, { 50: proxy.restore });
    await finish();
    await expectAll(url, store, call.callSid);
  });

  it('loses only log entries when the buffer is full, and says so once', async () => {
    ({ url } = await testDatabase());
    await aimProxy(url);
    proxy.cut();
    store = openStore(through, { bound: 120 });
    const call = started();
    store.writer.append(call);
    for (let seq = 0; seq < 100; seq += 1) {
      store.writer.append(turn(call.callId, seq));
      store.writer.append(logEntry(call.callId, seq));
    }
    expect(store.writer.state().waiting).to.equal(120);
    proxy.restore();
    await finish();
    expect(store.alarms.map((alarm) => alarm.type).filter((type) => type === 'full')).to.deep.equal(['full']);
    expect(store.alarms.find((alarm) => alarm.type === 'databaseBack')).to.include({ dropped: 81 });
    const database = openDatabase({ url });
    const kept = await loadCall(database, store.keys, call.callSid);
    await database.close();
    expect(kept?.turns).to.have.length(100);
    expect([kept?.log, kept?.logGapAt]).to.deep.equal([[], 0]);
  });

  it('keeps nobody waiting: the end of the time to flush is kept, and what is left is told', async () => {
    ({ url } = await testDatabase());
    await aimProxy(url);
    proxy.cut();
    store = openStore(through);
    store.writer.append(started());
    await wait(60);
    expect(store.writer.state()).to.include({ waiting: 1 });
    expect(store.writer.state().oldestMs).to.be.within(50, 5_000);
    const from = performance.now();
    expect(await store.writer.close(40)).to.equal(1);
    expect(performance.now() - from).to.be.below(2_000);
    store.writer.append(started());
    expect(store.writer.state().waiting).to.equal(1);
  });
});

describe('giving a record to the writer', () => {
  it('neither waits nor throws, also when whoever hears the alarms does', async function () {
    this.timeout(serverStartMs);
    const nowhere = openStore('postgres://nobody@127.0.0.1:1/none', {
      bound: 2,
      onAlarm: () => {
        throw new Error('a listener that fails');
      },
    });
    for (let seq = 0; seq < 1_000; seq += 1)
      expect(nowhere.writer.append(logEntry('no-uuid', seq))).to.equal(undefined);
    await wait(30);
    await nowhere.writer.close(10);
    await nowhere.database.close();
  });
});
