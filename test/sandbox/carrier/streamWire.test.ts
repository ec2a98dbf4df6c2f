import { expect } from 'chai';
import fc from 'fast-check';
import {
  printConnected,
  printDigit,
  printMark,
  printMedia,
  printStart,
  printStop,
  readServerMessage,
} from '../../../src/sandbox/carrier/streamWire.ts';

const identity = { accountSid: 'AC1', callSid: 'CA1', streamSid: 'MZ1' };
const parsed = (text: string): unknown => JSON.parse(text);

describe('the messages of a media stream', () => {
  it('are printed with the types of the real ones: counters as strings, the media format as numbers', () => {
    expect(parsed(printConnected())).to.deep.equal({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(parsed(printStart(1, identity, { token: 'abc' }))).to.deep.equal({
      event: 'start',
      sequenceNumber: '1',
      start: {
        accountSid: 'AC1',
        streamSid: 'MZ1',
        callSid: 'CA1',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 'abc' },
      },
      streamSid: 'MZ1',
    });
    expect(parsed(printMedia(2, 'MZ1', 1, 5, Uint8Array.of(0x7f, 0x7f, 0xff)))).to.deep.equal({
      event: 'media',
      sequenceNumber: '2',
      media: { track: 'inbound', chunk: '1', timestamp: '5', payload: 'f3//' },
      streamSid: 'MZ1',
    });
    expect(parsed(printDigit(5, 'MZ1', '1'))).to.deep.equal({
      event: 'dtmf',
      streamSid: 'MZ1',
      sequenceNumber: '5',
      dtmf: { track: 'inbound_track', digit: '1' },
    });
    expect(parsed(printMark(6, 'MZ1', 'u3'))).to.deep.equal({
      event: 'mark',
      sequenceNumber: '6',
      streamSid: 'MZ1',
      mark: { name: 'u3' },
    });
    expect(parsed(printStop(7, identity))).to.deep.equal({
      event: 'stop',
      sequenceNumber: '7',
      stop: { accountSid: 'AC1', callSid: 'CA1' },
      streamSid: 'MZ1',
    });
  });

  it('are read from the application: media, mark and clear', () => {
    expect(readServerMessage('{"event":"media","streamSid":"MZ1","media":{"payload":"f3//"}}', 'MZ1')).to.deep.equal({
      event: 'media',
      mulaw: Buffer.of(0x7f, 0x7f, 0xff),
    });
    expect(readServerMessage('{"event":"mark","streamSid":"MZ1","mark":{"name":"a"}}', 'MZ1')).to.deep.equal({
      event: 'mark',
      name: 'a',
    });
    expect(readServerMessage('{"event":"clear","streamSid":"MZ1"}', 'MZ1')).to.deep.equal({ event: 'clear' });
  });

  const violations: Readonly<Record<string, string>> = {
    'that are no JSON': 'media',
    'of an unknown kind': '{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"1"}}',
    'with a field more': '{"event":"clear","streamSid":"MZ1","sequenceNumber":"1"}',
    'with a field less': '{"event":"media","media":{"payload":""}}',
    'with a track in the media': '{"event":"media","streamSid":"MZ1","media":{"payload":"","track":"outbound"}}',
    'for another stream': '{"event":"clear","streamSid":"MZ2"}',
    'whose payload is no base64': '{"event":"media","streamSid":"MZ1","media":{"payload":"f3/"}}',
    'whose mark has no name': '{"event":"mark","streamSid":"MZ1","mark":{"name":""}}',
    'that are no object': 'null',
  };
  for (const [which, text] of Object.entries(violations)) {
    it(`are violations ${which}`, () => {
      expect(readServerMessage(text, 'MZ1').event).to.equal('violation');
    });
  }

  it('never throw on reading', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readServerMessage(text, 'MZ1')).to.have.property('event');
      }),
    );
  });
});
