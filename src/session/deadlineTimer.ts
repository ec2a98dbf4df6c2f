import type { CallState } from '../call/state.ts';
import { deadlineNames, type DeadlineName } from '../call/event.ts';
import type { Clock, TimerHandle } from '../clock.ts';

/** The single timer of a call: armed for the earliest deadline that stands in the state. */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #onDue: (name: DeadlineName) => void;
  #timer: TimerHandle | null = null;
  #armedFor: { readonly name: DeadlineName; readonly at: number } | null = null;

  constructor(clock: Clock, now: () => number, onDue: (name: DeadlineName) => void) {
    this.#clock = clock;
    this.#now = now;
    this.#onDue = onDue;
  }

  arm(deadlines: CallState['deadlines']): void {
    const next = earliest(deadlines);
    if (next?.at === this.#armedFor?.at && next?.name === this.#armedFor?.name) return;
    this.stop();
    if (next === null) return;
    this.#armedFor = next;
    this.#sleep(next.at);
  }

  stop(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#armedFor = null;
  }

  #sleep(until: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#fire(), Math.max(0, Math.ceil(until - this.#now())));
  }

  #fire(): void {
    const due = this.#armedFor;
    this.#timer = null;
    if (due === null) return;
    // Timers fire up to a millisecond early, and the core takes no deadline before its time.
    if (this.#now() < due.at) return this.#sleep(due.at);
    this.#armedFor = null;
    this.#onDue(due.name);
  }
}

function earliest(deadlines: CallState['deadlines']): { readonly name: DeadlineName; readonly at: number } | null {
  let first: { readonly name: DeadlineName; readonly at: number } | null = null;
  for (const name of deadlineNames) {
    const at = deadlines[name];
    if (at !== undefined && (first === null || at < first.at)) first = { name, at };
  }
  return first;
}
