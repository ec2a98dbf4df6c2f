import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { systemClock, type Clock } from '../../src/clock.ts';
import { limits } from '../../src/limits.ts';
import { accountSid, callSid, streamSid, wire } from '../twilio/carrierMessages.ts';
import { sign } from '../twilio/signing.ts';
import { authToken, closeCode, openEdge, until, upgradeStatus, type TestEdge } from './edge.ts';

describe('the socket of a media stream', () => {
  let edge: TestEdge;
  beforeEach(async () => {
    edge = await openEdge();
  });
  afterEach(() => edge.server.close());

  const say = (socket: WebSocket, ...messages: unknown[]) => {
    for (const message of messages) socket.send(JSON.stringify(message));
  };

  async function started(): Promise<WebSocket> {
    const socket = edge.socket();
    expect(await upgradeStatus(socket)).to.equal(101);
    say(socket, wire.connected(), wire.start());
    await until(() => edge.desk.streams.length > 0);
    return socket;
  }

  it('opens for each form of the URL that the carrier may have signed', async () => {
    const urls = [
      'wss://sanad.example.om/twilio/media',
      'wss://sanad.example.om/twilio/media/',
      'wss://sanad.example.om:443/twilio/media',
      'wss://sanad.example.om:443/twilio/media/',
    ];
    for (const url of urls) {
      const socket = edge.socket({ signature: sign(authToken, url) });
      expect([url, await upgradeStatus(socket)]).to.deep.equal([url, 101]);
      socket.terminate();
    }
  });

  it('is refused with 403 before the upgrade without a signature or with a wrong one', async () => {
    const wrong = [
      null,
      '',
      'x',
      sign('another-token-another-token-1234', 'wss://sanad.example.om/twilio/media'),
      sign(authToken, 'https://sanad.example.om/twilio/media'),
      sign(authToken, `ws://127.0.0.1:${edge.server.port}/twilio/media`),
    ];
    for (const signature of wrong) expect(await upgradeStatus(edge.socket({ signature }))).to.equal(403);
    const { text } = await edge.metrics.exposition();
    expect(text).to.include(`sanad_upgrades_refused_total{status="403"} ${wrong.length}`);
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('is refused with 404 before the upgrade on any other path, signed or not', async () => {
    for (const path of ['/', '/twilio/media/', '/twilio/media?x=1', '/twilio/voice', '/twilio/media/.websocket'])
      expect([path, await upgradeStatus(edge.socket({ path }))]).to.deep.equal([path, 404]);
  });

  it('is refused with 503 when as many are open as the server takes, and opens again when one has gone', async () => {
    const small = await openEdge({ openSockets: 1 });
    const first = small.socket();
    expect(await upgradeStatus(first)).to.equal(101);
    expect(await upgradeStatus(small.socket())).to.equal(503);
    const closed = closeCode(first);
    first.close();
    await closed;
    const next = small.socket();
    expect(await upgradeStatus(next)).to.equal(101);
    next.terminate();
    await small.server.close();
  });

  it('does not compress', async () => {
    const socket = edge.socket();
    await upgradeStatus(socket);
    expect(socket.extensions).to.equal('');
    socket.terminate();
  });

  it('joins the call that its ticket names, both ways', async () => {
    const socket = await started();
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    say(socket, wire.media(2, Uint8Array.of(1, 2, 3)), wire.dtmf(3, '0'));
    edge.desk.streams[0]?.sendAudio(Uint8Array.of(0x7f, 0x7f, 0x7f));
    edge.desk.streams[0]?.sendMark('r1');
    await until(() => edge.desk.events.length === 2 && heard.length === 2);
    expect(edge.desk.asked).to.deep.equal([['attach', callSid, 'one-time']]);
    expect(edge.desk.events).to.deep.equal([
      { type: 'media', mulaw: Uint8Array.of(1, 2, 3), timestampMs: 5 },
      { type: 'digit', digit: '0' },
    ]);
    expect(heard.map((text): unknown => JSON.parse(text))).to.deep.equal([
      { event: 'media', streamSid, media: { payload: 'f39/' } },
      { event: 'mark', streamSid, mark: { name: 'r1' } },
    ]);
    socket.terminate();
  });

  for (const result of ['usedTicket', 'unknownTicket', 'expiredTicket', 'otherCall', 'callOver'] as const) {
    it(`is closed with 1008 when the desk says ${result}`, async () => {
      edge.desk.attachResult = result;
      const socket = edge.socket();
      const closed = closeCode(socket);
      await upgradeStatus(socket);
      say(socket, wire.connected(), wire.start());
      expect(await closed).to.equal(1008);
      expect(edge.desk.streams).to.deep.equal([]);
    });
  }

  it('is closed with 1008, without asking the desk, when it belongs to another account', async () => {
    const socket = edge.socket();
    const closed = closeCode(socket);
    await upgradeStatus(socket);
    const foreign = JSON.stringify(wire.start()).replace(accountSid, `AC${'f'.repeat(32)}`);
    socket.send(foreign);
    expect(await closed).to.equal(1008);
    expect(edge.desk.asked).to.deep.equal([]);
  });

  it('is closed with 1009 for a message that is too long, and no other socket is', async () => {
    const good = await started();
    const bad = edge.socket();
    const closed = closeCode(bad);
    await upgradeStatus(bad);
    bad.send('x'.repeat(limits.socketMessageBytes + 1));
    expect(await closed).to.equal(1009);
    say(good, wire.media(2));
    await until(() => edge.desk.events.length === 1);
    expect(good.readyState).to.equal(good.OPEN);
    good.terminate();
  });

  it('is not disturbed by a hundred sockets full of garbage', async () => {
    const good = await started();
    const bad = Array.from({ length: 100 }, () => edge.socket());
    const closed = bad.map(closeCode);
    expect(new Set(await Promise.all(bad.map(upgradeStatus)))).to.deep.equal(new Set([101]));
    for (const [n, socket] of bad.entries()) {
      for (let k = 0; k < 60; k += 1) socket.send(garbage(n, k), { binary: (n + k) % 7 === 0 });
    }
    for (let n = 0; n < 50; n += 1) say(good, wire.media(n + 2, Uint8Array.of(n)));
    expect(new Set(await Promise.all(closed))).to.deep.equal(new Set([1008]));
    await until(() => edge.desk.events.length === 50);
    expect(edge.desk.events).to.deep.equal(
      Array.from({ length: 50 }, (_, n) => ({ type: 'media', mulaw: Uint8Array.of(n), timestampMs: n * 20 + 5 })),
    );
    expect(good.readyState).to.equal(good.OPEN);
    good.terminate();
  });

  it('is told to go, with 1001, when the server closes, and so is its call', async () => {
    const socket = await started();
    const closed = closeCode(socket);
    await edge.server.close();
    expect(await closed).to.equal(1001);
    expect(edge.desk.events).to.deep.equal([{ type: 'closed', code: 1001 }]);
  });

  it('does not keep the server from closing when the other end is deaf', async () => {
    const hurried: Clock = {
      ...systemClock,
      setTimeout: (run, ms) => setTimeout(run, ms === limits.socketCloseMs ? 20 : ms),
    };
    const other = await openEdge({ clock: hurried });
    const socket = other.socket();
    await upgradeStatus(socket);
    say(socket, wire.start());
    await until(() => other.desk.streams.length > 0);
    socket.pause();
    await other.server.close();
    expect(other.desk.events).to.deep.equal([{ type: 'closed', code: 1006 }]);
    socket.terminate();
  });
});

function garbage(socket: number, message: number): string {
  const kinds = [
    '{',
    '[]',
    JSON.stringify({ event: 'new' }),
    JSON.stringify(wire.media(message + 2)),
    JSON.stringify({ ...wire.start(), streamSid: 'MZ' }),
    '\u0000'.repeat(socket + 1),
  ];
  return kinds[(socket + message) % kinds.length] ?? '';
}
