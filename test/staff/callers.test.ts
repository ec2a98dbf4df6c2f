import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { listAudit } from '../../src/store/audit.ts';
import { verifyAudit } from '../../src/store/auditVerify.ts';
import { mayContact } from '../../src/store/consents.ts';
import { eraseCaller } from '../../src/store/callerErasure.ts';
import { recordedLine, secretWords, type RecordedLine } from '../callers/recordedCalls.ts';
import { dump } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';

const number = '+96891234567';
const because = ['--reason', 'asked by the caller'];

describe('sanad callers', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  let folder: string;

  beforeEach(async () => {
    on = await recordedLine();
    folder = mkdtempSync(path.join(tmpdir(), 'sanad-callers-'));
  });
  afterEach(async () => {
    await on.close();
    rmSync(folder, { recursive: true });
  });

  const ran = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await on.sanad('callers', ...words);
    return { code, stdout, stderr: stderr.replace(/^sanad: working as the local operator.*\n/, '') };
  };
  const json = async (...words: readonly string[]) => JSON.parse((await ran(...words, '--json')).stdout);
  const audited = () =>
    on.store.database.within(on.organisation.id, (tx) => listAudit(tx, on.organisation, { most: 50 }));

  it('lists callers with their numbers masked, whole only when asked for', async () => {
    await on.call();
    await on.call();
    await on.call({ from: '+96899887766', escalation: 'none' });
    await on.call({ from: null });
    const listed = await ran('list');
    expect(listed.code).to.equal(0);
    expect(listed.stdout).to.include('+968 •••••567').and.include('+968 •••••766').and.not.include('91234567');
    expect((await ran('list', '--numbers')).stdout).to.include('+968 9123 4567');
    const { callers } = await json('list');
    expect(callers.map((each: { calls: number; level: string }) => [each.calls, each.level])).to.have.deep.members([
      [2, 'high'],
      [1, 'high'],
    ]);
    expect((await audited()).map(({ action, facts }) => [action, facts['numbers']])).to.deep.include([
      'callersListed',
      true,
    ]);
  });

  it('pages through callers without losing or repeating one', async () => {
    for (let n = 0; n < 5; n += 1) await on.call({ from: `+9689000000${n}`, escalation: 'none' });
    const seen: string[] = [];
    let after: string[] = [];
    for (;;) {
      const page = await json('list', '--limit', '2', ...after);
      seen.push(...page.callers.map(({ id }: { id: string }) => id));
      if (page.next === null) break;
      after = ['--after', page.next];
    }
    expect([seen.length, new Set(seen).size]).to.deep.equal([5, 5]);
  });

  it('finds a caller by number as people write it, by id, and by how the id begins', async () => {
    const id = await on.callerIdOf(await on.call());
    for (const words of [
      '91234567',
      '9123 4567',
      number,
      '96891234567',
      '0096891234567',
      id,
      id.slice(0, 8),
      id.replaceAll('-', ''),
    ])
      expect((await json('show', words)).caller.id, words).to.equal(id);
    expect((await ran('show', id)).stdout)
      .to.match(/keepWords\s+given, voice/)
      .and.not.include(secretWords.said);
  });

  it('says what is wrong with a caller that it does not find', async () => {
    const cases = [
      ['92222222', 1, /Nobody has called from this number/],
      ['beef', 1, /There is no caller "beef"/],
      ['someone', 2, /neither a number .* nor an id/],
      ['+1', 2, /neither a number/],
    ] as const;
    for (const [words, code, message] of cases) {
      const result = await ran('show', words);
      expect([result.code, result.stdout], words).to.deep.equal([code, '']);
      expect(result.stderr).to.match(message);
    }
  });

  it('exports all that is kept of a caller, as data and as a page of its own, for its owner only', async () => {
    const callId = await on.call();
    await on.call({ endedHoursAgo: 50 });
    await on.call({ from: '+96899887766' });
    await ran('show', '91234567');
    await on.sanad('review', 'mark', callId, 'tooLate', '--note', 'uniquenote');
    const out = path.join(folder, 'data');
    const result = await ran('export', '91234567', '--out', out, ...because);
    expect([result.code, result.stderr]).to.deep.equal([0, '']);
    const data = JSON.parse(readFileSync(`${out}.json`, 'utf8'));
    expect(data.caller).to.include({ number, calls: 2 });
    expect(data.calls).to.have.length(2);
    const call = data.calls.find((each: { call: { id: string } }) => each.call.id === callId);
    expect(call.turns[0].words).to.deep.equal({ text: secretWords.said });
    expect(JSON.parse(call.escalations[0].briefing.text)).to.include({ trigger: secretWords.trigger });
    expect(call.review).to.deep.include({ mark: 'tooLate', note: { kind: 'text', text: 'uniquenote' } });
    expect(data.consents[0]).to.deep.include({
      kind: 'keepWords',
      answer: 'given',
      evidence: { kind: 'text', text: secretWords.consent },
    });
    expect(data.accesses.map(({ action }: { action: string }) => action)).to.include('callerSeen');
    const html = readFileSync(`${out}.html`, 'utf8');
    expect(html)
      .to.include(secretWords.said)
      .and.include('dir="rtl"')
      .and.include('uniquenote')
      .and.include(secretWords.consent);
    expect(html).to.not.match(/<script|https?:\/\/|@import|url\(/);
    for (const file of [`${out}.json`, `${out}.html`]) expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect((await audited())[0]).to.deep.include({ action: 'callerExported', why: 'asked by the caller' });
  });

  it('shows words in a page as words, whatever is in them', async () => {
    await on.call();
    const { callId } = await withTurn(on, '<img src=x onerror=alert(1)> & "هلا"');
    const out = path.join(folder, 'data');
    await ran('export', '91234567', '--out', out, ...because);
    const html = readFileSync(`${out}.html`, 'utf8');
    expect(html).to.include('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;هلا&quot;').and.not.include('<img');
    expect(callId).to.be.a('string');
  });

  it('exports what can be opened when a part cannot be trusted, and says which', async () => {
    await on.call();
    await on.asOwner(`update turns set words = (select heard from turns where seq = 2) where seq = 1`);
    const out = path.join(folder, 'data');
    expect((await ran('export', '91234567', '--out', out, ...because)).code).to.equal(0);
    const data = JSON.parse(readFileSync(`${out}.json`, 'utf8'));
    expect(data.calls[0].turns.map(({ words }: { words: object }) => Object.keys(words))).to.deep.equal([
      ['unavailable'],
      ['text'],
    ]);
  });

  it('replaces no file unless told to, and leaves none behind when it cannot write', async () => {
    await on.call();
    const out = path.join(folder, 'data');
    writeFileSync(`${out}.html`, 'mine');
    const refusal = await ran('export', '91234567', '--out', out, ...because);
    expect([refusal.code, refusal.stderr]).to.deep.equal([
      2,
      `error: ${out}.html is there already. Name another file, or replace it with --force.\n`,
    ]);
    expect(readdirSync(folder)).to.deep.equal(['data.html']);
    expect((await ran('export', '91234567', '--out', out, '--force', ...because)).code).to.equal(0);
    expect(readFileSync(`${out}.html`, 'utf8')).to.include(secretWords.said);
    const nowhere = await ran('export', '91234567', '--out', path.join(folder, 'no/where'), ...because);
    expect(nowhere.code).to.equal(1);
    expect(nowhere.stderr).to.include('there is no such folder. Nothing was left there.');
    expect(readdirSync(folder).sort()).to.deep.equal(['data.html', 'data.json']);
  });

  it('erases number, key, words, log, briefing and evidence, and leaves the call without words', async () => {
    const callId = await on.call();
    const callerId = await on.callerIdOf(callId);
    const [sids] = await on.asOwner(`select call_sid as id from calls where id = '${callId}'`);
    const sid = idOf(sids);
    const asked = await ran('erase', '91234567', ...because);
    expect([asked.code, asked.stderr.includes('add --yes')]).to.deep.equal([2, true]);
    expect((await json('show', callerId)).caller.erasedAt).to.equal(null);
    const done = await json('erase', '91234567', '--yes', ...because);
    expect(done).to.include({ erased: callerId, before: false, calls: 1, turns: 2, logEntries: 2 });
    const [callers, calls, turns, log, briefings, consents] = await on.asOwner(
      'select phone_hmac, phone, wrapped_key, data_key_id from callers',
      'select call_sid, highest_risk, outcome, turns, wrapped_key from calls',
      'select speaker, at_ms, words, heard from turns order by seq',
      'select 1 from call_log',
      'select octet_length(briefing) as bytes, outcome from escalations',
      'select kind, answer, text_version, evidence from consents',
    );
    expect(callers).to.deep.equal([{ phone_hmac: null, phone: null, wrapped_key: null, data_key_id: null }]);
    expect(calls).to.deep.equal([
      { call_sid: `erased-${callId}`, highest_risk: 'high', outcome: 'goodbye', turns: 2, wrapped_key: null },
    ]);
    expect(turns).to.deep.equal([
      { speaker: 'caller', at_ms: 1000, words: null, heard: null },
      { speaker: 'sanad', at_ms: 2000, words: null, heard: null },
    ]);
    expect(log).to.deep.equal([]);
    expect(briefings).to.deep.equal([{ bytes: 0, outcome: 'helped' }]);
    expect(consents).to.deep.equal([{ kind: 'keepWords', answer: 'given', text_version: '1', evidence: null }]);
    expect(await dump(on.url)).to.not.include(sid);
    const [entry] = await audited();
    expect(entry).to.deep.include({
      action: 'callerErased',
      subject: { kind: 'caller', id: callerId },
      why: 'asked by the caller',
    });
    expect((await verifyAudit(on.store.database, on.organisation)).ok).to.equal(true);
  });

  it('erases once, whoever tries again or at the same time', async () => {
    const callerId = await on.callerIdOf(await on.call());
    const eraseIt = () =>
      on.store.database.within(on.organisation.id, (tx) =>
        eraseCaller(tx, on.store.keys, {
          callerId,
          actor: { kind: 'sanad', id: null, name: '' },
          cancelCallbacks: false,
        }),
      );
    const kinds = (await Promise.all([eraseIt(), eraseIt(), eraseIt()])).map(({ kind }) => kind);
    expect(kinds.sort()).to.deep.equal(['alreadyErased', 'alreadyErased', 'erased']);
    const again = await ran('erase', callerId, '--yes', ...because);
    expect([again.code, again.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && /erased already/.test(text),
    );
    expect((await audited()).filter(({ action }) => action === 'callerErased')).to.have.length(1);
    const exported = await ran('export', callerId, '--out', path.join(folder, 'x'), ...because);
    expect([exported.code, existsSync(path.join(folder, 'x.json'))]).to.deep.equal([1, false]);
  });

  it('takes the next call of an erased number for that of somebody new', async () => {
    const before = await on.callerIdOf(await on.call());
    await ran('erase', before, '--yes', ...because);
    const after = await on.callerIdOf(await on.call());
    expect(after).to.not.equal(before);
    expect((await json('show', '91234567')).caller).to.include({ id: after, calls: 1 });
  });

  it('lets help go first: nobody is erased who is on the line, being brought a person, or promised a callback', async () => {
    const live = await on.callerIdOf(await on.call({ live: true, escalation: 'none' }));
    const endangered = await on.callerIdOf(await on.call({ from: '+96899887766', escalation: 'open' }));
    const promised = await on.callerIdOf(await on.call({ from: '+96895554433' }));
    await on.asOwner(
      `insert into callback_tasks (id, organisation_id, escalation_id, call_id, kind, owner_role, due_at, state)
       select gen_random_uuid(), e.organisation_id, e.id, e.call_id, 'humanCallback', 'supervisor', now(), 'waiting'
       from escalations e join calls c on c.id = e.call_id where c.caller_id = '${promised}'`,
    );
    const refusals = [
      await json('erase', live, '--yes', ...because),
      await json('erase', endangered, '--yes', ...because),
    ];
    expect(refusals.map(({ error }) => error.reason)).to.deep.equal(['inUse', 'inUse']);
    const waiting = await ran('erase', promised, '--yes', ...because);
    expect([waiting.code, /--cancel-callbacks/.test(waiting.stderr)]).to.deep.equal([1, true]);
    const done = await json('erase', promised, '--yes', '--cancel-callbacks', ...because);
    expect(done).to.include({ callbacks: 1, before: false });
    const [tasks] = await on.asOwner('select state, outcome from callback_tasks');
    expect(tasks).to.deep.equal([{ state: 'cancelled', outcome: 'callerErased' }]);
  });

  it('blocks follow-ups and says that calls are answered all the same', async () => {
    const callId = await on.call();
    const callerId = await on.callerIdOf(callId);
    await on.write({
      type: 'consentAnswered',
      callId,
      consentId: '6f1c2d3e-0000-4000-8000-000000000001',
      kind: 'followUp',
      answer: 'given',
      how: 'key',
      textVersion: '1',
      language: 'ar-OM',
      words: null,
      at: new Date(),
    });
    const may = () => on.store.database.within(on.organisation.id, (tx) => mayContact(tx, callerId, 'followUp'));
    expect(await may()).to.equal(true);
    const blocked = await ran('block', '91234567', '--reason', 'abuse of listeners');
    expect([blocked.code, /answered as before/.test(blocked.stdout)]).to.deep.equal([0, true]);
    expect(await may()).to.equal(false);
    expect((await ran('list', '--blocked')).stdout).to.include('blocked');
    expect(await on.callerIdOf(await on.call())).to.equal(callerId);
    expect(await json('block', '91234567', '--reason', 'abuse again')).to.include({ changed: false });
    await ran('unblock', '91234567', '--reason', 'apologised');
    expect(await may()).to.equal(true);
    expect((await audited()).map(({ action }) => action)).to.include.members(['callerBlocked', 'callerUnblocked']);
  });
});

async function withTurn(on: RecordedLine, text: string): Promise<{ readonly callId: string }> {
  const [rows] = await on.asOwner('select id from calls');
  const callId = idOf(rows);
  await on.write({
    type: 'turn',
    callId,
    seq: 3,
    speaker: 'caller',
    kind: 'turn',
    text,
    heardText: null,
    atMs: 3_000,
    durationMs: 500,
    interrupted: false,
    confidence: null,
    firstSoundMs: null,
  });
  return { callId };
}

function idOf(rows: readonly unknown[] | undefined): string {
  return z.object({ id: z.string() }).parse(rows?.[0]).id;
}
