import { expect } from 'chai';
import { createVoiceActivity } from '../../../src/audio/voiceActivity.ts';
import { readWav } from '../../../src/audio/wav.ts';
import { decodeMulaw } from '../../../src/audio/mulaw.ts';
import { readFileSync } from 'node:fs';
import { benchInterruption, benchPhrases } from '../../../src/sandbox/bench/bench.ts';
import { withSharpEdges } from '../../../src/sandbox/bench/callerVoice.ts';
import {
  createPhraseMatcher,
  loadPhrases,
  type PhraseTemplate,
} from '../../../src/sandbox/azureSpeech/phraseMatcher.ts';
import { levelDbfs, mix, tone } from '../../../src/sandbox/carrier/levels.ts';

const frame = 160;
const second = 8_000;

describe('the phrases of the bench', function () {
  this.timeout(20_000);
  let templates: readonly PhraseTemplate[] = [];
  let noise: Uint8Array = new Uint8Array(0);

  before(async () => {
    templates = await loadPhrases('fixtures/audio');
    const read = readWav(readFileSync('fixtures/audio/noises/line-noise.wav'));
    noise = (read.ok ? read.wav.mulaw : null) ?? noise;
  });

  const sharp = (id: string): Uint8Array => {
    const found = templates.find((phrase) => phrase.id === id);
    if (found === undefined) throw new RangeError(id);
    return withSharpEdges(found.mulaw);
  };

  /** Two seconds of the line's noise, the phrase, and 900 ms of noise, as a caller of the bench says it. */
  const spoken = (phrase: Uint8Array): Uint8Array => {
    const all = new Uint8Array(2 * second + phrase.length + 0.9 * second).fill(0xff);
    all.set(phrase, 2 * second);
    return mix(all.length, [
      { mulaw: all, gainDb: 0 },
      { mulaw: noise, gainDb: -8 },
    ]);
  };

  it('begin and end with a loud frame', () => {
    const quietLoudQuiet = new Uint8Array(12 * frame).fill(0xff);
    quietLoudQuiet.set(tone(80, 300, -20), 3 * frame);
    quietLoudQuiet.set(tone(40, 300, -40), 7 * frame);
    expect(withSharpEdges(quietLoudQuiet)).to.deep.equal(tone(80, 300, -20));
    for (const id of benchPhrases) expect(levelDbfs(sharp(id).subarray(-frame)), id).to.be.above(-35);
  });

  it('end for voice activity where they end for the caller', () => {
    const ends = benchPhrases.map((id) => {
      const audio = spoken(sharp(id));
      const voice = createVoiceActivity();
      let endMs = 0;
      for (let at = 0; at < audio.length; at += frame) {
        const event = voice.frame(audio.subarray(at, at + frame), at / 8);
        if (event?.type === 'speechPaused') endMs = event.sinceMs;
      }
      return endMs - 2_000 - sharp(id).length / 8;
    });
    // A frame of difference is the grain of both judges.
    for (const difference of ends) expect(Math.abs(difference)).to.be.at.most(20);
  });

  it('are recognised before the fixed pause of 700 ms is over', () => {
    const matcher = createPhraseMatcher(templates);
    const heard = [...benchPhrases, benchInterruption].map((id) => {
      const audio = spoken(sharp(id));
      const stream = matcher.open({ segmentationSilenceMs: 500 });
      for (let at = 0; at < audio.length; at += frame) {
        const final = stream
          .write(decodeMulaw(audio.subarray(at, at + frame)))
          .find((event) => event.type === 'final' || event.type === 'noMatch');
        if (final === undefined) continue;
        const lateMs = (at + frame) / 8 - 2_000 - sharp(id).length / 8;
        return { text: final.type === 'final' ? final.text : null, inTime: lateMs < 600 };
      }
      return null;
    });
    const texts = [...benchPhrases, benchInterruption].map((id) => templates.find((t) => t.id === id)?.text);
    expect(heard).to.deep.equal(texts.map((text) => ({ text, inTime: true })));
  });
});
