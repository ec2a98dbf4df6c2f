import { decodeMulaw, mulawSilence } from './mulaw.ts';
import { toDbfs } from './levels.ts';
import { NoiseFloor, type FrameKind } from './noiseFloor.ts';
import { periodicity } from './pitch.ts';
import { spectrumSamples } from './spectrum.ts';
import { Steadiness } from './steadiness.ts';
import { isKeyTone, isProgressTone } from './tones.ts';

/**
 * When the caller's voice begins and pauses, from 20 ms frames of 8 kHz μ-law.
 *
 * A frame is voiced when it stands out of the line's noise, is periodic at the pitch of a voice, and is neither a tone of the
 * network nor standing still like music. Breath, clicks and hiss fail the second test, keys, ringing and music the others.
 */

/** Times in the caller's media time, as given to `frame`. */
export type VoiceEvent =
  /** Told when 3 of 5 frames were voiced. `sinceMs`: start of the first of them, and of the sound that leads into it (a consonant). */
  | { readonly type: 'speechStarted'; readonly sinceMs: number }
  /** `sinceMs`: end of the last voiced frame. Told after 120 ms without another. */
  | { readonly type: 'speechPaused'; readonly sinceMs: number };

export interface VoiceActivitySettings {
  /** Voiced frames out of the last five that begin speech. */
  readonly onsetFrames: number;
  /** Frames without voice that make a pause. */
  readonly pauseFrames: number;
  /** Decibels a voice must stand out of the noise. */
  readonly aboveNoiseDb: number;
  /** Quieter than this is nobody speaking into this telephone; raise it where echo comes back louder. */
  readonly leastDbfs: number;
  /** 0..1; noise through a telephone band reaches 0.5, a voice 0.7 and more. */
  readonly leastPeriodicity: number;
  /** 0..1; above it the spectrum stands still as no voice does. */
  readonly mostSteadiness: number;
}

/** DESIGN §6 for the frames; the others were tuned on the sounds of test/audio/voiceActivity.test.ts. */
export const voiceActivityDefaults: VoiceActivitySettings = {
  onsetFrames: 3,
  pauseFrames: 6,
  aboveNoiseDb: 6,
  leastDbfs: -56,
  leastPeriodicity: 0.6,
  mostSteadiness: 0.99,
};

export interface VoiceActivity {
  /**
   * Takes the next audio, usually one frame of 160 bytes that begins at `atMs`; other lengths are cut into frames. At most one
   * event comes back at a time; should one long piece hold more, the others follow with the next calls. Never throws.
   */
  readonly frame: (mulaw: Uint8Array, atMs: number) => VoiceEvent | null;
}

export function createVoiceActivity(settings: Partial<VoiceActivitySettings> = {}): VoiceActivity {
  const detector = new VoiceDetector({ ...voiceActivityDefaults, ...settings });
  return { frame: (mulaw, atMs) => detector.take(mulaw, atMs) };
}

const frameSamples = 160;
const frameMs = 20;
const bytesPerMs = 8;
const onsetWindow = 5;
/** What of a consonant is loud before its vowel; a longer sound before a voice is a sound of its own. */
const leadFrames = 2;
/**
 * Where a tone of 80 ms or more was in the last 1.5 s (music goes on), the next note looks like a voice for up to 140 ms before it is seen to
 * stand still. A voice over it has to last a little longer.
 */
const toneMemoryFrames = 75;
const lastingToneFrames = 4;
const overToneWindow = 10;
const overToneFrames = 9;
/** One second; a longer piece is a fault of its sender, and only its end is of now. */
const longestPiece = 8000;

class VoiceDetector {
  readonly #settings: VoiceActivitySettings;
  readonly #judge: FrameJudge;
  readonly #rest = new Uint8Array(frameSamples).fill(mulawSilence);
  #restLength = 0;
  #nextMs: number | null = null;
  readonly #events: VoiceEvent[] = [];
  /** The last ten frames, newest last: 1 where voiced. */
  readonly #voiced = new Uint8Array(overToneWindow);
  /** The same, 1 where something stood out of the noise. */
  readonly #loud = new Uint8Array(overToneWindow);
  #sinceToneFrames = toneMemoryFrames;
  #toneRun = 0;
  #speaking = false;
  #quietFrames = 0;
  #lastVoicedEndMs = 0;

  constructor(settings: VoiceActivitySettings) {
    this.#settings = settings;
    this.#judge = new FrameJudge(settings);
  }

  take(mulaw: Uint8Array, atMs: number): VoiceEvent | null {
    const piece = mulaw.length > longestPiece ? mulaw.subarray(mulaw.length - longestPiece) : mulaw;
    const pieceMs = atMs + (mulaw.length - piece.length) / bytesPerMs;
    this.#meetGap(pieceMs - this.#restLength / bytesPerMs);
    let startMs = pieceMs - this.#restLength / bytesPerMs;
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(piece.length - at, frameSamples - this.#restLength);
      this.#rest.set(taken === piece.length ? piece : piece.subarray(at, at + taken), this.#restLength);
      this.#restLength += taken;
      at += taken;
      if (this.#restLength < frameSamples) break;
      this.#restLength = 0;
      this.#step(this.#judge.frame(this.#rest, this.#speaking), startMs);
      startMs += frameMs;
    }
    this.#nextMs = startMs;
    return this.#events.shift() ?? null;
  }

  /** Audio that never came is no voice: after a hole, its frames count as quiet ones. */
  #meetGap(startMs: number): void {
    if (this.#nextMs === null) return;
    const missing = Math.min(this.#settings.pauseFrames, Math.floor((startMs - this.#nextMs) / frameMs));
    if (missing > 0) this.#judge.stoodOut = false;
    for (let i = 0; i < missing; i++) this.#step('unvoiced', this.#nextMs + i * frameMs);
  }

  #step(verdict: Verdict, startMs: number): void {
    // A tone is known a frame or two after it began; what it was taken for until then is taken back.
    if (verdict === 'tone') this.#voiced.fill(0);
    this.#toneRun = verdict === 'tone' ? this.#toneRun + 1 : 0;
    this.#sinceToneFrames = this.#toneRun >= lastingToneFrames ? 0 : this.#sinceToneFrames + 1;
    this.#loud.copyWithin(0, 1);
    this.#loud[overToneWindow - 1] = this.#judge.stoodOut ? 1 : 0;
    this.#voiced.copyWithin(0, 1);
    this.#voiced[overToneWindow - 1] = verdict === 'voiced' ? 1 : 0;
    if (verdict === 'voiced') this.#lastVoicedEndMs = startMs + frameMs;
    this.#quietFrames = verdict === 'voiced' ? 0 : this.#quietFrames + 1;
    if (this.#speaking) this.#maybePause();
    else this.#maybeStart(startMs);
  }

  #maybeStart(startMs: number): void {
    const overTone = this.#sinceToneFrames < toneMemoryFrames;
    const first = overToneWindow - (overTone ? overToneWindow : onsetWindow);
    let count = 0;
    for (let i = first; i < overToneWindow; i++) count += this.#voiced[i] ?? 0;
    if (count < (overTone ? overToneFrames : this.#settings.onsetFrames)) return;
    this.#speaking = true;
    const sinceMs = startMs - (overToneWindow - 1 - this.#beginning(this.#voiced.indexOf(1, first))) * frameMs;
    this.#events.push({ type: 'speechStarted', sinceMs });
  }

  /** A word may begin with what is no voice: the sound right before its first voiced frame belongs to it. */
  #beginning(firstVoiced: number): number {
    let at = firstVoiced;
    while (at > 0 && firstVoiced - at < leadFrames && this.#loud[at - 1] === 1) at -= 1;
    return at;
  }

  #maybePause(): void {
    if (this.#quietFrames < this.#settings.pauseFrames) return;
    this.#speaking = false;
    this.#voiced.fill(0);
    this.#events.push({ type: 'speechPaused', sinceMs: this.#lastVoicedEndMs });
  }
}

/** First-order high-pass at 150 Hz. */
const pole = 0.889;

/** Once there is a voice, its softer parts may be less clear than its beginning. */
const lenience = { aboveNoiseDb: 2.5, periodicity: 0.12 } as const;

type Verdict = 'voiced' | 'unvoiced' | 'tone';

/** Judges one frame by itself and the 20 ms before it. Allocates nothing. */
class FrameJudge {
  readonly #settings: VoiceActivitySettings;
  readonly #floor = new NoiseFloor();
  readonly #steadiness = new Steadiness();
  readonly #linear = new Int16Array(frameSamples);
  readonly #filtered = new Float32Array(frameSamples);
  /** 64 ms at 4 kHz, and the newest 40 ms of it. */
  readonly #window = new Float32Array(spectrumSamples);
  readonly #recent = this.#window.subarray(spectrumSamples - 160);
  #lastInput = 0;
  stoodOut = false;

  constructor(settings: VoiceActivitySettings) {
    this.#settings = settings;
  }

  frame(mulaw: Uint8Array, speaking: boolean): Verdict {
    decodeMulaw(mulaw, this.#linear);
    const levelDbfs = this.#filter();
    const aboveNoiseDb = this.#settings.aboveNoiseDb - (speaking ? lenience.aboveNoiseDb : 0);
    const standsOut = levelDbfs > Math.max(this.#floor.dbfs + aboveNoiseDb, this.#settings.leastDbfs);
    this.stoodOut = standsOut;
    const verdict = standsOut ? this.#listen(speaking) : 'unvoiced';
    if (!standsOut) this.#steadiness.skip();
    const kind: FrameKind = !standsOut ? 'quiet' : verdict === 'voiced' ? 'voiced' : 'noisy';
    this.#floor.learn(levelDbfs, kind);
    return verdict;
  }

  #listen(speaking: boolean): Verdict {
    const steadiness = this.#steadiness.next(this.#window);
    if (isKeyTone(this.#filtered) || isProgressTone(this.#recent)) return 'tone';
    if (steadiness > this.#settings.mostSteadiness) return 'tone';
    const least = this.#settings.leastPeriodicity - (speaking ? lenience.periodicity : 0);
    return periodicity(this.#recent, least) >= least ? 'voiced' : 'unvoiced';
  }

  /** Takes direct current and rumble out (high-pass at 150 Hz), halves the rate for the window; returns the level. */
  #filter(): number {
    const linear = this.#linear;
    const filtered = this.#filtered;
    const window = this.#window;
    const tail = window.length - frameSamples / 2;
    window.copyWithin(0, frameSamples / 2);
    // Locals, because reading and writing fields for every sample costs more than the arithmetic.
    let input = this.#lastInput;
    let last = filtered[frameSamples - 1] ?? 0;
    let beforeLast = filtered[frameSamples - 2] ?? 0;
    let sum = 0;
    for (let i = 0; i < frameSamples; i++) {
      const next = linear[i] ?? 0;
      const output = pole * (last + next - input);
      input = next;
      filtered[i] = output;
      sum += output * output;
      // Binomial low-pass before every second sample is dropped; what folds back from above 2 kHz is weak in a voice.
      if ((i & 1) === 1) window[tail + (i >> 1)] = (beforeLast + 2 * last + output) / 4;
      beforeLast = last;
      last = output;
    }
    this.#lastInput = input;
    return toDbfs(Math.sqrt(sum / frameSamples));
  }
}
