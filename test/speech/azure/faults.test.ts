import { expect } from 'chai';
import fc from 'fast-check';
import { CancellationErrorCode as Code } from 'microsoft-cognitiveservices-speech-sdk';
import { faultOf, faultOfClose, retryDelayMs } from '../../../src/speech/azure/faults.ts';

describe('the name of a failure of the speech service', () => {
  const refused = (status: number): string =>
    `Unable to contact server. StatusCode: 1006, undefined Reason:  Unexpected server response: ${status}`;

  const table: readonly (readonly [string, Code | null, string, number | null, string])[] = [
    ['HTTP 400', Code.ConnectionFailure, refused(400), null, 'badRequest'],
    ['HTTP 401', Code.ConnectionFailure, refused(401), null, 'unauthorised'],
    ['HTTP 403', Code.ConnectionFailure, refused(403), null, 'forbidden'],
    ['HTTP 404', Code.ConnectionFailure, refused(404), null, 'badRequest'],
    ['HTTP 429', Code.ConnectionFailure, refused(429), null, 'tooManyRequests'],
    ['HTTP 503', Code.ConnectionFailure, refused(503), null, 'service'],
    [
      'a refused connection',
      Code.ConnectionFailure,
      'Unable to contact server. StatusCode: 1006, undefined Reason:  connect ECONNREFUSED 127.0.0.1:9',
      null,
      'unreachable',
    ],
    ['an unknown host', null, 'getaddrinfo ENOTFOUND speech.example', null, 'unreachable'],
    ['a bad certificate', null, 'self-signed certificate', null, 'unreachable'],
    ['status Forbidden', Code.Forbidden, '', null, 'forbidden'],
    ['status TooManyRequests', Code.TooManyRequests, '', null, 'tooManyRequests'],
    ['status BadRequest', Code.BadRequestParameters, '', null, 'badRequest'],
    ['status Error', Code.ServiceError, '', null, 'service'],
    ['close 1007 in words', Code.ConnectionFailure, 'bad websocket error code: 1007', null, 'badRequest'],
    ['close 1006', null, '', 1006, 'disconnected'],
    [
      'a write to a closed socket',
      Code.RuntimeError,
      'websocket send error: Websocket not ready',
      null,
      'disconnected',
    ],
    ['an error of the SDK itself', Code.RuntimeError, 'Payload must be ArrayBuffer', null, 'service'],
    ['an unknown status', Code.NoError, '', null, 'service'],
  ];
  for (const [name, code, details, closeCode, fault] of table) {
    it(`is ${fault} for ${name}`, () => {
      expect(faultOf({ code, details, closeCode })).to.equal(fault);
    });
  }

  for (const [code, fault] of [
    [1000, 'disconnected'],
    [1001, 'disconnected'],
    [1002, 'protocol'],
    [1003, 'protocol'],
    [1007, 'badRequest'],
    [1008, 'disconnected'],
    [1011, 'disconnected'],
    [4000, 'protocol'],
  ] as const) {
    it(`is ${fault} for close code ${code}`, () => {
      expect(faultOfClose(code)).to.equal(fault);
    });
  }
});

describe('the wait before a reconnect', () => {
  const timing = { retryFirstMs: 250, retryMaxMs: 8_000 };
  const wait = (failures: number, random: number): number =>
    retryDelayMs({ fault: 'disconnected', failures, wasHealthy: false, random }, timing);

  it('doubles from 250 ms to 8 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 60].map((failures) => wait(failures, 1))).to.deep.equal([
      250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ]);
  });

  it('is cut by up to half at random, so that calls do not come back together', () => {
    expect([wait(3, 0), wait(3, 0.5)]).to.deep.equal([500, 750]);
  });

  it('is next to nothing when a connection that worked is cut', () => {
    expect(retryDelayMs({ fault: 'disconnected', failures: 1, wasHealthy: true, random: 1 }, timing)).to.equal(125);
  });

  for (const fault of ['unauthorised', 'forbidden', 'badRequest'] as const) {
    it(`is long at once for ${fault}, which only a person can mend`, () => {
      expect(retryDelayMs({ fault, failures: 1, wasHealthy: false, random: 1 }, timing)).to.equal(8_000);
    });
  }

  it('is never negative and never above the longest', () => {
    const input = fc.record({
      fault: fc.constantFrom('unauthorised' as const, 'noResult' as const, 'service' as const),
      failures: fc.integer({ min: 1, max: 1_000_000 }),
      wasHealthy: fc.boolean(),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(input, (given) => {
        const ms = retryDelayMs(given, timing);
        expect(ms).to.be.within(0, 8_000);
      }),
    );
  });
});
