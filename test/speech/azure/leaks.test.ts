import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { z } from 'zod';
import type { AzureSpeechFault } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { AzureSpeechSandbox } from '../../../src/sandbox/azureSpeech/server.ts';
import { type Clock, systemClock, type TimerHandle } from '../../../src/clock.ts';
import { silentLog } from '../../../src/log.ts';
import { azureSynthesiser } from '../../../src/speech/azure/synthesiser.ts';
import { key, listen, plan, startService, until } from './speechService.ts';
import { frames, utterance } from './wordAudio.ts';

/** Every socket that this process has opened and not given back. */
const sockets = new Set<Socket>();
let opened = 0;

function track(message: unknown): void {
  const { socket } = z.object({ socket: z.instanceof(Socket) }).parse(message);
  sockets.add(socket);
  opened += 1;
  socket.once('close', () => sockets.delete(socket));
}

/** A clock that knows which of its timers are still to run. */
function countingClock(): Clock & { readonly pending: () => number } {
  const timers = new Set<TimerHandle>();
  return {
    ...systemClock,
    setTimeout: (run, ms) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete(timer);
      clearTimeout(timer);
    },
    pending: () => timers.size,
  };
}

describe('what is left of a call in the speech adapters', () => {
  let service: AzureSpeechSandbox;

  before(async () => {
    subscribe('net.client.socket', track);
    service = await startService();
  });

  after(() => {
    unsubscribe('net.client.socket', track);
    return service.close();
  });

  afterEach(() => service.faults.clear());

  const moments: readonly (readonly [string, AzureSpeechFault | null])[] = [
    ['in the middle of speech', null],
    ['while the upgrade is not answered', { kind: 'hangUpgrade' }],
    ['while the service refuses', { kind: 'http', status: 503 }],
    ['with a service that is silent', { kind: 'silent', at: 'open' }],
    ['with a service that never ends a turn', { kind: 'noTurnEnd' }],
  ];
  for (const [name, fault] of moments) {
    it(`is no socket and no timer when it stops ${name}`, async () => {
      const clock = countingClock();
      if (fault !== null) plan(service, 'recognition', fault, null);
      const { recogniser } = listen(service, { clock, timing: { stopMs: 200 } });
      for (const frame of frames(utterance([1], 100))) recogniser.write(frame);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const begun = performance.now();
      await recogniser.close();
      // The vendor alone would keep it for seconds.
      expect(performance.now() - begun).to.be.below(1_500);
      expect(clock.pending()).to.equal(0);
      await until(() => sockets.size === 0, 'no socket');
      await until(() => service.stats.connections.now === 0, 'no connection at the service');
    });
  }

  it('is nothing when a call stops while its first connection is being opened', async () => {
    const before = service.stats.connections.opened;
    await listen(service).recogniser.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([sockets.size, service.stats.connections.opened]).to.deep.equal([0, before]);
  });

  it('is nothing after a hundred calls', async () => {
    opened = 0;
    const clock = countingClock();
    const open = azureSynthesiser({ key, host: service.host, clock, log: silentLog });
    for (let call = 0; call < 100; call++) {
      const { recogniser } = listen(service, { clock });
      const synthesiser = open({ language: 'ar-OM', name: 'ar-OM-AbdullahNeural' });
      const stop = new AbortController();
      for (const frame of frames(utterance([call], 20))) recogniser.write(frame);
      for await (const chunk of synthesiser.speak('سلام', stop.signal)) {
        if (chunk.type === 'audio' && call % 2 === 0) stop.abort();
      }
      await Promise.all([recogniser.close(), synthesiser.close()]);
    }
    await until(() => service.stats.connections.now === 0, 'no connection at the service');
    await until(() => sockets.size === 0, 'no socket');
    expect(clock.pending()).to.equal(0);
    expect(opened).to.be.at.least(200);
  }).timeout(20_000);
});
