import { expect } from 'chai';
import type { AzureSpeechFault } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import type { RecogniserEvent, SpeechFault } from '../../../src/speech/recogniser.ts';
import { listen, type Listening, plan, startService, until } from './speechService.ts';
import { startBrokenService, textFrame } from './brokenService.ts';
import { frames, silence, utterance } from './wordAudio.ts';

/** Long enough for a busy machine: what is not about waiting must not fail by waiting. */
const timing = { connectMs: 2_000, firstMessageMs: 2_000, unansweredSpeechMs: 480, stopMs: 100 };
const shortTiming = { ...timing, connectMs: 60, firstMessageMs: 80 };

const lost = (event: RecogniserEvent): boolean => event.type === 'lost';
const restored = (event: RecogniserEvent): boolean => event.type === 'restored';

describe('losing the speech service', () => {
  let service: AzureSpeechSandbox;
  let listening: Listening;

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(async () => {
    await listening.recogniser.close();
    await service.close();
  });

  /** Each refuses two connections, or breaks one; the words then have to arrive all the same. */
  const table: readonly (readonly [string, AzureSpeechFault, SpeechFault])[] = [
    ['401 at the upgrade', { kind: 'http', status: 401 }, 'unauthorised'],
    ['403 at the upgrade', { kind: 'http', status: 403 }, 'forbidden'],
    ['429 at the upgrade', { kind: 'http', status: 429 }, 'tooManyRequests'],
    ['400 at the upgrade', { kind: 'http', status: 400 }, 'badRequest'],
    ['503 at the upgrade', { kind: 'http', status: 503 }, 'service'],
    ['a reset at the upgrade', { kind: 'reset', at: 'upgrade' }, 'unreachable'],
    ['an upgrade that is never answered', { kind: 'hangUpgrade' }, 'connectTimeout'],
    ['silence from the start', { kind: 'silent', at: 'open' }, 'noResult'],
    ['a close with 1000 at once', { kind: 'close', at: 'open', code: 1000 }, 'disconnected'],
    ['a close with 1000 in a turn', { kind: 'close', at: 'turnStart', code: 1000 }, 'disconnected'],
    ['a close with 1001 in a turn', { kind: 'close', at: 'turnStart', code: 1001 }, 'disconnected'],
    ['a close with 1002 in a turn', { kind: 'close', at: 'turnStart', code: 1002 }, 'protocol'],
    ['a close with 1003 in a turn', { kind: 'close', at: 'turnStart', code: 1003 }, 'protocol'],
    ['a close without a message in a turn', { kind: 'close', at: 'turnStart', code: 1006 }, 'disconnected'],
    ['a close with 1007 in a turn', { kind: 'close', at: 'turnStart', code: 1007 }, 'badRequest'],
    ['a close with 1008 in a turn', { kind: 'close', at: 'turnStart', code: 1008 }, 'disconnected'],
    ['a close with 1011 in a turn', { kind: 'close', at: 'turnStart', code: 1011 }, 'disconnected'],
    ['a close with 4000 in a turn', { kind: 'close', at: 'turnStart', code: 4000 }, 'protocol'],
    ['a reset in a turn', { kind: 'reset', at: 'turnStart' }, 'disconnected'],
    ['status Error', { kind: 'status', at: 'phrase', status: 'Error' }, 'service'],
    ['status TooManyRequests', { kind: 'status', at: 'phrase', status: 'TooManyRequests' }, 'tooManyRequests'],
    ['status BadRequest', { kind: 'status', at: 'phrase', status: 'BadRequest' }, 'badRequest'],
    ['status Forbidden', { kind: 'status', at: 'phrase', status: 'Forbidden' }, 'forbidden'],
    ['a status that nobody knows', { kind: 'status', at: 'phrase', status: 'Melted' }, 'service'],
    ['a hypothesis that is no JSON', { kind: 'badJson', path: 'speech.hypothesis' }, 'protocol'],
    ['a phrase that is no JSON', { kind: 'badJson', path: 'speech.phrase' }, 'protocol'],
    ['a phrase without a request id', { kind: 'missingRequestId', path: 'speech.phrase' }, 'protocol'],
    ['a start of speech without a request id', { kind: 'missingRequestId', path: 'speech.startDetected' }, 'protocol'],
  ];

  for (const [name, fault, expected] of table) {
    it(`is told as ${expected} after ${name}, and the words come all the same`, async () => {
      plan(service, 'recognition', fault, 2);
      const waits = expected === 'connectTimeout' || expected === 'noResult';
      listening = listen(service, { timing: waits ? shortTiming : timing });
      for (const frame of frames(utterance([1, 2, 3]))) listening.recogniser.write(frame);
      const told = await listening.event(lost);
      expect(told).to.include({ type: 'lost', fault: expected });
      await listening.event(restored);
      await listening.event((event) => event.type === 'final');
      const faults = listening.events.flatMap((event) => (event.type === 'lost' ? [event.fault] : []));
      expect([new Set(faults), listening.words()]).to.deep.equal([new Set([expected]), ['w1', 'w2', 'w3']]);
    });
  }

  it('is told as unreachable while nobody listens there, again at each try', async () => {
    const { host } = service;
    await service.close();
    listening = listen({ host }, { timing });
    await until(() => listening.events.filter(lost).length >= 3, 'three tries');
    expect(listening.events[0]).to.deep.equal({ type: 'lost', fault: 'unreachable', retryInMs: 3 });
  });

  it('is told as noResult when someone speaks and nothing comes back any more', async () => {
    listening = listen(service, { timing });
    for (const frame of frames(utterance([1, 2]))) listening.recogniser.write(frame);
    await listening.event((event) => event.type === 'final');
    plan(service, 'recognition', { kind: 'silent', at: 'turnStart' });
    // A new turn on the same connection falls silent: the socket is fine and nothing is ever said again.
    service.timing.turnLifeMs = 0;
    for (const frame of frames(utterance([3]))) listening.recogniser.write(frame);
    await until(() => service.stats.perConnection[0]?.turns === 2, 'the turn that is silent');
    service.timing.turnLifeMs = null;
    const spoken = [4, 5, 6, 7, 8, 9];
    for (const frame of frames(utterance(spoken))) listening.recogniser.write(frame);
    expect(await listening.event(lost)).to.include({ fault: 'noResult' });
    await listening.event((event) => event.type === 'final' && event.text.startsWith('w4'));
    expect(listening.words()).to.deep.equal(['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8', 'w9']);
  });

  it('is told as protocol when the service does nothing but end turns', async () => {
    const broken = await startBrokenService(({ socket, message, requestId }) => {
      if (message !== 'speech.context') return;
      for (const path of ['turn.start', 'turn.end']) socket.send(textFrame(path, requestId));
    });
    listening = listen(broken, { timing });
    const told = await listening.event(lost);
    broken.close();
    expect(told).to.include({ fault: 'protocol' });
  });

  it('is told as disconnected when the service says goodbye and never hangs up, at no cost to other calls', async () => {
    const broken = await startBrokenService(({ socket, tcp, message, requestId }) => {
      if (message !== 'speech.context') return;
      socket.send(textFrame('turn.start', requestId));
      // The close message of the service, code 1000; then it reads and says nothing any more.
      tcp.write(Uint8Array.of(0x88, 2, 0x03, 0xe8));
      socket.pause();
    });
    listening = listen(broken, { timing: { ...timing, retryFirstMs: 2_000, retryMaxMs: 2_000 } });
    const before = process.cpuUsage();
    const talking = setInterval(() => {
      for (const frame of frames(silence(200))) listening.recogniser.write(frame);
    }, 5);
    const told = await listening.event(lost);
    clearInterval(talking);
    broken.close();
    expect(told).to.include({ fault: 'disconnected' });
    expect(process.cpuUsage(before).user / 1_000).to.be.below(500);
  });

  it('is never told for silence, steady noise or a caller who waits', async () => {
    listening = listen(service, { timing });
    await until(() => service.stats.perConnection[0]?.sent['turn.start'] === 1, 'the turn is open');
    for (const frame of frames(silence(3_000))) listening.recogniser.write(frame);
    await until(() => service.stats.perConnection[0]?.audioBytes === 48_000, 'all audio has arrived');
    expect(listening.events).to.deep.equal([]);
  });

  it('waits longer each time while the service refuses', async () => {
    plan(service, 'recognition', { kind: 'http', status: 503 }, 4);
    listening = listen(service, { timing: { ...timing, retryFirstMs: 4, retryMaxMs: 20 } });
    await listening.event(restored);
    const waits = listening.events.flatMap((event) => (event.type === 'lost' ? [event.retryInMs] : []));
    expect(waits).to.deep.equal([3, 6, 12, 15]);
  });

  it('lets the SDK open no connection of its own', async () => {
    plan(service, 'recognition', { kind: 'close', at: 'turnStart', code: 1006 }, 3);
    listening = listen(service, { timing });
    await listening.event(restored);
    await until(() => listening.events.filter(lost).length === 3, 'three losses');
    await until(() => service.stats.connections.now === 1, 'one connection');
    expect(service.stats.connections.opened).to.equal(4);
  });

  it('never writes the key, nor what the SDK says in its own words', async () => {
    const wrong = 'ffffeeeeddddccccbbbbaaaa99998888';
    listening = listen(service, { timing, key: wrong });
    await until(() => listening.events.filter(lost).length >= 2, 'two refusals');
    const told = `${listening.log.text()}\n${JSON.stringify(listening.events)}`;
    expect(told).to.contain('unauthorised');
    expect(told).to.not.match(/ffffeeee|wss?:|StatusCode|Subscription-Key/i);
  });
});
