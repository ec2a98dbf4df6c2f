import { expect } from 'chai';
import type { AzureSpeechFault } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { AzureSpeechOptions, AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { joined, silence, tone } from './burstMatcher.ts';
import { configOf, pause, recognise, sdk, startSandbox, until } from './realSdk.ts';
import type { RecognitionRun } from './realSdk.ts';

describe('planned faults of recognition, as the real SDK meets them', () => {
  let sandbox: AzureSpeechSandbox;
  let run: RecognitionRun;

  async function open(
    fault: AzureSpeechFault,
    plan: { times?: number | null; afterMs?: number } = {},
    options: Partial<AzureSpeechOptions> = {},
  ): Promise<void> {
    sandbox = await startSandbox(options);
    sandbox.faults.set({ scope: 'recognition', fault, ...plan });
    run = recognise(configOf(sandbox));
  }

  // The sandbox first: the SDK would wait for an upgrade that hangs, for ever.
  afterEach(async () => {
    await sandbox.close();
    await run.close();
  });

  const canceled = (): string[] => run.canceled.map(({ errorCode }) => sdk.CancellationErrorCode[errorCode] ?? '');
  const texts = (): string[] => run.results.map(({ text }) => text).filter((text) => text !== undefined);
  const untilCanceled = (): Promise<void> =>
    until(
      () => run.canceled.length > 0,
      () => run.heard,
    );
  const untilTurn = (): Promise<void> =>
    until(
      () => sandbox.stats.perConnection.some(({ turns }) => turns > 0),
      () => sandbox.stats,
    );

  for (const status of [400, 401, 403, 429, 503]) {
    it(`answers the upgrade with ${status}`, async () => {
      await open({ kind: 'http', status }, { times: null });
      await run.start();
      await untilCanceled();
      expect(canceled()).to.deep.equal(['ConnectionFailure']);
      expect(run.canceled[0]?.errorDetails).to.include(`Unexpected server response: ${status}`);
      expect(sandbox.stats.upgrades.map(({ answer }) => answer)).to.deep.equal(Array(5).fill(status));
    });
  }

  it('answers 429 as often as planned and then serves', async () => {
    await open({ kind: 'http', status: 429, retryAfterSeconds: 1 }, { times: 2 });
    await run.start();
    run.write(joined(tone(400, 200), silence(300)));
    await until(
      () => run.results.length === 1,
      () => run.heard,
    );
    expect(sandbox.stats.upgrades.map(({ answer }) => answer)).to.deep.equal([429, 429, 101]);
    expect(run.canceled).to.deep.equal([]);
  });

  it('resets the connection instead of an upgrade', async () => {
    await open({ kind: 'reset', at: 'upgrade' }, { times: null });
    await run.start();
    await untilCanceled();
    expect(canceled()).to.deep.equal(['ConnectionFailure']);
    expect(sandbox.stats.upgrades.map(({ answer }) => answer)).to.deep.equal(Array(5).fill('reset'));
  });

  it('lets an upgrade hang, about which the SDK says nothing', async () => {
    await open({ kind: 'hangUpgrade' });
    let started = false;
    void run.start().then(() => (started = true));
    await until(
      () => sandbox.stats.upgrades.length === 1,
      () => sandbox.stats,
    );
    await pause(40);
    expect([started, run.heard, sandbox.stats.upgrades[0]?.answer]).to.deep.equal([false, [], 'hung']);
  });

  for (const code of [1000, 1001, 1006, 1008, 1011]) {
    it(`closes with ${code} in mid-phrase, after which the client sends the phrase again`, async () => {
      await open({ kind: 'close', at: 'turnStart', code }, { afterMs: 40 });
      await run.start();
      run.write(tone(400, 300));
      await until(
        () => sandbox.stats.connections.opened === 2,
        () => sandbox.stats,
      );
      run.write(silence(300));
      await until(
        () => run.results.length === 1,
        () => run.heard,
      );
      expect(texts()).to.deep.equal(['tone 400']);
      expect(run.results[0]?.offset).to.equal(0);
      expect(sandbox.stats.perConnection.map(({ audioBytes }) => audioBytes)).to.deep.equal([300 * 16, 600 * 16]);
      expect(run.canceled).to.deep.equal([]);
    });
  }

  for (const [code, error] of [
    [1002, 'ConnectionFailure'],
    [1003, 'ConnectionFailure'],
    [1007, 'BadRequestParameters'],
    [4000, 'ConnectionFailure'],
  ] as const) {
    it(`closes with ${code} after the turn has begun, which the client does not survive`, async () => {
      await open({ kind: 'close', at: 'turnStart', code, reason: 'as planned' });
      await run.start();
      await untilCanceled();
      expect(canceled()).to.deep.equal([error]);
      expect(run.canceled[0]?.errorDetails).to.include(`as planned websocket error code: ${code}`);
    });
  }

  it('closes at open, five times without a phrase between, which ends the recognition', async () => {
    await open({ kind: 'close', at: 'turnStart', code: 1011 }, { times: 5 });
    await run.start();
    await untilCanceled();
    expect(canceled()).to.deep.equal(['ConnectionFailure']);
  });

  it('closes before any message; audio then meets a dead connection', async () => {
    await open({ kind: 'close', at: 'open', code: 1011 }, { times: null });
    await run.start();
    run.write(tone(400, 200));
    await untilCanceled();
    expect(canceled()[0]).to.be.oneOf(['RuntimeError', 'ConnectionFailure']);
  });

  it('closes after each phrase without a phrase lost or doubled', async () => {
    await open({ kind: 'close', at: 'phrase', code: 1001 }, { times: 2 });
    await run.start();
    for (const [index, hertz] of [400, 600, 800].entries()) {
      run.write(joined(tone(hertz, 200), silence(300)));
      await until(
        () => run.results.length === index + 1,
        () => run.heard,
      );
    }
    expect(texts()).to.deep.equal(['tone 400', 'tone 600', 'tone 800']);
    expect(run.results.map(({ offset }) => offset / 10_000)).to.deep.equal([0, 500, 1_000]);
    expect(sandbox.stats.connections.opened).to.be.greaterThan(1);
  });

  it('cuts a connection that has lived its time, ten minutes or fewer', async () => {
    await open({ kind: 'cut', lifeMs: 60 });
    await run.start();
    run.write(tone(400, 200));
    await until(
      () => sandbox.stats.connections.opened === 2,
      () => sandbox.stats,
    );
    run.write(silence(300));
    await until(
      () => run.results.length === 1,
      () => run.heard,
    );
    expect(texts()).to.deep.equal(['tone 400']);
    expect(run.canceled).to.deep.equal([]);
  });

  it('takes audio and answers nothing', async () => {
    await open({ kind: 'silent', at: 'turnStart' });
    await run.start();
    run.write(joined(tone(400, 200), silence(300)));
    await until(
      () => sandbox.stats.perConnection[0]?.audioBytes === 500 * 16,
      () => sandbox.stats,
    );
    await pause(20);
    expect(run.heard).to.deep.equal([]);
    expect(sandbox.stats.perConnection[0]?.sent).to.deep.equal({ 'turn.start': 1 });
  });

  it('leaves a turn without its end, so that stop waits', async () => {
    await open({ kind: 'noTurnEnd' });
    await run.start();
    await untilTurn();
    // The turn has been sent, not yet received: an SDK that knows of no turn stops at once.
    await pause(200);
    let stopped = false;
    void run.stop().then(
      () => (stopped = true),
      () => {},
    );
    await until(
      () => (sandbox.stats.perConnection[0]?.sent['speech.phrase'] ?? 0) > 0,
      () => sandbox.stats,
    );
    await pause(30);
    expect([stopped, sandbox.stats.perConnection[0]?.sent['turn.end']]).to.deep.equal([false, undefined]);
  });

  for (const fault of [
    { kind: 'badJson', path: 'speech.hypothesis' },
    { kind: 'missingRequestId', path: 'speech.hypothesis' },
  ] as const) {
    it(`breaks a message (${fault.kind}), after which the SDK is deaf and says nothing`, async () => {
      await open(fault);
      await run.start();
      run.write(joined(tone(400, 200), silence(300)));
      await until(
        () => sandbox.stats.perConnection[0]?.sent['speech.phrase'] === 1,
        () => sandbox.stats,
      );
      await pause(30);
      expect(run.heard.map(({ event }) => event)).to.deep.equal(['start']);
    });
  }

  for (const [status, expected] of [
    ['Error', 'ServiceError'],
    ['TooManyRequests', 'TooManyRequests'],
    ['BadRequest', 'BadRequestParameters'],
    ['Forbidden', 'Forbidden'],
    ['Unheard-of', 'NoError'],
  ] as const) {
    for (const at of ['turnStart', 'phrase'] as const) {
      it(`gives a phrase the status ${status} (${at}), which cancels`, async () => {
        await open({ kind: 'status', at, status });
        await run.start();
        run.write(joined(tone(400, 200), silence(300)));
        await untilCanceled();
        expect(canceled()[0]).to.equal(expected);
        expect(texts()).to.deep.equal([]);
      });
    }
  }

  for (const status of ['NoMatch', 'InitialSilenceTimeout', 'BabbleTimeout']) {
    it(`gives a phrase the status ${status}, after which recognition goes on`, async () => {
      await open({ kind: 'status', at: 'phrase', status });
      await run.start();
      run.write(joined(tone(400, 200), silence(300), tone(600, 200), silence(300)));
      await until(
        () => run.results.length === 2,
        () => run.heard,
      );
      expect(run.results.map(({ reason }) => sdk.ResultReason[reason])).to.deep.equal(['NoMatch', 'RecognizedSpeech']);
    });
  }

  it('sends a final late, and nothing overtakes it', async () => {
    await open({ kind: 'lateFinal', delayMs: 80 });
    await run.start();
    run.write(joined(tone(400, 200), silence(300), tone(600, 200), silence(300)));
    await until(
      () => (sandbox.stats.perConnection[0]?.audioBytes ?? 0) === 1_000 * 16,
      () => sandbox.stats,
    );
    expect(texts()).to.deep.equal([]);
    await until(
      () => run.results.length === 2,
      () => run.heard,
    );
    expect(run.heard.filter(({ event }) => event !== 'hypothesis').map(({ event }) => event)).to.deep.equal([
      'start',
      'end',
      'final',
      'start',
      'end',
      'final',
    ]);
  });

  it('resets the connection in mid-turn, after which nothing is lost', async () => {
    await open({ kind: 'reset', at: 'turnStart' }, { afterMs: 40 });
    await run.start();
    run.write(tone(400, 300));
    await until(
      () => sandbox.stats.connections.opened === 2,
      () => sandbox.stats,
    );
    run.write(silence(300));
    await until(
      () => run.results.length === 1,
      () => run.heard,
    );
    expect(texts()).to.deep.equal(['tone 400']);
  });
});
