import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { appendAudit, listAudit, type NewAuditEntry } from '../../src/store/audit.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import { run } from '../../src/store/rows.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, dump, line, openStore, type Kept } from './keeping.ts';

const callId = randomUUID();
const entry = (change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  actor: { kind: 'localOperator', id: null, name: 'عائشة' },
  action: 'wordsRead',
  subject: { kind: 'call', id: callId },
  why: 'شكوى من قريب',
  ...change,
});

describe('the audit', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;
  let organisation: Organisation;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
    organisation = await ensureOrganisation(store.database, store.keys, line);
  });
  afterEach(() => store.database.close());

  const append = (...entries: readonly NewAuditEntry[]) =>
    store.database.within(organisation.id, async (tx) => {
      for (const each of entries) await appendAudit(tx, store.keys, each);
    });
  const list = () => store.database.within(organisation.id, (tx) => listAudit(tx, organisation, { most: 100 }));

  it('tells who did what to what, and why, the newest first', async () => {
    await append(entry(), entry({ action: 'callerErased', why: undefined, facts: { turns: 3, dryRun: false } }));
    const [second, first] = await list();
    expect(first).to.deep.include({
      seq: 1,
      actor: { kind: 'localOperator', id: null, name: 'عائشة' },
      action: 'wordsRead',
      subject: { kind: 'call', id: callId },
      why: 'شكوى من قريب',
      facts: {},
    });
    expect(second).to.deep.include({ seq: 2, why: null, facts: { turns: 3, dryRun: false } });
    expect(Math.abs((first?.at.getTime() ?? 0) - Date.now())).to.be.below(60_000);
  });

  it('keeps names and reasons sealed', async () => {
    await append(entry({ actor: { kind: 'staff', id: randomUUID(), name: 'Aisha' }, why: 'complaint' }));
    const everything = await dump(url);
    for (const secret of ['Aisha', 'complaint']) {
      expect(everything).to.not.contain(secret);
      expect(everything).to.not.contain(Buffer.from(secret).toString('hex'));
    }
  });

  it('takes tags and ids for facts, and refuses whatever could be a word or a number of a caller', async () => {
    for (const facts of [{ number: '+96891234567' }, { said: 'two words' }, { said: 'ضايق' }, { part: 1.5 }])
      expect(await append(entry({ facts })).catch((fault: unknown) => fault), JSON.stringify(facts)).to.be.instanceOf(
        RangeError,
      );
    const subject = { kind: 'caller', id: '+96891234567' } as const;
    expect(await append(entry({ subject })).catch((fault: unknown) => fault)).to.be.instanceOf(RangeError);
    await append(entry({ facts: { id: randomUUID(), from: '2026-11-20', kind: 'turnWords', none: null } }));
    expect(await list()).to.have.length(1);
  });

  it('is one chain also when many add to it at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => append(entry(), entry())));
    expect((await list()).map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 40 }, (_, i) => 40 - i));
  });

  it('keeps an entry if and only if what it tells of was kept', async () => {
    await store.database
      .within(organisation.id, async (tx) => {
        await appendAudit(tx, store.keys, entry());
        throw new Error('no');
      })
      .catch(() => {});
    expect(await list()).to.deep.equal([]);
    await append(entry());
    expect((await list()).map(({ seq }) => seq)).to.deep.equal([1]);
  });

  it('cannot be changed, cut or emptied: not by the application, nor by the owner of the database', async () => {
    await append(entry(), entry());
    const statements = [
      `update audit_log set action = 'callSeen'`,
      'delete from audit_log where seq = 2',
      'truncate audit_log',
      'delete from audit_heads',
      'truncate audit_heads',
    ];
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'allowed',
        (fault: { code?: string }) => fault.code,
      );
    for (const statement of statements) {
      const byApplication = store.database.within(organisation.id, (tx) => run(tx, statement));
      expect(await codeOf(byApplication), `application: ${statement}`).to.equal('42501');
      const byOwner = asking(url, async (client) => {
        for (const table of ['audit_log', 'audit_heads'])
          await client.query(`alter table ${table} no force row level security`);
        await client.query(statement);
      });
      expect(await codeOf(byOwner), `owner: ${statement}`).to.equal('42501');
    }
    const moveHead = store.database.within(organisation.id, (tx) => run(tx, 'update audit_heads set entries = 1'));
    expect(await codeOf(moveHead)).to.equal('42501');
    expect(await list()).to.have.length(2);
  });

  it('takes no entry that does not follow the last one', async () => {
    await append(entry(), entry());
    const copy = store.database.within(organisation.id, (tx) =>
      run(
        tx,
        `insert into audit_log select organisation_id, 9, at, actor_kind, actor_id, action, subject_kind, subject_id, sealed,
           facts, hash, hash, mac from audit_log where seq = 2`,
      ),
    );
    const fault: unknown = await copy.catch((error: unknown) => error);
    expect(fault).to.include({ code: '23514' });
  });

  it('is seen by its own organisation alone', async () => {
    await append(entry());
    const other = await ensureOrganisation(store.database, store.keys, {
      name: 'Other',
      dialledNumber: '+96824000009',
    });
    const seen = await store.database.within(other.id, (tx) => listAudit(tx, other, { most: 10 }));
    expect(seen).to.deep.equal([]);
    await store.database.within(other.id, (tx) => appendAudit(tx, store.keys, entry()));
    const own = await store.database.within(other.id, (tx) => listAudit(tx, other, { most: 10 }));
    expect(own.map(({ seq }) => seq)).to.deep.equal([1]);
    const across = store.database.acrossOrganisations((tx) => run(tx, 'select seq from audit_log'));
    expect(await across.catch((fault: unknown) => fault)).to.include({ code: '42501' });
  });
});
