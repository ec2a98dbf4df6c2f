import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { serverStartMs } from '../support/servers.ts';
import { turn } from '../store/keeping.ts';
import { callerWords, heardWords, StaffLine, unheardWords, usualLog } from './staffLine.ts';

const listShape = z.object({ calls: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() });
const errorShape = z.object({ error: z.object({ reason: z.string(), message: z.string() }) });
const reason = ['--reason', 'complaint of today'] as const;

describe('the calls of a line, as staff see them', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
  });

  afterEach(async () => line.close());

  const listed = async (...words: readonly string[]): Promise<readonly string[]> =>
    listShape.parse((await line.json('salim', ['calls', 'list', ...words])).value).calls.map(({ id }) => id);
  const refusal = async (who: string, ...words: readonly string[]) => {
    const { code, value } = await line.json(who, words);
    return { code, ...errorShape.parse(value).error };
  };
  const at = (time: string) => ({ started: { startedAt: new Date(time) } });

  it('are listed the newest first, page by page, none twice and none left out, also when several began at once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1) made.push(await line.call(at(`2026-11-20T21:00:0${Math.floor(n / 3)}Z`)));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const words = ['calls', 'list', '--limit', '2', ...(after === null ? [] : ['--after', after])];
      const page = listShape.parse((await line.json('salim', words)).value);
      seen.push(...page.calls.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect([...seen].sort()).to.deep.equal([...made].sort());
    expect(seen).to.deep.equal(await listed());
  });

  it('are found by time in a zone, level, outcome, language, length, interruptions, failures, and whether they go on', async () => {
    const night = await line.call({ ...at('2026-11-20T21:00:00Z'), level: 'imminent', seconds: 1_000 });
    const english = await line.call({
      started: { startedAt: new Date('2026-11-21T09:00:00Z'), language: 'en' },
      bargeIns: 2,
    });
    const live = await line.call({ ...at('2026-11-22T09:00:00Z'), live: true });
    const lost = await line.call({ ...at('2026-11-23T09:00:00Z'), outcome: 'lost', level: 'high', seconds: 30 });
    expect(await listed('--since', '2026-11-21', '--until', '2026-11-21')).to.deep.equal([english, night]);
    expect(await listed('--since', '2026-11-21', '--until', '2026-11-21', '--zone', 'UTC')).to.deep.equal([english]);
    expect(await listed('--since', '2026-11-21T00:00:00Z')).to.deep.equal([lost, live, english]);
    expect(await listed('--level', 'high+')).to.deep.equal([lost, night]);
    expect(await listed('--level', 'none')).to.deep.equal([live, english]);
    expect(await listed('--outcome', 'lost')).to.deep.equal([lost]);
    expect(await listed('--language', 'en')).to.deep.equal([english]);
    expect(await listed('--min-duration', '5m', '--max-duration', '1h')).to.deep.equal([night]);
    expect(await listed('--max-duration', '1m')).to.deep.equal([lost]);
    expect(await listed('--barge-in')).to.deep.equal([english]);
    expect(await listed('--failure')).to.deep.equal([]);
    expect(await listed('--live')).to.deep.equal([live]);
    expect(await listed('--level', 'high+', '--outcome', 'goodbye')).to.deep.equal([night]);
  });

  it('are found by who was rung for them', async () => {
    const add = ['on-call', 'add', '--name', 'سالم', '--number', '91234567', '--json'];
    const { stdout } = await line.run('aisha', add);
    const person = z.object({ added: z.object({ id: z.string() }) }).parse(JSON.parse(stdout)).added.id;
    const call = await line.call();
    await line.call();
    const escalation = await line.escalation(call, callerWords);
    await line.sql(
      `insert into escalation_attempts (id, organisation_id, escalation_id, person_id, round, wave, position, state, due_at, dialled_at)
       values (gen_random_uuid(), ?, ?, ?, 1, 1, 0, 'released', now(), now())`,
      [await line.organisationId(), escalation, person],
    );
    expect(await listed('--on-call', 'سالم')).to.deep.equal([call]);
    expect(await listed('--on-call', person)).to.deep.equal([call]);
    expect((await refusal('salim', 'calls', 'list', '--on-call', 'Nobody')).reason).to.equal('unknownPerson');
  });

  it('are none in an empty database, which is no fault', async () => {
    const { code, stdout } = await line.run('salim', ['calls', 'list']);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'No calls fit.\n' });
    expect((await line.run('salim', ['escalations', 'list'])).stdout).to.equal('No escalations fit.\n');
    expect((await line.run('salim', ['tasks', 'list'])).stdout).to.equal('Nothing waits to be called back.\n');
  });

  it('are shown without words: times, danger, who was brought, and how to go on', async () => {
    const call = await line.call({ level: 'high' });
    await line.escalation(call, callerWords);
    const { code, stdout } = await line.run('salim', ['calls', 'show', call.slice(0, 8)]);
    expect(code).to.equal(0);
    expect(stdout)
      .to.include(`Call ${call}`)
      .and.include('2026-11-21 01:00:00 (Asia/Muscat)')
      .and.include('risk, high: requested');
    for (const words of [callerWords, heardWords]) expect(stdout).to.not.include(words);
  });

  it('have a timeline of one line for each decision under a legend, with words only for a reason', async () => {
    const call = await line.call();
    const without = await line.run('salim', ['calls', 'timeline', call]);
    expect(without.stdout).to.include('what was ordered').and.include('startReply 1 (line greeting)');
    expect(without.stdout).to.not.include(callerWords);
    expect(without.stdout.split('\n').filter((each) => /^ +\d+\.\d{3} /.test(each))).to.have.length(usualLog().length);
    expect((await line.run('salim', ['calls', 'timeline', call, ...reason])).stdout).to.include(callerWords);
    expect((await line.run('aisha', ['calls', 'timeline', call, ...reason])).code).to.equal(1);
  });

  it('have words for whoever may read them and says why; what was not heard is marked; the reason is in the audit', async () => {
    const call = await line.call();
    const { code, stdout } = await line.run('salim', ['calls', 'transcript', call, ...reason]);
    expect(code).to.equal(0);
    expect(stdout).to.include(callerWords).and.include(heardWords).and.include(`‹${unheardWords}›`);
    expect((await line.run('salim', ['calls', 'transcript', call])).code).to.equal(2);
    expect((await line.run('salim', ['calls', 'transcript', call, '--reason', 'x'])).code).to.equal(2);
    const refused = await refusal('aisha', 'calls', 'transcript', call, ...reason);
    expect(refused).to.deep.equal({
      code: 1,
      reason: 'missingRight',
      message:
        "عائشة may not read a caller's words, with a reason. Roles that may: listener reviewer, supervisor, clinician. Roles are given with: staff edit LOGIN --roles …",
    });
    const audit = await line.run('aisha', ['audit', 'list']);
    expect(audit.stdout).to.include('wordsRead').and.include('complaint of today').and.include('rightRefused');
  });

  it('are exported to files of their reader alone, once, and not over others', async () => {
    const call = await line.call();
    const folder = mkdtempSync(path.join(tmpdir(), 'sanad-export-'));
    const out = path.join(folder, 'case');
    const words = ['calls', 'export', call, '--out', out, ...reason];
    expect((await line.run('aisha', words)).code).to.equal(1);
    expect((await line.run('salim', words)).code).to.equal(0);
    expect(readdirSync(folder).sort()).to.deep.equal(['case.json', 'case.txt']);
    expect(statSync(`${out}.json`).mode & 0o777).to.equal(0o600);
    expect(readFileSync(`${out}.txt`, 'utf8'))
      .to.include(callerWords)
      .and.include(`‹${unheardWords}›`);
    expect(JSON.parse(readFileSync(`${out}.json`, 'utf8'))).to.have.nested.property('turns[0].words.text', callerWords);
    expect((await refusal('salim', ...words)).reason).to.equal('fileExists');
    expect((await line.run('salim', [...words, '--force'])).code).to.equal(0);
    writeFileSync(path.join(folder, 'file'), '');
    const nowhere = ['calls', 'export', call, '--out', path.join(folder, 'file', 'case'), ...reason];
    expect(await refusal('salim', ...nowhere)).to.include({ code: 1, reason: 'file' });
    expect(readdirSync(folder).sort()).to.deep.equal(['case.json', 'case.txt', 'file']);
    rmSync(folder, { recursive: true });
  });

  it('are replayed to the same decisions, or to the first that differs', async () => {
    const same = await line.call();
    const ran = await line.run('salim', ['calls', 'replay', same]);
    expect({ code: ran.code, stdout: ran.stdout.slice(0, 18) }).to.deep.equal({
      code: 0,
      stdout: 'The same decisions',
    });
    const log = usualLog().map((each) => (each.seq === 1 ? { ...each, effects: [] } : each));
    const other = await line.run('salim', ['calls', 'replay', await line.call({ log })]);
    expect(other.code).to.equal(1);
    expect(other.stdout)
      .to.include('Other decisions from entry 1 on (streamStarted)')
      .and.include('in the call:  nothing');
    const gap = await line.run('salim', [
      'calls',
      'replay',
      await line.call({ log: usualLog().filter(({ seq }) => seq !== 5) }),
    ]);
    expect(gap.code).to.equal(1);
    expect(gap.stdout).to.include('Not beyond entry 5 of 13: it is missing.');
  });

  it('say clearly which of their words and entries were tampered with, and show the rest', async () => {
    const call = await line.call();
    await line.sql('update turns set words = set_byte(words, 30, 1) where call_id = ? and seq = 1', [call]);
    await line.sql('update call_log set entry = set_byte(entry, 30, 1) where call_id = ? and seq = 3', [call]);
    const words = await line.run('salim', ['calls', 'transcript', call, ...reason]);
    expect(words.code).to.equal(0);
    expect(words.stdout)
      .to.include('cannot be trusted: changed or moved')
      .and.include(heardWords)
      .and.include('1 of 2 turns');
    const lines = await line.run('salim', ['calls', 'timeline', call]);
    expect(lines.stdout).to.include('cannot be shown: changed or moved').and.include('startReply 2');
    const replayed = await line.run('salim', ['calls', 'replay', call]);
    expect(replayed.code).to.equal(1);
    expect(replayed.stdout).to.include('Not beyond entry 3 of 14: changed or moved');
  });

  it('say clearly that a caller was erased, or that another data key is set, and show the rest', async () => {
    const call = await line.call();
    const foreign = { DATA_KEY: Buffer.alloc(32, 7).toString('base64') };
    const sealed = await line.run('salim', ['calls', 'show', call], { environment: foreign });
    expect(sealed.code).to.equal(1);
    expect(sealed.stderr).to.include('sealed with another DATA_KEY');
    await line.sql(
      `update callers set phone_hmac = null, phone = null, wrapped_key = null, data_key_id = null, erased_at = now()`,
    );
    const shown = await line.run('salim', ['calls', 'show', call]);
    expect(shown.stdout).to.include('The caller was erased').and.include('4:05');
    const words = await line.run('salim', ['calls', 'transcript', call, ...reason]);
    expect(words.stdout).to.include('destroyed: the caller was erased').and.include('0:06  caller');
    expect((await line.run('salim', ['calls', 'timeline', call])).stdout).to.include('speechStarted');
  });

  it('are named by the first characters of an id, or by the carrier’s; a wrong name is answered with what is right', async () => {
    const call = await line.call({ started: { callSid: 'CA0123456789abcdef0123456789abcdef' } });
    expect((await line.run('salim', ['calls', 'show', 'CA0123456789abcdef0123456789abcdef'])).stdout).to.include(call);
    expect((await line.run('salim', ['calls', 'show', call.replaceAll('-', '').slice(0, 12)])).code).to.equal(0);
    const unknown = call.startsWith('0') ? '1111' : '0000';
    expect(await refusal('salim', 'calls', 'show', unknown)).to.deep.equal({
      code: 1,
      reason: 'unknownCall',
      message: `There is no call "${unknown}". See: npm run sanad -- calls list`,
    });
    expect(await refusal('salim', 'calls', 'show', 'ab')).to.include({ code: 2, reason: 'wrongId' });
    expect(await refusal('salim', 'calls', 'show', "'; drop table calls")).to.include({ code: 2, reason: 'wrongId' });
    const twins = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];
    for (const callId of twins) await line.call({ started: { callId }, turns: [turn(callId, 1)] });
    expect(await refusal('salim', 'calls', 'show', 'aaaa')).to.include({ code: 1, reason: 'ambiguousCall' });
  });

  it('refuse wrong dates, zones, levels and lengths with what would be right', async () => {
    const wrong = [
      ['--since', '2026-02-31'],
      ['--until', 'tomorrow'],
      ['--zone', 'Mars/Olympus'],
      ['--level', 'huge'],
      ['--min-duration', 'long'],
      ['--limit', '0'],
      ['--outcome', 'a b'],
    ];
    for (const words of wrong) {
      const { code, stderr } = await line.run('salim', ['calls', 'list', ...words]);
      expect({ words, code }).to.deep.equal({ words, code: 2 });
      expect(stderr).to.match(/is invalid\. It is /);
    }
    const reversed = await refusal('salim', 'calls', 'list', '--since', '2026-11-27', '--until', '2026-11-20');
    expect(reversed).to.include({ code: 2, reason: 'emptyPeriod' });
  });

  it('go to a spreadsheet as numbers and text that no spreadsheet runs', async () => {
    const call = await line.call({ level: 'low' });
    const { stdout } = await line.run('salim', ['calls', 'list', '--csv']);
    expect(stdout).to.equal(
      `\uFEFFid,startedAt,answeredAt,endedAt,seconds,level,outcome,language,turns,bargeIns,failures,escalation\r\n` +
        `${call},2026-11-20T21:00:00.000Z,2026-11-20T21:00:00.000Z,2026-11-20T21:04:05.000Z,245,low,goodbye,ar-OM,2,0,0,\r\n`,
    );
  });

  it('of another organisation are not there, by whatever name', async () => {
    const call = await line.call({ level: 'high' });
    const escalation = await line.escalation(call, callerWords);
    const other = line.another('+96824999999');
    await other.withMember('huda', 'supervisor', 'administrator');
    const own = await other.call();
    const seen = listShape.parse((await other.json('huda', ['calls', 'list'])).value).calls.map(({ id }) => id);
    expect(seen).to.deep.equal([own]);
    for (const words of [
      ['calls', 'show', call],
      ['calls', 'timeline', call],
      ['calls', 'transcript', call, ...reason],
      ['calls', 'replay', call],
      ['calls', 'list', '--after', call],
      ['escalations', 'show', escalation],
    ])
      expect({ words, code: (await other.run('huda', words)).code }).to.deep.equal({ words, code: 1 });
    await other.close();
  });

  it('are told apart from a database that is away', async () => {
    const away = { DATABASE_URL: 'postgres://sanad:secret@127.0.0.1:9/sanad' };
    const { code, stdout, stderr } = await line.run('salim', ['calls', 'list'], { environment: away });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.include('The database cannot be used').and.include('doctor').and.not.include('secret');
    const unset = await line.run('salim', ['calls', 'list'], { environment: { DATA_KEY: undefined } });
    expect(unset.code).to.equal(1);
    expect(unset.stderr).to.include('DATA_KEY is missing');
  });
});
