/**
 * How long the stand-ins of this process really took, against what their timings ask: a timer fires late on a busy machine, and
 * who measures the application must be able to tell that lateness from the application's own.
 */

export const tookNames = ['firstSentence', 'firstAudio'] as const;

/**
 * `firstSentence`: from a whole request to a language model until the token that shows the first sentence to be complete.
 * `firstAudio`: from a sentence to be spoken until its first audio is on the socket.
 */
export type TookName = (typeof tookNames)[number];

/** An hour of sixty callers; beyond it the oldest go. */
const kept = 60_000;

export class TookLog {
  readonly #times: Record<TookName, number[]> = { firstSentence: [], firstAudio: [] };

  note(name: TookName, ms: number): void {
    const times = this.#times[name];
    times.push(Math.round(ms * 100) / 100);
    if (times.length > kept) times.splice(0, kept / 10);
  }

  /** Milliseconds, in the order in which they were taken. Starts again from nothing. */
  take(): Readonly<Record<TookName, readonly number[]>> {
    const { firstSentence, firstAudio } = this.#times;
    this.#times.firstSentence = [];
    this.#times.firstAudio = [];
    return { firstSentence, firstAudio };
  }
}

/** One for the process: its stand-ins share one processor and so one lateness. */
export const took = new TookLog();

const sentenceIsWhole = /[.!?؟…]\s*[^\s.!?؟…]/;

/** Called with each token as it is written; notes the first sentence when the text shows that it is whole. */
export function firstSentenceWatch(log: TookLog = took): (token: string) => void {
  const askedAt = performance.now();
  let text = '';
  let done = false;
  return (token) => {
    if (done) return;
    text += token;
    if (!sentenceIsWhole.test(text)) return;
    done = true;
    log.note('firstSentence', performance.now() - askedAt);
  };
}
