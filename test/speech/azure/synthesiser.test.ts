import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import type { AzureSpeechFault } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { systemClock } from '../../../src/clock.ts';
import { azureSynthesiser, type AzureSynthesiserConfig } from '../../../src/speech/azure/synthesiser.ts';
import type { SpeechFault } from '../../../src/speech/recogniser.ts';
import { type SynthesisChunk, SynthesisError, type Synthesiser } from '../../../src/speech/synthesiser.ts';
import { key, letterAudio, plan, recordLog, startService, until } from './speechService.ts';

const voice = { language: 'ar-OM', name: 'ar-OM-AyshaNeural' } as const;
/** Long enough for a busy machine: what is not about waiting must not fail by waiting. */
const timing = { connectMs: 2_000, firstByteMs: 2_000, gapMs: 2_000, totalMs: 4_000, stopMs: 100, idleReplaceMs: 0 };
const shortTiming = { ...timing, connectMs: 80, firstByteMs: 80, gapMs: 80 };

interface Heard {
  readonly mulaw: Uint8Array;
  readonly words: readonly SynthesisChunk[];
  readonly fault: SpeechFault | null;
}

async function hear(chunks: AsyncIterable<SynthesisChunk>): Promise<Heard> {
  const audio: Uint8Array[] = [];
  const words: SynthesisChunk[] = [];
  let fault: SpeechFault | null = null;
  try {
    for await (const chunk of chunks) {
      if (chunk.type === 'audio') audio.push(chunk.mulaw);
      else words.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
    fault = error.fault;
  }
  return { mulaw: new Uint8Array(Buffer.concat(audio)), words, fault };
}

const never = (): AbortSignal => new AbortController().signal;

describe('speaking with Azure Speech', () => {
  let service: AzureSpeechSandbox;
  let synthesiser: Synthesiser;
  const lines = recordLog();

  const open = (config: Partial<AzureSynthesiserConfig> = {}): Synthesiser => {
    const given = { key, host: service.host, clock: systemClock, log: lines.log, ...config };
    synthesiser = azureSynthesiser({ ...given, timing: { ...timing, ...config.timing } })(voice);
    return synthesiser;
  };
  const connected = (many: number): Promise<void> =>
    until(() => service.stats.connections.now === many, `${many} connections`);

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(async () => {
    await synthesiser.close();
    await service.close();
  });

  it('gives all the audio as it is and the times of the words', async () => {
    const heard = await hear(open().speak('مرحبا بك', never()));
    expect(heard).to.deep.equal({
      mulaw: letterAudio('مرحبا بك'),
      words: [
        { type: 'word', text: 'مرحبا', offsetMs: 0, durationMs: 500 },
        { type: 'word', text: 'بك', offsetMs: 600, durationMs: 200 },
      ],
      fault: null,
    });
  });

  it('gives a word before the audio that it is in', async () => {
    const order: string[] = [];
    let bytes = 0;
    for await (const chunk of open().speak('a bb ccc', never())) {
      if (chunk.type === 'audio') bytes += chunk.mulaw.length;
      else order.push(bytes / 8 <= chunk.offsetMs ? 'in time' : 'late');
    }
    expect(order).to.deep.equal(['in time', 'in time', 'in time']);
  });

  it('speaks text that looks like markup as text', async () => {
    const heard = await hear(open().speak('<break time="9s"/> & "x"', never()));
    expect([heard.fault, heard.mulaw.length]).to.deep.equal([null, letterAudio('<break time="9s"/> & "x"').length]);
  });

  it('gives the first audio before the last is made', async () => {
    service.timing.pacing = 20;
    let first = 0;
    const begun = performance.now();
    for await (const chunk of open().speak('a'.repeat(20), never())) {
      if (chunk.type === 'audio' && first === 0) first = performance.now() - begun;
    }
    const whole = performance.now() - begun;
    expect(first).to.be.below(whole / 2);
  });

  it('speaks sentence after sentence over two connections at most', async () => {
    open();
    for (const text of ['one', 'two', 'three', 'four'])
      expect((await hear(synthesiser.speak(text, never()))).fault).to.equal(null);
    expect(service.stats.connections.opened).to.equal(2);
  });

  it('makes two sentences at the same time', async () => {
    service.timing.firstAudioDelayMs = 40;
    open();
    await connected(1);
    const both = await Promise.all([hear(synthesiser.speak('one', never())), hear(synthesiser.speak('two', never()))]);
    expect(both.map(({ fault }) => fault)).to.deep.equal([null, null]);
    expect(service.stats.perConnection.slice(0, 2).map(({ turns }) => turns)).to.deep.equal([1, 1]);
  });

  it('has a spare connected while it speaks', async () => {
    service.timing.firstAudioDelayMs = 30;
    open();
    const speaking = hear(synthesiser.speak('one', never()));
    await connected(2);
    expect((await speaking).fault).to.equal(null);
  });

  it('ends at once when it is interrupted, and takes the spare for the next sentence', async () => {
    service.timing.pacing = 1;
    open();
    const stop = new AbortController();
    const chunks = synthesiser.speak('a long sentence that goes on and on', stop.signal);
    await connected(2);
    let bytes = 0;
    let stoppedAt = 0;
    for await (const chunk of chunks) {
      if (chunk.type !== 'audio') continue;
      bytes += chunk.mulaw.length;
      if (stoppedAt === 0) {
        stop.abort();
        stoppedAt = performance.now();
      }
    }
    // The sentence itself would take seconds.
    expect(performance.now() - stoppedAt).to.be.below(500);
    expect(bytes).to.equal(800);
    service.timing.pacing = null;
    expect((await hear(synthesiser.speak('next', never()))).mulaw).to.deep.equal(letterAudio('next'));
    await until(() => service.stats.connections.opened === 3, 'a new spare');
    await connected(2);
  });

  it('gives nothing for a sentence that was interrupted before it began', async () => {
    const heard = await hear(open().speak('one', AbortSignal.abort()));
    expect([heard.mulaw.length, heard.fault]).to.deep.equal([0, null]);
  });

  it('frees the connection when the reader leaves before the end', async () => {
    service.timing.pacing = 1;
    open();
    for await (const chunk of synthesiser.speak('a long sentence', never())) if (chunk.type === 'audio') break;
    await until(() => service.stats.perConnection[0]?.open === false, 'the connection is closed');
  });

  it('stops listening to a signal whose sentence is over', async () => {
    const signal = never();
    open();
    await hear(synthesiser.speak('one', signal));
    expect(getEventListeners(signal, 'abort').length).to.equal(0);
  });

  it('replaces an idle connection that the service has closed, without a word', async () => {
    plan(service, 'synthesis', { kind: 'close', at: 'open', code: 1000 });
    open();
    await until(() => service.stats.connections.opened === 2, 'the replacement');
    expect((await hear(synthesiser.speak('one', never()))).fault).to.equal(null);
  });

  it('does not ask again and again for a connection that never lives', async () => {
    plan(service, 'synthesis', { kind: 'close', at: 'open', code: 1000 }, null);
    open({ timing: { idleReplaceMs: 5_000 } });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(service.stats.connections.opened).to.equal(1);
    service.faults.clear();
    synthesiser.warm();
    await connected(1);
  });

  it('closes every connection, also those that never spoke', async () => {
    open();
    await hear(synthesiser.speak('one', never()));
    await connected(2);
    await synthesiser.close();
    await connected(0);
    expect((await hear(synthesiser.speak('two', never()))).mulaw.length).to.equal(0);
  });

  const table: readonly (readonly [string, AzureSpeechFault, SpeechFault])[] = [
    ['401 at the upgrade', { kind: 'http', status: 401 }, 'unauthorised'],
    ['403 at the upgrade', { kind: 'http', status: 403 }, 'forbidden'],
    ['429 at the upgrade', { kind: 'http', status: 429 }, 'tooManyRequests'],
    ['503 at the upgrade', { kind: 'http', status: 503 }, 'service'],
    ['a reset at the upgrade', { kind: 'reset', at: 'upgrade' }, 'unreachable'],
    ['an upgrade that is never answered', { kind: 'hangUpgrade' }, 'connectTimeout'],
    ['silence from the start', { kind: 'silent', at: 'open' }, 'noResult'],
    ['silence in a sentence', { kind: 'silent', at: 'midSynthesis' }, 'noResult'],
    ['a stall in a sentence', { kind: 'stall', share: 0.5 }, 'noResult'],
    ['a sentence that never begins', { kind: 'stall', share: 0 }, 'noResult'],
    ['a sentence that never ends', { kind: 'noTurnEnd' }, 'noResult'],
    ['a close with 1000 in a sentence', { kind: 'close', at: 'midSynthesis', code: 1000 }, 'disconnected'],
    ['a close with 1001 in a sentence', { kind: 'close', at: 'midSynthesis', code: 1001 }, 'disconnected'],
    ['a close with 1006 in a sentence', { kind: 'close', at: 'midSynthesis', code: 1006 }, 'disconnected'],
    ['a close with 1007 in a sentence', { kind: 'close', at: 'midSynthesis', code: 1007 }, 'badRequest'],
    ['a close with 1011 in a sentence', { kind: 'close', at: 'midSynthesis', code: 1011 }, 'disconnected'],
    ['a reset in a sentence', { kind: 'reset', at: 'midSynthesis' }, 'disconnected'],
    ['metadata that is no JSON', { kind: 'badJson', path: 'audio.metadata' }, 'noResult'],
    ['a response without a request id', { kind: 'missingRequestId', path: 'response' }, 'noResult'],
  ];
  for (const [name, fault, expected] of table) {
    it(`fails with ${expected} within its time after ${name}, and speaks the next sentence`, async () => {
      // What fails fast is tried on a second connection, too.
      const waits = expected === 'noResult' || expected === 'connectTimeout';
      plan(service, 'synthesis', fault, waits ? 1 : 2);
      open({ timing: waits ? shortTiming : timing });
      const begun = performance.now();
      const heard = await hear(synthesiser.speak('one two three', never()));
      expect(heard.fault).to.equal(expected);
      expect(performance.now() - begun).to.be.below(1_000);
      service.faults.clear();
      await until(() => service.stats.connections.now <= 2, 'no connection too many');
      expect((await hear(synthesiser.speak('next', never()))).fault).to.equal(null);
    });
  }

  it('fails with unreachable when nobody listens there', async () => {
    const { host } = service;
    await service.close();
    const heard = await hear(open({ host }).speak('one', never()));
    expect(heard.fault).to.equal('unreachable');
    service = await startService();
  });

  it('tries a second connection when the one that was waiting has just been closed', async () => {
    open();
    await connected(1);
    plan(service, 'synthesis', { kind: 'close', at: 'turnStart', code: 1006 });
    expect((await hear(synthesiser.speak('one', never()))).mulaw).to.deep.equal(letterAudio('one'));
  });

  it('refuses more sentences at once than a call can use', async () => {
    service.timing.firstAudioDelayMs = 30;
    open();
    const many = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => hear(synthesiser.speak(text, never()))));
    expect(many.map(({ fault }) => fault)).to.deep.equal([null, null, null, null, 'tooManyRequests']);
  });

  it('never says the key or the text in an error or a log', async () => {
    const wrong = 'ffffeeeeddddccccbbbbaaaa99998888';
    open({ key: wrong });
    let told = '';
    try {
      for await (const chunk of synthesiser.speak('كلام خاص', never())) told += chunk.type;
    } catch (error) {
      told += error instanceof Error ? `${error.name} ${error.message} ${error.stack ?? ''}` : '';
    }
    told += lines.text();
    expect(told).to.contain('SynthesisError the speech service did not speak the sentence: unauthorised');
    expect(told).to.not.match(/ffffeeee|كلام|wss?:\/\/|StatusCode/);
  });
});
