import type { CarrierClock } from './clock.ts';

/** What a stretch of network does to the things that pass it; their order stays. */
export interface NetworkPath {
  readonly delayMs: number;
  /** Each thing waits up to this much longer, evenly spread. */
  readonly jitterMs: number;
}

/** A path without delay delivers at once, in the same call. */
export class DelayLine<Thing> {
  readonly #clock: CarrierClock;
  readonly #path: NetworkPath;
  readonly #random: () => number;
  readonly #deliver: (thing: Thing) => void;
  readonly #waiting: { readonly dueMs: number; readonly thing: Thing }[] = [];
  #timer: ReturnType<CarrierClock['setTimeout']> | undefined;
  #lastDueMs = 0;

  constructor(clock: CarrierClock, path: NetworkPath, random: () => number, deliver: (thing: Thing) => void) {
    this.#clock = clock;
    this.#path = path;
    this.#random = random;
    this.#deliver = deliver;
  }

  send(thing: Thing): void {
    const { delayMs, jitterMs } = this.#path;
    if (delayMs === 0 && jitterMs === 0) {
      this.#deliver(thing);
      return;
    }
    const dueMs = this.#clock.now() + delayMs + (jitterMs > 0 ? this.#random() * jitterMs : 0);
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    this.#waiting.push({ dueMs: this.#lastDueMs, thing });
    this.#schedule();
  }

  /** What is still on its way is lost. */
  close(): void {
    this.#waiting.length = 0;
    if (this.#timer !== undefined) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  #schedule(): void {
    const [first] = this.#waiting;
    if (this.#timer !== undefined || first === undefined) {
      return;
    }
    this.#timer = this.#clock.setTimeout(() => this.#arrive(), Math.max(0, first.dueMs - this.#clock.now()));
  }

  #arrive(): void {
    this.#timer = undefined;
    for (
      let [first] = this.#waiting;
      first !== undefined && first.dueMs <= this.#clock.now();
      [first] = this.#waiting
    ) {
      this.#waiting.shift();
      this.#deliver(first.thing);
    }
    this.#schedule();
  }
}

/** Repeatable randomness (mulberry32), so that a run with faults can be repeated from its seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
