import { expect } from 'chai';
import type { AzureSpeechFault } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { AzureSpeechOptions, AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { closeSynthesiser, pause, sdk, speak, ssmlOf, startSandbox, synthesiser, until } from './realSdk.ts';

describe('planned faults of synthesis, as the real SDK meets them', () => {
  let sandbox: AzureSpeechSandbox;
  let synthesizer: sdk.SpeechSynthesizer;
  const sentence = ssmlOf('one two three four');

  async function open(
    fault: AzureSpeechFault,
    plan: { times?: number | null; afterMs?: number } = {},
    options: Partial<AzureSpeechOptions> = {},
  ): Promise<void> {
    sandbox = await startSandbox(options);
    sandbox.faults.set({ scope: 'synthesis', fault, ...plan });
    synthesizer = synthesiser(sandbox);
  }

  afterEach(async () => {
    await sandbox.close();
    await closeSynthesiser(synthesizer);
  });

  /** What came before it was clear that nothing more would. */
  async function hangs(): Promise<{ ended: boolean; audioBytes: number }> {
    let ended = false;
    void speak(synthesizer, sentence).then(
      () => (ended = true),
      () => {},
    );
    await until(
      () => (sandbox.stats.perConnection[0]?.turns ?? 0) > 0,
      () => sandbox.stats,
    );
    await pause(60);
    return { ended, audioBytes: sandbox.stats.perConnection[0]?.audioBytes ?? 0 };
  }

  for (const status of [401, 403, 429, 503]) {
    it(`answers the upgrade with ${status}, once, and serves the next`, async () => {
      await open({ kind: 'http', status });
      const { result } = await speak(synthesizer, sentence);
      expect(sdk.ResultReason[result.reason]).to.equal('Canceled');
      expect(result.errorDetails).to.include(`Unexpected server response: ${status}`);
      expect(sandbox.stats.upgrades.map(({ answer }) => answer)).to.deep.equal([status]);
      expect((await speak(synthesizer, sentence)).result.audioData.byteLength).to.equal(3_200);
    });
  }

  for (const code of [1001, 1006, 1011]) {
    it(`closes with ${code} in mid-synthesis, which cancels, and speaks the next`, async () => {
      await open({ kind: 'close', at: 'midSynthesis', code });
      const { result, chunks } = await speak(synthesizer, sentence);
      expect(sdk.ResultReason[result.reason]).to.equal('Canceled');
      expect(chunks).to.deep.equal([800, 800]);
      expect((await speak(synthesizer, sentence)).result.audioData.byteLength).to.equal(3_200);
      expect(sandbox.stats.connections.opened).to.equal(2);
    });
  }

  it('closes with 1000 in mid-synthesis, after which the SDK waits for ever', async () => {
    await open({ kind: 'close', at: 'midSynthesis', code: 1000 });
    expect(await hangs()).to.deep.equal({ ended: false, audioBytes: 1_600 });
    expect(sandbox.stats.perConnection[0]?.open).to.equal(false);
  });

  it('stops half-way with the connection open', async () => {
    await open({ kind: 'stall', share: 0.5 });
    expect(await hangs()).to.deep.equal({ ended: false, audioBytes: 1_600 });
    expect(sandbox.stats.connections.now).to.equal(1);
  });

  it('sends all audio and no end of the turn', async () => {
    await open({ kind: 'noTurnEnd' });
    expect(await hangs()).to.deep.equal({ ended: false, audioBytes: 3_200 });
  });

  it('takes a sentence and says nothing', async () => {
    await open({ kind: 'silent', at: 'open' });
    expect(await hangs()).to.deep.equal({ ended: false, audioBytes: 0 });
  });

  it('is cut off in mid-synthesis by a reset', async () => {
    await open({ kind: 'reset', at: 'midSynthesis' });
    const { result } = await speak(synthesizer, sentence);
    expect(sdk.ResultReason[result.reason]).to.equal('Canceled');
  });

  it('breaks the response, so that no audio is heard', async () => {
    await open({ kind: 'badJson', path: 'response' });
    const run = hangs();
    expect((await run).ended).to.equal(false);
  });

  it('sends the audio slower than it is spoken', async () => {
    await open({ kind: 'slowAudio', pacing: 4 });
    const startedAt = performance.now();
    await speak(synthesizer, sentence);
    // The last of four chunks of 100 ms is due after 300 / 4 ms.
    expect(performance.now() - startedAt).to.be.within(74, 1_000);
  });

  it('sends the audio in bursts', async () => {
    await open({ kind: 'burstyAudio', burstMs: 200, everyMs: 80 });
    const at: number[] = [];
    const startedAt = performance.now();
    synthesizer.synthesizing = () => void at.push(performance.now() - startedAt);
    await new Promise((resolve, reject) => synthesizer.speakSsmlAsync(sentence, resolve, reject));
    expect(at).to.have.length(4);
    expect((at[2] ?? 0) - (at[1] ?? 0)).to.be.within(40, 1_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).to.be.lessThan(40);
  });

  it('closes an idle connection after its time; the next sentence opens another', async () => {
    await open({ kind: 'cut', lifeMs: 1, code: 1001 }, {}, { timing: { connectionIdleMs: 30 } });
    await new Promise<void>((resolve) => {
      sdk.Connection.fromSynthesizer(synthesizer).openConnection(resolve, () => resolve());
    });
    await until(
      () => sandbox.stats.connections.opened === 1 && sandbox.stats.connections.now === 0,
      () => sandbox.stats,
    );
    expect((await speak(synthesizer, sentence)).result.audioData.byteLength).to.equal(3_200);
    await until(
      () => sandbox.stats.connections.opened === 2 && sandbox.stats.connections.now === 0,
      () => sandbox.stats,
    );
  });

  it('leaves recognition alone: each fault has its scope', async () => {
    await open({ kind: 'http', status: 503 }, { times: null });
    expect(sandbox.faults.take('recognition', 'http')).to.equal(undefined);
    expect(sandbox.faults.take('synthesis', 'http')?.fault.status).to.equal(503);
  });
});
