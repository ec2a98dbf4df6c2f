import { expect } from 'chai';
import { z } from 'zod';
import { applicationRole } from '../../migrations/rowSecurity.ts';
import { appendAudit } from '../../src/store/audit.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { addPerson } from '../../src/store/onCallPeople.ts';
import { readRows, run } from '../../src/store/rows.ts';
import { asking, dump } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { recordedLine, secretWords, type RecordedLine } from './recordedCalls.ts';

/** Every form in which a text could stand in a dump without being sealed. */
const formsOf = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('hex'),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  JSON.stringify(text).slice(1, -1),
  // As PostgreSQL and JavaScript escape letters beyond ASCII.
  text.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
];

describe('what a thief of the database finds', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;

  beforeEach(async () => {
    on = await recordedLine();
  });
  afterEach(() => on.close());

  const words = Object.values(secretWords).flatMap((text) => [text, ...text.split(' ')]);
  const number = '96891234567';
  const names = ['Aisha Operator', '96891112222', 'because of uniquereason'];

  const expectNone = (everything: string, secrets: readonly string[]) => {
    const found = secrets.filter((secret) => formsOf(secret).some((form) => everything.includes(form)));
    expect(found).to.deep.equal([]);
  };

  it('is no word, number or name, after calls with danger, consents, escalations, staff and the audit', async () => {
    await on.call();
    await on.call({ live: true, escalation: 'open', keepWords: 'refused' });
    await on.call({ from: null });
    await on.store.database.within(on.organisation.id, async (tx) => {
      await addPerson(tx, on.store.keys, on.organisation, {
        name: 'Aisha Operator',
        number: '+96891112222',
        languages: ['ar'],
        gender: 'f',
        shifts: [],
        priority: 1,
        role: 'listener',
        active: true,
      });
      await appendAudit(tx, on.store.keys, {
        actor: { kind: 'staff', id: null, name: 'Aisha Operator' },
        action: 'wordsRead',
        subject: { kind: 'call', id: null },
        why: 'because of uniquereason',
      });
    });
    await on.sanad('callers', 'block', number, '--reason', 'because of uniquereason');
    const everything = await dump(on.url);
    // The dump is whole: what is not secret is in it.
    for (const open of ['wantsToDie', 'goodbye', 'callerBlocked', '+96824000000', 'audit_heads'])
      expect(everything).to.include(open);
    expectNone(everything, [...words, number, ...names]);
  });

  it('is found by this search when it stands there unsealed', async () => {
    await on.call();
    const planted = await dump(on.url);
    for (const form of formsOf(secretWords.said)) expect(() => expectNone(`${planted}${form}`, words)).to.throw();
  });

  it('is nothing that leads back to a caller who was erased, also with the data key', async () => {
    const callId = await on.call();
    const [before] = await on.asOwner(
      `select call_sid, encode(phone_hmac, 'hex') as hmac from calls join callers on callers.id = caller_id`,
    );
    const { call_sid: sid, hmac } = z.object({ call_sid: z.string(), hmac: z.string() }).parse(before?.[0]);
    expect((await on.sanad('callers', 'erase', `+${number}`, '--reason', 'asked for it', '--yes')).code).to.equal(0);
    const everything = await dump(on.url);
    expect(everything).to.include(callId);
    for (const gone of [sid, hmac]) expect(everything).to.not.include(gone);
    expectNone(everything, [...words, number]);
    const sealed = await on.asOwner(
      'select 1 from callers where phone is not null or wrapped_key is not null',
      'select 1 from turns where words is not null or heard is not null',
      'select 1 from call_log',
      'select 1 from escalations where octet_length(briefing) > 0',
      'select 1 from consents where evidence is not null',
      'select 1 from calls where wrapped_key is not null',
    );
    expect(sealed.flat()).to.deep.equal([]);
  });
});

describe('the records of one organisation', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;

  before(async () => {
    on = await recordedLine();
    await on.call();
    await on.sanad('retention', 'set', 'turnWords', '90d');
  });
  after(() => on.close());

  const tables = ['audit_log', 'audit_heads', 'consents', 'organisation_settings'];

  it('are not seen, changed or made by another', async () => {
    const other = await ensureOrganisation(on.store.database, on.store.keys, {
      name: 'Other',
      dialledNumber: '+96824000009',
    });
    const counted = z.object({ n: z.number() });
    for (const table of tables) {
      const countAs = async (organisationId: string) =>
        readRows(
          counted,
          await on.store.database.within(organisationId, (tx) => run(tx, `select count(*)::int as n from ${table}`)),
        )[0]?.n;
      expect(await countAs(on.organisation.id), table).to.be.greaterThan(0);
      expect(await countAs(other.id), table).to.equal(0);
      const insert = on.store.database.within(other.id, (tx) =>
        run(tx, `insert into ${table} (organisation_id) values (?)`, [on.organisation.id]),
      );
      expect(((await insert.catch((fault: { code: string }) => fault)) as { code: string }).code, table).to.equal(
        '42501',
      );
      const across = on.store.database.acrossOrganisations((tx) => run(tx, `select * from ${table}`));
      expect(((await across.catch((fault: { code: string }) => fault)) as { code: string }).code, table).to.equal(
        '42501',
      );
    }
  });

  it('give the application no right to change or delete what must stay', async () => {
    const { rows } = await asking(on.url, (client) =>
      client.query(
        `select table_name || '.' || privilege_type as right from information_schema.role_table_grants
         where grantee = $1 and table_name in ('audit_log', 'audit_heads') order by 1`,
        [applicationRole],
      ),
    );
    expect(rows.map((row: { right: string }) => row.right)).to.deep.equal([
      'audit_heads.SELECT',
      'audit_log.INSERT',
      'audit_log.SELECT',
    ]);
  });
});
