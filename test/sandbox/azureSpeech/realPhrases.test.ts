import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Alawmulaw from 'alawmulaw';
import { expect } from 'chai';
import { createPhraseMatcher, loadPhrases } from '../../../src/sandbox/azureSpeech/phraseMatcher.ts';
import type { PhraseMatcher, PhraseTemplate } from '../../../src/sandbox/azureSpeech/phraseMatcher.ts';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { joined, silence } from './burstMatcher.ts';
import { configOf, recognise, sdk, startSandbox, until } from './realSdk.ts';
import type { RecognitionRun } from './realSdk.ts';

const { mulaw }: typeof Alawmulaw = createRequire(import.meta.url)('alawmulaw');

const folder = path.resolve(import.meta.dirname, '..', '..', '..', 'fixtures', 'audio');

describe('the phrases of the fixtures, through the real SDK and the whole server', () => {
  let phrases: readonly PhraseTemplate[];
  let matcher: PhraseMatcher;
  let sandbox: AzureSpeechSandbox;
  let run: RecognitionRun;

  before(async () => {
    phrases = await loadPhrases(folder);
    matcher = createPhraseMatcher(phrases);
  });
  beforeEach(async () => {
    sandbox = await startSandbox({ matcher });
    const config = configOf(sandbox);
    config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '400');
    config.requestWordLevelTimestamps();
    run = recognise(config);
    await run.start();
  });
  afterEach(async () => {
    await run.close();
    await sandbox.close();
  });

  const phrase = (id: string): PhraseTemplate => {
    const found = phrases.find((template) => template.id === id);
    if (found === undefined) throw new Error(`no phrase ${id}`);
    return found;
  };
  const samples = (id: string): Int16Array => Int16Array.from(mulaw.decode(phrase(id).mulaw));

  it('are heard word by word and whole, at the time they were said', async () => {
    run.write(joined(silence(300), samples('hello'), silence(700), samples('greeting-reply'), silence(600)));
    await until(
      () => run.results.length === 2,
      () => run.heard,
    );
    expect(run.results.map(({ text }) => text)).to.deep.equal([phrase('hello').text, phrase('greeting-reply').text]);
    expect((run.results[0]?.offset ?? 0) / 10_000).to.be.within(200, 500);
    const secondMs = 300 + samples('hello').length / 8 + 700;
    expect((run.results[1]?.offset ?? 0) / 10_000).to.be.within(secondMs - 100, secondMs + 200);
    const hypotheses = run.heard.filter(({ event }) => event === 'hypothesis').map(({ text }) => text ?? '');
    expect(hypotheses.length).to.be.greaterThan(1);
    const json: unknown = JSON.parse(run.results[0]?.json ?? '');
    expect(json).to.have.nested.property('NBest[0].Words').with.length(phrase('hello').words.length);
  });

  it('are heard as nothing when the bytes of the samples are swapped on the way', async () => {
    const swapped = Int16Array.from(samples('hello'), (sample) => ((sample & 0xff) << 8) | ((sample >> 8) & 0xff));
    run.write(joined(silence(300), swapped, silence(1_000)));
    run.push.close();
    await until(
      () => run.heard.at(-1)?.event === 'stopped',
      () => run.heard,
    );
    expect(run.heard.filter(({ text = '' }) => text !== '')).to.deep.equal([]);
    expect(sandbox.stats.perConnection[0]?.audioBytes).to.equal(2 * (swapped.length + 1_300 * 8));
  });
});
