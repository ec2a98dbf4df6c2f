/** What was started, so that all of it is stopped: in the reverse order, once, whenever that comes. */
export class Started {
  readonly #stops: (() => Promise<void>)[] = [];
  #closing: Promise<void> | null = null;

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
