const signalMs = 200;

/** What was started, so that all of it is stopped: in the reverse order, once, whenever that comes. */
export class Started {
  readonly #stops: (() => Promise<void>)[] = [];
  #closing: Promise<void> | null = null;
  #fail: (error: Error) => void = () => {};
  /** Rejects when something that was started has gone by itself. */
  readonly failed = new Promise<never>((_resolve, reject) => {
    this.#fail = reject;
  });

  constructor() {
    // Whoever waits for it hears of it; nobody may be waiting any more.
    this.failed.catch(() => {});
  }

  get isClosing(): boolean {
    return this.#closing !== null;
  }

  /** Takes over the stopping of something. What comes after the end is stopped at once, and the starting broken off. */
  async add<T>(starting: Promise<T>, stop: (started: T) => Promise<void>): Promise<T> {
    const started = await starting;
    if (this.#closing !== null) {
      await stop(started);
      throw new Stopped();
    }
    this.#stops.push(() => stop(started));
    return started;
  }

  /** Something ended although nobody stopped it. A signal of the terminal reaches us and it at once: ours goes first. */
  lost(why: string): void {
    setTimeout(() => {
      if (this.#closing === null) this.#fail(new Error(why));
    }, signalMs).unref();
  }

  /** A thing that will not stop does not keep the others from it. */
  close(): Promise<void> {
    this.#closing ??= this.#stopAll();
    return this.#closing;
  }

  async #stopAll(): Promise<void> {
    for (const stop of this.#stops.toReversed()) {
      try {
        await stop();
      } catch {
        // What was to be stopped is gone already.
      }
    }
  }
}

/** The demo was stopped while it was still starting. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}
