import { decodeMulaw } from '../../audio/mulaw.ts';
import { bandCount, bandPowers, spectralShape, templateHopSamples, windowSamples } from './phraseFeatures.ts';
import type { PhraseTemplate } from './phraseMatcher.ts';

/** The phrases as the decoder walks through them: one row of numbers for all, one state for each 10 ms. */

export const templateFrameMs = 10;
/** Unreachable states before each phrase, so that no step from before its beginning finds another phrase's end. */
export const padStates = 4;
/** Loudness is counted down to this much below the loudest so far. */
export const loudnessRangeDb = 24;

export interface BankedPhrase {
  readonly template: PhraseTemplate;
  /** Its first state. */
  readonly from: number;
  readonly states: number;
}

export interface PhraseBank {
  readonly phrases: readonly BankedPhrase[];
  readonly states: number;
  /** `bandCount` numbers for each state. */
  readonly shapes: Float32Array;
  /** −24..0 dB below the loudest frame up to there. */
  readonly levels: Float32Array;
  /** 0..1: how much the shape tells; nothing in pauses. */
  readonly weights: Float32Array;
  /** Sum of the weights of a phrase up to and with each state. */
  readonly weightSoFar: Float32Array;
}

/** Loudness relative to the loudest so far, the same for phrases and for the live audio. */
export class RelativeLevel {
  #loudestDb = -Infinity;

  next(loudnessDb: number): number {
    this.#loudestDb = Math.max(this.#loudestDb, loudnessDb);
    return Math.max(-loudnessRangeDb, loudnessDb - this.#loudestDb);
  }

  reset(): void {
    this.#loudestDb = -Infinity;
  }
}

export function buildBank(templates: readonly PhraseTemplate[]): PhraseBank {
  const phrases: BankedPhrase[] = [];
  let states = padStates;
  for (const template of templates) {
    const frames = Math.floor((template.mulaw.length - windowSamples) / templateHopSamples) + 1;
    if (frames < 1) continue;
    phrases.push({ template, from: states, states: frames });
    states += frames + padStates;
  }
  const bank = {
    phrases,
    states,
    shapes: new Float32Array(states * bandCount),
    levels: new Float32Array(states),
    weights: new Float32Array(states),
    weightSoFar: new Float32Array(states),
  };
  for (const phrase of phrases) fill(bank, phrase);
  return bank;
}

function fill(bank: PhraseBank, { template, from, states }: BankedPhrase): void {
  const samples = decodeMulaw(template.mulaw);
  const bands = new Float32Array(bandCount);
  const noNoise = new Float32Array(bandCount);
  const level = new RelativeLevel();
  const loudness = new Float32Array(states);
  for (let state = 0; state < states; state++) {
    bandPowers(samples, state * templateHopSamples, bands);
    loudness[state] = spectralShape(bands, noNoise, bank.shapes, (from + state) * bandCount);
    bank.levels[from + state] = level.next(loudness[state] ?? 0);
  }
  const loudest = loudness.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let state = 0; state < states; state++) {
    // Full weight within 14 dB of the loudest, none beyond 24: there even a good line's noise shapes the spectrum.
    const below = loudest - (loudness[state] ?? 0);
    const weight = Math.max(0, Math.min(1, (loudnessRangeDb - below) / 10));
    sum += weight;
    bank.weights[from + state] = weight;
    bank.weightSoFar[from + state] = sum;
  }
}
