import { expect } from 'chai';
import twilio from 'twilio';
import { startCarrier, type Carrier, type CarrierOptions } from '../../../src/sandbox/carrier/carrier.ts';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { bursts, silentByte, tone } from '../../../src/sandbox/carrier/levels.ts';
import type { TimelineFact } from '../../../src/sandbox/carrier/report.ts';
import {
  audioMessage,
  connectStream,
  startApplication,
  type TestApplication,
  type TestApplicationOptions,
  type StreamMessage,
  type TestStream,
} from './testApplication.ts';

const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = '12345678901234567890123456789012';
const voice = (ms: number): Uint8Array => tone(ms, 400, -20);
const marksOf = (timeline: readonly TimelineFact[]): unknown[] =>
  timeline.flatMap((fact) => (fact.type === 'mark-returned' ? [[fact.name, fact.because]] : []));

describe('a media stream of the carrier', () => {
  let application: TestApplication;
  let carrier: Carrier;

  /** Ten times as fast as life. */
  const start = async (app: Partial<TestApplicationOptions>, options: Partial<CarrierOptions> = {}): Promise<void> => {
    application = await startApplication({
      routes: { '/twilio/voice': () => connectStream, '/after': () => '<Response><Hangup/></Response>' },
      ...app,
    });
    carrier = await startCarrier({
      accountSid,
      authToken,
      phoneNumber: '+96824000000',
      voiceUrl: `${application.origin}/twilio/voice`,
      allowPlainWs: true,
      clock: acceleratedClock(10),
      timings: { afterStreamMs: 0 },
      ...options,
    });
  };

  afterEach(async () => {
    await carrier.close();
    await application.close();
  });

  const stay: Caller = (line) => line.stay();
  const whenStarted = (act: (stream: TestStream) => void): ((stream: TestStream) => void) => {
    return (stream) => stream.on(({ event }) => (event === 'start' ? act(stream) : undefined));
  };

  it('says connected, start, then 20 ms frames, with counters that go up by one', async () => {
    let stream: TestStream | undefined;
    await start({ onStream: (opened) => (stream = opened) });
    const call = carrier.placeCall({ from: '+96890000001', caller: async (line) => line.silence(200) });
    await call.ended;
    const messages = stream?.messages ?? [];
    const media = messages.filter(({ event }) => event === 'media');
    expect(messages[0]).to.deep.equal({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    const streamSid = messages[1]?.streamSid ?? '';
    expect(streamSid).to.match(/^MZ[0-9a-f]{32}$/);
    expect(messages[1]).to.deep.equal({
      event: 'start',
      sequenceNumber: '1',
      start: {
        accountSid,
        streamSid,
        callSid: call.callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { ticket: 't1' },
      },
      streamSid,
    });
    expect(messages.at(-1)).to.deep.equal({
      event: 'stop',
      sequenceNumber: String(messages.length - 1),
      stop: { accountSid, callSid: call.callSid },
      streamSid,
    });
    expect(messages.slice(1).map(({ sequenceNumber }) => sequenceNumber)).to.deep.equal(
      messages.slice(1).map((_message, index) => String(index + 1)),
    );
    const first = Number(media[0]?.media?.timestamp);
    for (const [index, message] of media.entries()) {
      expect(message.media).to.deep.equal({
        track: 'inbound',
        chunk: String(index + 1),
        timestamp: String(first + index * 20),
        payload: Buffer.alloc(160, silentByte).toString('base64'),
      });
    }
    expect(media.length).to.be.within(6, 11);
  });

  it('carries the caller to the application byte for byte', async () => {
    let stream: TestStream | undefined;
    await start({ onStream: (opened) => (stream = opened) });
    const words = Uint8Array.from({ length: 160 * 6 }, (_zero, index) => (index * 7) % 256);
    const report = await carrier.placeCall({
      from: '+96890000001',
      caller: async (line) => {
        await line.silence(200);
        await line.say(words);
        await line.silence(60);
      },
    }).ended;
    const received = Buffer.concat(
      (stream?.messages ?? []).map(({ media }) => Buffer.from(media?.payload ?? '', 'base64')),
    );
    expect(received.indexOf(Buffer.from(words))).to.be.greaterThan(-1);
    expect(Buffer.from(report.uplink).indexOf(Buffer.from(words))).to.equal((report.utterances[0]?.startMs ?? 0) * 8);
  });

  it('signs the upgrade over the stream address without its query, which it drops', async () => {
    await start({
      routes: {
        '/twilio/voice': () => connectStream.replace('$stream', '$stream?token=secret'),
        '/after': () => '<Response/>',
      },
      onStream: whenStarted(({ socket }) => socket.close()),
    });
    await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(application.upgrades.map(({ url }) => url)).to.deep.equal(['/media']);
    const signature = String(application.upgrades[0]?.headers['x-twilio-signature']);
    expect(twilio.validateRequest(authToken, signature, application.streamUrl, {})).to.equal(true);
  });

  it('signs the upgrade wrongly on demand, and goes on when it is refused', async () => {
    await start({ upgradeStatus: 403 }, { streamSignature: 'wrong' });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    const signature = String(application.upgrades[0]?.headers['x-twilio-signature']);
    expect(twilio.validateRequest(authToken, signature, application.streamUrl, {})).to.equal(false);
    expect(report.errors.map(({ code }) => code)).to.deep.equal([31920]);
    expect(application.requests.map(({ path }) => path)).to.deep.equal(['/twilio/voice', '/after']);
    expect([report.endedBy, report.streams]).to.deep.equal(['line', 0]);
  });

  it('plays what it is sent in real time and returns marks as they are reached', async () => {
    let messages: readonly StreamMessage[] = [];
    await start({
      onStream: (stream) => {
        ({ messages } = stream);
        stream.on(({ event, mark }) => {
          if (event === 'start') {
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'idle' } });
            stream.send(audioMessage(stream.streamSid(), voice(300)));
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'first' } });
            stream.send(audioMessage(stream.streamSid(), voice(200)));
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'second' } });
          } else if (mark?.name === 'second') {
            stream.socket.close();
          }
        });
      },
    });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    const [heard] = bursts(report.downlink);
    expect((heard?.endMs ?? 0) - (heard?.startMs ?? 0)).to.equal(500);
    expect(marksOf(report.timeline)).to.deep.equal([
      ['idle', 'played'],
      ['first', 'played'],
      ['second', 'played'],
    ]);
    // Counted in frames of the caller, which keep the pace of the playback however busy the machine is.
    const framesBefore = (name: string): number => {
      const end = messages.findIndex(({ mark }) => mark?.name === name);
      return messages.slice(0, end).filter(({ event }) => event === 'media').length;
    };
    expect(framesBefore('second') - framesBefore('first')).to.equal(10);
    expect(report.arrivals.map(({ lengthMs, audible }) => [lengthMs, audible])).to.deep.equal([
      [300, true],
      [200, true],
    ]);
    expect(report.uplink.length).to.equal(report.downlink.length);
    expect([report.warnings, report.errors]).to.deep.equal([[], []]);
  });

  it('falls silent on clear, returns the outstanding marks and takes new audio at once', async () => {
    let sent = 0;
    await start({
      onStream: (stream) => {
        stream.on(({ event, mark }) => {
          if (event === 'start') {
            stream.send(audioMessage(stream.streamSid(), voice(5_000)));
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'cut' } });
          } else if (event === 'media' && (sent += 1) === 15) {
            stream.send({ event: 'clear', streamSid: stream.streamSid() });
            stream.send(audioMessage(stream.streamSid(), voice(100)));
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'new' } });
          } else if (mark?.name === 'new') {
            stream.socket.close();
          }
        });
      },
    });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(marksOf(report.timeline)).to.deep.equal([
      ['cut', 'cleared'],
      ['new', 'played'],
    ]);
    expect(report.downlink.length / 8).to.be.below(3_500);
    const cleared = report.timeline.find((fact) => fact.type === 'clear-received');
    expect(cleared?.type === 'clear-received' && cleared.droppedMs).to.be.within(2_000, 4_900);
  });

  it('warns once about each kind of wrong message and stays up', async () => {
    await start({
      onStream: whenStarted((stream) => {
        stream.socket.send('nonsense');
        stream.socket.send(Buffer.from([1, 2, 3]));
        stream.send({ event: 'clear', streamSid: 'MZother' });
        stream.send(audioMessage(stream.streamSid(), new Uint8Array(10 * 60 * 8_000)));
        stream.send(audioMessage(stream.streamSid(), voice(20)));
        stream.send(audioMessage(stream.streamSid(), voice(20)));
        stream.send({ event: 'clear', streamSid: stream.streamSid() });
        stream.socket.close();
      }),
    });
    const report = await carrier.placeCall({ from: null, caller: stay }).ended;
    expect(report.warnings.map(({ code }) => code)).to.deep.equal([31951, 31931]);
    expect(report.endedBy).to.equal('line');
  });

  it('tells the application of the keys that are pressed', async () => {
    const digits: unknown[] = [];
    await start({
      onStream: (stream) => stream.on(({ event, dtmf }) => void (event === 'dtmf' && digits.push(dtmf))),
    });
    await carrier.placeCall({
      from: null,
      caller: async (line) => {
        await line.silence(100);
        await line.press('0#');
        await line.silence(100);
      },
    }).ended;
    expect(digits).to.deep.equal([
      { track: 'inbound_track', digit: '0' },
      { track: 'inbound_track', digit: '#' },
    ]);
  });

  it('breaks off without a stop when the network is cut, and goes on with the action', async () => {
    let code: Promise<number> | undefined;
    let last = '';
    await start({
      onStream: (stream) => {
        code = stream.closed;
        stream.on(({ event }) => {
          last = event;
          if (event === 'media') {
            call.cutStream();
          }
        });
      },
    });
    const call = carrier.placeCall({ from: null, caller: stay });
    const report = await call.ended;
    expect([await code, last]).to.deep.equal([1006, 'media']);
    expect(application.requests.map(({ path }) => path)).to.deep.equal(['/twilio/voice', '/after']);
    expect(report.endedBy).to.equal('line');
  });

  it('hangs silently on demand: the socket stays open and nothing comes', async () => {
    let media = 0;
    await start({
      onStream: (stream) => {
        stream.on(({ event }) => {
          media += event === 'media' ? 1 : 0;
          if (media === 3) {
            call.freezeStream();
            stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'lost' } });
          }
        });
      },
    });
    const call = carrier.placeCall({ from: null, caller: async (line) => line.silence(400) });
    const report = await call.ended;
    expect(media).to.be.within(3, 5);
    expect(marksOf(report.timeline)).to.deep.equal([]);
    expect(report.timeline.filter(({ type }) => type === 'stream-ended').length).to.equal(1);
  });

  it('loses frames on a bad line as a jump in time, with the chunks still counted one by one', async () => {
    let stream: TestStream | undefined;
    await start({ onStream: (opened) => (stream = opened) });
    await carrier.placeCall({
      from: null,
      caller: async (line) => line.silence(800),
      quality: { uplink: { delayMs: 40, jitterMs: 30, lossRate: 0.4 }, edgeDelayMs: 30 },
    }).ended;
    const media = (stream?.messages ?? []).flatMap((message) => message.media ?? []);
    expect(media.map(({ chunk }) => Number(chunk))).to.deep.equal(media.map((_one, index) => index + 1));
    const steps = media.slice(1).map(({ timestamp }, index) => Number(timestamp) - Number(media[index]?.timestamp));
    expect(steps.every((step) => step > 0 && step % 20 === 0)).to.equal(true);
    expect(Math.max(...steps)).to.be.greaterThan(20);
  });

  it('tells the stream status callback, signed', async () => {
    await start({
      routes: {
        '/twilio/voice': () =>
          '<Response><Connect><Stream url="$stream" name="bot" statusCallback="/status"/></Connect></Response>',
        '/status': () => '<Response/>',
      },
      onStream: whenStarted(({ socket }) => socket.close()),
    });
    await carrier.placeCall({ from: null, caller: stay }).ended;
    const told = application.requests.filter(({ path }) => path === '/status');
    expect(told.map(({ parameters }) => [parameters['StreamEvent'], parameters['StreamName']])).to.deep.equal([
      ['stream-started', 'bot'],
      ['stream-stopped', 'bot'],
    ]);
    for (const { headers, url, parameters } of told) {
      const signature = String(headers['x-twilio-signature']);
      expect(twilio.validateRequest(authToken, signature, url, parameters)).to.equal(true);
    }
  });

  it('is opened for a call that the application placed, too', async () => {
    await start({
      onStream: whenStarted((stream) => {
        stream.send(audioMessage(stream.streamSid(), voice(300)));
        stream.send({ event: 'mark', streamSid: stream.streamSid(), mark: { name: 'said' } });
        stream.on(({ event }) => (event === 'mark' ? stream.socket.close(1000) : undefined));
      }),
    });
    carrier.setPhone('+96890000009', { kind: 'person' });
    const client = twilio(accountSid, authToken);
    client.api.baseUrl = carrier.apiBaseUrl;
    const url = `${application.origin}/twilio/voice`;
    const { sid } = await client.calls.create({ to: '+96890000009', from: '+96824000000', url });
    const report = await carrier.reportOf(sid);
    expect([report?.direction, report?.streams, report?.endedBy]).to.deep.equal(['outbound-api', 1, 'line']);
    expect(bursts(report?.downlink ?? new Uint8Array()).map(({ startMs, endMs }) => endMs - startMs)).to.deep.equal([
      300,
    ]);
  });
});
