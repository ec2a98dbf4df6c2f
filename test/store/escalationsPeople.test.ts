import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Database, Transaction } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/database.ts';
import {
  addPerson,
  changePerson,
  listPeople,
  numberOfPerson,
  peopleToRing,
  removePerson,
  type NewPerson,
} from '../../src/store/onCallPeople.ts';
import { ensureOrganisation, type Organisation } from '../../src/store/organisations.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { dump, freshDataKey, line } from './keeping.ts';

const aisha: NewPerson = {
  name: 'Aisha Al Test',
  number: '+96891110001',
  languages: ['ar', 'en'],
  gender: 'f',
  shifts: [{ days: ['sun'], fromMinute: 480, toMinute: 960 }],
  priority: 1,
  role: 'listener',
  active: true,
};

describe('the people on call', function () {
  this.timeout(serverStartMs);
  const keys = createKeyKeeper(freshDataKey());
  let url: string;
  let database: Database;
  let organisation: Organisation;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    database = openDatabase({ url });
    organisation = await ensureOrganisation(database, keys, line);
  });
  afterEach(() => database.close());

  const inside = <T>(work: (tx: Transaction) => Promise<T>) => database.within(organisation.id, work);
  const add = (change: Partial<NewPerson> = {}) =>
    inside((tx) => addPerson(tx, keys, organisation, { ...aisha, ...change }));
  const list = () => inside((tx) => listPeople(tx, keys));

  it('are read back as they were added, the first to be rung first', async () => {
    const second = await add({ number: '+96891110002', priority: 2, gender: null, shifts: [] });
    const first = await add();
    expect(await list()).to.deep.equal([
      { ...aisha, id: first },
      { ...aisha, id: second, number: '+96891110002', priority: 2, gender: null, shifts: [] },
    ]);
  });

  it('have each number once', async () => {
    await add();
    expect(await add({ name: 'Somebody else' })).to.equal(null);
    const other = await add({ number: '+96891110002' });
    const taken = await inside((tx) =>
      changePerson(tx, keys, organisation, other ?? '', { number: aisha.number, priority: 9 }),
    );
    expect(taken).to.equal('taken');
    expect((await list()).map(({ priority }) => priority)).to.deep.equal([1, 1]);
  });

  it('can be changed in part', async () => {
    const id = (await add()) ?? '';
    const change = { number: '+96891110009', name: 'Aisha', gender: null, shifts: [], active: false } as const;
    expect(await inside((tx) => changePerson(tx, keys, organisation, id, change))).to.equal('changed');
    expect(await inside((tx) => changePerson(tx, keys, organisation, id, {}))).to.equal('changed');
    expect(await list()).to.deep.equal([{ ...aisha, id, ...change }]);
    expect(await inside((tx) => changePerson(tx, keys, organisation, randomUUID(), change))).to.equal('unknown');
  });

  it('leave neither name nor number readable in the database, and none at all once removed', async () => {
    const id = (await add()) ?? '';
    const kept = await dump(url);
    for (const secret of [aisha.name, aisha.number, Buffer.from(aisha.number).toString('hex')])
      expect(kept).to.not.contain(secret);
    expect(await inside((tx) => removePerson(tx, id))).to.equal(true);
    expect(await inside((tx) => removePerson(tx, id))).to.equal(false);
    expect(await list()).to.deep.equal([]);
    expect(await inside((tx) => numberOfPerson(tx, keys, id))).to.equal(null);
    expect(await add()).to.be.a('string');
  });

  it('are ranked without opening anything sealed, and known where they are the telephone of last resort', async () => {
    const id = await add();
    await add({ number: '+96891110002', active: false });
    const rung = await inside((tx) => peopleToRing(tx, organisation, randomUUID(), aisha.number));
    expect(rung).to.deep.equal([
      {
        id,
        languages: aisha.languages,
        gender: 'f',
        shifts: aisha.shifts,
        priority: 1,
        role: 'listener',
        active: true,
        busy: false,
        line: 'free',
        isLastResort: true,
      },
    ]);
    expect(await inside((tx) => numberOfPerson(tx, keys, id ?? ''))).to.equal(aisha.number);
  });
});
