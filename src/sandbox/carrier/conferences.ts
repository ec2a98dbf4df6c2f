import { Conference } from './conference.ts';
import type { Exchange } from './exchange.ts';

/** Conferences that are over are kept for REST, but not for ever. */
const mostConferences = 1_000;

/** All conferences of the account. A name belongs to the one that is not over. */
export class Conferences {
  readonly #all = new Map<string, Conference>();
  readonly #underWay = new Set<Promise<unknown>>();

  /** The one of this name, made when there is none. */
  open(exchange: Exchange, name: string): Conference {
    const live = this.#live(name);
    if (live !== undefined) {
      return live;
    }
    const conference = new Conference(exchange, name);
    this.#all.set(conference.sid, conference);
    for (const [sid, { status }] of this.#all) {
      if (this.#all.size > mostConferences && status === 'completed') {
        this.#all.delete(sid);
      }
    }
    return conference;
  }

  /** Oldest first. */
  all(): readonly Conference[] {
    return [...this.#all.values()];
  }

  /** By its sid, or by the name while it is not over. */
  find(sidOrName: string): Conference | undefined {
    return this.#all.get(sidOrName) ?? this.#live(sidOrName);
  }

  /** The carrier's end waits for this. */
  hold(work: Promise<unknown>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  #live(name: string): Conference | undefined {
    return [...this.#all.values()].find((one) => one.name === name && one.status !== 'completed');
  }
}
