import { expect } from 'chai';
import { z } from 'zod';
import { atMost, chooseVoice, findEspeakOn } from '../../src/sandbox/sandboxVoice.ts';
import { startSandboxProcess } from '../../src/sandbox/sandboxProcess.ts';
import type { SandboxProcess } from '../../src/sandbox/sandboxProcess.ts';

describe('the sandbox in a process of its own', function () {
  // A process has to start; under the load of other tests that takes seconds.
  this.timeout(30_000);
  let sandbox: SandboxProcess;
  const lines: string[] = [];

  before(async () => {
    sandbox = await startSandboxProcess({ espeak: null, log: (line) => lines.push(line) });
  });
  after(() => sandbox.stop());

  it('gives the application what it needs to reach every stand-in', () => {
    expect(Object.keys(sandbox.env)).to.have.members([
      'AZURE_SPEECH_HOST',
      'AZURE_SPEECH_KEY',
      'OPENAI_BASE_URL',
      'OPENAI_API_KEY',
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_API_KEY',
    ]);
    expect(sandbox.env['AZURE_SPEECH_HOST']).to.match(/^ws:\/\/127\.0\.0\.1:\d+$/);
  });

  it('says what is not real', () => {
    expect(lines.join('\n'))
      .to.match(/it is not Azure/)
      .and.to.match(/tone voice/)
      .and.to.match(/not a model/);
  });

  it('serves both, each behind its own key', async () => {
    const voices = `${sandbox.env['AZURE_SPEECH_HOST']?.replace('ws', 'http')}/cognitiveservices/voices/list`;
    const headers = { 'Ocp-Apim-Subscription-Key': sandbox.env['AZURE_SPEECH_KEY'] ?? '' };
    expect((await fetch(voices, { headers })).status).to.equal(200);
    expect((await fetch(voices, { headers: { 'Ocp-Apim-Subscription-Key': 'another' } })).status).to.equal(401);
    const models = `${sandbox.env['OPENAI_BASE_URL']}/chat/completions`;
    expect((await fetch(models, { method: 'POST', body: '{}' })).status).to.equal(401);
  });

  it('takes faults while it runs, and refuses what is none', async () => {
    const { speech, models } = sandbox.control;
    await speech.setFaults([{ scope: 'recognition', fault: { kind: 'http', status: 503 } }]);
    await speech.clearFaults();
    await models.clearFaults();
    const wrong = z.string().parse('earthquake');
    const refused = await fetch(`${sandbox.env['AZURE_SPEECH_HOST']?.replace('ws', 'http')}/sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({ scope: 'recognition', fault: { kind: wrong } }),
    });
    expect(refused.status).to.equal(400);
    const seen = z.object({ connections: z.object({ opened: z.int() }) }).parse(await speech.stats());
    expect(seen.connections.opened).to.equal(0);
  });

  it('tells its own processor time, so that it can be told from the application’s', async () => {
    expect(await sandbox.cpuMs()).to.be.within(1, 600_000);
  });

  it('ends when it is told, and can no longer be reached', async () => {
    const other = await startSandboxProcess({ espeak: null });
    await other.stop();
    const reached = await other.cpuMs().then(
      () => true,
      () => false,
    );
    expect(reached).to.equal(false);
  });

  it('says why it does not start', async () => {
    const started = startSandboxProcess({ espeak: null, speechTiming: { finalDelayMs: -1 } });
    const message = await started.then(
      () => 'started',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(message).to.include('the sandbox did not start').and.to.include('finalDelayMs');
  });
});

describe('the voice of the sandbox', () => {
  it('is a tone that says so where there is no espeak-ng', async () => {
    expect(findEspeakOn('/nowhere:')).to.equal(null);
    const { voice, label } = chooseVoice(null);
    expect(label).to.include('tone voice');
    const spoken = await voice('مرحبا بك', { voiceName: 'ar-OM-AyshaNeural', language: 'ar-OM' });
    expect(spoken.words.map(({ text }) => text)).to.deep.equal(['مرحبا', 'بك']);
    expect(spoken.mulaw.length).to.be.greaterThan(1_000);
  });

  it('fails a sentence when its program cannot be run, and does not keep the failure', async () => {
    const { voice } = chooseVoice({ command: '/nowhere/espeak-ng' });
    const failure = (): Promise<string> =>
      voice('one', { voiceName: 'en-GB-RyanNeural', language: 'en-GB' }).then(
        () => 'spoke',
        (error: unknown) => (error instanceof Error ? error.name : ''),
      );
    expect([await failure(), await failure()]).to.deep.equal(['EspeakError', 'EspeakError']);
  });

  it('runs no more programs at once than it may, in the order they were asked for', async () => {
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const limited = atMost(2, async (name: string) => {
      order.push(name);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (name === 'b') throw new Error('b fails');
      return name;
    });
    const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => limited(name)));
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect([order, most]).to.deep.equal([['a', 'b', 'c', 'd', 'e'], 2]);
  });
});
