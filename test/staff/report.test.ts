import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { serverStartMs } from '../support/servers.ts';
import { hearsOut, inDanger, talk } from '../support/dangerScript.ts';
import { turn } from '../store/keeping.ts';
import { callerWords, heardWords, StaffLine, type Told } from './staffLine.ts';

const spread = z.object({
  count: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
});
const reportShape = z.looseObject({
  period: z.looseObject({ from: z.string(), to: z.string(), soFar: z.boolean() }),
  calls: z.looseObject({ answerMs: spread, durationSeconds: spread, firstSoundMs: spread }),
  askedDirectly: z.record(z.string(), z.number()),
  people: z.looseObject({ ringMs: spread, personMs: spread }),
  callbacks: z.looseObject({}),
  reviews: z.looseObject({}),
  notRecorded: z.array(z.string()),
});
const errorShape = z.object({ error: z.object({ reason: z.string(), message: z.string() }) });

const day = ['report', 'day', '--on', '2025-11-20'] as const;
const noon = Date.UTC(2025, 10, 20, 8, 0, 0);

describe('the report of a line', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
  });

  afterEach(async () => line.close());

  const report = async (...words: readonly string[]) => {
    const { code, value } = await line.json('salim', words);
    expect(code).to.equal(0);
    return reportShape.parse(value);
  };
  const refusal = async (who: string, ...words: readonly string[]) => {
    const { code, value } = await line.json(who, words);
    return { code, ...errorShape.parse(value).error };
  };
  /** Minutes after noon in Muscat of the day under report. */
  const call = (minutes: number, told: Told = {}): Promise<string> =>
    line.call({ ...told, started: { startedAt: new Date(noon + minutes * 60_000), ...told.started } });

  it('is all zeros and no figure invented in an empty database', async () => {
    const { calls, people, reviews, askedDirectly, notRecorded } = await report(...day);
    expect(calls['calls']).to.equal(0);
    for (const figure of [calls.answerMs, calls.durationSeconds, calls.firstSoundMs, people.ringMs, people.personMs])
      expect(figure).to.deep.equal({ count: 0, p50: null, p95: null, max: null });
    expect(askedDirectly).to.deep.equal({ calls: 0, sampled: 0, asked: 0, toldUnasked: 0, notAsked: 0, unknown: 0 });
    expect(reviews).to.have.nested.property('sample.calls', 0);
    expect(notRecorded).to.include('dialect').and.not.include('followUps');
    const { code, stdout } = await line.run('salim', day);
    expect(code).to.equal(0);
    expect(stdout)
      .to.include('Not recorded yet')
      .and.include('speed to answer')
      .and.match(/speed to answer +—/);
    expect(stdout).to.not.match(/NaN|undefined|null|Infinity/);
  });

  it('counts the calls of that day in that zone, and no others', async () => {
    await call(-12 * 60);
    await call(12 * 60 - 1);
    await call(-12 * 60 - 1);
    await call(12 * 60);
    const muscat = await report(...day);
    expect(muscat.calls['calls']).to.equal(2);
    expect(muscat.calls['byHour']).to.deep.equal([
      { day: '2025-11-20', hour: 0, calls: 1 },
      { day: '2025-11-20', hour: 23, calls: 1 },
    ]);
    expect((await report(...day, '--zone', 'UTC')).calls['calls']).to.equal(2);
    expect((await report(...day, '--zone', 'UTC')).period.from).to.equal('2025-11-20T00:00:00.000Z');
  });

  it('has weeks that begin on Sunday, and months of the calendar', async () => {
    const week = await report('report', 'week', '--on', '2025-11-20');
    expect([week.period.from, week.period.to]).to.deep.equal(['2025-11-15T20:00:00.000Z', '2025-11-22T20:00:00.000Z']);
    const month = await report('report', 'month', '--on', '2024-02-29');
    expect([month.period.from, month.period.to]).to.deep.equal([
      '2024-01-31T20:00:00.000Z',
      '2024-02-29T20:00:00.000Z',
    ]);
  });

  it('tells calls that were answered from those given up before and after 20 s, and how fast', async () => {
    await call(0);
    await call(1, { outcome: 'hungUp', seconds: 12 });
    const unanswered = { log: [], turns: [], outcome: 'hungUp' } as const;
    for (const [minutes, seconds] of [
      [2, 19],
      [3, 20],
      [4, 41],
    ] as const) {
      const id = await call(minutes, { ...unanswered, seconds });
      await line.sql('update calls set answered_at = null where id = ?', [id]);
    }
    const { calls } = await report(...day);
    expect(calls).to.include({
      answered: 2,
      answeredWithin20s: 2,
      abandonedBefore20s: 1,
      abandonedAfter20s: 2,
      leftWithin20s: 1,
    });
    expect(calls.durationSeconds).to.deep.equal({ count: 5, p50: 20, p95: 245, max: 245 });
  });

  it('counts a call as answered at its first sound, and not when its stream was up', async () => {
    const { writer } = line.kept;
    const id = await call(0, { log: [], live: true });
    await line.sql('update calls set answered_at = null where id = ?', [id]);
    writer.append({ type: 'log', callId: id, seq: 9, atMs: 700, eventType: 'streamStarted', entry: {} });
    await writer.flush(5_000);
    expect((await report(...day)).calls).to.include({ answered: 0 });
    for (const afterMs of [1_250, 60_000])
      writer.append({ type: 'callAnswered', callId: id, at: new Date(noon + afterMs) });
    await writer.flush(5_000);
    expect((await report(...day)).calls.answerMs).to.deep.equal({ count: 1, p50: 1_250, p95: 1_250, max: 1_250 });
  });

  it('tells new callers from those who had called before, also when they call twice on their first day', async () => {
    const from = (number: string | null): Told => ({ started: { from: number } });
    await call(-3 * 24 * 60, from('+96891110001'));
    await call(0, from('+96891110001'));
    await call(1, from('+96891110002'));
    await call(2, from('+96891110002'));
    await call(3, from(null));
    expect((await report(...day)).calls).to.include({
      callers: 2,
      newCallers: 1,
      returningCallers: 1,
      withheldNumber: 1,
    });
  });

  it('measures the silence before Sanad answers once for each turn, however often it is written', async () => {
    const sounds = [400, 500, 600, 4_000];
    const id = await call(0, {
      turns: sounds.map((firstSoundMs, n) => turn('', n + 1, { speaker: 'sanad', heardText: 'x', firstSoundMs })),
    });
    const again = turn(id, 1, { speaker: 'sanad', heardText: 'x', firstSoundMs: 9_999 });
    line.kept.writer.append(again);
    line.kept.writer.append(turn(id, 9, { text: 'no sound of ours' }));
    await line.kept.writer.flush(5_000);
    const { calls } = await report(...day);
    expect(calls.firstSoundMs).to.deep.equal({ count: 4, p50: 500, p95: 4_000, max: 4_000 });
  });

  it('says how many with a sign of danger were asked directly, by folding their logs', async () => {
    const sign = { risk: 'moderate', situation: 'self' } as const;
    await call(0, { level: 'moderate', log: hearsOut(talk().says(1, sign)).log });
    await call(1, { level: 'moderate', log: talk().says(1, sign).log });
    await call(2, { level: 'high', log: inDanger('high').log });
    await call(3, { level: 'moderate', log: [] });
    await call(4, { level: 'low' });
    const found = (await report(...day)).askedDirectly;
    expect(found).to.deep.equal({ calls: 4, sampled: 4, asked: 1, notAsked: 1, toldUnasked: 1, unknown: 1 });
    const { stdout } = await line.run('salim', day);
    expect(stdout)
      .to.match(/asked directly +1 +\(50 % of 2\)/)
      .and.not.include(callerWords);
    await line.sql('delete from call_log');
    expect((await report(...day)).askedDirectly, 'what was found stays').to.deep.equal(found);
  });

  it('folds so many logs as take no time, and the others when it is to be thorough', async () => {
    const sign = { risk: 'moderate', situation: 'self' } as const;
    for (let n = 0; n < 3; n += 1) await call(n, { level: 'moderate', log: hearsOut(talk().says(1, sign)).log });
    // As if each had been a long call.
    await line.sql(
      'insert into call_log select call_id, 14000, organisation_id, at_ms, event_type, entry from call_log where seq = 0',
    );
    expect((await report(...day)).askedDirectly).to.include({ calls: 3, sampled: 1 });
    expect((await line.run('salim', day)).stdout)
      .to.include('from the logs of 2 of the 3')
      .and.include('--thorough');
    expect((await report(...day, '--thorough')).askedDirectly).to.include({ calls: 3, sampled: 3, asked: 3 });
  });

  it('measures from the detection to the telephone and to the person, and counts who was gone, refused, or found nobody', async () => {
    const outcomes = ['helped', 'callerGone', 'declined', 'nobody'];
    for (const [n, outcome] of outcomes.entries()) {
      const id = await line.escalation(await call(n, { level: 'high' }), callerWords);
      await line.sql(
        `update escalations set requested_at = ?, ringing_at = ?::timestamptz + make_interval(secs => ?),
           bridged_at = case when ? = 'helped' then ?::timestamptz + interval '30 seconds' end,
           state = 'closed', outcome = ?, closed_at = now(), next_at = null where id = ?`,
        [new Date(noon), new Date(noon), n + 1, outcome, new Date(noon), outcome, id],
      );
    }
    const { people } = await report(...day);
    expect(people).to.include({ escalations: 4, open: 0, goneAfterDisclosure: 1 });
    expect(people['byOutcome']).to.deep.equal({ helped: 1, callerGone: 1, declined: 1, nobody: 1 });
    expect(people.ringMs).to.deep.equal({ count: 4, p50: 2_000, p95: 4_000, max: 4_000 });
    expect(people.personMs).to.deep.equal({ count: 1, p50: 30_000, p95: 30_000, max: 30_000 });
    expect((await report('report', 'day', '--on', '2025-11-21')).people['escalations']).to.equal(0);
  });

  it('counts promises to call back by their deadline: kept in time, kept late, overdue', async () => {
    const escalation = await line.escalation(await call(0), callerWords);
    const due = new Date(noon);
    const tasks = [
      ['humanCallback', 1, 'done', 'reached', -60],
      ['humanCallback', 2, 'done', 'reached', 60],
      ['supervisor', 1, 'waiting', null, 0],
      ['supervisor', 2, 'cancelled', 'reachedByPerson', 0],
      ['automaticCallback', 1, 'done', 'answered', 60],
    ] as const;
    for (const [kind, ordinal, state, outcome, seconds] of tasks)
      await line.sql(
        `insert into callback_tasks (id, organisation_id, escalation_id, call_id, kind, ordinal, owner_role, due_at, state, outcome, changed_at)
         select gen_random_uuid(), organisation_id, id, call_id, ?, ?, 'supervisor', ?, ?, ?, ?::timestamptz + make_interval(secs => ?)
         from escalations where id = ?`,
        [kind, ordinal, due, state, outcome, due, seconds, escalation],
      );
    const { callbacks } = await report(...day);
    expect(callbacks).to.include({
      promised: 4,
      keptInTime: 1,
      keptLate: 1,
      notNeeded: 1,
      automatic: 1,
      automaticAnswered: 1,
    });
    expect(callbacks['overdue']).to.equal(1);
  });

  it('is for supervisors, clinicians and administrators, and each stands in the audit', async () => {
    await line.withMember('rima', 'reviewer');
    const { code, reason, message } = await refusal('rima', ...day);
    expect({ code, reason }).to.deep.equal({ code: 1, reason: 'missingRight' });
    expect(message).to.include('Roles that may: supervisor, clinician, administrator');
    await line.run('salim', day);
    expect((await line.run('aisha', ['audit', 'list'])).stdout)
      .to.include('reportMade')
      .and.include('day.2025-11-20');
  });

  it('refuses days that are none, are not here yet, or have no zone, and says what it takes', async () => {
    for (const on of ['2026-02-30', 'tomorrow', '26.11.2026', ''])
      expect((await line.run('salim', ['report', 'day', '--on', on])).code).to.equal(2);
    const future = await refusal('salim', 'report', 'week', '--on', '2999-01-01');
    expect({ code: future.code, reason: future.reason }).to.deep.equal({ code: 2, reason: 'future' });
    const zone = await line.run('salim', [...day, '--zone', 'Mars/Olympus']);
    expect({ code: zone.code, told: zone.stderr.includes('Asia/Muscat') }).to.deep.equal({ code: 2, told: true });
    const year = await line.run('salim', ['report', 'monht']);
    expect(year.code).to.equal(2);
    expect(year.stderr).to.include('month');
  });

  it('is one number in a row for a spreadsheet, and names from the database cannot be formulas', async () => {
    await call(0, { started: { language: '=HYPERLINK("http://x")' } });
    const { stdout } = await line.run('salim', [...day, '--csv']);
    const rows = stdout.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(rows[0]).to.equal('section,figure,measure,value,unit,of');
    expect(rows).to.include('calls,calls,count,1,count,').and.include('calls,callsByHour,12,1,count,');
    expect(rows.filter((row) => /(^|,)"?[=+@-]/.test(row))).to.deep.equal([]);
  });

  it('holds no words, no number and nobody', async () => {
    const id = await call(0, { level: 'high' });
    await line.escalation(id, callerWords);
    for (const format of [[], ['--json'], ['--csv']]) {
      const { stdout } = await line.run('salim', [...day, ...format]);
      for (const secret of [callerWords, heardWords, '91234567', id.slice(0, 8)]) expect(stdout).to.not.include(secret);
    }
  });

  it('is written as a page once, by its reader alone, whole or not at all', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sanad-report-'));
    const file = path.join(folder, 'day.html');
    expect((await line.run('salim', [...day, '--html', file])).code).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    writeFileSync(file, 'mine');
    expect((await refusal('salim', ...day, '--html', file)).reason).to.equal('fileExists');
    expect(readFileSync(file, 'utf8')).to.equal('mine');
    expect((await line.run('salim', [...day, '--html', file, '--force'])).code).to.equal(0);
    const nowhere = await refusal('salim', ...day, '--html', path.join(folder, 'none', 'day.html'));
    expect({ code: nowhere.code, reason: nowhere.reason }).to.deep.equal({ code: 1, reason: 'file' });
    expect((await refusal('salim', ...day, '--html', folder, '--force')).reason).to.equal('file');
    expect(readdirSync(folder)).to.deep.equal(['day.html']);
    rmSync(folder, { recursive: true });
  });
});
