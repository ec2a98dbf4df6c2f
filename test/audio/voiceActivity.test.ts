import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeMulaw, encodeMulaw, mulawSilence } from '../../src/audio/mulaw.ts';
import { createVoiceActivity, type VoiceEvent } from '../../src/audio/voiceActivity.ts';
import { loadPhrases, type PhraseTemplate } from '../../src/sandbox/azureSpeech/phraseMatcher.ts';
import { readWav } from '../../src/audio/wav.ts';
import {
  breath,
  carHum,
  clicks,
  cough,
  dtmf,
  dtmfKeys,
  joined,
  music,
  pinkNoise,
  ringback,
  silence,
  tones,
} from '../../src/sandbox/voice/sounds.ts';
import { lineNoise, mixed, seededRandom, whiteNoise } from '../../src/sandbox/voice/telephoneLine.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/audio');

function eventsOf(mulaw: Uint8Array): VoiceEvent[] {
  const activity = createVoiceActivity();
  const events: VoiceEvent[] = [];
  for (let at = 0; at + 160 <= mulaw.length; at += 160) {
    const event = activity.frame(mulaw.subarray(at, at + 160), at / 8);
    if (event !== null) events.push(event);
  }
  return events;
}

const starts = (events: readonly VoiceEvent[]) => events.filter(({ type }) => type === 'speechStarted');

/** The sound a second into a line with the given noise, with a second after it. */
function onLine(sound: ArrayLike<number>, noiseDbfs: number, random: () => number): Uint8Array {
  const whole = joined(silence(1003), sound, silence(1000));
  return encodeMulaw(mixed(whole, lineNoise(whole.length, noiseDbfs, random)));
}

/** Milliseconds taken for speech. */
function voicedMs(events: readonly VoiceEvent[]): number {
  let sum = 0;
  let sinceMs = 0;
  for (const event of events) {
    if (event.type === 'speechStarted') sinceMs = event.sinceMs;
    else sum += event.sinceMs - sinceMs;
  }
  return sum;
}

describe('voice activity', function () {
  this.timeout(20_000);
  let phrases: readonly PhraseTemplate[] = [];

  before(async () => {
    phrases = await loadPhrases(fixtures);
  });

  const lines = [
    { title: 'on a quiet line', gainDb: 0, noiseDbfs: -90, lateMs: 120 },
    { title: 'with 20 dB of speech over noise', gainDb: 0, noiseDbfs: -41, lateMs: 160 },
    { title: '20 dB too quiet on a quiet line', gainDb: -20, noiseDbfs: -75, lateMs: 160 },
  ];
  for (const { title, gainDb, noiseDbfs, lateMs } of lines) {
    it(`hears every caller of the catalogue begin, in Arabic and English, ${title}`, () => {
      const random = seededRandom(1);
      const missed: string[] = [];
      const late: number[] = [];
      for (const { id, mulaw, words } of phrases) {
        const spoken = Float64Array.from(decodeMulaw(mulaw), (sample) => sample * 10 ** (gainDb / 20));
        const [first] = starts(eventsOf(onLine(spoken, noiseDbfs, random)));
        if (first === undefined) missed.push(id);
        else late.push(first.sinceMs - 1003 - (words[0]?.offsetMs ?? 0));
      }
      late.sort((a, b) => a - b);
      expect(missed).to.deep.equal([]);
      expect(late[Math.floor(late.length / 2)], 'median').to.be.within(-40, 40);
      expect(late[Math.floor(late.length * 0.9)], '90th percentile').to.be.at.most(lateMs);
    });
  }

  it('hears nine of ten callers who are 30 dB too quiet, on a quiet line', () => {
    const heard = phrases.filter(({ mulaw }) => {
      const spoken = Float64Array.from(decodeMulaw(mulaw), (sample) => sample * 10 ** -1.5);
      return starts(eventsOf(onLine(spoken, -90, seededRandom(1)))).length > 0;
    });
    expect(heard.length / phrases.length).to.be.at.least(0.9);
  });

  it('tells the pause by the end of the last voiced frame', () => {
    const random = seededRandom(2);
    for (const id of ['work-pressure', 'human-or-machine', 'en-goodbye', 'better-now']) {
      const template = phrases.find((phrase) => phrase.id === id);
      const last = template?.words.at(-1);
      const pause = eventsOf(onLine(decodeMulaw(template?.mulaw ?? new Uint8Array(0)), -60, random)).at(-1);
      expect(pause?.type).to.equal('speechPaused');
      expect((pause?.sinceMs ?? 0) - 1003 - (last?.offsetMs ?? 0) - (last?.durationMs ?? 0), id).to.be.within(-120, 60);
    }
  });

  it('tells the beginning with the third voiced frame and the pause with the sixth unvoiced one', () => {
    const activity = createVoiceActivity();
    // A voice-like sound: harmonics of a pitch that glides from 120 to 150 Hz within half a second.
    let phase = 0;
    const voice = Float64Array.from({ length: 4000 }, (_, i) => {
      phase += (2 * Math.PI * (120 + (30 * i) / 4000)) / 8000;
      return [3, 4, 5, 6, 8].reduce((sum, harmonic) => sum + 1500 * Math.sin(harmonic * phase + harmonic), 0);
    });
    const sound = encodeMulaw(mixed(joined(silence(400), voice, silence(400))));
    const told: { atMs: number; event: VoiceEvent }[] = [];
    for (let at = 0; at < sound.length; at += 160) {
      const event = activity.frame(sound.subarray(at, at + 160), 5000 + at / 8);
      if (event !== null) told.push({ atMs: 5000 + at / 8, event });
    }
    const [start, pause] = told;
    expect(told.map(({ event }) => event.type)).to.deep.equal(['speechStarted', 'speechPaused']);
    expect(start?.event.sinceMs).to.be.within(5400, 5420);
    expect((start?.atMs ?? 0) - (start?.event.sinceMs ?? 0)).to.equal(40);
    expect(pause?.event.sinceMs).to.be.within(5900, 5920);
    expect((pause?.atMs ?? 0) - (pause?.event.sinceMs ?? 0)).to.equal(100);
  });

  const random = seededRandom(3);
  const ringbackNames = ['single425', 'northAmerica', 'britain', 'busy', 'dial', 'single400'] as const;
  const many = (count: number, make: (i: number) => Float64Array) => Array.from({ length: count }, (_, i) => make(i));
  const noises: Record<string, Float64Array[]> = {
    'eleven breaths, soft to loud': many(11, (i) => breath(random, 500 + i * 100, -38 + i * 1.5)),
    'eleven coughs, soft to loud': many(11, (i) => cough(random, -26 + i * 1.5)),
    clicks: many(3, () => clicks(random)),
    'all sixteen keys for 100 ms': Array.from(dtmfKeys, (key) => dtmf(key, 100)),
    'all sixteen keys for 40 ms, three times': Array.from(dtmfKeys, (key) =>
      joined(dtmf(key, 40), silence(40), dtmf(key, 40), silence(40), dtmf(key, 40)),
    ),
    'all sixteen keys for a second, quietly': Array.from(dtmfKeys, (key) => dtmf(key, 1000, 500)),
    'ringing of Oman': [ringback('single425', 12_000), ringback('single425', 12_000, 400)],
    'ringing of North America': [ringback('northAmerica', 12_000), ringback('northAmerica', 12_000, 400)],
    'ringing of Britain': [ringback('britain', 6000), ringback('britain', 6000, 400)],
    'every network tone': ringbackNames.map((plan) => ringback(plan, 6000)),
    'white noise': [whiteNoise(80_000, -30, random), whiteNoise(80_000, -15, random)],
    'pink noise': [pinkNoise(80_000, -30, random)],
    'a car': [carHum(10_000, -28, random)],
    'mains hum': [tones([50, 100, 150, 250, 350], 5000, 800)],
    'direct current': [new Float64Array(40_000).fill(6000)],
    'digital silence': [silence(5000)],
    'a noisy line': [lineNoise(80_000, -45, random)],
  };
  for (const [name, sounds] of Object.entries(noises)) {
    it(`does not take for a voice: ${name}`, () => {
      const taken = sounds.flatMap((sound) => [-90, -55].map((hiss) => eventsOf(onLine(sound, hiss, seededRandom(4)))));
      expect(taken.flat()).to.deep.equal([]);
    });
  }

  it('lets go of a held chord within a quarter of a second, and of music for nine tenths of its time', () => {
    const chord = eventsOf(onLine(tones([262, 330, 392], 5000, 3000), -90, seededRandom(5)));
    expect(voicedMs(chord)).to.be.at.most(250);
    const tune = eventsOf(onLine(music(20_000), -55, seededRandom(5)));
    expect(tune.at(-1)?.type).to.not.equal('speechStarted');
    expect(voicedMs(tune)).to.be.at.most(2000);
  });

  it('still hears a caller over music once the caller is louder', () => {
    const spoken = decodeMulaw(phrases.find(({ id }) => id === 'long-story')?.mulaw ?? new Uint8Array(0));
    const voice = joined(silence(3000), spoken);
    const sound = mixed(voice, music(voice.length / 8, 300));
    const [first] = starts(eventsOf(onLine(sound, -60, seededRandom(6)))).filter(({ sinceMs }) => sinceMs > 3900);
    expect((first?.sinceMs ?? 0) - 4003).to.be.within(-60, 600);
  });

  it('does not take a long unbroken voice for the noise of the line', () => {
    const spoken = decodeMulaw(phrases.find(({ id }) => id === 'long-story')?.mulaw ?? new Uint8Array(0));
    const events = eventsOf(onLine(joined(...many(5, () => Float64Array.from(spoken))), -50, seededRandom(7)));
    const fifth = starts(events).filter(({ sinceMs }) => sinceMs > 1003 + (4 * spoken.length) / 8);
    const first = starts(events).filter(({ sinceMs }) => sinceMs < 1003 + spoken.length / 8);
    expect(fifth.length).to.be.at.least(first.length - 2);
  });

  it('takes the fixture of a hold tune, a cough and keys as the generated ones', async () => {
    for (const [file, mostMs] of [
      ['cough', 0],
      ['breath', 0],
      ['clicks', 0],
      ['dtmf', 0],
      ['ringback', 0],
      ['line-noise', 0],
      ['music', 1000],
    ] as const) {
      const read = readWav(await readFile(join(fixtures, 'noises', `${file}.wav`)));
      const mulaw = read.ok ? (read.wav.mulaw ?? new Uint8Array(0)) : new Uint8Array(0);
      expect(mulaw.length, file).to.be.greaterThan(3000);
      expect(voicedMs(eventsOf(mulaw)), file).to.be.at.most(mostMs);
    }
  });

  it('gives the same beginnings and pauses when frames are cut otherwise', () => {
    const mulaw = phrases.find(({ id }) => id === 'quarrel-home')?.mulaw ?? new Uint8Array(0);
    const sound = onLine(decodeMulaw(mulaw), -60, seededRandom(8));
    const whole = eventsOf(sound);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }), (cuts) => {
        const activity = createVoiceActivity();
        const events: VoiceEvent[] = [];
        for (let at = 0, i = 0; at < sound.length; i++) {
          const length = cuts[i % cuts.length] ?? 1;
          const event = activity.frame(sound.subarray(at, at + length), at / 8);
          if (event !== null) events.push(event);
          at += length;
        }
        for (let i = 0; i < 20; i++) {
          const event = activity.frame(new Uint8Array(0), sound.length / 8);
          if (event !== null) events.push(event);
        }
        expect(events).to.deep.equal(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('counts audio that never came as silence', () => {
    const mulaw = phrases.find(({ id }) => id === 'work-pressure')?.mulaw ?? new Uint8Array(0);
    const activity = createVoiceActivity();
    const events: VoiceEvent[] = [];
    const take = (from: number, to: number, shiftMs: number) => {
      for (let at = from; at < to; at += 160) {
        const event = activity.frame(mulaw.subarray(at, at + 160), at / 8 + shiftMs);
        if (event !== null) events.push(event);
      }
    };
    take(0, 4000, 0);
    take(4000, 4160, 3000);
    expect(events.map(({ type }) => type)).to.deep.equal(['speechStarted', 'speechPaused']);
    expect(events[1]?.sinceMs).to.be.at.most(500);
  });

  it('never throws and always alternates, whatever comes and whenever', () => {
    const piece = fc.record({
      bytes: fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ minLength: 160, maxLength: 160 })),
      atMs: fc.oneof(fc.integer({ min: -1e6, max: 1e9 }), fc.constantFrom(Number.NaN, Infinity, -Infinity)),
      voice: fc.integer({ min: 0, max: 20 }),
    });
    const spoken = phrases[0]?.mulaw ?? new Uint8Array(0);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const activity = createVoiceActivity();
        const kinds: string[] = [];
        let nowMs = 0;
        const take = (bytes: Uint8Array, atMs: number) => {
          const event = activity.frame(bytes, atMs);
          if (event !== null) kinds.push(event.type);
        };
        for (const { bytes, atMs, voice } of pieces) {
          take(bytes, atMs);
          for (let i = 0; i < voice; i++) take(spoken.subarray(i * 160, i * 160 + 160), (nowMs += 20));
        }
        kinds.forEach((kind, at) => expect(kind).to.equal(at % 2 === 0 ? 'speechStarted' : 'speechPaused'));
      }),
      { numRuns: 200 },
    );
  });

  it('costs little: about 10 µs a frame of speech, and never 60 even on a slow and busy machine', () => {
    const mulaw = phrases.find(({ id }) => id === 'long-story')?.mulaw ?? new Uint8Array(0);
    const costs = Array.from({ length: 6 }, () => {
      const before = process.cpuUsage();
      for (let i = 0; i < 4; i++) eventsOf(mulaw);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / (4 * Math.floor(mulaw.length / 160));
    });
    expect(Math.min(...costs)).to.be.below(60);
  });

  it('is quiet about μ-law silence', () => {
    expect(eventsOf(new Uint8Array(80_000).fill(mulawSilence))).to.deep.equal([]);
    expect(eventsOf(new Uint8Array(80_000).fill(0x7f))).to.deep.equal([]);
  });
});
