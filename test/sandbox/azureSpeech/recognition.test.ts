import { expect } from 'chai';
import type { AzureSpeechOptions, AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { joined, silence, tone } from './burstMatcher.ts';
import { configOf, key, recognise, sdk, startSandbox, until } from './realSdk.ts';
import type { Heard, RecognitionRun } from './realSdk.ts';

describe('recognition by the real SDK', () => {
  let sandbox: AzureSpeechSandbox;
  let run: RecognitionRun;

  async function open(
    options: Partial<AzureSpeechOptions> = {},
    configure: (config: sdk.SpeechConfig) => void = () => {},
    mulaw = false,
  ): Promise<void> {
    sandbox = await startSandbox(options);
    const config = configOf(sandbox);
    configure(config);
    run = recognise(config, mulaw);
    await run.start();
  }

  afterEach(async () => {
    await run.close();
    await sandbox.close();
  });

  const of = (event: string): Heard[] => run.heard.filter((heard) => heard.event === event);
  const finals = (): (readonly [string | undefined, number | undefined])[] =>
    of('final').map(({ text, offsetMs }) => [text, offsetMs]);
  const untilFinals = (count: number): Promise<void> =>
    until(
      () => finals().length === count,
      () => run.heard,
    );

  it('hears what the audio holds and where, with hypotheses before the phrase', async () => {
    await open();
    run.write(joined(silence(100), tone(400, 300), silence(300)));
    await untilFinals(1);
    expect(run.heard.filter(({ event }) => event !== 'hypothesis')).to.deep.equal([
      { event: 'start', offsetMs: 100 },
      { event: 'end', offsetMs: 400 },
      { event: 'final', text: 'tone 400', offsetMs: 100 },
    ]);
    expect(run.heard[1]).to.deep.equal({ event: 'hypothesis', text: 'tone 400', offsetMs: 100 });
    expect(of('hypothesis')).to.have.length(15);
  });

  it('hears other audio as other words, and silence as nothing', async () => {
    await open();
    run.write(joined(tone(900, 200), silence(300), tone(600, 200), silence(400)));
    await untilFinals(2);
    expect(finals()).to.deep.equal([
      ['tone 900', 0],
      ['tone 600', 500],
    ]);
    expect(of('start')).to.have.length(2);
  });

  it('takes μ-law by the tag of its header', async () => {
    await open({}, undefined, true);
    run.write(joined(silence(100), tone(500, 300), silence(300)));
    await untilFinals(1);
    expect(finals()).to.deep.equal([['tone 500', 100]]);
    expect(sandbox.stats.perConnection[0]?.audioBytes).to.equal(700 * 8);
  });

  it('gives words, their times and a confidence when details are asked for', async () => {
    await open({}, (config) => config.requestWordLevelTimestamps());
    run.write(joined(silence(200), tone(400, 300), silence(300)));
    await untilFinals(1);
    const json: unknown = JSON.parse(run.results[0]?.json ?? '');
    expect(json).to.deep.include({
      RecognitionStatus: 'Success',
      DisplayText: 'tone 400',
      Offset: 2_000_000,
      Duration: 3_000_000,
      NBest: [
        {
          Confidence: 0.9,
          Lexical: 'tone 400',
          ITN: 'tone 400',
          MaskedITN: 'tone 400',
          Display: 'tone 400',
          Words: [{ Word: 'tone 400', Offset: 2_000_000, Duration: 3_000_000 }],
        },
      ],
    });
  });

  it('ends a phrase after the silence that the client asks for', async () => {
    await open({}, (config) => config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '600'));
    run.write(joined(tone(400, 200), silence(500), tone(400, 200), silence(700)));
    await untilFinals(1);
    expect(run.results.map(({ offset, duration }) => [offset / 10_000, duration / 10_000])).to.deep.equal([[0, 900]]);
  });

  it('calls a sound without words a phrase without a match, and goes on', async () => {
    await open();
    run.write(joined(tone(400, 40), silence(300), tone(400, 200), silence(300)));
    await untilFinals(1);
    expect(of('noMatch')).to.deep.equal([{ event: 'noMatch', text: undefined, offsetMs: 0 }]);
    expect(finals()).to.deep.equal([['tone 400', 340]]);
  });

  it('reports a long silence, so that the client lets go of its audio', async () => {
    await open({}, (config) =>
      config.setProperty(sdk.PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, '1000'),
    );
    run.write(silence(2_600));
    await until(
      () => of('noMatch').length === 2,
      () => run.heard,
    );
    expect(of('noMatch').map(({ offsetMs }) => offsetMs)).to.deep.equal([0, 1_000]);
  });

  it('sends hypotheses no more often than it is told, the newest first', async () => {
    await open({ timing: { hypothesisEveryMs: 10_000 } });
    run.write(joined(tone(400, 300), silence(300)));
    await untilFinals(1);
    expect(of('hypothesis')).to.have.length(1);
  });

  it('keeps its delay between the end of the silence and the phrase', async () => {
    await open({ timing: { finalDelayMs: 120 } });
    run.write(joined(tone(400, 200), silence(400)));
    await until(
      () => of('hypothesis').length > 0,
      () => run.heard,
    );
    const startedAt = performance.now();
    await untilFinals(1);
    expect(performance.now() - startedAt).to.be.within(80, 1_000);
  });

  it('counts offsets from the start of each turn, which the client adds up', async () => {
    await open({ timing: { turnLifeMs: 100 } });
    run.write(joined(tone(400, 200), silence(400)));
    await untilFinals(1);
    await until(
      () => sandbox.stats.perConnection[0]?.turns === 2,
      () => sandbox.stats,
    );
    run.write(joined(silence(100), tone(600, 200), silence(400)));
    await untilFinals(2);
    // True is 700. The SDK was waiting for live audio when the turn ended: it sends the next chunk (100 ms) first, and
    // then, with all that no phrase has covered, once more. So each turn begins one chunk late.
    expect(finals()).to.deep.equal([
      ['tone 400', 0],
      ['tone 600', 800],
    ]);
    expect(sandbox.stats.connections.opened).to.equal(1);
    expect(run.canceled).to.deep.equal([]);
  });

  it('recognises what is left at the end of the stream and ends the session', async () => {
    await open();
    run.write(tone(400, 300));
    run.push.close();
    await until(
      () => of('stopped').length === 1,
      () => run.heard,
    );
    expect(run.heard.filter(({ event }) => event !== 'hypothesis').map(({ event }) => event)).to.deep.equal([
      'start',
      'end',
      'final',
      'end',
      'canceled NoError',
      'stopped',
    ]);
    expect(run.canceled[0]?.reason).to.equal(sdk.CancellationReason.EndOfStream);
  });

  it('lets the client stop and start again on the same connection', async () => {
    await open();
    run.write(joined(tone(400, 200), silence(300)));
    await untilFinals(1);
    await run.stop();
    await run.start();
    run.write(joined(tone(600, 200), silence(400)));
    await untilFinals(2);
    expect(finals().map(([text]) => text)).to.deep.equal(['tone 400', 'tone 600']);
    expect(sandbox.stats.connections).to.deep.equal({ opened: 1, now: 1 });
  });

  it('gives the key no place in its statistics', async () => {
    await open();
    await until(
      () => sandbox.stats.perConnection.length === 1,
      () => sandbox.stats,
    );
    expect(sandbox.stats.upgrades).to.have.length(1);
    expect(sandbox.stats.upgrades[0]).to.deep.include({
      path: '/speech/recognition/conversation/cognitiveservices/v1',
      answer: 101,
      keyIn: ['header', 'query'],
    });
    expect(sandbox.stats.upgrades[0]?.query).to.include({ language: 'ar-OM' });
    expect(JSON.stringify(sandbox.stats)).not.to.include(key);
  });
});

describe('the door of the speech sandbox', () => {
  let sandbox: AzureSpeechSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  it('refuses a wrong key with 401, which the SDK shows only as text', async () => {
    const run = recognise(configOf(sandbox, 'another key'));
    await run.start();
    await until(
      () => run.canceled.length === 1,
      () => run.heard,
    );
    expect(run.canceled[0]?.errorCode).to.equal(sdk.CancellationErrorCode.ConnectionFailure);
    expect(run.canceled[0]?.errorDetails).to.include('Unexpected server response: 401');
    expect(sandbox.stats.upgrades.map(({ answer }) => answer)).to.deep.equal([401, 401, 401, 401, 401]);
    await run.close();
  });

  it('takes a bearer token as it takes a key', async () => {
    const config = sdk.SpeechConfig.fromHost(new URL(sandbox.host));
    config.authorizationToken = key;
    const run = recognise(config);
    await run.start();
    await until(
      () => sandbox.stats.perConnection[0]?.turns === 1,
      () => sandbox.stats,
    );
    await run.close();
  });

  it('has the path of the second version, too', async () => {
    const config = sdk.SpeechConfig.fromEndpoint(new URL(`${sandbox.host}/stt/speech/universal/v2`), key);
    config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, '200');
    const run = recognise(config);
    await run.start();
    run.write(joined(tone(400, 200), silence(300)));
    await until(
      () => run.results.length === 1,
      () => run.heard,
    );
    expect(run.results[0]?.text).to.equal('tone 400');
    await run.close();
  });

  it('answers 404 to a path that the service does not have', async () => {
    const run = recognise(sdk.SpeechConfig.fromEndpoint(new URL(`${sandbox.host}/speech/elsewhere`), key));
    await run.start();
    await until(
      () => run.canceled.length === 1,
      () => run.heard,
    );
    expect(run.canceled[0]?.errorDetails).to.include('Unexpected server response: 404');
    await run.close();
    expect((await fetch(`${sandbox.host.replace('ws', 'http')}/elsewhere`)).status).to.equal(404);
  });

  it('serves a connection that was opened ahead of the first word', async () => {
    const run = recognise(configOf(sandbox));
    sdk.Connection.fromRecognizer(run.recogniser).openConnection();
    await until(
      () => sandbox.stats.connections.now === 1,
      () => sandbox.stats,
    );
    await run.start();
    run.write(joined(tone(400, 200), silence(300)));
    await until(
      () => run.results.length === 1,
      () => run.heard,
    );
    expect(sandbox.stats.upgrades.map(({ path }) => path)).to.deep.equal([
      '/speech/recognition/interactive/cognitiveservices/v1',
    ]);
    await run.close();
  });
});
