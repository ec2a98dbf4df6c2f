import { bandCount } from './phraseFeatures.ts';
import { padStates, templateFrameMs, type BankedPhrase, type PhraseBank } from './phraseBank.ts';
import type { HeardPhrase, LiveFrame, PartialHearing } from './phraseHypotheses.ts';

/**
 * Finds the phrases in one utterance while it is being spoken: dynamic time warping of the live frames against all phrases at
 * once, as a one-pass search (Ney 1984). Beside the phrases there are two other explanations for a frame: silence, from which
 * alone a phrase can begin, and "something else" at a fixed price. A phrase is heard when it explains its frames for less.
 *
 * Every hypothesis has explained the same frames, so their costs compare directly. Units: mean square difference of natural
 * logarithms of band powers. Between a phrase and itself through a line with 15 dB of signal over noise this is
 * 0.1–0.4, between different sounds about 2.7 (both measured over the catalogue).
 */

const price = {
  /** A frame of something that is none of our phrases. */
  other: 0.85,
  silence: 0.05,
  loudSilence: 2,
  begin: 1,
  /** Going through a phrase at another speed than its own. */
  stretch: 0.15,
  jump: 0.5,
  /** Where a phrase has a clear sound and the line only its noise. */
  buried: 0.8,
  mostPerFrame: 1.6,
  /** The most a frame with a lost packet costs: one in a word is forgiven, one in two is not. */
  torn: 0.7,
} as const;

/** A heard phrase costs less than this per frame, and less than `worstStretch` over any stretch of about 200 ms. */
const meanLimit = 0.55;
/** Frames with full weight before anything is believed. */
const leastEvidence = 4;
const worstStretch = 0.7;
const stretchMemory = 0.8;
/** The time its sounds took against the template's. */
const slowest = 1.2;
const fastest = 0.84;
const beam = 4;
/** A phrase may begin or end this many template frames inside its edges. */
const looseEdge = 4;
const levelScaleDb = 8;
const levelMost = 1.2;
const frameMs = 20;

interface Node {
  readonly heard: HeardPhrase;
  readonly before: number;
}

export class PhraseDecoder {
  readonly #bank: PhraseBank;
  readonly #score: Float32Array;
  readonly #entered: Int32Array;
  readonly #entryScore: Float32Array;
  readonly #recent: Float32Array;
  readonly #worst: Float32Array;
  readonly #evidence: Float32Array;
  readonly #before: Int32Array;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  #nodes: Node[] = [];
  #silence = 0;
  #silenceNode = -1;
  #other = Infinity;
  #otherNode = -1;
  #frame = -1;

  constructor(bank: PhraseBank) {
    this.#bank = bank;
    this.#score = new Float32Array(bank.states).fill(Infinity);
    this.#entered = new Int32Array(bank.states);
    this.#entryScore = new Float32Array(bank.states);
    this.#recent = new Float32Array(bank.states);
    this.#worst = new Float32Array(bank.states);
    this.#evidence = new Float32Array(bank.states);
    this.#before = new Int32Array(bank.states);
    this.#low = new Int32Array(bank.phrases.length).fill(0);
    this.#high = new Int32Array(bank.phrases.length).fill(-1);
  }

  reset(): void {
    this.#score.fill(Infinity);
    this.#high.fill(-1);
    this.#low.fill(0);
    this.#nodes = [];
    this.#silence = 0;
    this.#silenceNode = -1;
    this.#other = Infinity;
    this.#otherNode = -1;
    this.#frame = -1;
  }

  /** One 20 ms frame. */
  step(frame: LiveFrame): void {
    this.#frame++;
    const enterAt = this.#silence + price.begin;
    let best = Math.min(this.#silence, this.#other);
    for (let index = 0; index < this.#bank.phrases.length; index++) {
      best = Math.min(best, this.#advance(index, frame, enterAt, best + beam));
    }
    let leaving = -1;
    for (let index = 0; index < this.#bank.phrases.length; index++) {
      this.#prune(index, best + beam);
      leaving = this.#bestLeaving(index, leaving);
    }
    this.#stepBetween(frame.loud, leaving);
  }

  /** What would be said if the utterance ended here. */
  heard(): HeardPhrase[] {
    return this.#trace(this.#silence <= this.#other ? this.#silenceNode : this.#otherNode);
  }

  /** The best explanation so far, as long as it is a phrase that fits well. */
  partial(): PartialHearing | null {
    let best = Math.min(this.#silence, this.#other);
    let state = -1;
    let phrase: BankedPhrase | null = null;
    for (const [index, candidate] of this.#bank.phrases.entries()) {
      for (let at = this.#low[index] ?? 0; at <= (this.#high[index] ?? -1); at++) {
        const score = this.#score[candidate.from + at] ?? Infinity;
        if (score >= best) continue;
        best = score;
        state = candidate.from + at;
        phrase = candidate;
      }
    }
    if (phrase === null) {
      return this.#silence <= this.#other ? { heard: this.#trace(this.#silenceNode), open: null } : null;
    }
    if (!this.#fits(state)) return null;
    const spokenMs = (state - phrase.from) * templateFrameMs;
    return {
      heard: this.#trace(this.#before[state] ?? -1),
      open: { phrase, fromMs: (this.#frame + 1) * frameMs - spokenMs, spokenMs },
    };
  }

  /** Moves every hypothesis within one phrase by a frame, highest state first so that old scores are read. */
  #advance(index: number, frame: LiveFrame, enterAt: number, limit: number): number {
    const phrase = this.#bank.phrases[index];
    if (phrase === undefined) return Infinity;
    const entering = enterAt < limit;
    const high = this.#high[index] ?? -1;
    if (high < 0 && !entering) return Infinity;
    const last = Math.min(phrase.states - 1, Math.max(high < 0 ? -1 : high + padStates, entering ? looseEdge : -1));
    const first = entering ? 0 : (this.#low[index] ?? 0);
    let best = Infinity;
    for (let at = last; at >= first; at--) {
      const score = this.#enter(phrase.from + at, entering && at <= looseEdge ? enterAt : Infinity, frame, limit);
      if (score < best) best = score;
    }
    this.#low[index] = first;
    this.#high[index] = last;
    return best;
  }

  /** The cheapest way into a state from the frame before; its new score. */
  #enter(state: number, enterAt: number, frame: LiveFrame, limit: number): number {
    const score = this.#score;
    // Two template frames for one live frame is the phrase at its own speed.
    let from = state - 2;
    let cost = score[from] ?? Infinity;
    const slower = (score[state - 1] ?? Infinity) + price.stretch;
    if (slower < cost) [cost, from] = [slower, state - 1];
    const faster = (score[state - 3] ?? Infinity) + price.stretch;
    if (faster < cost) [cost, from] = [faster, state - 3];
    const stayed = (score[state] ?? Infinity) + price.jump;
    if (stayed < cost) [cost, from] = [stayed, state];
    const jumped = (score[state - 4] ?? Infinity) + price.jump;
    if (jumped < cost) [cost, from] = [jumped, state - 4];
    const begins = enterAt < cost;
    if (begins) cost = enterAt;
    if (cost >= limit + price.mostPerFrame) {
      score[state] = Infinity;
      return Infinity;
    }
    const here = this.#difference(state, frame);
    // A lost packet says nothing about whether the words fit, so it does not count in the stretch.
    const before = begins ? 0 : (this.#recent[from] ?? 0);
    const recent = frame.condition === 'torn' ? before : stretchMemory * before + (1 - stretchMemory) * here;
    this.#evidence[state] = (begins ? 0 : (this.#evidence[from] ?? 0)) + (this.#bank.weights[state] ?? 0);
    this.#entered[state] = begins ? this.#frame : (this.#entered[from] ?? 0);
    this.#entryScore[state] = begins ? enterAt : (this.#entryScore[from] ?? 0);
    this.#before[state] = begins ? this.#silenceNode : (this.#before[from] ?? -1);
    this.#worst[state] = begins ? recent : Math.max(this.#worst[from] ?? 0, recent);
    this.#recent[state] = recent;
    score[state] = cost + here;
    return cost + here;
  }

  #difference(state: number, { shape, level, trust, condition }: LiveFrame): number {
    const { shapes, levels, weights } = this.#bank;
    const leap = (level - (levels[state] ?? 0)) / levelScaleDb;
    const levelPrice = Math.min(levelMost, leap * leap * 0.5);
    const weight = weights[state] ?? 0;
    if (condition === 'ruined' && weight > 0) return price.mostPerFrame;
    const most = condition === 'torn' ? price.torn : price.mostPerFrame;
    const base = levelPrice + weight * (1 - trust) * price.buried;
    if (weight * trust === 0) return Math.min(most, base);
    let sum = 0;
    const row = state * bandCount;
    for (let band = 0; band < bandCount; band++) {
      const gap = (shape[band] ?? 0) - (shapes[row + band] ?? 0);
      sum += gap * gap;
    }
    return Math.min(most, base + (weight * trust * sum) / bandCount);
  }

  /** Narrows a phrase's stretch of live states to those still worth following. */
  #prune(index: number, limit: number): void {
    const phrase = this.#bank.phrases[index];
    if (phrase === undefined) return;
    let low = this.#low[index] ?? 0;
    let high = this.#high[index] ?? -1;
    while (high >= low && (this.#score[phrase.from + high] ?? Infinity) > limit) {
      this.#score[phrase.from + high] = Infinity;
      high--;
    }
    while (low <= high && (this.#score[phrase.from + low] ?? Infinity) > limit) {
      this.#score[phrase.from + low] = Infinity;
      low++;
    }
    this.#low[index] = low <= high ? low : 0;
    this.#high[index] = low <= high ? high : -1;
  }

  /** The better of `state` and the best state of this phrase from which it may end now. */
  #bestLeaving(index: number, state: number): number {
    const phrase = this.#bank.phrases[index];
    const high = this.#high[index] ?? -1;
    if (phrase === undefined || high < phrase.states - 1 - looseEdge) return state;
    let best = state;
    for (let at = phrase.states - 1 - looseEdge; at <= high; at++) {
      const candidate = phrase.from + at;
      const better = (this.#score[candidate] ?? Infinity) < (best < 0 ? Infinity : (this.#score[best] ?? Infinity));
      if (better && this.#fits(candidate)) best = candidate;
    }
    return best;
  }

  #fits(state: number): boolean {
    const evidence = this.#evidence[state] ?? 0;
    // One live frame passes two of the template's; pauses, which weigh nothing, may be of any length.
    const pace = (evidence * frameMs) / templateFrameMs / (this.#bank.weightSoFar[state] ?? 1);
    const inPace = pace >= fastest && pace <= slowest;
    return (
      inPace && evidence >= leastEvidence && this.#mean(state) <= meanLimit && (this.#worst[state] ?? 0) <= worstStretch
    );
  }

  /** Price per frame in which the phrase has something to say. */
  #mean(state: number): number {
    const spent = (this.#score[state] ?? Infinity) - (this.#entryScore[state] ?? 0);
    return spent / Math.max(leastEvidence, this.#evidence[state] ?? 0);
  }

  /** Silence and "something else": a phrase leads into silence, silence into either. */
  #stepBetween(loud: boolean, leaving: number): void {
    const leavingScore = leaving < 0 ? Infinity : (this.#score[leaving] ?? Infinity);
    const silence = this.#silence;
    const silenceNode = this.#silenceNode;
    if (leavingScore < silence && leavingScore < this.#other) {
      this.#silence = leavingScore;
      this.#silenceNode = this.#nodes.push(this.#nodeOf(leaving)) - 1;
    } else if (this.#other < silence) {
      this.#silence = this.#other;
      this.#silenceNode = this.#otherNode;
    }
    if (silence < this.#other) {
      this.#other = silence;
      this.#otherNode = silenceNode;
    }
    this.#silence += loud ? price.loudSilence : price.silence;
    this.#other += price.other;
  }

  #nodeOf(state: number): Node {
    const phrase = this.#bank.phrases.findLast(({ from }) => from <= state);
    if (phrase === undefined) throw new RangeError('a state outside the bank');
    const fromMs = (this.#entered[state] ?? 0) * frameMs;
    const heard = {
      phrase,
      fromMs,
      toMs: (this.#frame + 1) * frameMs,
      cost: this.#mean(state),
      worst: this.#worst[state] ?? 0,
    };
    return { heard, before: this.#before[state] ?? -1 };
  }

  #trace(node: number): HeardPhrase[] {
    const heard: HeardPhrase[] = [];
    for (let at = node; at >= 0;) {
      const found = this.#nodes[at];
      if (found === undefined) break;
      heard.unshift(found.heard);
      at = found.before;
    }
    return heard;
  }
}
