import type { MatchEvent, PhraseMatcher } from '../../../src/sandbox/azureSpeech/phraseMatcher.ts';

/**
 * A matcher that knows no words: it counts bursts of sound. One burst is heard as "burst 1 of N samples' loudness class"
 * only from the samples themselves, so that a broken audio path gives other words. Its one claim is where sound was, and
 * how high it was (zero crossings), to the nearest 100 Hz.
 */
export const burstMatcher: PhraseMatcher = {
  open: (options = {}) => {
    const silenceMs = options.segmentationSilenceMs ?? 500;
    const state = { atMs: 0, part: new Int16Array(0), burst: undefined as Burst | undefined, quietMs: 0 };
    return {
      write: (samples) => {
        const events: MatchEvent[] = [];
        const all = new Int16Array(state.part.length + samples.length);
        all.set(state.part);
        all.set(samples, state.part.length);
        const whole = Math.floor(all.length / frame) * frame;
        for (let at = 0; at < whole; at += frame) events.push(...hear(state, all.subarray(at, at + frame), silenceMs));
        state.part = all.slice(whole);
        return events;
      },
      end: () => (state.burst === undefined ? [] : [finalOf(state.burst)]),
    };
  },
};

const frame = 160;
const frameMs = 20;

interface Burst {
  readonly fromMs: number;
  toMs: number;
  crossings: number;
  frames: number;
}

interface Hearing {
  atMs: number;
  burst: Burst | undefined;
  quietMs: number;
}

function hear(state: Hearing, samples: Int16Array, silenceMs: number): MatchEvent[] {
  const fromMs = state.atMs;
  state.atMs += frameMs;
  if (Math.max(...samples.map(Math.abs)) > 1_000) {
    state.quietMs = 0;
    const begins = state.burst === undefined;
    state.burst ??= { fromMs, toMs: fromMs, crossings: 0, frames: 0 };
    state.burst.toMs = state.atMs;
    state.burst.crossings += crossings(samples);
    state.burst.frames += 1;
    const { text, offsetMs, durationMs } = finalOf(state.burst);
    const hypothesis: MatchEvent = { type: 'hypothesis', text, offsetMs, durationMs };
    return begins ? [{ type: 'speechStart', offsetMs: fromMs }, hypothesis] : [hypothesis];
  }
  state.quietMs += frameMs;
  if (state.burst === undefined || state.quietMs < silenceMs) return [];
  const final = finalOf(state.burst);
  state.burst = undefined;
  return [final.durationMs < 60 ? { ...final, type: 'noMatch' } : final];
}

function finalOf(burst: Burst): Extract<MatchEvent, { type: 'final' }> {
  const hertz = Math.round((burst.crossings * 25) / burst.frames / 100) * 100;
  const [offsetMs, durationMs] = [burst.fromMs, burst.toMs - burst.fromMs];
  const text = `tone ${hertz}`;
  return { type: 'final', text, offsetMs, durationMs, confidence: 0.9, words: [{ text, offsetMs, durationMs }] };
}

function crossings(samples: Int16Array): number {
  let found = 0;
  for (let at = 1; at < samples.length; at += 1) {
    if ((samples[at] ?? 0) >= 0 !== (samples[at - 1] ?? 0) >= 0) found += 1;
  }
  return found;
}

/** 8 kHz PCM16. */
export function tone(hertz: number, ms: number): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, at) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / 8_000)),
  );
}

export function silence(ms: number): Int16Array {
  return new Int16Array(ms * 8);
}

export function joined(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}
