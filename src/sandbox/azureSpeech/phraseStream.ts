import { RelativeLevel, templateFrameMs, type PhraseBank } from './phraseBank.ts';
import { PhraseDecoder } from './phraseDecoder.ts';
import type { FrameCondition, HeardPhrase } from './phraseHypotheses.ts';
import { bandCount, bandPowers, hopSamples, loudnessDb, spectralShape, windowSamples } from './phraseFeatures.ts';
import type { MatchEvent, PhraseStream, PhraseWord } from './phraseMatcher.ts';
import { SpeechSegmenter } from './speechSegmenter.ts';

const frameMs = 20;
/** Audio before the onset was noticed, so that soft beginnings are not lost. */
const leadFrames = 14;
const longestUtteranceMs = 30_000;
const noiseMemory = 0.9;
/** A word counts as said when this much of it was. */
const wordShare = 0.8;
/** Below this share of the loud frames explained by phrases, what was heard is not what was said. */
const leastExplained = 0.65;

/** Loudness without the noise, against the noise: where a spectrum's shape begins to tell, and where it is sure. */
const buriedDb = -2;
const clearDb = 8;

const tornSamples = 48;
/** Torn frames in the last 24 (half a second); one lost packet tears two or three. */
const mostTorn = 6;

interface Frame {
  readonly bands: Float32Array;
  readonly loud: boolean;
  readonly condition: FrameCondition;
}

/** One stream of audio: cut into frames, frames into utterances, and utterances searched for phrases as they come. */
export class LivePhraseStream implements PhraseStream {
  readonly #decoder: PhraseDecoder;
  readonly #segmenter: SpeechSegmenter;
  readonly #level = new RelativeLevel();
  readonly #pending = new Int16Array(windowSamples);
  readonly #shape = new Float32Array(bandCount);
  readonly #lastHop = new Int16Array(hopSamples);
  readonly #noise = new Float32Array(bandCount);
  #noiseKnown = false;
  #noiseDb = 0;
  #tornHistory = 0;
  #filled = 0;
  #frame = -1;
  #lead: Frame[] = [];
  #utteranceFrame = -1;
  #loud: boolean[] = [];
  #said = '';

  constructor(bank: PhraseBank, silenceMs: number) {
    this.#decoder = new PhraseDecoder(bank);
    this.#segmenter = new SpeechSegmenter(silenceMs, longestUtteranceMs, frameMs);
  }

  write(samples: Int16Array): MatchEvent[] {
    const events: MatchEvent[] = [];
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(samples.length - at, windowSamples - this.#filled);
      this.#pending.set(samples.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < windowSamples) break;
      this.#hear(events);
      this.#pending.copyWithin(0, hopSamples);
      this.#filled = windowSamples - hopSamples;
    }
    return events;
  }

  end(): MatchEvent[] {
    const events: MatchEvent[] = [];
    if (this.#utteranceFrame >= 0) this.#finish(events);
    return events;
  }

  #hear(events: MatchEvent[]): void {
    this.#frame++;
    const bands = new Float32Array(bandCount);
    bandPowers(this.#pending, 0, bands);
    const segment = this.#segmenter.next(loudnessDb(bands));
    const frame = { bands, loud: this.#segmenter.loud, condition: this.#condition() };
    if (!frame.loud) this.#learnNoise(bands);
    if (segment === 'outside') {
      this.#lead.push(frame);
      if (this.#lead.length > leadFrames) this.#lead.shift();
      return;
    }
    if (segment === 'begins') this.#begin(events);
    this.#search(frame);
    if (segment === 'ends') this.#finish(events);
    else this.#tell(events);
  }

  #begin(events: MatchEvent[]): void {
    this.#decoder.reset();
    this.#level.reset();
    this.#said = '';
    this.#loud = [];
    this.#utteranceFrame = this.#frame - this.#lead.length;
    const firstLoud = this.#lead.findIndex(({ loud }) => loud);
    for (const frame of this.#lead) this.#search(frame);
    const quietLead = firstLoud < 0 ? this.#lead.length : firstLoud;
    events.push({ type: 'speechStart', offsetMs: (this.#utteranceFrame + quietLead) * frameMs });
    this.#lead = [];
  }

  #search({ bands, loud, condition }: Frame): void {
    const loudness = spectralShape(bands, this.#noise, this.#shape, 0);
    const aboveNoiseDb = loudness - this.#noiseDb;
    const trust = Math.max(0, Math.min(1, (aboveNoiseDb - buriedDb) / (clearDb - buriedDb)));
    this.#decoder.step({ shape: this.#shape, level: this.#level.next(loudness), loud, trust, condition });
    this.#loud.push(loud);
  }

  /** Lost packets are forgiven as long as they are few; a stream full of holes is not speech. */
  #condition(): FrameCondition {
    const torn = isTorn(this.#pending) || this.#repeats();
    this.#tornHistory = ((this.#tornHistory << 1) | (torn ? 1 : 0)) & 0xff_ffff;
    if (!torn) return 'whole';
    return bitsIn(this.#tornHistory) <= mostTorn ? 'torn' : 'ruined';
  }

  /** Whether part of the newest 20 ms is exactly what was there 20 ms before, which a line's noise forbids. */
  #repeats(): boolean {
    let run = 0;
    let longest = 0;
    for (let i = 0; i < hopSamples; i++) {
      const sample = this.#pending[windowSamples - hopSamples + i] ?? 0;
      run = sample === this.#lastHop[i] ? run + 1 : 0;
      longest = Math.max(longest, run);
      this.#lastHop[i] = sample;
    }
    return longest >= tornSamples;
  }

  #learnNoise(bands: Float32Array): void {
    const memory = this.#noiseKnown ? noiseMemory : 0;
    for (let band = 0; band < bandCount; band++) {
      this.#noise[band] = memory * (this.#noise[band] ?? 0) + (1 - memory) * (bands[band] ?? 0);
    }
    this.#noiseKnown = true;
    this.#noiseDb = loudnessDb(this.#noise);
  }

  /** A hypothesis when more words were said than last told, or others. */
  #tell(events: MatchEvent[]): void {
    const partial = this.#decoder.partial();
    if (partial === null) return;
    const words = partial.heard.flatMap((heard) => this.#wordsOf(heard));
    const { open } = partial;
    if (open !== null) {
      for (const word of open.phrase.template.words) {
        if (word.offsetMs + word.durationMs * wordShare > open.spokenMs) break;
        words.push({ ...word, offsetMs: this.#startMs() + open.fromMs + word.offsetMs });
      }
    }
    const text = words.map((word) => word.text).join(' ');
    const first = words[0];
    const last = words.at(-1);
    if (text === this.#said || first === undefined || last === undefined) return;
    this.#said = text;
    const offsetMs = Math.max(0, Math.round(first.offsetMs));
    const durationMs = Math.max(frameMs, Math.round(last.offsetMs + last.durationMs) - offsetMs);
    events.push({ type: 'hypothesis', text, offsetMs, durationMs });
  }

  #finish(events: MatchEvent[]): void {
    const heard = this.#decoder.heard();
    const words = heard.flatMap((phrase) => this.#wordsOf(phrase));
    const first = words[0];
    const last = words.at(-1);
    if (first === undefined || last === undefined || this.#explained(heard) < leastExplained) {
      const firstLoud = Math.max(0, this.#loud.indexOf(true));
      const lastLoud = this.#loud.lastIndexOf(true);
      const durationMs = Math.max(1, lastLoud + 1 - firstLoud) * frameMs;
      events.push({ type: 'noMatch', offsetMs: this.#startMs() + firstLoud * frameMs, durationMs });
    } else {
      const cost = heard.reduce((sum, phrase) => sum + phrase.cost, 0) / heard.length;
      events.push({
        type: 'final',
        text: heard.map(({ phrase }) => phrase.template.text).join(' '),
        offsetMs: first.offsetMs,
        durationMs: last.offsetMs + last.durationMs - first.offsetMs,
        confidence: Math.round((1 - cost / 2) * 1000) / 1000,
        words,
      });
    }
    this.#utteranceFrame = -1;
    this.#said = '';
  }

  #startMs(): number {
    return this.#utteranceFrame * frameMs;
  }

  /** The template's word times, stretched to the time the phrase took. */
  #wordsOf({ phrase, fromMs, toMs }: HeardPhrase): PhraseWord[] {
    const pace = (toMs - fromMs) / (phrase.states * templateFrameMs);
    return phrase.template.words.map(({ text, offsetMs, durationMs }) => ({
      text,
      offsetMs: Math.max(0, Math.round(this.#startMs() + fromMs + offsetMs * pace)),
      durationMs: Math.max(1, Math.round(durationMs * pace)),
    }));
  }

  #explained(heard: readonly HeardPhrase[]): number {
    let all = 0;
    let explained = 0;
    this.#loud.forEach((loud, at) => {
      if (!loud) return;
      all++;
      const atMs = at * frameMs;
      if (heard.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)) explained++;
    });
    return all === 0 ? 0 : explained / all;
  }
}

function bitsIn(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Whether a window holds a run of exact zeros, as a lost packet leaves it; a line's noise never does. */
function isTorn(samples: Int16Array): boolean {
  let run = 0;
  for (const sample of samples) {
    run = sample === 0 ? run + 1 : 0;
    if (run >= tornSamples) return true;
  }
  return false;
}
