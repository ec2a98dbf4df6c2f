import { expect } from 'chai';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import type { RecogniserEvent } from '../../../src/speech/recogniser.ts';
import { concat, frames, silence, utterance } from './wordAudio.ts';
import { listen, type Listening, plan, startService, until } from './speechService.ts';

describe('hearing with Azure Speech', () => {
  let service: AzureSpeechSandbox;
  let open: Listening[] = [];

  const start: typeof listen = (...given) => {
    const listening = listen(...given);
    open.push(listening);
    return listening;
  };

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(async () => {
    await Promise.all(open.map(({ recogniser }) => recogniser.close()));
    open = [];
    await service.close();
  });

  const final = (event: RecogniserEvent): boolean => event.type === 'final';

  it('gives words with their times, counted from the first frame', async () => {
    const { recogniser, event } = start(service);
    for (const frame of frames(concat([silence(100), utterance([1, 2])]))) recogniser.write(frame);
    expect(await event(final)).to.deep.equal({
      type: 'final',
      utterance: 1,
      text: 'w1 w2',
      confidence: 0.9,
      words: [
        { text: 'w1', offsetMs: 100, durationMs: 160 },
        { text: 'w2', offsetMs: 320, durationMs: 160 },
      ],
      offsetMs: 100,
      durationMs: 380,
    });
  });

  it('gives partial words under the number that their final will have', async () => {
    const { recogniser, event, events } = start(service);
    const [first, second] = [utterance([1, 2]), utterance([3])];
    for (const frame of frames(first)) recogniser.write(frame);
    await event(final);
    for (const frame of frames(second)) recogniser.write(frame);
    await event((e) => e.type === 'final' && e.utterance === 2);
    const partials = events.filter((e) => e.type === 'hypothesis');
    expect(partials).to.deep.equal([
      { type: 'hypothesis', utterance: 1, text: 'w1', offsetMs: 0 },
      { type: 'hypothesis', utterance: 1, text: 'w1 w2', offsetMs: 0 },
      { type: 'hypothesis', utterance: 2, text: 'w3', offsetMs: first.length / 8 },
    ]);
  });

  it('says that an utterance had no words', async () => {
    const { recogniser, event } = start(service);
    const noise = new Uint8Array(800).fill(0x90);
    for (const frame of frames(concat([noise, silence(600)]))) recogniser.write(frame);
    expect(await event((e) => e.type === 'noMatch')).to.deep.equal({ type: 'noMatch', utterance: 1 });
  });

  it('takes frames that were written before the connection was there', async () => {
    const { recogniser, event, words } = start(service);
    for (const frame of frames(utterance([5, 6, 7]))) recogniser.write(frame);
    expect(service.stats.connections.opened).to.equal(0);
    await event(final);
    expect(words()).to.deep.equal(['w5', 'w6', 'w7']);
  });

  it('takes frames of any length, and views into larger buffers', async () => {
    const { recogniser, event, words } = start(service);
    const audio = Buffer.concat([Buffer.from([1, 2, 3]), utterance([8, 9])]).subarray(3);
    for (let at = 0; at < audio.length; at += 77) recogniser.write(audio.subarray(at, at + 77));
    await until(() => service.stats.perConnection[0]?.sent['turn.start'] === 1, 'the turn is open');
    for (const frame of frames(silence(200))) recogniser.write(frame);
    await event(final);
    expect(words()).to.deep.equal(['w8', 'w9']);
  });

  it('asks for what a call in Omani Arabic needs', async () => {
    const { recogniser, event } = start(service, { segmentationSilenceMs: 450 }, ['صحار', 'نزوى']);
    for (const frame of frames(utterance([1]))) recogniser.write(frame);
    await event(final);
    const query = service.stats.upgrades[0]?.query ?? {};
    expect({ ...query, 'X-ConnectionId': '', connectionId: '' }).to.deep.equal({
      language: 'ar-OM',
      format: 'detailed',
      segmentationSilenceTimeoutMs: '450',
      profanity: 'raw',
      wordLevelTimestamps: 'true',
      stableIntermediateThreshold: '2',
      'X-ConnectionId': '',
      connectionId: '',
    });
  });

  it('sends the key in the header, as only the right sockets of the SDK do', async () => {
    const { recogniser, event } = start(service);
    for (const frame of frames(utterance([1]))) recogniser.write(frame);
    await event(final);
    expect(service.stats.upgrades[0]?.keyIn).to.include('header');
  });

  it('sends no telemetry, also after a turn has ended', async () => {
    service.timing.turnLifeMs = 0;
    const { recogniser, event, words } = start(service);
    for (const frame of frames(utterance([1]))) recogniser.write(frame);
    await event(final);
    for (const frame of frames(utterance([2]))) recogniser.write(frame);
    await event((e) => e.type === 'final' && e.utterance === 2);
    expect([words(), service.stats.perConnection[0]?.received['telemetry']]).to.deep.equal([['w1', 'w2'], undefined]);
  });

  it('uploads each 20 ms as it comes', async () => {
    const { recogniser } = start(service);
    for (const frame of frames(silence(400))) recogniser.write(frame);
    await until(() => service.stats.perConnection[0]?.audioBytes === 6_400, 'all audio has arrived');
    // 20 frames and the header of the file.
    expect(service.stats.perConnection[0]?.received['audio']).to.equal(21);
  });

  it('uploads five frames in one message while nobody speaks, and hears every word after it', async () => {
    const { recogniser, event, words } = start(service);
    for (const frame of frames(silence(400))) recogniser.write(frame);
    await until(() => service.stats.perConnection[0]?.audioBytes === 6_400, 'all audio has arrived');
    recogniser.upload('coarse');
    for (const frame of frames(silence(1_080))) recogniser.write(frame);
    await until(() => service.stats.perConnection[0]?.received['audio'] === 31, 'ten pieces more have arrived');
    expect(service.stats.perConnection[0]?.audioBytes).to.equal(22_400);
    recogniser.upload('fine');
    for (const frame of frames(utterance([7, 8]))) recogniser.write(frame);
    await event(final);
    expect(words()).to.deep.equal(['w7', 'w8']);
  });

  it('can send μ-law as it is', async () => {
    const { recogniser, event, words } = start(service, { upload: 'mulaw' });
    const audio = utterance([11, 12]);
    for (const frame of frames(audio)) recogniser.write(frame);
    await event(final);
    expect([words(), service.stats.perConnection[0]?.audioBytes]).to.deep.equal([['w11', 'w12'], audio.length]);
  });

  it('gives no event after it was closed', async () => {
    const { recogniser, events } = start(service);
    for (const frame of frames(utterance([1], 400))) recogniser.write(frame);
    await until(() => events.some((e) => e.type === 'hypothesis'), 'a hypothesis');
    const before = events.length;
    await recogniser.close();
    for (const frame of frames(silence(400))) recogniser.write(frame);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events.length).to.equal(before);
  });

  it('goes on when the handler of its events throws', async () => {
    plan(service, 'recognition', { kind: 'status', at: 'phrase', status: 'NoMatch' });
    const { recogniser, event, log, events } = start(service);
    const push = events.push.bind(events);
    events.push = (...items) => {
      push(...items);
      if (items[0]?.type === 'noMatch') throw new Error('a fault of ours');
      return events.length;
    };
    for (const frame of frames(utterance([1]))) recogniser.write(frame);
    await until(() => events.some((e) => e.type === 'noMatch'), 'the event that throws');
    for (const frame of frames(utterance([2]))) recogniser.write(frame);
    await event(final);
    expect(log.text()).to.contain('a handler of recogniser events threw');
  });
});
