import { expect } from 'chai';
import fc from 'fast-check';
import {
  closeCodeOf,
  parseBinaryFrame,
  parseTextFrame,
  printBinaryFrame,
  printTextFrame,
} from '../../../src/sandbox/azureSpeech/frames.ts';

const requestId = '0123456789ABCDEF0123456789ABCDEF';

const headerValue = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,30}[\x21-\x7e])?$/);
const extraHeaders = fc.dictionary(
  fc.stringMatching(/^[A-Z][A-Za-z-]{0,15}$/).filter((name) => !/^(path|x-requestid)$/i.test(name)),
  headerValue,
  { maxKeys: 4, noNullPrototype: true },
);
const lowered = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);

describe('frames of the speech protocol', () => {
  it('come back from text as they were printed', () => {
    const body = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r\n\r\n'));
    fc.assert(
      fc.property(extraHeaders, body, (extra, text) => {
        fc.pre(new Set(lowered(extra).map(([name]) => name)).size === Object.keys(extra).length);
        const headers = { ...extra, Path: 'speech.phrase', 'X-RequestId': requestId };
        expect(parseTextFrame(printTextFrame(headers, text))).to.deep.equal({
          ok: true,
          frame: { headers: new Map(lowered(headers)), path: 'speech.phrase', requestId, body: text },
        });
      }),
    );
  });

  it('come back from binary as they were printed', () => {
    fc.assert(
      fc.property(extraHeaders, fc.uint8Array({ maxLength: 2_000 }), (extra, payload) => {
        fc.pre(new Set(lowered(extra).map(([name]) => name)).size === Object.keys(extra).length);
        const printed = printBinaryFrame({ ...extra, Path: 'audio', 'X-RequestId': requestId }, payload);
        const parsed = parseBinaryFrame(printed);
        expect(parsed.ok && [...parsed.frame.body]).to.deep.equal([...payload]);
        expect(parsed.ok && parsed.frame.headers.size).to.equal(Object.keys(extra).length + 2);
      }),
    );
  });

  it('are taken as clients write them: any case, with or without a space', () => {
    const parsed = parseTextFrame(`path: Speech.Config\r\nX-REQUESTID:${requestId}\r\n\r\n{}`);
    expect(parsed.ok && [parsed.frame.path, parsed.frame.requestId, parsed.frame.body]).to.deep.equal([
      'speech.config',
      requestId,
      '{}',
    ]);
  });

  for (const [what, message, fault, code] of [
    ['no empty line', `Path:a\r\nX-RequestId:${requestId}\r\n`, 'no end of headers', 1007],
    ['a line without a colon', `Path\r\n\r\n`, 'header without a colon', 1007],
    ['a header without a name', `:a\r\n\r\n`, 'header without a colon', 1007],
    ['no path', `X-RequestId:${requestId}\r\n\r\n`, 'no path', 1007],
    ['no request id', 'Path:a\r\n\r\n', 'no request id', 1002],
    ['a request id with dashes', 'Path:a\r\nX-RequestId:0123-4567\r\n\r\n', 'malformed request id', 1002],
  ] as const) {
    it(`are refused when they have ${what}`, () => {
      expect(parseTextFrame(message)).to.deep.equal({ ok: false, fault });
      expect(closeCodeOf(fault)).to.equal(code);
    });
  }

  it('are refused when the header is longer than the frame, or its length negative', () => {
    const fault = { ok: false, fault: 'frame shorter than its header' };
    for (const bytes of [[], [0], [0, 4, 65], [0xff, 0xff, 65]]) {
      expect(parseBinaryFrame(Uint8Array.from(bytes))).to.deep.equal(fault);
    }
  });

  it('never throw, whatever comes in', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseTextFrame(text).ok === 'boolean'));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof parseBinaryFrame(bytes).ok === 'boolean'));
  });

  it('are never printed with an empty line in a text body, which clients would cut', () => {
    expect(() => printTextFrame({ Path: 'a' }, 'a\r\n\r\nb')).to.throw(RangeError);
  });
});
