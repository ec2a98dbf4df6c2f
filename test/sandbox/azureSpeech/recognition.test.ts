import { expect } from 'chai';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { joined, silence, tone } from './burstMatcher.ts';
import { configOf, recognise, sdk, startSandbox, until } from './realSdk.ts';
import type { RecognitionRun } from './realSdk.ts';

describe('recognition by the real SDK', () => {
  let sandbox: AzureSpeechSandbox;
  let run: RecognitionRun;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await run.close();
    await sandbox.close();
  });

  const finals = (): string[] => run.heard.filter(({ event }) => event === 'final').map(({ text }) => text ?? '');

  it('hears what the audio holds and where, with hypotheses before the phrase', async () => {
    run = recognise(configOf(sandbox));
    await run.start();
    run.write(joined(silence(100), tone(400, 300), silence(300)));
    await until(() => finals().length === 1, () => run.heard);
    expect(run.heard.filter(({ event }) => event !== 'hypothesis')).to.deep.equal([
      { event: 'start', offsetMs: 100 },
      { event: 'end', offsetMs: 400 },
      { event: 'final', text: 'tone 400', offsetMs: 100 },
    ]);
    const hypotheses = run.heard.filter(({ event }) => event === 'hypothesis');
    expect(hypotheses[0]).to.deep.equal({ event: 'hypothesis', text: 'tone 400', offsetMs: 100 });
    expect(hypotheses.length).to.be.greaterThan(1);
  });
});
