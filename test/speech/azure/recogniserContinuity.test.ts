import { expect } from 'chai';
import fc from 'fast-check';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import type { RecogniserTiming } from '../../../src/speech/azure/timing.ts';
import { type CuttableProxy, startProxy } from './cuttableProxy.ts';
import { listen, type Listening, plan, startService, until } from './speechService.ts';
import { concat, frames, samplesPerMs, silence, utterance, wordText } from './wordAudio.ts';

/** Some utterances, told apart by their words, and where each begins. */
function script(lengths: readonly number[], pauses: readonly number[]) {
  const parts: Uint8Array[] = [];
  const starts: number[] = [];
  const words: string[] = [];
  let next = 0;
  let bytes = 0;
  for (const [i, length] of lengths.entries()) {
    const said = Array.from({ length }, () => next++);
    const audio = utterance(said, pauses[i % pauses.length] ?? 600);
    starts.push(bytes / samplesPerMs);
    words.push(...said.map(wordText));
    bytes += audio.length;
    parts.push(audio);
  }
  return { audio: frames(concat([...parts, silence(200)])), starts, words };
}

/** About a hundred times as fast as life. `at` is called before each frame. */
async function tell(
  { recogniser }: Listening,
  audio: readonly Uint8Array[],
  at: (frame: number) => void = () => {},
): Promise<void> {
  for (const [i, frame] of audio.entries()) {
    at(i);
    recogniser.write(frame);
    if (i % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function finalsOf(listening: Listening) {
  return listening.events.flatMap((event) => (event.type === 'final' ? [event] : []));
}

describe('a call that is heard over many connections', () => {
  let service: AzureSpeechSandbox;
  let proxy: CuttableProxy;
  let listening: Listening | null = null;

  before(async () => {
    service = await startService();
    proxy = await startProxy(service.port);
  });

  after(async () => {
    await proxy.close();
    await service.close();
  });

  afterEach(async () => {
    await listening?.recogniser.close();
    listening = null;
  });

  const start = (timing: Partial<RecogniserTiming>): Listening => {
    listening = listen(proxy, { timing: { healthyMs: 0, ...timing } });
    return listening;
  };

  /** Every word once, in order, under rising numbers, at the time it was said. */
  async function expectAllHeard(heard: Listening, said: ReturnType<typeof script>): Promise<void> {
    await until(() => heard.words().length >= said.words.length, `all words: ${JSON.stringify(heard.events)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const finals = finalsOf(heard);
    expect(heard.words()).to.deep.equal(said.words);
    expect(finals.map(({ offsetMs }) => offsetMs)).to.deep.equal(said.starts);
    expect(finals.map(({ words }) => words[0]?.offsetMs)).to.deep.equal(said.starts);
    const numbers = finals.map((final) => final.utterance);
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
  }

  const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 6 });
  const pauses = fc.array(fc.integer({ min: 520, max: 900 }), { minLength: 1, maxLength: 4 });

  it('loses and doubles no word, wherever the network is cut', async () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, pauses, cuts, async (many, quiet, where) => {
        const said = script(many, quiet);
        const at = new Set(where.map((share) => Math.floor(share * (said.audio.length - 1))));
        const heard = start({});
        await tell(heard, said.audio, (frame) => {
          if (at.has(frame)) proxy.cut();
        });
        await expectAllHeard(heard, said);
        await heard.recogniser.close();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }).timeout(20_000);

  it('loses and doubles no word when it moves to a new connection in the middle of speech', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, pauses, fc.integer({ min: 8, max: 60 }), async (many, quiet, rotateLatestMs) => {
        const said = script(many, quiet);
        const heard = start({ rotateLatestMs });
        await tell(heard, said.audio);
        await expectAllHeard(heard, said);
        expect(heard.events.filter(({ type }) => type === 'lost')).to.deep.equal([]);
        await heard.recogniser.close();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }).timeout(20_000);

  it('moves to a new connection in a silence when one is due, without a loss', async () => {
    const said = script([2, 2], [600]);
    const heard = start({ rotateInQuietMs: 1 });
    const opened = service.stats.connections.opened;
    await tell(heard, said.audio, (frame) => {
      if (frame === 60) heard.recogniser.quiet();
    });
    await expectAllHeard(heard, said);
    expect(service.stats.connections.opened).to.equal(opened + 2);
    await until(() => proxy.connections() === 1, 'the old connection is closed');
  });

  it('stays on its connection in a silence before one is due', async () => {
    const said = script([2], [600]);
    const heard = start({});
    const opened = service.stats.connections.opened;
    await tell(heard, said.audio, () => heard.recogniser.quiet());
    await expectAllHeard(heard, said);
    expect(service.stats.connections.opened).to.equal(opened + 1);
  });

  it('still hears over the old connection while the new one cannot be opened', async () => {
    const said = script([3, 3], [600]);
    const heard = start({ rotateInQuietMs: 1, rotateRetryMs: 1 });
    await until(() => proxy.connections() === 1, 'the first connection');
    await new Promise((resolve) => setTimeout(resolve, 10));
    plan(service, 'recognition', { kind: 'http', status: 503 }, 5);
    heard.recogniser.quiet();
    await tell(heard, said.audio);
    await expectAllHeard(heard, said);
    await until(() => service.faults.remaining().length === 0, 'five refusals');
    expect(heard.events.filter(({ type }) => type === 'lost')).to.deep.equal([]);
  });

  it('survives a service that cuts each connection young', async () => {
    const said = script([2, 2, 2, 2], [600]);
    plan(service, 'recognition', { kind: 'cut', lifeMs: 25 }, 6);
    const heard = start({});
    await tell(heard, said.audio);
    await expectAllHeard(heard, said);
    service.faults.clear();
  });

  it('tells again only what no final has covered, and how much that was', async () => {
    const heard = start({});
    const first = script([2], [600]);
    await tell(heard, first.audio);
    await expectAllHeard(heard, first);
    const settledMs = finalsOf(heard).map(({ offsetMs, durationMs }) => offsetMs + durationMs)[0] ?? 0;
    const writtenMs = first.audio.reduce((sum, frame) => sum + frame.length, 0) / samplesPerMs;
    proxy.cut();
    const restored = await heard.event(({ type }) => type === 'restored');
    expect(restored).to.include({ type: 'restored', replayedMs: Math.round(writtenMs - settledMs) });
  });

  it('forgets what is older than the ring when it cannot hear for long', async () => {
    const said = script([4, 4, 4], [600]);
    plan(service, 'recognition', { kind: 'hangUpgrade' });
    const heard = listen(proxy, { timing: { connectMs: 40, healthyMs: 0 }, replayMs: 2_000 });
    listening = heard;
    for (const frame of said.audio) heard.recogniser.write(frame);
    const restored = await heard.event(({ type }) => type === 'restored');
    expect(restored).to.include({ type: 'restored', replayedMs: 2_000 });
    await until(() => heard.words().length >= 4, 'the last utterance');
    expect(heard.words()).to.deep.equal(said.words.slice(8));
  });
});
