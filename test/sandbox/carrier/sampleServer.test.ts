import { expect } from 'chai';
import { startCarrier } from '../../../src/sandbox/carrier/carrier.ts';
import { acceleratedClock } from '../../../src/sandbox/carrier/clock.ts';
import { bursts, tone } from '../../../src/sandbox/carrier/levels.ts';
import { startApplication, type StreamMessage, type TestStream } from './testApplication.ts';

/** What the vendor's published "connect basic" sample does: says back each second of audio, with a mark, and closes. */
function repeatEachSecond(stream: TestStream, repeats: number): void {
  let kept: StreamMessage[] = [];
  let repeated = 0;
  stream.on((message) => {
    if (message.event !== 'media' || kept.push(message) < 50) {
      return;
    }
    const audio = Buffer.concat(kept.map(({ media }) => Buffer.from(media?.payload ?? '', 'base64')));
    const { streamSid } = message;
    kept = [];
    repeated += 1;
    stream.send({ event: 'media', streamSid, media: { payload: audio.toString('base64') } });
    stream.send({ event: 'mark', streamSid, mark: { name: `Repeat message ${repeated}` } });
    if (repeated === repeats) {
      stream.socket.close(1000, 'repeated enough');
    }
  });
}

describe('a server built as the vendor’s sample', () => {
  it('is driven by the carrier to the end, and the caller hears their own words again', async () => {
    const application = await startApplication({
      routes: {
        '/twiml': () => '<?xml version="1.0"?><Response><Connect><Stream url="$stream"/></Connect></Response>',
      },
      onStream: (stream) => repeatEachSecond(stream, 4),
    });
    const carrier = await startCarrier({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'token',
      phoneNumber: '+96824000000',
      voiceUrl: `${application.origin}/twiml`,
      allowPlainWs: true,
      clock: acceleratedClock(20),
    });
    const words = tone(400, 500, -20);
    const report = await carrier.placeCall({
      from: '+96890000001',
      caller: async (line) => {
        await line.silence(300);
        await line.say(words);
        expect(await line.listenUntilQuiet({ ms: 400 })).to.equal('quiet');
        await line.stay();
      },
    }).ended;
    await carrier.close();
    await application.close();
    expect(bursts(report.downlink).map(({ startMs, endMs }) => endMs - startMs)).to.deep.equal([400]);
    expect(Buffer.from(report.downlink).includes(Buffer.from(words))).to.equal(true);
    // The mark before the last one races with the server's close.
    const marks = report.timeline.flatMap((fact) => (fact.type === 'mark-returned' ? [fact.name] : []));
    expect(marks.slice(0, 2)).to.deep.equal(['Repeat message 1', 'Repeat message 2']);
    expect([report.warnings, report.errors, report.callerFault, report.endedBy]).to.deep.equal([[], [], null, 'line']);
  });
});
