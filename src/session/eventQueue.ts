import type { CallEvent } from '../call/event.ts';
import { limits } from '../limits.ts';

/**
 * Events wait here while one is being taken, so that an effect that answers at once cannot step into the middle of another:
 * one event at a time, run to completion.
 */
export class EventQueue {
  readonly #take: (event: CallEvent) => void;
  readonly #overflow: () => void;
  #waiting: CallEvent[] = [];
  #draining = false;

  constructor(take: (event: CallEvent) => void, overflow: () => void) {
    this.#take = take;
    this.#overflow = overflow;
  }

  put(event: CallEvent): void {
    if (this.#waiting.length >= limits.queuedEvents) return this.#overflow();
    this.#waiting.push(event);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#take(next);
    } finally {
      this.#draining = false;
      this.#waiting = [];
    }
  }
}
