import { expect } from 'chai';
import { WebSocket } from 'ws';
import { printTextFrame } from '../../../src/sandbox/azureSpeech/frames.ts';
import type { AzureSpeechOptions, AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import {
  closeSynthesiser,
  key,
  pause,
  sdk,
  speak,
  ssmlOf,
  startSandbox,
  synthesiser,
  toneVoice,
  until,
} from './realSdk.ts';
import type { SpeakRun } from './realSdk.ts';

describe('synthesis by the real SDK', () => {
  let sandbox: AzureSpeechSandbox;
  let synthesizer: sdk.SpeechSynthesizer;

  async function open(options: Partial<AzureSpeechOptions> = {}): Promise<void> {
    sandbox = await startSandbox(options);
    synthesizer = synthesiser(sandbox);
  }

  afterEach(async () => {
    await sandbox.close();
    await closeSynthesiser(synthesizer);
  });

  const reasonOf = ({ result }: SpeakRun): string => sdk.ResultReason[result.reason] ?? '';

  it('gives μ-law in chunks, each word before its audio, and the length of all', async () => {
    await open();
    const order: string[] = [];
    synthesizer.synthesizing = () => void order.push('audio');
    synthesizer.wordBoundary = (_, { text, audioOffset }) => void order.push(`${text} ${audioOffset / 10_000}`);
    const result = await new Promise<sdk.SpeechSynthesisResult>((resolve, reject) =>
      synthesizer.speakSsmlAsync(ssmlOf('مرحبا بك هنا'), resolve, reject),
    );
    expect(order).to.deep.equal(['مرحبا 0', 'audio', 'بك 100', 'audio', 'هنا 200', 'audio']);
    expect(sdk.ResultReason[result.reason]).to.equal('SynthesizingAudioCompleted');
    expect(result.audioDuration).to.equal(3_000_000);
    const { mulaw } = await toneVoice('مرحبا بك هنا', { voiceName: '', language: '' });
    expect(Buffer.from(result.audioData).equals(Buffer.from(mulaw))).to.equal(true);
  });

  it('speaks many sentences on one connection', async () => {
    await open();
    for (const text of ['one', 'one two', 'one two three']) {
      const run = await speak(synthesizer, ssmlOf(text));
      expect(run.result.audioData.byteLength).to.equal(text.split(' ').length * 800);
    }
    expect(sandbox.stats.connections.opened).to.equal(1);
    expect(sandbox.stats.perConnection[0]?.received).to.deep.equal({
      'speech.config': 1,
      'synthesis.context': 3,
      ssml: 3,
    });
  });

  it('asks the voice for the text, the voice and the language of the SSML', async () => {
    const asked: unknown[] = [];
    await open({
      voice: (text, how) => {
        asked.push([text, how.voiceName, how.language]);
        return toneVoice(text, how);
      },
    });
    const first = '<voice name="ar-OM-AyshaNeural">واحد &amp; <prosody rate="-5%">اثنان</prosody></voice>';
    const second = '<voice name="en-GB-RyanNeural" xml:lang="en-GB">three</voice>';
    const ssml = `<speak version="1.0" xml:lang="ar-OM">${first}<break time="50ms"/>${second}</speak>`;
    const run = await speak(synthesizer, ssml);
    expect(asked).to.deep.equal([
      ['واحد & اثنان', 'ar-OM-AyshaNeural', 'ar-OM'],
      ['three', 'en-GB-RyanNeural', 'en-GB'],
    ]);
    expect(run.words.map(({ offsetMs }) => offsetMs)).to.deep.equal([0, 100, 200, 350]);
  });

  it('says nothing of words when the client does not ask', async () => {
    await open();
    await new Promise((resolve, reject) => synthesizer.speakSsmlAsync(ssmlOf('one two'), resolve, reject));
    expect(sandbox.stats.perConnection[0]?.sent['audio.metadata']).to.equal(1);
  });

  it('waits before the first audio as it is told', async () => {
    await open({ timing: { firstAudioDelayMs: 100 } });
    const startedAt = performance.now();
    let firstMs = 0;
    synthesizer.synthesizing = () => (firstMs ||= performance.now() - startedAt);
    await new Promise((resolve, reject) => synthesizer.speakSsmlAsync(ssmlOf('one'), resolve, reject));
    expect(firstMs).to.be.within(95, 1_000);
    expect(sandbox.stats.lateFirstAudio).to.deep.equal({ count: 0, maxMs: 0 });
  });

  it('paces the audio as a multiple of real time', async () => {
    await open({ timing: { pacing: 5, audioChunkMs: 20 } });
    const startedAt = performance.now();
    const { chunks } = await speak(synthesizer, ssmlOf('one two three four five'));
    // 500 ms of audio at five times real time; the last chunk leaves 480 / 5 ms after the first.
    expect(performance.now() - startedAt).to.be.within(94, 1_000);
    expect(chunks).to.deep.equal(Array(25).fill(160));
  });

  it('counts a first audio that the voice itself made late', async () => {
    await open({ voice: async (text, how) => pause(30).then(() => toneVoice(text, how)) });
    await speak(synthesizer, ssmlOf('one'));
    expect(sandbox.stats.lateFirstAudio.count).to.equal(1);
    expect(sandbox.stats.lateFirstAudio.maxMs).to.be.at.least(28);
  });

  for (const [what, ssml, reason] of [
    ['without a voice', '<speak version="1.0" xml:lang="ar-OM">مرحبا</speak>', 'text outside <voice>'],
    ['not well-formed', ssmlOf('one <break'), 'stray'],
    ['with a voice that does not exist', ssmlOf('one', 'Nobody'), 'voice not known'],
  ] as const) {
    it(`refuses SSML ${what} with 1007, and takes the next`, async () => {
      await open();
      const refused = await speak(synthesizer, ssml);
      expect([reasonOf(refused), refused.result.errorDetails]).to.satisfy(
        ([got, details]: [string, string]) => got === 'Canceled' && details.includes('websocket error code: 1007'),
      );
      expect(sandbox.stats.perConnection[0]?.refusal).to.include(reason);
      expect(reasonOf(await speak(synthesizer, ssmlOf('one')))).to.equal('SynthesizingAudioCompleted');
    });
  }

  it('refuses every format but that of the telephone, clearly', async () => {
    await open();
    await closeSynthesiser(synthesizer);
    const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host), key);
    config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
    synthesizer = new sdk.SpeechSynthesizer(config, null);
    const { result } = await speak(synthesizer, ssmlOf('one'));
    expect(result.errorDetails).to.include('only raw-8khz-8bit-mono-mulaw is made here websocket error code: 1007');
  });

  it('ends a sentence at once on synthesis.control, when told to honour it', async () => {
    await open({ stopControl: 'honoured', timing: { pacing: 1 } });
    const connection = sdk.Connection.fromSynthesizer(synthesizer);
    const run = speak(synthesizer, ssmlOf(Array(40).fill('word').join(' ')));
    await until(
      () => (sandbox.stats.perConnection[0]?.sent['audio'] ?? 0) > 0,
      () => sandbox.stats,
    );
    await new Promise<void>((resolve, reject) =>
      connection.sendMessageAsync('synthesis.control', '{"action":"stop"}', resolve, reject),
    );
    expect((await run).chunks.length).to.be.lessThan(10);
  });

  it('ignores synthesis.control otherwise', async () => {
    await open({ timing: { pacing: 20 } });
    const connection = sdk.Connection.fromSynthesizer(synthesizer);
    const run = speak(synthesizer, ssmlOf(Array(8).fill('word').join(' ')));
    await until(
      () => (sandbox.stats.perConnection[0]?.sent['audio'] ?? 0) > 0,
      () => sandbox.stats,
    );
    connection.sendMessageAsync('synthesis.control', '{"action":"stop"}');
    expect((await run).chunks).to.have.length(8);
    expect(sandbox.stats.perConnection[0]?.received['synthesis.control']).to.equal(1);
  });

  it('speaks text that comes in pieces, sentence by sentence', async () => {
    const asked: string[] = [];
    await open({
      voice: (text, how) => {
        asked.push(text);
        return toneVoice(text, how);
      },
    });
    await closeSynthesiser(synthesizer);
    const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host), key);
    config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw8Khz8BitMonoMULaw;
    config.speechSynthesisVoiceName = 'ar-OM-AbdullahNeural';
    config.speechSynthesisLanguage = 'ar-OM';
    synthesizer = new sdk.SpeechSynthesizer(config, null);
    const request = new sdk.SpeechSynthesisRequest(sdk.SpeechSynthesisRequestInputType.TextStream);
    const done = new Promise<sdk.SpeechSynthesisResult>((resolve, reject) =>
      synthesizer.speakAsync(request, resolve, reject),
    );
    for (const piece of ['مرحبا', ' بك. كيف', ' حالك؟ طيب']) request.inputStream.write(piece);
    request.inputStream.close();
    const result = await done;
    expect(asked).to.deep.equal(['مرحبا بك.', 'كيف حالك؟', 'طيب']);
    expect(result.audioDuration).to.equal(5_000_000);
    expect(result.audioData.byteLength).to.equal(4_000);
  });

  it('lists its voices over REST', async () => {
    await open();
    const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host.replace('ws:', 'http:')), key);
    const lister = new sdk.SpeechSynthesizer(config, null);
    const { voices } = await lister.getVoicesAsync('ar-OM');
    expect(voices.map(({ shortName }) => shortName)).to.deep.equal(['ar-OM-AyshaNeural', 'ar-OM-AbdullahNeural']);
    await closeSynthesiser(lister);
    const wrong = await fetch(`${sandbox.host.replace('ws', 'http')}/cognitiveservices/voices/list`);
    expect(wrong.status).to.equal(401);
  });

  it('refuses a broken message, and one without a request id, with the codes of the service', async () => {
    await open();
    const codeOf = (message: string | Uint8Array): Promise<number> =>
      new Promise((resolve) => {
        const url = `${sandbox.host}/cognitiveservices/websocket/v2?Ocp-Apim-Subscription-Key=${key}`;
        const socket = new WebSocket(url);
        socket.on('open', () => socket.send(message));
        socket.on('close', resolve);
      });
    expect(await codeOf('no headers')).to.equal(1007);
    expect(await codeOf(printTextFrame({ Path: 'ssml' }, ''))).to.equal(1002);
    expect(await codeOf(new Uint8Array([0x7f, 0xff, 0]))).to.equal(1007);
  });
});
