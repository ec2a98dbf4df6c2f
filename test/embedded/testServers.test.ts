import { expect } from 'chai';
import pg from 'pg';
import { serverStartMs, testDatabase, testRedisUrl } from '../support/servers.ts';

async function ask<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('the servers of the tests', function () {
  this.timeout(serverStartMs);

  it('give every test a database of its own', async () => {
    const [one, other] = await Promise.all([testDatabase('empty'), testDatabase('empty')]);
    await ask(one.url, (client) => client.query('create table only_here (id int)'));
    const found = await ask(other.url, (client) => client.query(`select to_regclass('only_here') as found`));
    expect(found.rows).to.deep.equal([{ found: null }]);
  });

  it('give a migrated database, as a role that row-level security holds', async () => {
    const { url } = await testDatabase();
    const rows = await ask(url, async (client) => {
      const tables = await client.query(`select to_regclass('calls') is not null as migrated`);
      const role = await client.query(`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`);
      return [...tables.rows, ...role.rows];
    });
    expect(rows).to.deep.equal([{ migrated: true }, { rolsuper: false, rolbypassrls: false }]);
  });

  it('drop a database even while it is in use', async () => {
    const { url, drop } = await testDatabase('empty');
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    await drop();
    const error = await ask(url, () => Promise.resolve('open')).catch((fault: unknown) => String(fault));
    expect(error).to.match(/does not exist/);
    await client.end().catch(() => {});
  });

  it('give a Redis of this machine, or say that there is none', async () => {
    const url = await testRedisUrl();
    if (url !== null) expect(new URL(url).hostname).to.equal('127.0.0.1');
  });
});
