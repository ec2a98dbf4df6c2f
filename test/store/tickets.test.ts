import { expect } from 'chai';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { ensureOrganisation, organisationOf } from '../../src/store/organisations.ts';
import { createKeyKeeper, phoneHmac } from '../../src/store/sealing.ts';
import { issueTicket, sweepTickets, useTicket } from '../../src/store/tickets.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, dump, freshCallSid, freshDataKey, line } from './keeping.ts';

const keys = createKeyKeeper(freshDataKey());

describe('an organisation', function () {
  this.timeout(serverStartMs);

  it('is made once for its number, also when several servers start at once', async () => {
    const { url } = await testDatabase();
    const database = openDatabase({ url });
    expect(await organisationOf(database, keys, line.dialledNumber)).to.equal(null);
    const made = await Promise.all([1, 2, 3, 4].map(() => ensureOrganisation(database, keys, line)));
    const again = await organisationOf(database, keys, line.dialledNumber);
    expect(new Set([...made, again].map((organisation) => organisation?.id)).size).to.equal(1);
    const hmacs = made.map((organisation) => phoneHmac(organisation.lookup, '+96891234567').toString('hex'));
    expect(new Set(hmacs).size).to.equal(1);
    await database.close();
  });

  it('is refused with a wrong data key, rather than made again', async () => {
    const { url } = await testDatabase();
    const database = openDatabase({ url });
    await ensureOrganisation(database, keys, line);
    const other = createKeyKeeper(freshDataKey());
    const fault: unknown = await ensureOrganisation(database, other, line).catch((error: unknown) => error);
    expect(fault).to.include({ name: 'SealBroken', reason: 'unknownDataKey' });
    await database.close();
  });
});

describe('the ticket of a stream', function () {
  this.timeout(serverStartMs);
  let url: string;
  let database: Database;
  let organisationId: string;
  const callSid = freshCallSid();
  const inAMinute = () => new Date(Date.now() + 60_000);

  before(async () => {
    ({ url } = await testDatabase());
    database = openDatabase({ url });
    organisationId = (await ensureOrganisation(database, keys, line)).id;
  });
  after(() => database.close());

  it('is good once, for the call it was issued for', async () => {
    await issueTicket(database, { organisationId, callSid, ticket: 'one', expiresAt: inAMinute() });
    expect(await useTicket(database, 'one', freshCallSid())).to.equal('otherCall');
    expect(await useTicket(database, 'one', callSid)).to.equal('ok');
    expect(await useTicket(database, 'one', callSid)).to.equal('usedTicket');
  });

  it('is given to one of many servers that ask at the same time', async () => {
    await issueTicket(database, { organisationId, callSid, ticket: 'two', expiresAt: inAMinute() });
    const answers = await Promise.all(Array.from({ length: 8 }, () => useTicket(database, 'two', callSid)));
    expect(answers.filter((answer) => answer === 'ok')).to.have.length(1);
    expect(answers.filter((answer) => answer === 'usedTicket')).to.have.length(7);
  });

  it('is refused when it expired, or was never issued', async () => {
    await issueTicket(database, { organisationId, callSid, ticket: 'three', expiresAt: new Date(Date.now() - 1) });
    expect(await useTicket(database, 'three', callSid)).to.equal('expiredTicket');
    expect(await useTicket(database, 'four', callSid)).to.equal('unknownTicket');
  });

  it('cannot be read from the database', async () => {
    await issueTicket(database, { organisationId, callSid, ticket: 'a-ticket-in-clear', expiresAt: inAMinute() });
    expect(await dump(url)).to.not.contain('a-ticket-in-clear');
  });

  it('is swept when it expired long ago', async () => {
    await issueTicket(database, { organisationId, callSid, ticket: 'old', expiresAt: new Date(Date.now() - 100_000) });
    expect(await sweepTickets(database, 50_000)).to.equal(1);
    expect(await useTicket(database, 'old', callSid)).to.equal('unknownTicket');
    const left = await asking(url, async (client) => {
      await client.query('alter table tickets no force row level security');
      return client.query('select count(*)::int as count from tickets');
    });
    expect(left.rows[0].count).to.be.greaterThan(0);
  });
});
