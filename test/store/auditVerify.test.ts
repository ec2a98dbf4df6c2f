import { expect } from 'chai';
import { appendAudit } from '../../src/store/audit.ts';
import { hashOf } from '../../src/store/auditEntry.ts';
import { verifyAudit, type NotedEntry } from '../../src/store/auditVerify.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, freshDataKey, line, openStore, type Kept } from './keeping.ts';

/** What somebody does who owns the database, and knows how the guard is lifted. */
const tamper = (url: string, ...statements: readonly string[]) =>
  asking(url, async (client) => {
    for (const table of ['audit_log', 'audit_heads'])
      await client.query(`alter table ${table} no force row level security`);
    await client.query(`set sanad.audit_maintenance = 'I know that this breaks the chain'`);
    for (const statement of statements) await client.query(statement);
    for (const table of ['audit_log', 'audit_heads'])
      await client.query(`alter table ${table} force row level security`);
  });

describe('a verification of the audit', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;
  let organisation: Organisation;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
    organisation = await ensureOrganisation(store.database, store.keys, line);
    await append(6);
  });
  afterEach(() => store.database.close());

  const append = (count: number) =>
    store.database.within(organisation.id, async (tx) => {
      for (let n = 0; n < count; n += 1)
        await appendAudit(tx, store.keys, {
          actor: { kind: 'sanad', id: null, name: 'sanad' },
          action: 'riskRaised',
          subject: { kind: 'call', id: null },
          facts: { zebra: n, ant: true },
        });
    });
  const verify = (noted: NotedEntry | null = null) => verifyAudit(store.database, organisation, { noted });
  const fault = async (noted: NotedEntry | null = null) => {
    const verdict = await verify(noted);
    return verdict.ok ? 'sound' : { at: verdict.firstBad, ...verdict.fault };
  };

  it('finds nothing wrong with what was only added to, also where there is nothing yet', async () => {
    const verdict = await verify();
    expect(verdict).to.include({ ok: true, entries: 6 });
    const other = await ensureOrganisation(store.database, store.keys, { name: 'O', dialledNumber: '+96824000009' });
    expect(await verifyAudit(store.database, other)).to.include({ ok: true, entries: 0 });
  });

  it('goes through more than one batch, and says how far it is', async function () {
    this.timeout(60_000);
    for (let n = 0; n < 5; n += 1) await append(220);
    const progress: (readonly [number, number])[] = [];
    const verdict = await verifyAudit(store.database, organisation, {
      onProgress: (checked, of) => progress.push([checked, of]),
    });
    expect(verdict).to.include({ ok: true, entries: 1106 });
    expect(progress).to.deep.equal([
      [1000, 1106],
      [1106, 1106],
    ]);
  });

  it('finds each value that was changed, and names its entry', async () => {
    const changes = [
      `at = at + interval '1 second'`,
      `actor_kind = 'caller'`,
      'actor_id = gen_random_uuid()',
      `action = 'callSeen'`,
      `subject_kind = 'caller'`,
      `subject_id = 'another'`,
      `sealed = sealed || '\\x00'`,
      `facts = '{"ant": true, "zebra": 9}'`,
    ];
    for (const change of changes) {
      await tamper(url, 'create table kept as select * from audit_log', `update audit_log set ${change} where seq = 3`);
      expect(await fault(), change).to.deep.equal({ at: 3, type: 'changed' });
      await tamper(
        url,
        `update audit_log l set at = k.at, actor_kind = k.actor_kind, actor_id = k.actor_id, action = k.action,
           subject_kind = k.subject_kind, subject_id = k.subject_id, sealed = k.sealed, facts = k.facts
         from kept k where k.seq = l.seq`,
        'drop table kept',
      );
    }
    expect(await fault()).to.equal('sound');
  });

  it('finds an entry that was deleted in the middle, at the beginning, and at the end', async () => {
    await tamper(url, 'create table kept as select * from audit_log', 'delete from audit_log where seq = 4');
    expect(await fault()).to.deep.equal({ at: 4, type: 'missing' });
    await tamper(url, 'delete from audit_log where seq = 1');
    expect(await fault()).to.deep.equal({ at: 1, type: 'missing' });
    await tamper(url, 'delete from audit_log where seq > 0');
    expect(await fault()).to.deep.equal({ at: 1, type: 'cutOff', counted: 6 });
  });

  it('finds that the end was cut off', async () => {
    await tamper(url, 'delete from audit_log where seq >= 5');
    expect(await fault()).to.deep.equal({ at: 5, type: 'cutOff', counted: 6 });
  });

  it('finds entries that changed places, and one that was moved up over a gap', async () => {
    await tamper(
      url,
      'update audit_log set seq = 100 where seq = 2',
      'update audit_log set seq = 2 where seq = 3',
      'update audit_log set seq = 3 where seq = 100',
    );
    expect(await fault()).to.deep.equal({ at: 2, type: 'moved', stoodAt: 3 });
    await tamper(url, 'delete from audit_log where seq = 2', 'update audit_log set seq = 2 where seq = 3');
    expect(await fault()).to.deep.equal({ at: 3, type: 'missing' });
  });

  it('finds an entry whose hash was made anew by somebody without the key', async () => {
    const rows = await asking(url, async (client) => {
      await client.query('alter table audit_log no force row level security');
      return client.query('select * from audit_log where seq = 6');
    });
    const [row] = rows.rows;
    const hash = hashOf({
      organisationId: row.organisation_id,
      seq: 6,
      at: row.at,
      actorKind: row.actor_kind,
      actorId: row.actor_id,
      action: 'callSeen',
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      sealed: row.sealed,
      facts: row.facts,
      previous: row.previous,
    }).toString('hex');
    await tamper(
      url,
      `update audit_log set action = 'callSeen', hash = '\\x${hash}' where seq = 6`,
      `update audit_heads set hash = '\\x${hash}'`,
    );
    expect(await fault()).to.deep.equal({ at: 6, type: 'forged' });
  });

  it('finds an entry that carries the hashes of another', async () => {
    const copied = await asking(url, async (client) => {
      await client.query('alter table audit_log no force row level security');
      return (await client.query('select hash, mac, previous from audit_log where seq = 5')).rows[0];
    });
    const hex = (value: Buffer) => `'\\x${value.toString('hex')}'`;
    await tamper(
      url,
      `update audit_log set previous = ${hex(copied.previous)}, hash = ${hex(copied.hash)}, mac = ${hex(copied.mac)} where seq = 6`,
    );
    expect(await fault()).to.include({ at: 6 });
  });

  it('finds a head that was lost or set back', async () => {
    await tamper(url, 'update audit_heads set entries = 4, hash = (select hash from audit_log where seq = 4)');
    expect(await fault()).to.deep.equal({ at: 5, type: 'notCounted' });
    await tamper(url, 'delete from audit_heads');
    expect(await fault()).to.deep.equal({ at: 1, type: 'notCounted' });
  });

  it('can be added to also when its head was lost or set back: what is audited must not stop for it', async () => {
    await tamper(url, 'update audit_heads set entries = 4, hash = (select hash from audit_log where seq = 4)');
    await append(1);
    await tamper(url, 'delete from audit_heads');
    await append(1);
    expect(await verify()).to.include({ ok: true, entries: 8 });
    await tamper(url, 'delete from audit_log where seq >= 7');
    await append(1);
    expect(await fault()).to.deep.equal({ at: 7, type: 'missing' });
  });

  it('finds what was cut off or made anew together with the head only by an entry that was noted elsewhere', async () => {
    const before = await verify();
    const noted = before.ok ? { seq: before.entries, hash: before.hash } : null;
    await append(1);
    expect(await fault(noted)).to.equal('sound');
    await tamper(
      url,
      'delete from audit_log where seq >= 5',
      'update audit_heads set entries = 4, hash = (select hash from audit_log where seq = 4)',
    );
    expect(await fault()).to.equal('sound');
    expect(await fault(noted)).to.deep.equal({ at: 5, type: 'cutOff', counted: 6 });
    await append(3);
    expect(await fault(noted)).to.deep.equal({ at: 6, type: 'notAsNoted' });
  });

  it('takes no entry for its own that was made under a key of another installation', async () => {
    const foreign = createKeyKeeper(freshDataKey()).create({ table: 't', column: 'c', row: 'r' });
    const verdict = await verifyAudit(store.database, { ...organisation, lookup: foreign.key });
    expect(verdict).to.deep.include({ ok: false, firstBad: 1, fault: { type: 'forged' } });
  });
});
