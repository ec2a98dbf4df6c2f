import { step } from '../../src/escalation/machine.ts';
import type { Candidate, Escalation, EscalationEvent, Order } from '../../src/escalation/snapshot.ts';
import { defaultTiming } from '../../src/escalation/timing.ts';
import { checkInvariants, requested } from './simulated.ts';

/** An escalation that is driven by hand: `people` are listed whenever they are asked for. */
export class Driven {
  escalation: Escalation;
  orders: Order[] = [];
  ignored: string | null = null;
  at = 0;
  people: readonly Omit<Candidate, 'attemptId'>[];
  /** The account starts one call a second, for this escalation alone; Infinity: nothing is heard of its pace. */
  grantAt = 0;
  #made = 0;

  constructor(
    people: readonly Omit<Candidate, 'attemptId'>[],
    change: Partial<Escalation> & { readonly grantAt?: number } = {},
  ) {
    const { grantAt = 0, ...escalation } = change;
    this.people = people;
    this.grantAt = grantAt;
    this.escalation = requested(escalation);
    this.take({ type: 'requested' });
  }

  take(event: EscalationEvent): this {
    this.#step(event);
    const orders = [...this.orders];
    while (this.#waiting() !== undefined && this.grantAt <= this.at) orders.push(...this.#grant());
    this.orders = orders;
    return this;
  }

  #waiting() {
    return this.escalation.attempts.find(({ state }) => state === 'planned');
  }

  #grant(): readonly Order[] {
    this.grantAt = this.at + defaultTiming.placeEveryMs;
    this.#step({ type: 'granted', attemptId: this.#waiting()?.id ?? '' });
    return this.orders;
  }

  #step(event: EscalationEvent): void {
    this.orders = [];
    const waiting: EscalationEvent[] = [event];
    for (let taken = waiting.shift(); taken; taken = waiting.shift()) {
      const before = this.escalation;
      const stepped = step(before, { at: this.at, event: taken }, defaultTiming);
      checkInvariants(before, stepped.snapshot, stepped.orders);
      this.escalation = stepped.snapshot;
      this.ignored = stepped.ignored;
      if (stepped.orders.some(({ type }) => type === 'listPeople'))
        waiting.push({ type: 'peopleListed', people: this.#listed() });
      this.orders.push(...stepped.orders.filter(({ type }) => type !== 'listPeople'));
    }
  }

  #listed(): readonly Candidate[] {
    return this.people.map((one) => ({ ...one, attemptId: `a${(this.#made += 1)}` }));
  }

  /** Meets each deadline at its time, and rings as the pace allows, up to `at`. */
  until(at: number): this {
    const orders: Order[] = [];
    for (;;) {
      const grantAt = this.#waiting() === undefined ? Infinity : this.grantAt;
      const nextAt = Math.min(this.escalation.nextAt ?? Infinity, grantAt);
      if (nextAt > at) break;
      this.at = Math.max(this.at, nextAt);
      this.take({ type: 'timerDue' });
      orders.push(...this.orders);
    }
    this.at = at;
    this.orders = orders;
    return this;
  }

  /** The latest telephone of a person. */
  attemptOf(personId: string | null): string {
    return this.escalation.attempts.findLast((attempt) => attempt.personId === personId)?.id ?? 'none';
  }

  stateOf(personId: string | null): string | undefined {
    return this.escalation.attempts.findLast((attempt) => attempt.personId === personId)?.state;
  }

  placedFor(): readonly (string | null)[] {
    return this.orders.flatMap((order) =>
      order.type === 'place'
        ? [this.escalation.attempts.find(({ id }) => id === order.attemptId)?.personId ?? null]
        : [],
    );
  }

  facts(): readonly string[] {
    return this.orders.flatMap((order) => (order.type === 'tell' ? [order.fact.type] : []));
  }

  rings(personId: string | null): this {
    const attemptId = this.attemptOf(personId);
    return this.take({ type: 'attemptProgressed', attemptId, callSid: `CA-${attemptId}`, progress: 'ringing' });
  }

  answers(personId: string | null): this {
    const attemptId = this.attemptOf(personId);
    return this.take({ type: 'attemptProgressed', attemptId, callSid: `CA-${attemptId}`, progress: 'answered' });
  }

  ends(personId: string | null, progress: 'busy' | 'noAnswer' | 'failed' | 'completed'): this {
    const attemptId = this.attemptOf(personId);
    return this.take({ type: 'attemptProgressed', attemptId, callSid: `CA-${attemptId}`, progress });
  }

  presses(personId: string | null, key: '1' | '2' | 'other' | 'none', asked: 'first' | 'last' = 'first'): this {
    const attemptId = this.attemptOf(personId);
    return this.take({ type: 'keyPressed', attemptId, callSid: `CA-${attemptId}`, key, asked });
  }
}

export const listener = (personId: string) => ({ personId, tier: 'listener', line: 'free' }) as const;
export const supervisor = (personId: string) => ({ personId, tier: 'supervisor', line: 'free' }) as const;
export const offShift = (personId: string) => ({ personId, tier: 'offShift', line: 'free' }) as const;
export const lastResort = { personId: null, tier: 'lastResort', line: 'free' } as const;
export const engaged = (personId: string) => ({ personId, tier: 'listener', line: 'engaged' }) as const;

export const everybody = [...['a', 'b', 'c', 'd'].map(listener), supervisor('s'), offShift('o'), lastResort] as const;
