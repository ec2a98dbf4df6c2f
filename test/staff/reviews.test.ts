import { expect } from 'chai';
import { z } from 'zod';
import { asking, dump } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { callerWords, StaffLine, type Told } from './staffLine.ts';

const nextShape = z.object({
  call: z.looseObject({ id: z.string() }).nullable(),
  pile: z.string().optional(),
  waiting: z.object({ escalated: z.number(), sample: z.number() }),
});
const listShape = z.object({
  reviews: z.array(
    z.looseObject({
      callId: z.string(),
      mark: z.string(),
      reason: z.string(),
      reviewer: z.string(),
      note: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});
const errorShape = z.object({ error: z.object({ reason: z.string(), message: z.string() }) });
const reportShape = z.object({
  reviews: z.object({
    escalated: z.object({ calls: z.number(), marks: z.record(z.string(), z.number()) }),
    sample: z.looseObject({ calls: z.number(), marks: z.record(z.string(), z.number()) }),
    others: z.object({ marks: z.record(z.string(), z.number()) }),
  }),
});

const reason = ['--reason', 'weekly review'] as const;

describe('the review of calls', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'reviewer');
    await line.withMember('huda', 'clinician');
  });

  afterEach(async () => line.close());

  let minutes = 0;
  /** Over, and begun not long ago: each a minute before the one made before it. */
  const call = (told: Told = {}): Promise<string> => {
    minutes += 1;
    const startedAt = new Date(Date.now() - (60 + minutes) * 60_000);
    return line.call({ ...told, started: { startedAt, ...told.started } });
  };
  const escalated = async (told: Told = {}): Promise<string> => {
    const id = await call({ level: 'high', ...told });
    await line.escalation(id, callerWords);
    return id;
  };
  const drawOf = (id: string): Promise<number> =>
    asking(line.url, async (client) => {
      await client.query(
        `select set_config('sanad.organisation', $1, false), set_config('role', 'sanad_application', false)`,
        [await line.organisationId()],
      );
      const { rows } = await client.query<{ review_draw: number }>('select review_draw from calls where id = $1', [id]);
      return rows[0]?.review_draw ?? -1;
    });
  /** Calls without an escalation, until there is one that was drawn and one that was not. */
  const drawnAndNot = async (): Promise<{ readonly drawn: string; readonly not: string }> => {
    let drawn: string | null = null;
    let not: string | null = null;
    while (drawn === null || not === null) {
      const id = crypto.randomUUID();
      const inSample = (await sampleOf(id)) < 5;
      if (inSample ? drawn !== null : not !== null) continue;
      await call({ started: { callId: id } });
      if (inSample) drawn = id;
      else not = id;
    }
    return { drawn, not };
  };
  /** The draw of an id, before any call has it. */
  const sampleOf = (id: string): Promise<number> =>
    asking(line.url, async (client) => {
      const { rows } = await client.query<{ draw: number }>(
        `select (('x' || substr(md5('review ' || $1::uuid::text), 1, 6))::bit(24)::integer % 100) as draw`,
        [id],
      );
      return rows[0]?.draw ?? -1;
    });
  const next = async (who: string, ...words: readonly string[]) =>
    nextShape.parse((await line.json(who, ['review', 'next', ...words])).value);
  const mark = (who: string, ...words: readonly string[]) => line.run(who, ['review', 'mark', ...words]);
  const refusal = async (who: string, ...words: readonly string[]) => {
    const { code, value } = await line.json(who, words);
    return { code, ...errorShape.parse(value).error };
  };
  const listed = async (who: string, ...words: readonly string[]) =>
    listShape.parse((await line.json(who, ['review', 'list', ...words])).value).reviews;

  it('waits for nothing in an empty database, and says so', async () => {
    const { code, stdout } = await line.run('salim', ['review', 'next']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Nothing waits for a review since /);
    expect((await line.run('salim', ['review', 'list'])).stdout).to.equal('No reviews fit.\n');
  });

  it('gives every call for which a person was rung, and of the others those that were drawn, which are always the same', async () => {
    const { drawn, not } = await drawnAndNot();
    const rung = await escalated();
    expect([await drawOf(drawn), await drawOf(not)]).to.deep.equal([await sampleOf(drawn), await sampleOf(not)]);
    const given: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { call: each } = await next('salim');
      if (each === null) break;
      given.push(each.id);
      expect((await mark('salim', each.id, 'right')).code).to.equal(0);
    }
    expect([...given].sort()).to.deep.equal([drawn, rung].sort());
    expect((await next('salim')).waiting).to.deep.equal({ escalated: 0, sample: 0 });
  });

  it('draws five calls in a hundred', async () => {
    const share = await asking(line.url, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from (select gen_random_uuid() as id from generate_series(1, 20000)) drawn
         where ('x' || substr(md5('review ' || id::text), 1, 6))::bit(24)::integer % 100 < 5`,
      );
      return (rows[0]?.n ?? 0) / 20_000;
    });
    expect(share).to.be.within(0.04, 0.06);
  });

  it('never gives two reviewers the same call, not even when they ask at once', async () => {
    for (let n = 0; n < 4; n += 1) await escalated();
    await line.withMember('nur', 'supervisor');
    const given = await Promise.all([next('salim'), next('huda'), next('nur')]);
    const ids = given.map((each) => each.call?.id);
    expect(new Set(ids).size).to.equal(3);
    expect((await next('salim')).call?.id, 'one keeps what one was given').to.equal(ids[0]);
    await line.sql(`update reviews set claimed_until = now() - interval '1 second'`);
    const newest = (await next('huda')).call?.id;
    expect(ids, 'what was left for too long is given to others').to.include(newest);
  });

  it('gives words only to whoever may read them and says why; the reason is in the audit', async () => {
    await escalated();
    expect((await line.run('salim', ['review', 'next'])).stdout).to.not.include(callerWords);
    const { code, stdout } = await line.run('salim', ['review', 'next', ...reason]);
    expect(code).to.equal(0);
    expect(stdout).to.include(callerWords);
    const audit = (await line.run('aisha', ['audit', 'list'])).stdout;
    expect(audit).to.include('wordsRead').and.include('weekly review');
    for (const words of [
      ['review', 'next'],
      ['review', 'list'],
      ['review', 'mark', 'abcd', 'right'],
    ])
      expect((await refusal('aisha', ...words)).reason).to.equal('missingRight');
  });

  it('takes marks that fit the call, refuses those that do not, and ids and marks that are none', async () => {
    const rung = await escalated();
    const quiet = await call();
    const live = await line.call({ live: true, started: { startedAt: new Date() } });
    expect((await refusal('salim', 'review', 'mark', rung, 'missed')).reason).to.equal('markDoesNotFit');
    expect((await refusal('salim', 'review', 'mark', quiet, 'tooLate')).reason).to.equal('markDoesNotFit');
    expect((await refusal('salim', 'review', 'mark', quiet, 'notNeeded')).reason).to.equal('markDoesNotFit');
    expect((await refusal('salim', 'review', 'mark', live, 'right')).reason).to.equal('stillLive');
    expect((await refusal('salim', 'review', 'mark', 'ffffffff', 'right')).reason).to.equal('unknownCall');
    expect((await refusal('salim', 'review', 'mark', 'xyz', 'right')).reason).to.equal('wrongId');
    const wrong = await mark('salim', rung, 'perfect');
    expect({ code: wrong.code, told: wrong.stderr.includes('right, notNeeded, tooLate, missed') }).to.deep.equal({
      code: 2,
      told: true,
    });
    expect(await listed('salim')).to.deep.equal([]);
    expect((await mark('salim', rung, 'tooLate')).stdout).to.equal(
      `Marked ${rung.slice(0, 8)}: tooLate (a person was needed, and was rung or came too late).\n`,
    );
    expect((await mark('salim', quiet, 'missed')).code).to.equal(0);
  });

  it('keeps the first mark until somebody says that it is to be changed; the audit keeps both', async () => {
    const rung = await escalated();
    await mark('salim', rung, 'right');
    expect((await refusal('huda', 'review', 'mark', rung, 'notNeeded')).reason).to.equal('alreadyMarked');
    expect((await mark('huda', rung, 'notNeeded', '--change')).code).to.equal(0);
    const [review] = await listed('huda');
    expect(review).to.include({ callId: rung, mark: 'notNeeded', reason: 'escalated', reviewer: 'Member huda' });
    const audit = (await line.json('aisha', ['audit', 'list', '--action', 'reviewMarked'])).value;
    expect(JSON.stringify(audit)).to.include('"before":"right"').and.include('"mark":"notNeeded"');
    const another = await escalated();
    const both = await Promise.all([mark('huda', another, 'right'), mark('salim', another, 'tooLate')]);
    expect(
      both.map(({ code }) => code).toSorted((a, b) => a - b),
      'of two at once one is told',
    ).to.deep.equal([0, 1]);
  });

  it('seals notes, shows them only for a reason, and lets them go with the words of the call', async () => {
    const note = 'قالت إنها وحدها';
    const rung = await escalated();
    await mark('salim', rung, 'right', '--note', note);
    expect(await dump(line.url)).to.not.include(note);
    expect((await listed('salim'))[0]?.note).to.equal(null);
    expect((await listed('salim', ...reason))[0]?.note).to.equal(note);
    await line.sql('update reviews set note = set_byte(note, 30, 1)');
    expect((await listed('salim', ...reason))[0]?.note).to.include('cannot be trusted');
    await line.sql('update calls set words_removed_at = now() where id = ?', [rung]);
    expect((await listed('salim', ...reason))[0]?.note).to.equal(null);
  });

  it('lists marks page by page, by mark and time, also for a spreadsheet that runs no formula', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await call());
    for (const id of ids) await mark('salim', id, id === ids[1] ? 'missed' : 'right', '--note', '=1+1');
    expect((await listed('salim')).map(({ callId }) => callId)).to.deep.equal(ids.toReversed());
    expect((await listed('salim', '--mark', 'missed')).map(({ callId }) => callId)).to.deep.equal([ids[1]]);
    expect((await listed('salim', '--until', '1h')).length).to.equal(0);
    const first = listShape.parse((await line.json('salim', ['review', 'list', '--limit', '2'])).value);
    const rest = await listed('salim', '--after', first.next ?? '');
    expect([...first.reviews, ...rest].map(({ callId }) => callId)).to.deep.equal(ids.toReversed());
    const csv = (await line.run('salim', ['review', 'list', '--csv', ...reason])).stdout;
    expect(csv).to.include(",'=1+1").and.not.include(',=1+1');
    expect((await line.run('salim', ['review', 'list', '--mark', 'fine'])).code).to.equal(2);
  });

  it('is counted in the report: false and late escalations, what the sample missed, and apart from it what else was found', async () => {
    const { drawn, not } = await drawnAndNot();
    const [needless, late] = [await escalated(), await escalated()];
    await escalated();
    await mark('salim', needless, 'notNeeded');
    await mark('salim', late, 'tooLate');
    await mark('salim', drawn, 'missed');
    await mark('salim', not, 'missed');
    const counted = { escalated: { calls: 0, notNeeded: 0, tooLate: 0 }, sample: { calls: 0, missed: 0 }, others: 0 };
    // Calls of the last hours may lie on two days.
    for (const on of ['today', 'yesterday']) {
      const { value } = await line.json('huda', ['report', 'day', '--on', on]);
      const { escalated: brought, sample, others } = reportShape.parse(value).reviews;
      counted.escalated.calls += brought.calls;
      counted.escalated.notNeeded += brought.marks['notNeeded'] ?? 0;
      counted.escalated.tooLate += brought.marks['tooLate'] ?? 0;
      counted.sample.calls += sample.calls;
      counted.sample.missed += sample.marks['missed'] ?? 0;
      counted.others += others.marks['missed'] ?? 0;
    }
    expect(counted).to.deep.equal({
      escalated: { calls: 3, notNeeded: 1, tooLate: 1 },
      sample: { calls: 1, missed: 1 },
      others: 1,
    });
  });

  it('of one organisation is not seen by another in the same database', async () => {
    const rung = await escalated();
    const other = line.another('+96824000001');
    try {
      await other.withAdministrator();
      await other.withMember('omar', 'reviewer');
      expect((await other.json('omar', ['review', 'next'])).value).to.have.property('call', null);
      const { code, value } = await other.json('omar', ['review', 'mark', rung, 'right']);
      expect({ code, reason: errorShape.parse(value).error.reason }).to.deep.equal({ code: 1, reason: 'unknownCall' });
    } finally {
      await other.close();
    }
  });
});
