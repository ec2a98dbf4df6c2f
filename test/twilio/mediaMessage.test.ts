import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { mediaPrinter, parseMediaMessage } from '../../src/twilio/mediaMessage.ts';
import { accountSid, callSid, streamSid, wire } from './carrierMessages.ts';

const parse = (value: unknown) => parseMediaMessage(JSON.stringify(value));

/** The same rule for `media` as our hand-written check, as a schema: the oracle. */
const count = z.string().regex(/^\d{1,15}$/);
const mediaOracle = z.object({
  event: z.literal('media'),
  sequenceNumber: count,
  streamSid: z.string().regex(/^MZ[0-9a-f]{32}$/i),
  media: z.object({
    track: z.literal('inbound'),
    chunk: count,
    timestamp: count,
    payload: z.string().regex(/^(?:[\w+/-]{4})*(?:[\w+/-]{4}|[\w+/-]{3}=|[\w+/-]{2}==)$/),
  }),
});

describe('reading the messages of a media stream', () => {
  it('reads each of the six messages as the carrier documents them', () => {
    expect(parse(wire.connected())).to.deep.equal({
      ok: true,
      message: { event: 'connected', protocol: 'Call', version: '1.0.0' },
    });
    expect(parse(wire.start({ ticket: 'abc', lang: 'ar' }))).to.deep.equal({
      ok: true,
      message: {
        event: 'start',
        sequenceNumber: 1,
        streamSid,
        accountSid,
        callSid,
        customParameters: { ticket: 'abc', lang: 'ar' },
      },
    });
    expect(parse(wire.media(2, Uint8Array.of(0x7f, 0, 0xff)))).to.deep.equal({
      ok: true,
      message: {
        event: 'media',
        sequenceNumber: 2,
        streamSid,
        chunk: 1,
        timestampMs: 5,
        mulaw: Uint8Array.of(0x7f, 0, 0xff),
      },
    });
    expect(parse(wire.dtmf(5, '#'))).to.deep.equal({
      ok: true,
      message: { event: 'dtmf', sequenceNumber: 5, streamSid, digit: '#' },
    });
    expect(parse(wire.mark(6, 'reply-1.2'))).to.deep.equal({
      ok: true,
      message: { event: 'mark', sequenceNumber: 6, streamSid, name: 'reply-1.2' },
    });
    expect(parse(wire.stop(7))).to.deep.equal({
      ok: true,
      message: { event: 'stop', sequenceNumber: 7, streamSid, accountSid, callSid },
    });
  });

  it('reads the bytes of a socket like text, Arabic included', () => {
    const text = JSON.stringify(wire.start({ name: 'سالم' }));
    expect(parseMediaMessage(Buffer.from(text))).to.deep.equal(parseMediaMessage(text));
  });

  it('ignores fields that it does not know, at every level', () => {
    const known = wire.mark(6, 'u3');
    const more = { ...known, added: 1, mark: { name: 'u3', added: [] } };
    expect(parse(more)).to.deep.equal(parse(known));
  });

  it('names an unknown event as such, so that a new one of the carrier is told from garbage', () => {
    expect(parse({ event: 'transcript', streamSid })).to.deep.equal({ ok: false, refusal: { reason: 'unknownEvent' } });
  });

  const refusals: readonly [string, unknown, { reason: string; event?: string; field?: string }][] = [
    [
      'a number where the wire has a string',
      { ...wire.media(2), sequenceNumber: 2 },
      malformed('media', 'sequenceNumber'),
    ],
    [
      'a string where the wire has a number',
      withFormat({ sampleRate: '8000' }),
      malformed('start', 'start.mediaFormat.sampleRate'),
    ],
    ['another sample rate', withFormat({ sampleRate: 16000 }), malformed('start', 'start.mediaFormat.sampleRate')],
    ['another encoding', withFormat({ encoding: 'audio/opus' }), malformed('start', 'start.mediaFormat.encoding')],
    ['two channels', withFormat({ channels: 2 }), malformed('start', 'start.mediaFormat.channels')],
    [
      'a start whose two stream sids differ',
      { ...wire.start(), streamSid: `MZ${'0'.repeat(31)}2` },
      malformed('start', 'start.streamSid'),
    ],
    [
      'a parameter that is no string, without naming it',
      wire.start({ ticket: 1 }),
      malformed('start', 'start.customParameters'),
    ],
    [
      'a payload with a character outside base64',
      withMedia({ payload: 'f39/!39/' }),
      malformed('media', 'media.payload'),
    ],
    ['a payload with padding in the middle', withMedia({ payload: 'fw==f39/' }), malformed('media', 'media.payload')],
    ['a payload cut short', withMedia({ payload: 'f39' }), malformed('media', 'media.payload')],
    ['an empty payload', withMedia({ payload: '' }), malformed('media', 'media.payload')],
    ['the track that we send ourselves', withMedia({ track: 'outbound' }), malformed('media', 'media.track')],
    ['a negative timestamp', withMedia({ timestamp: '-5' }), malformed('media', 'media.timestamp')],
    [
      'a stream sid that could break out of our JSON',
      { ...wire.media(2), streamSid: 'MZ"}' },
      malformed('media', 'streamSid'),
    ],
    ['a digit that no telephone has', wire.dtmf(3, '00'), malformed('dtmf', 'dtmf.digit')],
    ['a mark without a name', wire.mark(3, ''), malformed('mark', 'mark.name')],
    ['an event that is no string', { event: 7 }, { reason: 'noEvent' }],
    ['an array', [wire.mark(3)], { reason: 'noEvent' }],
    ['null', null, { reason: 'noEvent' }],
  ];
  for (const [what, value, refusal] of refusals) {
    it(`refuses ${what}`, () => {
      expect(parse(value)).to.deep.equal({ ok: false, refusal });
    });
  }

  it('refuses what is not JSON, and what is longer than any message of the carrier', () => {
    expect(parseMediaMessage('{"event":"media"')).to.deep.equal({ ok: false, refusal: { reason: 'notJson' } });
    expect(parseMediaMessage('')).to.deep.equal({ ok: false, refusal: { reason: 'notJson' } });
    expect(parseMediaMessage(' '.repeat(16_385))).to.deep.equal({ ok: false, refusal: { reason: 'tooLong' } });
  });

  it('never throws, whatever arrives', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ event: 'start', start: value, media: value, mark: value })),
      fc.string({ minLength: 16_000, maxLength: 17_000 }),
    );
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (input) => {
        const result = parseMediaMessage(input);
        expect(result.ok).to.be.a('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('reads or refuses a valid message in which any one place was changed, and never throws', () => {
    const valid = fc.constantFrom(
      wire.connected(),
      wire.start(),
      wire.media(9),
      wire.dtmf(3),
      wire.mark(4),
      wire.stop(5),
    );
    fc.assert(
      fc.property(valid, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(4), (message, place, put, cut) => {
        const text = JSON.stringify(message);
        const at = place % text.length;
        const result = parseMediaMessage(text.slice(0, at) + put + text.slice(at + cut));
        expect(result.ok ? 'message' in result : typeof result.refusal.reason).to.be.oneOf([true, 'string']);
      }),
      { numRuns: 1_000 },
    );
  });

  it('agrees with the schema of a media message on every mutation of one', () => {
    const field = fc.constantFrom('sequenceNumber', 'streamSid', 'track', 'chunk', 'timestamp', 'payload', 'media');
    const value = fc.oneof(
      fc.jsonValue(),
      fc.base64String({ maxLength: 20 }),
      fc.nat().map(String),
      fc.constant('inbound'),
    );
    fc.assert(
      fc.property(field, value, (name, put) => {
        const message = ['sequenceNumber', 'streamSid', 'media'].includes(name)
          ? { ...wire.media(2), [name]: put }
          : withMedia({ [name]: put });
        expect(parse(message).ok, JSON.stringify(message)).to.equal(mediaOracle.safeParse(message).success);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives back exactly the audio, the marks and the digits that were sent', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 2, max: 1e9 }), (audio, sequence) => {
        const result = parse(wire.media(sequence, audio));
        expect(result.ok && result.message.event === 'media' && result.message).to.deep.include({
          sequenceNumber: sequence,
          mulaw: Uint8Array.from(audio),
        });
      }),
    );
  });
});

describe('printing the messages of a media stream', () => {
  const printer = mediaPrinter(streamSid);

  it('prints audio, marks and clear exactly as the carrier reads them', () => {
    expect(printer.media(Uint8Array.of(0x7f, 0x7f, 0x7f))).to.equal(
      `{"event":"media","streamSid":"${streamSid}","media":{"payload":"f39/"}}`,
    );
    expect(printer.mark('u3')).to.equal(`{"event":"mark","streamSid":"${streamSid}","mark":{"name":"u3"}}`);
    expect(printer.clear()).to.equal(`{"event":"clear","streamSid":"${streamSid}"}`);
  });

  it('prints any audio as valid JSON that holds the same bytes, also out of the middle of a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.nat(50), (audio, offset) => {
        const middle = new Uint8Array(audio.length + 100);
        middle.set(audio, offset);
        const printed: unknown = JSON.parse(printer.media(middle.subarray(offset, offset + audio.length)));
        expect(printed).to.deep.equal({
          event: 'media',
          streamSid,
          media: { payload: Buffer.from(audio).toString('base64') },
        });
      }),
    );
  });

  it('prints any mark name that it takes as valid JSON, and takes no other', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70 }), (name) => {
        if (/^[A-Za-z0-9._:/-]{1,64}$/.test(name))
          expect(JSON.parse(printer.mark(name))).to.deep.equal({ event: 'mark', streamSid, mark: { name } });
        else expect(() => printer.mark(name)).to.throw(RangeError);
      }),
    );
  });

  it('does not print for a stream sid that is none', () => {
    expect(() => mediaPrinter('MZ"}')).to.throw(RangeError, 'not the sid of a stream');
  });
});

function malformed(event: string, field: string) {
  return { reason: 'malformed', event, field };
}

function withMedia(change: Record<string, unknown>): unknown {
  const message = wire.media(2);
  return { ...message, media: { ...(message['media'] as object), ...change } };
}

function withFormat(change: Record<string, unknown>): unknown {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1, ...change };
  const message = wire.start();
  return { ...message, start: { ...(message['start'] as object), mediaFormat } };
}
