import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { afterCallJob, lookBackJob } from '../../src/jobs/afterCall.ts';
import type { JobDefinition } from '../../src/jobs/queues.ts';
import { silentLog } from '../../src/log.ts';
import { startLanguageModels, type LanguageModels } from '../../src/sandbox/languageModels/server.ts';
import { changeSetting } from '../../src/store/settings.ts';
import { lastApprovedSummary, readShownSummary, summaryOfCall } from '../../src/store/summaries.ts';
import { anthropicStructured } from '../../src/therapist/structured/anthropic.ts';
import { openaiStructured } from '../../src/therapist/structured/openai.ts';
import { recordedLine, secretWords, type RecordedLine } from '../callers/recordedCalls.ts';
import { dump } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';

const keys = { openai: 'sk-sandbox-openai', anthropic: 'sk-ant-sandbox' } as const;

describe('after a call', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  let vendors: LanguageModels;
  before(async () => {
    vendors = await startLanguageModels({
      openaiKey: keys.openai,
      anthropicKey: keys.anthropic,
      timing: { firstTokenMs: 1, tokenEveryMs: 0 },
    });
  });
  after(() => vendors.close());
  beforeEach(async () => {
    on = await recordedLine();
    vendors.faults.clear();
  });
  afterEach(() => on.close());

  const parts = () => ({
    database: on.store.database,
    keys: on.store.keys,
    models: [
      openaiStructured({ apiKey: keys.openai, model: 'gpt-test', baseUrl: vendors.openaiBaseUrl }),
      anthropicStructured({ apiKey: keys.anthropic, model: 'claude-test', baseUrl: vendors.anthropicBaseUrl }),
    ],
    log: silentLog,
  });
  const run = (job: JobDefinition, payload: Record<string, string>): Promise<void> =>
    job.run({ id: randomUUID(), payload, attempt: 1, signal: new AbortController().signal });
  const summarised = (callId: string) => run(afterCallJob(parts()), { callId, organisationId: on.organisation.id });
  const summaryOf = (callId: string) =>
    on.store.database.within(on.organisation.id, (tx) => summaryOfCall(tx, on.store.keys, callId));

  it('is asked for in the transaction that ends the call', async () => {
    const callId = await on.call();
    const [rows] = await on.asOwner(`select topic, payload from outbox where topic = 'call.ended'`);
    expect(rows).to.deep.equal([{ topic: 'call.ended', payload: { callId } }]);
  });

  it('leaves a sealed draft, once, however often it runs', async () => {
    const callId = await on.call();
    await summarised(callId);
    await summarised(callId);
    const summary = await summaryOf(callId);
    expect(summary).to.include({ state: 'draft', source: 'openai', version: 1 });
    const text = summary?.body.kind === 'text' ? summary.body.text : '';
    expect(text).to.include(secretWords.said);
    expect(await dump(on.url)).to.not.include('uniquesaid');
  });

  it('goes on to the other model, and to an extract that says what it is, when models fail', async () => {
    const callId = await on.call();
    vendors.faults.add({ scope: 'openaiStructured', fault: { kind: 'status', status: 500 }, times: 3 });
    vendors.faults.add({ scope: 'anthropicStructured', fault: { kind: 'brokenJson' }, times: 3 });
    await summarised(callId);
    expect(await summaryOf(callId)).to.include({ source: 'extractive', state: 'draft' });
  });

  it('writes nothing without consent to keep words, nor while the call goes on', async () => {
    for (const change of [{ keepWords: 'refused' }, { keepWords: null }, { live: true }] as const) {
      const callId = await on.call({ ...change, from: null });
      await summarised(callId);
      expect(await summaryOf(callId), JSON.stringify(change)).to.equal(null);
    }
  });

  it('approves nothing by itself, unless the organisation has said so', async () => {
    const callId = await on.call();
    await on.store.database.within(on.organisation.id, (tx) =>
      changeSetting(tx, on.organisation.id, { name: 'summaries.autoApprove', value: 'yes', by: null }),
    );
    const callerId = await on.callerIdOf(callId);
    const approved = () =>
      on.store.database.within(on.organisation.id, (tx) => lastApprovedSummary(tx, on.store.keys, callerId));
    expect(await approved()).to.equal(null);
    await summarised(callId);
    expect((await approved())?.callId).to.equal(callId);
  });

  it('is found again when the queue has lost it', async () => {
    const callId = await on.call();
    const added: string[] = [];
    const queues = { add: (_kind: unknown, { id }: { id: string }) => Promise.resolve(void added.push(id)) };
    const look = lookBackJob({ ...parts(), queues });
    await run(look, {});
    expect(added).to.deep.equal([callId]);
    await summarised(callId);
    await run(look, {});
    expect(added).to.have.length(1);
  });

  it('is corrected, approved and taken back by the version that was read, with every version kept', async () => {
    const callId = await on.call();
    await summarised(callId);
    const id = (await summaryOf(callId))?.id ?? '';
    const listed = await on.sanad('summaries', 'list');
    expect(listed.stdout).to.include(id.slice(0, 8)).and.include('OpenAI').and.not.include('uniquesaid');
    const shown = JSON.parse((await on.sanad('summaries', 'show', id, '--reason', 'supervision', '--json')).stdout);
    expect(shown.summary.broughtBy).to.include('uniquesaid');
    expect((await on.sanad('summaries', 'show', id, '--reason', 'supervision')).stdout).to.include('Course of danger');
    expect((await on.sanad('summaries', 'approve', id, '--version', '2')).stderr).to.include('Its version is 1 now');
    expect((await on.sanad('summaries', 'approve', id, '--version', '1')).code).to.equal(0);
    expect((await on.sanad('summaries', 'approve', id, '--version', '1')).stderr).to.include('approved already');
    expect(
      (await on.sanad('summaries', 'reject', id, '--version', '1', '--reason', 'not what was said')).code,
    ).to.equal(0);
    const steps = await on.store.database.within(on.organisation.id, (tx) => readShownSummary(tx, on.store.keys, id));
    expect(steps?.steps.map(({ step }) => step)).to.deep.equal(['made', 'approved', 'rejected']);
    expect((await on.sanad('summaries', 'show', 'ffffffff', '--reason', 'supervision')).code).to.equal(1);
    expect((await on.sanad('summaries', 'edit', id, '--version', '1', '--file', '/nowhere.json')).stderr).to.include(
      'cannot be read',
    );
    expect((await on.sanad('profile', 'show')).stdout).to.include('Approach');
  });

  it('goes with the words of the call', async () => {
    const callId = await on.call();
    await summarised(callId);
    await on.asOwner(
      `update calls set ended_at = now() - interval '200 days', words_due_at = now() where id = '${callId}'`,
    );
    await on.sanad('retention', 'run');
    expect((await summaryOf(callId))?.body.kind).to.equal('removed');
  });
});
