import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import type { Clock } from '../../src/clock.ts';
import { limits } from '../../src/limits.ts';
import { silentLog, type Log, type LogFields } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { MediaStream, MediaStreamEvent, StreamStart } from '../../src/twilio/mediaStream.ts';
import { openMediaStream } from '../../src/twilio/openMediaStream.ts';
import { accountSid, callSid, streamSid, wire } from './carrierMessages.ts';

/** The carrier's end of a socket: just the part of `ws` that a stream uses, without a network. */
class CarrierSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  readonly closes: (number | undefined)[] = [];
  terminated = 0;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code?: number): void {
    this.closes.push(code);
    this.readyState = 2;
  }
  terminate(): void {
    this.terminated += 1;
    this.goes(1006);
  }
  says(...messages: Record<string, unknown>[]): void {
    for (const message of messages) this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }
  goes(code: number): void {
    this.readyState = 3;
    this.emit('close', code);
  }
}

type Take = (start: StreamStart, stream: MediaStream) => boolean;

describe('a media stream', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers();
  });
  afterEach(() => timers.restore());

  const clock: Clock = {
    now: () => Date.now(),
    wall: () => new Date(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };

  function open(take?: Take, log: Log = silentLog) {
    const socket = new CarrierSocket();
    const events: MediaStreamEvent[] = [];
    const starts: StreamStart[] = [];
    const streams: MediaStream[] = [];
    const metrics = createMetrics('calls');
    const accept: Take = (_start, stream) => {
      stream.listen((event) => events.push(event));
      return true;
    };
    // @ts-expect-error: the part of a WebSocket that a stream uses, and no more
    openMediaStream(socket, {
      clock,
      limits,
      metrics,
      log,
      onStart: (start, stream) => {
        starts.push(start);
        streams.push(stream);
        return (take ?? accept)(start, stream);
      },
    });
    const stream = (): MediaStream => streams[0] ?? expect.fail('the stream has not started');
    const counted = async (line: string) => (await metrics.exposition()).text.split('\n').includes(line);
    return { socket, events, starts, stream, counted };
  }

  function opened() {
    const call = open();
    call.socket.says(wire.connected(), wire.start());
    return call;
  }

  it('names its call from the start message, the ticket included', () => {
    const { starts, stream, socket } = opened();
    expect(starts).to.deep.equal([{ streamSid, callSid, accountSid, ticket: 'one-time' }]);
    expect(stream().streamSid).to.equal(streamSid);
    expect(socket.closes).to.deep.equal([]);
  });

  it('names a call without a ticket as such, and starts without a connected message', () => {
    const { starts, socket } = open();
    socket.says(wire.start({}));
    expect(starts).to.deep.equal([{ streamSid, callSid, accountSid, ticket: null }]);
  });

  it('passes on audio, digits, marks and the stop, in order', () => {
    const { socket, events } = opened();
    socket.says(wire.media(2, Uint8Array.of(1, 2, 3)), wire.dtmf(3, '0'), wire.mark(4, 'r1.1'), wire.stop(5));
    expect(events).to.deep.equal([
      { type: 'media', mulaw: Uint8Array.of(1, 2, 3), timestampMs: 5 },
      { type: 'digit', digit: '0' },
      { type: 'mark', name: 'r1.1' },
      { type: 'stopped' },
    ]);
  });

  it('keeps the first events for a listener that comes late', () => {
    const { socket, stream } = open(() => true);
    socket.says(wire.start(), wire.dtmf(2, '1'), wire.dtmf(3, '2'));
    const events: MediaStreamEvent[] = [];
    stream().listen((event) => events.push(event));
    expect(events).to.deep.equal([
      { type: 'digit', digit: '1' },
      { type: 'digit', digit: '2' },
    ]);
    expect(() => stream().listen(() => {})).to.throw('one listener');
  });

  it('gives up a call that nobody listens to', () => {
    const { socket } = open(() => true);
    socket.says(wire.start());
    for (let n = 0; n <= limits.streamEventsWaiting; n += 1) socket.says(wire.media(n + 2));
    expect(socket.closes).to.deep.equal([1011]);
  });

  it('sends audio, marks and clear to the carrier', () => {
    const { socket, stream } = opened();
    stream().sendAudio(Uint8Array.of(0x7f, 0x7f, 0x7f));
    stream().sendAudio(new Uint8Array());
    stream().sendMark('r1.1');
    stream().clear();
    expect(socket.sent).to.deep.equal([
      { event: 'media', streamSid, media: { payload: 'f39/' } },
      { event: 'mark', streamSid, mark: { name: 'r1.1' } },
      { event: 'clear', streamSid },
    ]);
  });

  it('sends nothing after the stop or on a socket that is closing', () => {
    const stopped = opened();
    stopped.socket.says(wire.stop(2));
    stopped.stream().sendAudio(new Uint8Array(160));
    const closing = opened();
    closing.stream().close();
    closing.stream().sendMark('r1.1');
    closing.stream().clear();
    expect([stopped.socket.sent, closing.socket.sent]).to.deep.equal([[], []]);
  });

  it('closes a socket on which no start comes within five seconds', async () => {
    const { socket, counted } = open();
    socket.says(wire.connected());
    timers.tick(4_999);
    expect(socket.closes).to.deep.equal([]);
    timers.tick(1);
    expect(socket.closes).to.deep.equal([1008]);
    socket.goes(1008);
    expect(await counted('sanad_streams_total{end="neverStarted"} 1')).to.equal(true);
    expect(await counted('sanad_streams_open 0')).to.equal(true);
  });

  it('says once that it stalled when no audio comes for ten seconds, and again only after audio came back', () => {
    const { socket, events } = opened();
    timers.tick(5_000);
    socket.says(wire.media(2));
    timers.tick(9_999);
    expect(events.map((event) => event.type)).to.deep.equal(['media']);
    timers.tick(1);
    timers.tick(60_000);
    expect(events.map((event) => event.type)).to.deep.equal(['media', 'stalled']);
    socket.says(wire.media(3));
    timers.tick(10_000);
    expect(events.map((event) => event.type)).to.deep.equal(['media', 'stalled', 'media', 'stalled']);
  });

  it('stalls when not a single frame ever comes, and not after the stop', () => {
    const silent = opened();
    const stopped = opened();
    stopped.socket.says(wire.stop(2));
    timers.tick(10_000);
    expect(silent.events).to.deep.equal([{ type: 'stalled' }]);
    expect(stopped.events).to.deep.equal([{ type: 'stopped' }]);
  });

  it('closes with 1008 when the call does not take it', () => {
    const { socket } = open(() => false);
    socket.says(wire.start());
    expect(socket.closes).to.deep.equal([1008]);
  });

  it('closes with 1011 when taking the stream fails, so that the carrier asks what comes next', () => {
    const { socket } = open(() => {
      throw new Error('broken');
    });
    socket.says(wire.start());
    expect(socket.closes).to.deep.equal([1011]);
  });

  it('closes with 1011 when the call fails on an event, and logs neither message nor content', () => {
    const logged: (LogFields | undefined)[] = [];
    const log: Log = { ...silentLog, error: (_message, fields) => logged.push(fields) };
    const { socket } = open((_start, stream) => {
      stream.listen(() => {
        throw new TypeError('the caller said I am Salim');
      });
      return true;
    }, log);
    socket.says(wire.start(), wire.media(2));
    expect(socket.closes).to.deep.equal([1011]);
    expect(logged.map((fields) => fields?.['fault'])).to.deep.equal(['TypeError']);
    expect(JSON.stringify(logged)).to.not.include('Salim');
  });

  it('tells that it closed, once, with the code, and nothing after it', () => {
    const { socket, events } = opened();
    socket.goes(1006);
    socket.says(wire.media(2));
    timers.tick(60_000);
    expect(events).to.deep.equal([{ type: 'closed', code: 1006 }]);
  });

  it('tells nothing but the close after we closed it ourselves', () => {
    const { socket, events, stream } = opened();
    stream().close();
    stream().close();
    socket.says(wire.media(2), wire.stop(3));
    socket.goes(1000);
    expect(events).to.deep.equal([{ type: 'closed', code: 1000 }]);
    expect(socket.closes).to.deep.equal([1000]);
  });

  it('ends a socket that does not answer our close', () => {
    const { socket, events, stream } = opened();
    stream().close();
    timers.tick(limits.socketCloseMs - 1);
    expect(socket.terminated).to.equal(0);
    timers.tick(1);
    expect(socket.terminated).to.equal(1);
    expect(events).to.deep.equal([{ type: 'closed', code: 1006 }]);
  });

  it('tells apart who ended it: the other end, a lost line, and us', async () => {
    const theirs = opened();
    theirs.socket.goes(1000);
    const lost = opened();
    lost.socket.goes(1006);
    const afterStop = opened();
    afterStop.socket.says(wire.stop(2));
    afterStop.socket.goes(1006);
    const ours = opened();
    ours.stream().close();
    ours.socket.goes(1000);
    const ends = await Promise.all([
      theirs.counted('sanad_streams_total{end="theirs"} 1'),
      lost.counted('sanad_streams_total{end="lost"} 1'),
      afterStop.counted('sanad_streams_total{end="theirs"} 1'),
      ours.counted('sanad_streams_total{end="ours"} 1'),
    ]);
    expect(ends).to.deep.equal([true, true, true, true]);
  });

  describe('refuses and counts', () => {
    const other = `MZ${'f'.repeat(32)}`;
    const cases: readonly [string, string, (socket: CarrierSocket) => void][] = [
      ['a message before the start', 'beforeStart', (socket) => socket.says(wire.media(2))],
      ['a second start', 'duplicateStart', (socket) => socket.says(wire.start(), wire.start({}, '2'))],
      ['a second connected', 'outOfOrder', (socket) => socket.says(wire.connected(), wire.connected())],
      ['a message out of order', 'outOfOrder', (socket) => socket.says(wire.start(), wire.dtmf(4), wire.dtmf(3))],
      ['a message twice', 'outOfOrder', (socket) => socket.says(wire.start(), wire.dtmf(4), wire.dtmf(4))],
      [
        'a message of another stream',
        'otherStream',
        (socket) => socket.says(wire.start(), { ...wire.dtmf(2), streamSid: other }),
      ],
      ['a message after the stop', 'afterStop', (socket) => socket.says(wire.start(), wire.stop(2), wire.media(3))],
      ['a binary message', 'binary', (socket) => socket.emit('message', Buffer.from('{}'), true)],
      ['an unknown event', 'unknownEvent', (socket) => socket.says({ event: 'new' })],
      ['what is not JSON', 'notJson', (socket) => socket.emit('message', Buffer.from('{'), false)],
    ];
    for (const [what, reason, act] of cases) {
      it(what, async () => {
        const { socket, events, counted } = open();
        act(socket);
        expect(await counted(`sanad_stream_messages_refused_total{reason="${reason}"} 1`)).to.equal(true);
        expect(events.filter((event) => event.type === 'media')).to.deep.equal([]);
        expect(socket.closes).to.deep.equal([]);
      });
    }
  });

  it('is ended by a second of pure garbage', () => {
    const { socket } = opened();
    for (let n = 0; n < 50; n += 1) socket.says({ event: 'garbage' });
    expect(socket.closes).to.deep.equal([]);
    socket.says({ event: 'garbage' });
    expect(socket.closes).to.deep.equal([1008]);
  });

  it('bears a new kind of message among audio for as long as the call lasts', () => {
    const { socket, events } = opened();
    for (let n = 0; n < 5_000; n += 1) {
      socket.says(wire.media(n + 2));
      if (n % 10 === 0) socket.says({ event: 'new', streamSid, sequenceNumber: '1' });
    }
    expect(socket.closes).to.deep.equal([]);
    expect(events.length).to.equal(5_000);
  });

  it('logs a refusal once per reason, however often it comes', () => {
    const logged: unknown[] = [];
    const { socket } = open(undefined, { ...silentLog, warn: (_message, fields) => logged.push(fields?.['reason']) });
    socket.says(wire.start(), { event: 'new' }, { event: 'new' }, wire.start({}, '2'), { event: 'new' });
    expect(logged).to.deep.equal(['unknownEvent', 'duplicateStart']);
  });

  it('warns once when its socket drains slowly, and gives it up when it does not drain at all', async () => {
    const { socket, stream, events, counted } = opened();
    socket.bufferedAmount = limits.socketBufferedBytes + 1;
    stream().sendAudio(new Uint8Array(160));
    stream().sendAudio(new Uint8Array(160));
    expect(await counted('sanad_stream_backed_up_total 1')).to.equal(true);
    expect(socket.sent.length).to.equal(2);
    socket.bufferedAmount = limits.socketBufferedMaxBytes + 1;
    stream().sendAudio(new Uint8Array(160));
    expect(socket.sent.length).to.equal(2);
    expect(socket.terminated).to.equal(1);
    expect(events).to.deep.equal([{ type: 'closed', code: 1006 }]);
    expect(await counted('sanad_streams_total{end="backedUp"} 1')).to.equal(true);
  });

  it('lives through an error of the socket', async () => {
    const { socket, events, counted } = opened();
    socket.emit('error', Object.assign(new RangeError('Max payload'), { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' }));
    socket.goes(1006);
    expect(events).to.deep.equal([{ type: 'closed', code: 1006 }]);
    expect(await counted('sanad_streams_total{end="garbage"} 1')).to.equal(true);
  });

  it('never throws and leaves no timer behind, whatever comes in whatever order', () => {
    const step = fc.oneof(
      fc.constantFrom(
        wire.connected(),
        wire.start(),
        wire.media(2),
        wire.media(3),
        wire.dtmf(3),
        wire.mark(4),
        wire.stop(5),
      ),
      fc.jsonValue(),
      fc.constant('close' as const),
      fc.constant('wait' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { socket, events } = open();
        for (const each of steps) {
          if (each === 'close') socket.goes(1006);
          else if (each === 'wait') timers.tick(11_000);
          else socket.emit('message', Buffer.from(JSON.stringify(each)), false);
        }
        socket.goes(1000);
        timers.tick(30_000);
        expect(timers.countTimers()).to.equal(0);
        expect(events.filter((event) => event.type === 'closed').length).to.be.at.most(1);
        expect(events.findIndex((event) => event.type === 'closed')).to.be.oneOf([-1, events.length - 1]);
      }),
      { numRuns: 200 },
    );
  });
});
