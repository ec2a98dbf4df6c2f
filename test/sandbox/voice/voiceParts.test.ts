import { expect } from 'chai';
import fc from 'fast-check';
import { activeLevelDbfs } from '../../../src/audio/levels.ts';
import { decodeMulaw } from '../../../src/audio/mulaw.ts';
import { resampleTo8k } from '../../../src/sandbox/voice/resample.ts';
import type { SpokenAudio } from '../../../src/sandbox/voice/spoken.ts';
import { cacheSpoken } from '../../../src/sandbox/voice/spokenCache.ts';
import { throughTelephoneBand } from '../../../src/sandbox/voice/telephoneLine.ts';
import { speakWithTones } from '../../../src/sandbox/voice/toneVoice.ts';
import { withVowelMarks } from '../../../src/sandbox/voice/vowelMarks.ts';
import { spokenTokens, wordTimings } from '../../../src/sandbox/voice/wordTimings.ts';

const sine = (hz: number, rate: number, samples: number) =>
  Float64Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));

const powerDb = (samples: Float64Array) =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 1e-20) / samples.length / 0.5);

/** What is left of the wished signal's error in the middle, away from the edges. */
const errorDb = (samples: Float64Array, wished: Float64Array) =>
  powerDb(samples.subarray(400, 3600).map((sample, i) => sample - (wished[i + 400] ?? 0)));

describe('resampling to 8 kHz', () => {
  for (const rate of [16_000, 22_050, 24_000]) {
    it(`keeps the voice band from ${rate} Hz as it is, without delay, to 90 dB`, () => {
      for (const hz of [100, 1000, 3000, 3400]) {
        expect(errorDb(resampleTo8k(sine(hz, rate, rate / 2), rate), sine(hz, 8000, 4000)), `${hz} Hz`).to.be.below(
          -90,
        );
      }
    });

    it(`lets nothing above 4 kHz of ${rate} Hz fold back, to 80 dB`, () => {
      for (const hz of [4050, 5000, 7000]) {
        const folded = resampleTo8k(sine(hz, rate, rate / 2), rate).subarray(400, 3600);
        expect(powerDb(folded), `${hz} Hz`).to.be.below(-80);
      }
    });
  }

  it('refuses a rate that it cannot bring down', () => {
    for (const rate of [7999, 22_050.5, 200_000])
      expect(() => resampleTo8k(new Int16Array(9), rate)).to.throw(RangeError);
    expect([...resampleTo8k(Int16Array.of(1, -2), 8000)]).to.deep.equal([1, -2]);
  });
});

describe('the telephone band', () => {
  it('keeps 400 to 3,300 Hz and takes away mains hum and what lies above 3.6 kHz', () => {
    const level = (hz: number) => powerDb(throughTelephoneBand(sine(hz, 8000, 4000)).subarray(400, 3600));
    for (const hz of [400, 1000, 3300]) expect(level(hz), `${hz} Hz`).to.be.within(-0.5, 0.5);
    for (const hz of [50, 150, 3700]) expect(level(hz), `${hz} Hz`).to.be.below(-40);
  });
});

describe('vowel marks', () => {
  it('open runs of consonants in the pattern of Arabic syllables', () => {
    const examples = { تقدر: 'تَقدَر', تعبني: 'تَعبَني', بس: 'بَس', كيف: 'كيف', البيت: 'البيت', السلام: 'السَلام' };
    for (const [plain, marked] of Object.entries(examples)) expect(withVowelMarks(plain)).to.equal(marked);
  });

  it('leave marked words, other scripts and punctuation alone', () => {
    for (const text of ['مِن', 'hello, 24!', 'ok؟', '']) expect(withVowelMarks(text)).to.equal(text);
  });

  it('never change anything but vowel marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bare = (from: string) => from.replace(/\u064e/gu, '');
        expect(bare(withVowelMarks(text))).to.equal(bare(text));
      }),
    );
  });
});

describe('word times', () => {
  const rate = 8000;
  /** Words of the given lengths as noise of their own, the pauses between them as given; all in milliseconds. */
  function recording(lengthsMs: readonly number[], pausesMs: readonly number[]): Int16Array {
    const samples: number[] = [];
    lengthsMs.forEach((lengthMs, word) => {
      for (let i = 0; i < lengthMs * 8; i++)
        samples.push(Math.round(5000 * Math.sin((word + 1.3) * 0.11 * i + (i * i) / 9e4)) || 9);
      if (word < lengthsMs.length - 1) samples.push(...new Int16Array((pausesMs[word] ?? 0) * 8));
    });
    return Int16Array.from(samples);
  }

  it('are found although pauses do not widen alike', () => {
    const lengths = [200, 340, 280, 500];
    const plain = recording(lengths, [0, 60, 10]);
    const gapped = recording(lengths, [400, 480, 430]);
    const words = wordTimings(plain, gapped, rate, ['a', 'bc', 'de', 'fgh']);
    [0, 200, 600, 890].forEach((atMs, word) => expect(words[word]?.offsetMs).to.be.within(atMs - 8, atMs + 8));
    lengths.forEach((lengthMs, word) => expect(words[word]?.durationMs).to.be.within(lengthMs - 10, lengthMs + 10));
  });

  it('are shared by length where the program runs two words together', () => {
    const lengths = [300, 600, 300];
    const words = wordTimings(recording(lengths, [0, 0]), recording(lengths, [500, 500]), rate, [
      'then',
      'have',
      'been',
      'four',
    ]);
    expect(words.map(({ text }) => text)).to.deep.equal(['then', 'have', 'been', 'four']);
    [0, 300, 600, 900].forEach((atMs, word) => expect(words[word]?.offsetMs).to.be.within(atMs - 8, atMs + 8));
  });

  it('join what the program says as several words, such as a year', () => {
    const lengths = [200, 250, 250, 250, 250, 200];
    const pauses = [0, 0, 0, 0, 0];
    const words = wordTimings(
      recording(lengths, pauses),
      recording(
        lengths,
        pauses.map(() => 500),
      ),
      rate,
      ['in', 'thousandsofyears', 'it'],
    );
    [0, 200, 1200].forEach((atMs, word) => expect(words[word]?.offsetMs).to.be.within(atMs - 8, atMs + 8));
  });

  it('lie in order within the recording whatever was recorded', () => {
    const signal = fc.int16Array({ maxLength: 3000 });
    fc.assert(
      fc.property(
        signal,
        signal,
        fc.array(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 8 }),
        (plain, gapped, tokens) => {
          const words = wordTimings(plain, gapped, rate, tokens);
          words.forEach(({ offsetMs, durationMs }, at) => {
            expect(offsetMs).to.be.at.least(words[at - 1]?.offsetMs ?? 0);
            expect(durationMs).to.be.at.least(1);
          });
          if (plain.some((sample) => Math.abs(sample) > 3)) expect(words.length).to.equal(tokens.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('count the words that are heard, without punctuation', () => {
    expect(spokenTokens('زين، «بجرب» — أتنفس… o’clock!')).to.deep.equal(['زين', 'بجرب', 'أتنفس', 'o’clock']);
  });
});

describe('the tone voice', () => {
  it('says the same text the same way, one stretch of tones for each word', () => {
    const { mulaw, words } = speakWithTones('ايوه، I understand');
    expect(speakWithTones('ايوه، I understand')).to.deep.equal({ mulaw, words });
    expect(words.map(({ text }) => text)).to.deep.equal(['ايوه', 'I', 'understand']);
    expect(activeLevelDbfs(decodeMulaw(mulaw))).to.be.within(-21.5, -18.5);
    const samples = decodeMulaw(mulaw);
    for (const { offsetMs, durationMs } of words) {
      expect(activeLevelDbfs(samples.subarray(offsetMs * 8, (offsetMs + durationMs) * 8))).to.be.above(-26);
    }
    expect(words.at(-1)?.offsetMs).to.be.below(mulaw.length / 8);
  });

  it('says nothing for nothing', () => {
    expect(speakWithTones('…')).to.deep.equal({ mulaw: new Uint8Array(0), words: [] });
  });
});

describe('what was spoken lately', () => {
  const audio = (length: number): SpokenAudio => ({ mulaw: new Uint8Array(length), words: [] });

  it('is made once, also when asked for twice at the same time', async () => {
    let made = 0;
    const speak = cacheSpoken(
      async (text: string) => audio(text.length + made++),
      (text) => text,
    );
    const [one, two] = await Promise.all([speak('a'), speak('a')]);
    expect([one === two, (await speak('a')) === one, made]).to.deep.equal([true, true, 1]);
  });

  it('is forgotten oldest use first', async () => {
    const made: string[] = [];
    const make = async (text: string) => (made.push(text), audio(1));
    const speak = cacheSpoken(make, (text) => text, 2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await speak(text);
    expect(made).to.deep.equal(['a', 'b', 'c', 'b']);
  });

  it('is not kept when it failed', async () => {
    let tries = 0;
    const speak = cacheSpoken(
      async () => {
        if (tries++ === 0) throw new Error('once');
        return audio(3);
      },
      () => 'key',
    );
    const first = await speak(undefined).catch((error: unknown) => error);
    expect(first).to.be.instanceOf(Error);
    expect((await speak(undefined)).mulaw.length).to.equal(3);
  });
});
