import { expect } from 'chai';
import {
  readSpeechContext,
  readSynthesisContext,
  requestOfQuery,
} from '../../../src/sandbox/azureSpeech/clientMessages.ts';

const plain = requestOfQuery(new URLSearchParams());

describe('what a client asks for', () => {
  it('is read from the URL where only that says it', () => {
    const query = 'wordLevelTimestamps=true&segmentationSilenceTimeoutMs=400&initialSilenceTimeoutMs=0';
    expect(requestOfQuery(new URLSearchParams(query))).to.deep.equal({
      detailed: true,
      words: true,
      segmentationSilenceMs: 400,
      initialSilenceMs: 0,
    });
    expect(plain).to.deep.equal({ detailed: false, words: false, segmentationSilenceMs: null, initialSilenceMs: null });
  });

  it('is read from speech.context as the SDK writes it', () => {
    const body = JSON.stringify({
      phraseDetection: {
        language: 'ar-OM',
        mode: 'Conversation',
        conversation: { segmentation: { mode: 'Custom', segmentationSilenceTimeoutMs: 700 } },
        initialSilenceTimeout: 9_000,
      },
      phraseOutput: { format: 'Detailed', detailed: { options: ['WordTimings'] } },
    });
    expect(readSpeechContext(body, plain)).to.deep.equal({
      detailed: true,
      words: true,
      segmentationSilenceMs: 700,
      initialSilenceMs: 9_000,
    });
  });

  it('is kept within the documented bounds of the silence', () => {
    const silence = (ms: number): string =>
      JSON.stringify({ phraseDetection: { conversation: { segmentation: { segmentationSilenceTimeoutMs: ms } } } });
    expect(readSpeechContext(silence(1), plain)?.segmentationSilenceMs).to.equal(100);
    expect(readSpeechContext(silence(90_000), plain)?.segmentationSilenceMs).to.equal(5_000);
  });

  it('takes flags of the synthesis context as booleans and as text', () => {
    for (const flag of [true, 'true']) {
      const audio = { outputFormat: 'f', metadataOptions: { wordBoundaryEnabled: flag } };
      expect(readSynthesisContext(JSON.stringify({ synthesis: { audio } }))).to.deep.equal({
        outputFormat: 'f',
        wordBoundaries: true,
        textStream: null,
      });
    }
  });

  it('is refused when it is no JSON or of another shape', () => {
    expect(readSpeechContext('{', plain)).to.equal(undefined);
    expect(readSpeechContext('{"phraseDetection":7}', plain)).to.equal(undefined);
    expect(readSynthesisContext('{}')).to.equal(undefined);
  });
});
