/** The escalations as live calls of this process see them: what they say is kept by the writer, and what comes of it is looked up. */
import { randomUUID } from 'node:crypto';
import type { Clock, TimerHandle } from '../clock.ts';
import { faultOf, type Log } from '../log.ts';
import type { CallRecord } from '../store/records.ts';
import type { CallNews, EscalationDesk, EscalationFact } from './model.ts';
import type { EscalationStore } from './ports.ts';

export interface DeskOptions {
  readonly store: Pick<EscalationStore, 'factsAfter' | 'standing'>;
  readonly keep: (record: CallRecord) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Facts that other processes cause are looked for so often. */
  readonly pollMs: number;
  /** A request must be in the database by then. */
  readonly committedMs: number;
  /** And some telephone must have been rung by then. */
  readonly placedMs: number;
}

/** What is known here of an escalation that a live call of this process asked for or follows. */
interface Known {
  readonly escalationId: string;
  readonly listeners: Set<(fact: EscalationFact) => void>;
  /** Up to which its facts were told. */
  seq: number;
  /** Null: asked for elsewhere, and not looked up yet. */
  callId: string | null;
  readonly unsent: CallNews[];
  isCommitted: boolean;
  isPlaced: boolean;
  hasFacts: boolean;
}

/** Escalations that are remembered; far more than calls are held, and the oldest are over. */
const mostKnown = 2_000;
const mostUnsent = 50;

export class FollowingDesk implements EscalationDesk {
  readonly #options: DeskOptions;
  readonly #known = new Map<string, Known>();
  #timer: TimerHandle | null = null;
  #polling: 'no' | 'yes' | 'again' = 'no';
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  readonly follow: EscalationDesk['follow'] = (escalationId, listener) => {
    const known = this.#of(escalationId);
    // Whoever begins to follow hears everything from the start; it compares.
    if (known.listeners.size === 0) known.seq = 0;
    known.listeners.add(listener);
    this.wake();
    return () => void known.listeners.delete(listener);
  };

  readonly request: EscalationDesk['request'] = ({ escalationId, callId, briefing }) => {
    const { clock, keep, committedMs, placedMs } = this.#options;
    const known = this.#of(escalationId);
    known.callId = callId;
    keep({ type: 'escalationRequested', escalationId, callId, briefing, at: clock.wall() });
    clock.setTimeout(() => this.#doubt(known, known.isCommitted), committedMs).unref();
    clock.setTimeout(() => void this.#doubtPlaced(known), placedMs).unref();
  };

  readonly tell: EscalationDesk['tell'] = (escalationId, news) => {
    const known = this.#of(escalationId);
    known.unsent.push(news);
    if (known.unsent.length > mostUnsent) known.unsent.shift();
    if (known.callId === null) this.wake();
    else this.#send(known, known.callId);
  };

  /** The row stands: from now on its deadlines do the rest. */
  committed(escalationId: string): void {
    this.#of(escalationId).isCommitted = true;
  }

  placed(escalationId: string): void {
    this.#of(escalationId).isPlaced = true;
  }

  /** Looks for facts now instead of at the next poll. */
  readonly wake = (): void => {
    if (this.#closed) return;
    if (this.#polling !== 'no') this.#polling = 'again';
    else void this.#poll();
  };

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
  }

  #of(escalationId: string): Known {
    const there = this.#known.get(escalationId);
    if (there) return there;
    const known: Known = {
      escalationId,
      listeners: new Set(),
      seq: 0,
      callId: null,
      unsent: [],
      isCommitted: false,
      isPlaced: false,
      hasFacts: false,
    };
    this.#known.set(escalationId, known);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  #send(known: Known, callId: string): void {
    const { clock, keep } = this.#options;
    for (const news of known.unsent.splice(0))
      keep({
        type: 'escalationNews',
        escalationId: known.escalationId,
        callId,
        newsId: randomUUID(),
        news,
        at: clock.wall(),
      });
  }

  /** What should have happened by now has not: the carrier shall dial instead. Whatever happens later is called off by that. */
  #doubt(known: Known, hasHappened: boolean): void {
    if (hasHappened || this.#closed) return;
    this.#options.log.error('an escalation does not get on', { escalationId: known.escalationId });
    this.#deliver(known, { type: 'unavailable' });
  }

  /** Another process may have rung somebody, and the carrier be slow to tell. */
  async #doubtPlaced(known: Known): Promise<void> {
    const { store, log } = this.#options;
    if (known.isPlaced || known.hasFacts || this.#closed) return;
    try {
      const [found] = await store.standing([known.escalationId]);
      known.isPlaced ||= found?.placed ?? false;
    } catch (error) {
      log.warn('an escalation could not be looked up', { escalationId: known.escalationId, ...faultOf(error) });
    }
    this.#doubt(known, known.isPlaced);
  }

  #deliver(known: Known, fact: EscalationFact): void {
    for (const listener of known.listeners) {
      try {
        listener(fact);
      } catch (error) {
        this.#options.log.error('a call could not take a fact in', {
          escalationId: known.escalationId,
          ...faultOf(error),
        });
      }
    }
  }

  async #poll(): Promise<void> {
    const { clock, log, pollMs } = this.#options;
    if (this.#timer !== null) clock.clearTimeout(this.#timer);
    this.#timer = null;
    do {
      this.#polling = 'yes';
      try {
        await this.#lookUp();
        await this.#look();
      } catch (error) {
        log.warn('facts of escalations could not be read', faultOf(error));
        break;
      }
    } while (this.#wantsAnother());
    this.#polling = 'no';
    const isNeeded = [...this.#known.values()].some(({ listeners, unsent }) => listeners.size + unsent.length > 0);
    if (isNeeded && !this.#closed) this.#timer = clock.setTimeout(() => void this.#poll(), pollMs).unref();
  }

  #wantsAnother(): boolean {
    return this.#polling === 'again' && !this.#closed;
  }

  async #look(): Promise<void> {
    const followed = [...this.#known.values()].filter(({ listeners }) => listeners.size > 0);
    if (followed.length === 0) return;
    for (const { escalationId, seq, facts } of await this.#options.store.factsAfter(followed)) {
      const known = this.#known.get(escalationId);
      if (!known || seq <= known.seq) continue;
      known.seq = seq;
      known.hasFacts = true;
      for (const fact of facts) this.#deliver(known, fact);
    }
  }

  /** A call that goes on here asked for its person elsewhere: the record of the escalation says which call it is. */
  async #lookUp(): Promise<void> {
    const strangers = [...this.#known.values()].filter(({ callId, unsent }) => callId === null && unsent.length > 0);
    if (strangers.length === 0) return;
    const found = await this.#options.store.standing(strangers.map(({ escalationId }) => escalationId));
    for (const { escalationId, callId } of found) {
      const known = this.#known.get(escalationId);
      if (!known) continue;
      known.callId = callId;
      this.#send(known, callId);
    }
  }
}
