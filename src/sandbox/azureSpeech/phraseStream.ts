import { RelativeLevel, templateFrameMs, type PhraseBank } from './phraseBank.ts';
import { PhraseDecoder, type HeardPhrase } from './phraseDecoder.ts';
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
const leastExplained = 0.4;

/** Loudness without the noise, against the noise: where a spectrum's shape begins to tell, and where it is sure. */
const buriedDb = -2;
const clearDb = 8;

interface Frame {
  readonly bands: Float32Array;
  readonly loud: boolean;
}

/** One stream of audio: cut into frames, frames into utterances, and utterances searched for phrases as they come. */
export class LivePhraseStream implements PhraseStream {
  readonly #decoder: PhraseDecoder;
  readonly #segmenter: SpeechSegmenter;
  readonly #level = new RelativeLevel();
  readonly #pending = new Int16Array(windowSamples);
  readonly #shape = new Float32Array(bandCount);
  readonly #noise = new Float32Array(bandCount);
  #noiseKnown = false;
  #noiseDb = 0;
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
    const frame = { bands, loud: this.#segmenter.loud };
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

  #search({ bands, loud }: Frame): void {
    const loudness = spectralShape(bands, this.#noise, this.#shape, 0);
    const aboveNoiseDb = loudness - this.#noiseDb;
    const trust = Math.max(0, Math.min(1, (aboveNoiseDb - buriedDb) / (clearDb - buriedDb)));
    this.#decoder.step({ shape: this.#shape, level: this.#level.next(loudness), loud, trust });
    this.#loud.push(loud);
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
