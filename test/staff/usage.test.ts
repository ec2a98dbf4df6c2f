import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { readMoney, exactDecimal, shownMoney } from '../../src/staff/money.ts';
import { costOf } from '../../src/staff/usage/cost.ts';
import { settingDefinitions, settingNames, type Settings } from '../../src/store/settings.ts';
import type { UsageSum } from '../../src/store/usageQueries.ts';
import type { ProviderUse, UsageCounted } from '../../src/store/usageRecord.ts';
import { serverStartMs } from '../support/servers.ts';
import { StaffLine } from './staffLine.ts';

const nothing = {
  requests: 0,
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  amount: 0,
  estimated: 0,
  failures: 0,
  failovers: 0,
};
const sum = (change: Partial<UsageSum>): UsageSum => ({
  ...nothing,
  group: null,
  provider: 'openai',
  kind: 'reply',
  ...change,
});
const defaults: Settings = new Map(
  settingNames.map((name) => [
    name,
    { name, value: settingDefinitions[name].fallback, changedAt: null, changedBy: null },
  ]),
);

describe('the cost of usage', () => {
  it('is whole millionths: quantity times price, rounded once', () => {
    const used = sum({ inputTokens: 1_234_567, cachedTokens: 1, outputTokens: 100 });
    // 2.469134 + 0.0000005 (goes up) + 0.0008
    expect(costOf([used], defaults)).to.deep.equal({ micros: 2_469_134 + 1 + 800, missing: [] });
    const small = Array.from({ length: 4 }, () => sum({ cachedTokens: 1 }));
    expect(costOf(small, defaults).micros).to.equal(2);
    expect(costOf([sum({ provider: 'azure', kind: 'recognition', amount: 1_800_000 })], defaults).micros).to.equal(
      500_000,
    );
  });

  it('stays exact beyond what a float holds', () => {
    const year = sum({ outputTokens: 9_007_199_254_740_991 });
    expect(costOf([year], defaults).micros).to.equal(Number(9_007_199_254_740_991n * 8n + 0n));
  });

  it('names the prices that are not set, and invents none', () => {
    const used = [
      sum({ provider: 'twilio', kind: 'callerLeg', amount: 3 }),
      sum({ provider: 'other', inputTokens: 5 }),
    ];
    expect(costOf(used, defaults)).to.deep.equal({
      micros: 0,
      missing: ['prices.other.inputTokens', 'prices.twilio.callerLeg'],
    });
  });

  it('is typed and shown without a float in between', () => {
    for (const [text, micros] of [
      ['2.5', 2_500_000],
      ['0.000001', 1],
      ['15', 15_000_000],
      ['0', 0],
    ] as const)
      expect(readMoney(text)).to.equal(micros);
    for (const text of ['', '-1', '1e3', '1,5', '0.0000001', '12345678', 'NaN'])
      expect(readMoney(text), text).to.equal(null);
    expect(exactDecimal(2_500_000)).to.equal('2.50');
    expect(exactDecimal(8_501)).to.equal('0.008501');
    expect(shownMoney(1_234_567_890_000, 'OMR')).to.equal('1,234,567.89 OMR');
    expect(shownMoney(1_230, 'USD')).to.equal('0.00123 USD');
  });
});

const usageShape = z.object({
  calls: z.number(),
  currency: z.string(),
  total: z.object({ micros: z.number(), missing: z.array(z.string()) }),
  perCallMicros: z.number().nullable(),
  lines: z.array(z.looseObject({ group: z.string().nullable(), provider: z.string(), kind: z.string() })),
});
const errorShape = z.object({ error: z.object({ reason: z.string(), message: z.string() }) });

describe('usage and settings of a line', function () {
  this.timeout(serverStartMs);
  let line: StaffLine;

  beforeEach(async () => {
    line = await StaffLine.open();
    await line.withAdministrator();
    await line.withMember('salim', 'supervisor');
  });

  afterEach(async () => line.close());

  const use = (change: Partial<ProviderUse>): ProviderUse => ({
    ...nothing,
    provider: 'openai',
    kind: 'reply',
    model: 'm-1',
    ...change,
  });
  const keep = async (record: Omit<UsageCounted, 'type'>): Promise<void> => {
    line.kept.writer.append({ type: 'usageCounted', ...record });
    await line.kept.writer.flush(5_000);
  };
  const call = (): Promise<string> =>
    line.call({ started: { startedAt: new Date(Date.now() - 3_600_000) }, seconds: 61 });
  const usage = async (...words: readonly string[]) => {
    const { code, value } = await line.json('salim', ['usage', ...words]);
    expect(code).to.equal(0);
    return usageShape.parse(value);
  };
  const refusal = async (who: string, ...words: readonly string[]) => {
    const { code, value } = await line.json(who, words);
    return { code, ...errorShape.parse(value).error };
  };
  const lineOf = (found: z.infer<typeof usageShape>, kind: string) => found.lines.filter((each) => each.kind === kind);

  it('counts repeated and late totals of a part once, and adds those of two servers', async () => {
    const callId = await call();
    const [first, second] = [randomUUID(), randomUUID()];
    const stages = [{ stage: 'firstAudio', tookMs: [100, 200] }];
    const later = { callId, part: first, uses: [use({ requests: 2, inputTokens: 300, failures: 1 })], stages };
    await keep(later);
    await keep(later);
    await keep({ ...later, uses: [use({ requests: 1, inputTokens: 100 })], stages: [] });
    await keep({ callId, part: second, uses: [use({ requests: 1, inputTokens: 50, outputTokens: 5 })], stages: [] });
    const [reply] = lineOf(await usage(), 'reply');
    expect(reply).to.include({ requests: 3, inputTokens: 350, outputTokens: 5, failures: 1, costMicros: 740 });
    expect(line.kept.alarms).to.deep.equal([]);
  });

  it('holds the carrier’s minutes of every call, however it ended, each minute begun', async () => {
    await call();
    await line.sql(`update calls set ended_at = ended_at + interval '60 seconds'`);
    expect(lineOf(await usage(), 'callerLeg')).to.have.length(1);
    expect(lineOf(await usage(), 'callerLeg')[0]).to.include({
      provider: 'twilio',
      requests: 1,
      amount: 3,
      costMicros: null,
    });
    expect((await usage()).total.missing).to.deep.equal(['prices.twilio.callerLeg']);
  });

  it('holds the minutes of each person’s leg, from when they answered', async () => {
    const callId = await call();
    const escalation = await line.escalation(callId, 'words');
    await line.sql(
      `insert into escalation_attempts (id, organisation_id, escalation_id, round, wave, position, state, due_at, answered_at)
       select gen_random_uuid(), organisation_id, id, 1, n, 0, 'left', now(), case when n < 3 then now() - interval '90 seconds' end
         from escalations, generate_series(1, 3) n where id = ?`,
      [escalation],
    );
    await line.sql(`update escalation_attempts set ended_at = now()`);
    expect(lineOf(await usage(), 'personLeg')[0]).to.include({ requests: 2, amount: 4 });
  });

  it('is told by day and by call, as a table and for a spreadsheet', async () => {
    const callId = await call();
    await keep({ callId, part: randomUUID(), uses: [use({ inputTokens: 500_000, estimated: 1 })], stages: [] });
    const [ofCall] = lineOf(await usage('--by', 'call'), 'reply');
    expect(ofCall).to.include({ group: callId, costMicros: 1_000_000 });
    const [ofDay] = lineOf(await usage('--by', 'day'), 'reply');
    expect(ofDay?.group).to.match(/^\d{4}-\d{2}-\d{2}$/);
    const { stdout } = await line.run('salim', ['usage']);
    expect(stdout).to.match(/openai +reply +500,000 tokens in, 0 out +1\.00/);
    expect(stdout).to.include('1 call, 1.00 USD, 1.00 USD a call').and.include('1 requests are guessed');
    const csv = await line.run('salim', ['usage', '--by', 'call', '--csv']);
    expect(csv.stdout).to.include('call,provider,kind').and.include(`${callId},openai,reply`);
    expect(await usage('--from', '2020-01-01', '--to', '2020-01-02')).to.include({ calls: 0, perCallMicros: null });
    expect(await refusal('salim', 'usage', '--from', 'today', '--to', '9d')).to.include({
      code: 2,
      reason: 'wrongPeriod',
    });
  });

  it('costs by the prices that are set, which only who may change settings sets, and the audit tells', async () => {
    const callId = await call();
    expect(await refusal('salim', 'settings', 'set', 'prices.twilio.callerLeg', '0.01')).to.include({
      reason: 'missingRight',
    });
    const set = await line.json('aisha', ['settings', 'set', 'prices.twilio.callerLeg', '0.0125']);
    expect(set).to.deep.include({ code: 0 });
    expect(await usage()).to.deep.include({ total: { micros: 25_000, missing: [] }, perCallMicros: 25_000 });
    const audit = await line.run('aisha', ['audit', 'list', '--json']);
    expect(audit.stdout).to.include('settingChanged').and.include('prices.twilio.callerLeg');
    const shown = await line.run('aisha', ['settings', 'show', 'prices.twilio.callerLeg']);
    expect(shown.stdout).to.match(/0\.0125 USD per minute begun\n +\d{4}-.*by [0-9a-f]{8}/);
    await line.json('aisha', ['settings', 'set', 'prices.twilio.callerLeg', 'default']);
    expect((await usage()).total.missing).to.deep.equal(['prices.twilio.callerLeg']);
    expect(callId).to.be.a('string');
  });

  it('refuses settings and values that there are not, and says what there is', async () => {
    const { message, ...rest } = await refusal('aisha', 'settings', 'set', 'prices.openai.output', '1');
    expect(rest).to.deep.equal({ code: 2, reason: 'unknownSetting' });
    expect(message).to.include('prices.openai.outputTokens');
    for (const value of ['-1', 'much', '1.2345678'])
      expect(
        (await line.run('aisha', ['settings', 'set', '--', 'prices.azure.synthesis', value])).code,
        value,
      ).to.equal(2);
    expect((await line.run('aisha', ['settings', 'set', 'prices.currency', 'rial'])).code).to.equal(2);
    const { stdout } = await line.run('salim', ['settings', 'list']);
    expect(stdout)
      .to.include('15.00 USD')
      .and.include('Check your contract')
      .and.match(/prices\.twilio\.message +none/);
  });

  it('stands in the report: cost of a call by provider, failures, failovers, and the time of each stage', async () => {
    const callId = await call();
    const uses = [use({ requests: 4, outputTokens: 250_000, failures: 2, failovers: 1 })];
    const stages = [{ stage: 'firstToken', tookMs: [300, 100, 200, 900] }];
    await keep({ callId, part: randomUUID(), uses, stages });
    const { stdout } = await line.run('salim', ['report', 'month', '--csv', '--on', '1h']);
    for (const cell of [
      'usage,costPerCall.openai,cost,2000000,microUSD,',
      'usage,providerFailures.openai.reply,count,2,count,4',
      'usage,failovers.openai.reply,count,1,count,4',
      'stages,stage.firstToken,p50,200,ms,4',
      'stages,stage.firstToken,p95,900,ms,4',
      'stages,stage.words,p50,,ms,0',
    ])
      expect(stdout).to.include(cell);
    const told = await line.run('salim', ['report', 'month', '--on', '1h']);
    // No price is known of it.
    expect(told.stdout).to.not.include('Twilio: cost');
    expect(told.stdout)
      .to.match(/OpenAI: cost of a call +2\.00 USD/)
      .and.include('no price is set: prices.twilio.callerLeg');
  });

  it('of another organisation is neither seen nor priced', async () => {
    const other = line.another('+96824000099');
    await other.withAdministrator();
    const callId = await other.call({ started: { startedAt: new Date(Date.now() - 3_600_000) } });
    other.kept.writer.append({
      type: 'usageCounted',
      callId,
      part: randomUUID(),
      uses: [use({ requests: 1 })],
      stages: [],
    });
    await other.close();
    expect(await usage()).to.deep.include({ calls: 0, lines: [] });
  });
});
