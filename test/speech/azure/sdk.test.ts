import { expect } from 'chai';
import { createRequire } from 'node:module';
import { Recognizer } from 'microsoft-cognitiveservices-speech-sdk';
import { silentLog } from '../../../src/log.ts';
import {
  field,
  prepareSpeechSdk,
  speechConfig,
  speechSdkInternals,
  uploadGranularity,
} from '../../../src/speech/azure/sdk.ts';

describe('what is known about the inside of the speech SDK', () => {
  it('still holds: audio can go up every 20 ms', () => {
    expect(uploadGranularity()).to.deep.equal({ granularityMs: 20 });
  });

  it('still holds: the doctor finds every internal in its place', () => {
    expect(speechSdkInternals()).to.deep.equal({ fineUpload: true, oneSocket: true, npmWebSocket: true });
  });

  it('keeps the SDK on sockets that send headers, on every version of Node', () => {
    prepareSpeechSdk(silentLog);
    const adapter: unknown = createRequire(import.meta.url)(
      'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js',
    );
    expect(field(field(adapter, 'WebsocketMessageAdapter'), 'forceNpmWebSocket')).to.equal(true);
  });

  it('turns the telemetry of the SDK off', () => {
    prepareSpeechSdk(silentLog);
    expect(Recognizer.telemetryEnabled).to.equal(false);
  });

  it('refuses a resource with neither region nor host', () => {
    expect(() => speechConfig({ key: 'k'.repeat(32) })).to.throw(TypeError, 'needs a region or a host');
  });

  it('reads members of anything without throwing', () => {
    expect([field(null, 'a'), field(7, 'a'), field({ a: 1 }, 'a'), field({}, 'a')]).to.deep.equal([
      undefined,
      undefined,
      1,
      undefined,
    ]);
  });
});
