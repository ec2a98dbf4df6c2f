import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { loadCall } from '../../src/store/loadCall.ts';
import { addPerson, listPeople } from '../../src/store/onCallPeople.ts';
import { ensureOrganisation, organisationOf } from '../../src/store/organisations.ts';
import { countKeys, keyTables, rotateKeys, type RotationOptions } from '../../src/store/keyRotation.ts';
import { verifyAudit } from '../../src/store/auditVerify.ts';
import { appendAudit } from '../../src/store/audit.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, freshDataKey, line, openStore, started, turn, type Kept } from './keeping.ts';

const calls = 9;

describe('a change of the data key', function () {
  this.timeout(serverStartMs);
  const [old, present] = [freshDataKey(), freshDataKey()];
  const keepers = { old: createKeyKeeper(old), both: createKeyKeeper(present, old), present: createKeyKeeper(present) };
  let url: string;
  let store: Kept;
  let organisationId: string;
  let sids: readonly string[];

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url, { keys: keepers.old });
    const organisation = await ensureOrganisation(store.database, keepers.old, line);
    organisationId = organisation.id;
    const records = Array.from({ length: calls }, (_, n) => started({ from: n % 2 ? null : `+9689000000${n}` }));
    for (const record of records) {
      store.writer.append(record);
      store.writer.append(turn(record.callId, 1, { text: `said in ${record.callId}` }));
    }
    expect(await store.writer.flush(10_000)).to.equal(0);
    sids = records.map(({ callSid }) => callSid);
    await store.database.within(organisationId, async (tx) => {
      await addPerson(tx, keepers.old, organisation, {
        name: 'عائشة',
        number: '+96891112222',
        languages: ['ar'],
        gender: 'f',
        shifts: [],
        priority: 1,
        role: 'listener',
        active: true,
      });
      await appendAudit(tx, keepers.old, {
        actor: { kind: 'sanad', id: null, name: 'x' },
        action: 'callSeen',
        subject: { kind: 'call', id: null },
      });
    });
  });
  afterEach(async () => {
    await store.writer.close(1_000);
    await store.database.close();
  });

  const rotate = (change: Partial<RotationOptions> = {}) =>
    rotateKeys({ database: store.database, keys: keepers.both, organisationId, batch: 2, ...change });
  const readable = async (keys = keepers.both) => {
    let count = 0;
    for (const sid of sids)
      if ((await loadCall(store.database, keys, sid))?.turns[0]?.text.startsWith('said')) count += 1;
    return count;
  };
  /** 1 organisation, 5 callers, 4 calls of withheld numbers, 1 person. */
  const all = 1 + 5 + 4 + 1;

  it('wraps every key anew, so that the old one is no longer needed for anything', async () => {
    expect(await rotate()).to.deep.equal({ rotated: all, left: 0, broken: [], brokenCount: 0, stopped: false });
    expect(await readable(keepers.present)).to.equal(calls);
    const organisation = await organisationOf(store.database, keepers.present, line.dialledNumber);
    if (organisation === null) throw new Error('no organisation');
    const people = await store.database.within(organisationId, (tx) => listPeople(tx, keepers.present));
    expect(people.map(({ name }) => name)).to.deep.equal(['عائشة']);
    expect((await verifyAudit(store.database, organisation)).ok).to.equal(true);
    const counts = await countKeys(store.database, organisationId);
    expect(counts.map(({ table, dataKeyId, keys }) => [table, dataKeyId, keys])).to.deep.equal([
      ['organisations', keepers.present.dataKeyId, 1],
      ['callers', keepers.present.dataKeyId, 5],
      ['calls', keepers.present.dataKeyId, 4],
      ['on_call_people', keepers.present.dataKeyId, 1],
    ]);
  });

  it('may be done again, and by several at once: each key is wrapped once', async () => {
    const both = await Promise.all([rotate(), rotate(), rotate()]);
    const again = await rotate();
    const rotated = [...both, again].reduce((sum, report) => sum + report.rotated, 0);
    expect(rotated).to.equal(all);
    expect(await rotate()).to.include({ rotated: 0, left: 0 });
    expect(await readable(keepers.present)).to.equal(calls);
  });

  it('may be broken off at any batch, leaves everything readable, and is gone on with', async () => {
    let rotated = 0;
    for (let run = 0; run < 20; run += 1) {
      const stopping = new AbortController();
      const report = await rotate({ signal: stopping.signal, onProgress: () => stopping.abort() });
      rotated += report.rotated;
      expect(await readable(), `after run ${run}`).to.equal(calls);
      expect(report.left).to.equal(all - rotated);
      if (report.left === 0) break;
    }
    expect(rotated).to.equal(all);
  });

  it('leaves calls that go on meanwhile as readable as others', async () => {
    const during = started({ from: '+96895556666' });
    const server = openStore(url, { database: store.database, keys: keepers.both });
    const writing = (async () => {
      server.writer.append(during);
      for (let seq = 1; seq <= 20; seq += 1) {
        server.writer.append(turn(during.callId, seq, { text: `said ${seq}` }));
        await server.writer.flush(1_000);
      }
    })();
    await Promise.all([rotate({ batch: 1 }), writing]);
    expect(server.alarms).to.deep.equal([]);
    expect((await loadCall(store.database, keepers.present, during.callSid))?.turns).to.have.length(20);
    await server.writer.close(1_000);
  });

  it('says which keys it cannot open, and does the others', async () => {
    const [broken] = await asking(url, async (client) => {
      await client.query('alter table callers no force row level security');
      const { rows } = await client.query(
        `update callers set wrapped_key = overlay(wrapped_key placing '\\x00' from 40)
         where id = (select id from callers order by id limit 1) returning id`,
      );
      await client.query('alter table callers force row level security');
      return rows;
    });
    const report = await rotate();
    expect(report).to.deep.include({ rotated: all - 1, left: 0, brokenCount: 1 });
    expect(report.broken).to.deep.equal([{ table: 'callers', id: broken.id, why: 'tampered' }]);
    const foreign = await rotateKeys({
      database: store.database,
      keys: createKeyKeeper(freshDataKey()),
      organisationId,
    });
    expect(foreign).to.include({ rotated: 0, brokenCount: all });
    expect(new Set(foreign.broken.map(({ why }) => why))).to.deep.equal(new Set(['unknownDataKey']));
  });

  it('leaves the keys of other organisations alone', async () => {
    const other = await ensureOrganisation(store.database, keepers.old, {
      name: 'Other',
      dialledNumber: '+96824000009',
    });
    await rotate();
    expect(await countKeys(store.database, other.id)).to.deep.equal([
      { table: 'organisations', dataKeyId: keepers.old.dataKeyId, keys: 1 },
    ]);
    expect(await countKeys(store.database, randomUUID())).to.deep.equal([]);
  });

  it('knows every table that has a wrapped key', async () => {
    const { rows } = await asking(url, (client) =>
      client.query(
        `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'data_key_id'`,
      ),
    );
    const tables = rows.map((row: { table_name: string }) => row.table_name).sort();
    expect(keyTables.map(({ table }) => table).sort()).to.deep.equal(tables);
  });
});
