import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { accessOf, whoIs } from '../../src/staff/access/staffAccess.ts';
import type { Terminal } from '../../src/staff/output.ts';
import { watch } from '../../src/staff/watch/watch.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { turn } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { callerWords, heardWords, StaffLine } from './staffLine.ts';

const liveShape = z.object({
  calls: z.array(
    z.looseObject({
      id: z.string(),
      level: z.string(),
      escalation: z.string().nullable(),
      quietSeconds: z.number().nullable(),
    }),
  ),
  total: z.number(),
});

describe('the watch over calls on the line', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
  });

  afterEach(async () => line.close());

  const once = async (...words: readonly string[]) =>
    liveShape.parse((await line.json('salim', ['watch', '--once', ...words])).value);
  const ago = (seconds: number) => ({ startedAt: new Date(Date.now() - seconds * 1_000) });

  /** `watch` at a terminal of Salim's; what it drew, look by look, and what it ended with. */
  const watching = async (during: () => Promise<void>, isTTY: boolean, rows?: number) => {
    const written: string[] = [];
    const stopping = new AbortController();
    const stdout = {
      write: (text: string) => void written.push(text),
      isTTY,
      columns: 100,
      ...(rows === undefined ? {} : { rows }),
    };
    const terminal: Terminal = { stdout, stderr: { write: () => {} }, environment: line.environment('salim') };
    const { database, keys } = line.kept;
    const organisation = await ensureOrganisation(database, keys, {
      name: 'Line under test',
      dialledNumber: line.number,
    });
    const opened = { database, keys, databaseUrl: '', ownNumber: line.number, settings: {}, close: async () => {} };
    const access = accessOf(opened, organisation, await whoIs(opened, organisation, terminal.environment));
    const options = { once: false, everySeconds: 0.02, limit: 20, zone: 'Asia/Muscat', format: 'text' as const };
    const ended = watch(access, terminal, { ...options, signal: stopping.signal, now: () => new Date() });
    const looks = async (more: number): Promise<void> => {
      const until = written.length + more;
      for (let n = 0; n < 500 && written.length < until; n += 1) await Promise.race([wait(20), ended]);
    };
    await looks(2);
    await during();
    await looks(3);
    stopping.abort();
    return { ended: await ended, written };
  };

  it('shows the most dangerous first, with what became of the person and how long nobody has spoken, and no words', async () => {
    const calm = await line.call({ live: true, turns: [], started: ago(300) });
    const danger = await line.call({ live: true, level: 'imminent', turns: [], started: ago(60) });
    line.kept.writer.append(turn(danger, 1, { text: callerWords, atMs: 10_000, durationMs: 5_000 }));
    await line.escalation(danger, callerWords);
    await line.call({ started: ago(30) });
    const { calls, total } = await once();
    expect(total).to.equal(2);
    expect(calls.map(({ id, level, escalation }) => [id, level, escalation])).to.deep.equal([
      [danger, 'imminent', 'requested'],
      [calm, 'none', null],
    ]);
    expect(calls[0]?.quietSeconds).to.be.within(45, 60);
    expect(calls[1]?.quietSeconds).to.equal(null);
    const { code, stdout } = await line.run('salim', ['watch', '--once']);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^2 calls on the line/)
      .and.include('imminent')
      .and.include('server-1');
    for (const words of [callerWords, heardWords]) expect(stdout).to.not.include(words);
  });

  it('says when the line is empty, when there are more than are shown, and when a server fell silent', async () => {
    expect((await line.run('salim', ['watch', '--once'])).stdout).to.match(
      /^No calls on the line, \d\d:\d\d:\d\d \(Asia\/Muscat\)\n$/,
    );
    for (let n = 0; n < 3; n += 1) await line.call({ live: true, started: ago(10) });
    await line.sql(`update calls set heartbeat_at = now() - interval '5 minutes'`);
    const { stdout } = await line.run('salim', ['watch', '--once', '--limit', '2']);
    expect(stdout).to.include('… and 1 more').and.include('silent for 5:0').and.include('the call may be over');
  });

  it('is for supervisors, clinicians and administrators, takes sensible numbers, and stands in the audit', async () => {
    await line.withMember('rima', 'reviewer');
    const refused = await line.run('rima', ['watch', '--once']);
    expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(refused.stderr).to.include('supervisor, clinician, administrator');
    for (const words of [
      ['--every', '0'],
      ['--every', 'fast'],
      ['--limit', '-1'],
      ['--zone', 'Nowhere'],
    ])
      expect((await line.run('salim', ['watch', '--once', ...words])).code).to.equal(2);
    await once();
    expect((await line.run('aisha', ['audit', 'list'])).stdout).to.include('liveWatched');
  });

  it('is drawn in place on a terminal, and gives the cursor back', async () => {
    const { written, ended } = await watching(async () => {
      await line.call({ live: true, started: ago(10) });
    }, true);
    const first = written.find((text) => text.includes('No calls on the line'));
    expect(first).to.not.equal(undefined);
    expect(
      written.some(
        (text) => text.startsWith('\r\u001B[') && text.includes('A\u001B[J') && text.includes('1 call on the line'),
      ),
    ).to.equal(true);
    expect([written[0], written.at(-1)]).to.deep.equal(['\u001B[?25l', '\u001B[?25h']);
    expect(ended.kind).to.equal('done');
  });

  it('never draws more than the terminal can take back', async () => {
    for (let n = 0; n < 8; n += 1) await line.call({ live: true, started: ago(10) });
    const { written } = await watching(async () => {}, true, 6);
    for (const text of written) expect(text.split('\n').length).to.be.at.most(6);
  });

  it('is one list after another elsewhere, without control characters', async () => {
    const { written } = await watching(async () => {}, false);
    expect(written.length).to.be.at.least(3);
    expect(written.join('')).to.not.include('\u001B');
    expect(written[1]).to.match(/^\nNo calls on the line/);
  });

  it('ends when the session does', async () => {
    const { ended } = await watching(async () => {
      await line.sql('delete from staff_sessions');
    }, false);
    expect(ended).to.include({ kind: 'refused', reason: 'notSignedIn' });
  });
});
