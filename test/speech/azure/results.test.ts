import { expect } from 'chai';
import fc from 'fast-check';
import { readPhraseDetail, silencesTheSdk } from '../../../src/speech/azure/results.ts';

describe('what is read from the results of the service', () => {
  it('gives confidence and words in milliseconds', () => {
    const json = JSON.stringify({
      NBest: [{ Confidence: 0.87, Words: [{ Word: 'سلام', Offset: 12_300_000, Duration: 4_000_000 }] }],
    });
    expect(readPhraseDetail(json)).to.deep.equal({
      confidence: 0.87,
      words: [{ text: 'سلام', offsetMs: 1_230, durationMs: 400 }],
    });
  });

  for (const [name, json] of [
    ['no JSON', '{'],
    ['no candidates', '{"NBest":[]}'],
    ['words of another shape', '{"NBest":[{"Confidence":0.5,"Words":[{"Word":7}]}]}'],
  ] as const) {
    it(`takes ${name} for a phrase without detail`, () => {
      expect(readPhraseDetail(json)).to.deep.equal({ confidence: null, words: [] });
    });
  }

  it('keeps confidence between 0 and 1', () => {
    expect(readPhraseDetail('{"NBest":[{"Confidence":1.5}]}').confidence).to.equal(1);
  });

  it('never throws, whatever the service sends', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (json) => readPhraseDetail(json).words.length >= 0));
  });
});

describe('messages that would end the receive loop of the SDK in silence', () => {
  const id = 'A'.repeat(32);
  const deadly: readonly (readonly [string, string | undefined, string | undefined, string | null])[] = [
    ['one without a request id', 'speech.hypothesis', undefined, '{"Offset":0}'],
    ['one without a path', undefined, id, '{}'],
    ['a hypothesis that is no JSON', 'speech.hypothesis', id, '{"Offset":0'],
    ['an end of speech with an empty body', 'speech.endDetected', id, ''],
    ['a detailed phrase without candidates', 'speech.phrase', id, '{"RecognitionStatus":"Success"}'],
    ['a phrase without a status', 'speech.phrase', id, '{}'],
  ];
  for (const [name, path, requestId, text] of deadly) {
    it(`are known: ${name}`, () => {
      expect(silencesTheSdk({ path, requestId, text })).to.equal(true);
    });
  }

  const harmless: readonly (readonly [string, string, string | null])[] = [
    ['a turn that starts', 'turn.start', '{}'],
    ['a path that nobody knows', 'weather', 'sunny'],
    ['a phrase without words', 'speech.phrase', '{"RecognitionStatus":"NoMatch"}'],
    ['a hypothesis', 'Speech.Hypothesis', '{"Text":"w","Offset":3}'],
  ];
  for (const [name, path, text] of harmless) {
    it(`are not taken for it: ${name}`, () => {
      expect(silencesTheSdk({ path, requestId: id, text })).to.equal(false);
    });
  }
});
