import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { idsOnly } from '../../src/ids.ts';
import { addToOutbox, dispatchOutbox, sweepOutbox, type OutboxEntry } from '../../src/store/outbox.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { freshCallSid, freshDataKey, line } from './keeping.ts';

describe('the outbox', function () {
  this.timeout(serverStartMs);
  let database: Database;
  let organisationId: string;

  beforeEach(async () => {
    database = openDatabase({ url: (await testDatabase()).url });
    organisationId = (await ensureOrganisation(database, createKeyKeeper(freshDataKey()), line)).id;
  });
  afterEach(() => database.close());

  const add = (topic = 'after-call', payload: Record<string, string> = { callId: randomUUID() }) =>
    database.within(organisationId, (tx) => addToOutbox(tx, { organisationId, topic, payload }));

  it('hands each entry of its topics over once, oldest first, with its id', async () => {
    const ids = [await add(), await add(), await add()];
    await add('another topic');
    const handed: OutboxEntry[] = [];
    const dispatch = (entry: OutboxEntry) => Promise.resolve(void handed.push(entry));
    expect(await dispatchOutbox(database, ['after-call'], 2, dispatch)).to.equal(2);
    expect(await dispatchOutbox(database, ['after-call'], 2, dispatch)).to.equal(1);
    expect(await dispatchOutbox(database, ['after-call'], 2, dispatch)).to.equal(0);
    expect(handed.map((entry) => entry.id)).to.deep.equal(ids);
    expect(handed[0]).to.include({ organisationId, topic: 'after-call' });
  });

  it('holds nothing when the transaction that needed it is undone', async () => {
    await database
      .within(organisationId, async (tx) => {
        await addToOutbox(tx, { organisationId, topic: 'after-call', payload: {} });
        throw new Error('undone');
      })
      .catch(() => {});
    expect(await dispatchOutbox(database, ['after-call'], 9, () => Promise.resolve())).to.equal(0);
  });

  it('keeps an entry whose handing over failed, and not the others', async () => {
    const [first] = [await add(), await add()];
    const failFirst = (entry: OutboxEntry) =>
      entry.id === first ? Promise.reject(new Error('the queue is down')) : Promise.resolve();
    expect(await dispatchOutbox(database, ['after-call'], 9, failFirst)).to.equal(1);
    expect(await dispatchOutbox(database, ['after-call'], 9, () => Promise.resolve())).to.equal(1);
  });

  it('gives an entry to one dispatcher at a time', async () => {
    for (let entry = 0; entry < 30; entry += 1) await add();
    const handed: string[] = [];
    const slowly = async (entry: OutboxEntry) => {
      handed.push(entry.id);
      await wait(20);
    };
    const counts = await Promise.all([1, 2, 3].map(() => dispatchOutbox(database, ['after-call'], 20, slowly)));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(30);
    expect(new Set(handed).size).to.equal(30);
    expect(handed).to.have.length(30);
  });

  it('takes ids and nothing else', async () => {
    expect(idsOnly.safeParse({ callId: randomUUID(), callSid: freshCallSid() }).success).to.equal(true);
    for (const value of ['+96891234567', '96891234567', 'ضايق صدري', 'I feel low', '', 'CA12'])
      expect(idsOnly.safeParse({ value }).success, value).to.equal(false);
    const fault: unknown = await add('after-call', { name: 'Salim' }).catch((error: unknown) => error);
    expect(String(fault)).to.contain('must be an id').and.to.not.contain('Salim');
  });

  it('is swept of what was handed over long ago', async () => {
    await add();
    await add('waiting');
    await dispatchOutbox(database, ['after-call'], 9, () => Promise.resolve());
    expect(await sweepOutbox(database, 60_000)).to.equal(0);
    await wait(5);
    expect(await sweepOutbox(database, 1)).to.equal(1);
    expect(await dispatchOutbox(database, ['waiting'], 9, () => Promise.resolve())).to.equal(1);
  });
});
