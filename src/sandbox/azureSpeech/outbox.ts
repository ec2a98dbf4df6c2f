/**
 * Sends things late but in order: nothing overtakes what was put in before it, however short its own delay is.
 * Milliseconds of the monotonic clock.
 */
export class Outbox {
  #waiting: { readonly dueMs: number; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Runs at once when nothing waits and the delay is 0. */
  push(delayMs: number, run: () => void): void {
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs + delayMs, this.#waiting.at(-1)?.dueMs ?? 0);
    if (this.#waiting.length === 0 && dueMs <= nowMs) {
      run();
      return;
    }
    this.#waiting.push({ dueMs, run });
    if (this.#timer === undefined) this.#arm(dueMs);
  }

  /** Drops whatever waits. */
  clear(): void {
    this.#waiting = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(dueMs: number): void {
    this.#timer = setTimeout(() => this.#drain(), Math.max(0, dueMs - performance.now()));
  }

  #drain(): void {
    this.#timer = undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.dueMs > performance.now()) {
        this.#arm(next.dueMs);
        return;
      }
      this.#waiting.shift();
      next.run();
    }
  }
}
