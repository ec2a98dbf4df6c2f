/** A world without a clock for the state machine: a carrier, people, a caller and processes, each of which may fail by chance. */
import { expect } from 'chai';
import type { RiskLevel } from '../../src/call/meaning.ts';
import type { EscalationFact } from '../../src/escalation/model.ts';
import { step } from '../../src/escalation/machine.ts';
import {
  emptyMemory,
  isLive,
  type Attempt,
  type Candidate,
  type Escalation,
  type EscalationEvent,
  type NewTask,
  type Order,
} from '../../src/escalation/snapshot.ts';
import { defaultTiming, type EscalationTiming } from '../../src/escalation/timing.ts';

export function requested(change: Partial<Escalation> = {}): Escalation {
  return {
    id: 'e',
    reason: 'risk',
    level: 'high',
    state: 'requested',
    round: 0,
    wave: 0,
    winner: null,
    outcome: null,
    nextAt: 0,
    requestedAt: 0,
    placedAt: null,
    ringingAt: null,
    acceptedAt: null,
    joiningAt: null,
    bridgedAt: null,
    fallbackAt: null,
    closedAt: null,
    memory: emptyMemory,
    attempts: [],
    ...change,
  };
}

/** A plain check: an assertion of chai's for each telephone of each step would take most of the time of the tests. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken: ${what}`);
}

/** What must hold after every step, whatever happened. */
export function checkInvariants(before: Escalation, after: Escalation, orders: readonly Order[]): void {
  if (after === before) return must(orders.length === 0, 'orders without a change');
  const taken = after.attempts.filter(({ state }) => state === 'accepted' || state === 'joined');
  must(taken.length <= 1, 'accepted by two');
  const isTaken = after.state === 'accepted' || after.state === 'joining' || after.state === 'bridged';
  if (after.state !== 'closed') must((after.winner !== null) === isTaken, `a winner while ${after.state}`);
  if (isTaken) must(taken[0]?.id === after.winner, 'the winner is not who accepted');
  must((after.nextAt === null) === (after.state === 'closed'), `no next look while ${after.state}`);
  must((after.outcome === null) === (after.state !== 'closed'), `outcome while ${after.state}`);
  if (after.state === 'closed' || isTaken) {
    must(!after.attempts.some(isLive), `rings while ${after.state}`);
    must(!orders.some(({ type }) => type === 'place'), `rings anew while ${after.state}`);
  }
  if (before.state === 'closed') must(after.outcome === before.outcome, 'another outcome');
  if (after.attempts.length > before.attempts.length) {
    const rung = new Set(after.attempts.map(({ round, wave, personId }) => `${round}/${wave}/${personId}`));
    must(rung.size === after.attempts.length, 'a person twice in a wave');
  }
  before.attempts.forEach((was, index) => {
    if (was.state === 'released' || was.state === 'tooLate' || was.state === 'declined' || was.state === 'left')
      must(after.attempts[index]?.state === was.state, `${was.state} came back`);
  });
}

/** Mulberry32: small, and the same for the same seed everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Misfortune {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  readonly refused: number;
  readonly unknown: number;
  /** A process dies between its commit and its orders. */
  readonly killed: number;
  readonly asleepMs: number;
  /** A telephone rings for another caller just now. */
  readonly engaged: number;
  /** The pace of the account is not heard of for this telephone. */
  readonly ungranted: number;
}

export const noMisfortune: Misfortune = {
  lost: 0,
  doubled: 0,
  late: 0,
  refused: 0,
  unknown: 0,
  killed: 0,
  asleepMs: 0,
  engaged: 0,
  ungranted: 0,
};

export type Habit =
  'accepts' | 'declines' | 'wrongKey' | 'noKey' | 'busy' | 'noAnswer' | 'hangsUpBriefed' | 'leavesEarly';

export interface WorldOptions {
  readonly seed: number;
  readonly level?: RiskLevel;
  /** By id; `lastResort` is the nameless telephone. */
  readonly people: Readonly<Record<string, { readonly tier: Candidate['tier']; readonly habit: Habit | 'random' }>>;
  readonly misfortune?: Misfortune;
  /** When the caller hangs up by themselves; null: stays for ever. */
  readonly callerLeavesAtMs: number | null;
  readonly timing?: EscalationTiming;
}

interface Telephone {
  readonly attemptId: string;
  readonly personId: string | null;
  readonly callSid: string;
  readonly since: number;
  over: boolean;
  inRoom: boolean;
}

/** An hour of ringing differs from ten minutes in its length only. */
const shortTiming: EscalationTiming = { ...defaultTiming, longestMs: 600_000 };

const longestRunMs = 3 * 3_600_000;

export class World {
  now = 0;
  escalation: Escalation;
  readonly facts: EscalationFact[] = [];
  readonly tasks: NewTask[] = [];
  readonly placed: string[] = [];
  readonly telephones: Telephone[] = [];
  readonly #queue: { at: number; seq: number; run: () => void }[] = [];
  readonly #options: WorldOptions;
  readonly #random: () => number;
  readonly #misfortune: Misfortune;
  readonly #timing: EscalationTiming;
  #seq = 0;
  #room = 0;
  #grantAt = 0;
  #granting = false;
  #caller: 'withUs' | 'inRoom' | 'gone' = 'withUs';
  #answeredThePerson = false;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = randomOf(options.seed);
    this.#misfortune = options.misfortune ?? noMisfortune;
    this.#timing = options.timing ?? shortTiming;
    this.escalation = requested({ level: options.level ?? 'high' });
  }

  /** Until the escalation is closed and nothing more is under way. */
  run(): void {
    this.#after(0, () => this.drive({ type: 'requested' }));
    this.#tick();
    const { callerLeavesAtMs } = this.#options;
    if (callerLeavesAtMs !== null) this.#after(callerLeavesAtMs, () => this.#callerHangsUp());
    for (;;) {
      const index = this.#queue.reduce(
        (best, item, i) => (best === -1 || earlier(item, this.#queue[best]) ? i : best),
        -1,
      );
      const next = this.#queue[index];
      if (!next || next.at > longestRunMs) return;
      this.#queue.splice(index, 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
  }

  drive(event: EscalationEvent): void {
    const orders: Order[] = [];
    const waiting: EscalationEvent[] = [event];
    for (let taken = waiting.shift(); taken; taken = waiting.shift()) {
      const before = this.escalation;
      const { snapshot, orders: made } = step(before, { at: this.now, event: taken }, this.#timing);
      checkInvariants(before, snapshot, made);
      this.escalation = snapshot;
      for (const order of made) {
        if (order.type === 'listPeople') waiting.push({ type: 'peopleListed', people: this.#people() });
        else orders.push(order);
      }
    }
    if (event.type === 'timerDue' && this.escalation.nextAt !== null)
      expect(this.escalation.nextAt, 'a deadline that was met stays').to.be.greaterThan(this.now);
    const died = this.#chance(this.#misfortune.killed);
    for (const order of orders) this.#perform(order, died);
    this.#pace();
  }

  /** One call each second, to whoever waits. */
  #pace(): void {
    const waits = this.escalation.attempts.find(({ state }) => state === 'planned');
    if (waits === undefined || this.#granting) return;
    this.#granting = true;
    this.#grantAt = Math.max(this.now, this.#grantAt) + this.#timing.placeEveryMs;
    const isHeard = !this.#chance(this.#misfortune.ungranted);
    this.#after(this.#grantAt - this.#timing.placeEveryMs - this.now, () => {
      this.#granting = false;
      if (isHeard) this.drive({ type: 'granted', attemptId: waits.id });
      else this.#pace();
    });
  }

  #perform(order: Order, died: boolean): void {
    if (order.type === 'tell') {
      this.facts.push(order.fact);
      if (order.fact.type === 'ready' && this.#caller === 'withUs')
        this.#after(500 + this.#random() * 3_000, () => this.#callerJoins());
      return;
    }
    if (order.type === 'createTask') return void this.tasks.push(order.task);
    if (order.type === 'cancelTasks' || order.type === 'listPeople' || died) return;
    if (order.type === 'place') return this.#after(100 + this.#random() * 300, () => this.#place(order.attemptId));
    if (order.type === 'lookUp') return this.#after(200, () => this.#lookUp(order.attemptId));
    if (order.type === 'release') return this.#after(150, () => this.#hangUp(order.callSid));
    if (order.type === 'fetchCaller') return this.#after(150, () => this.#fetch());
    this.#after(150, () => this.#check(order));
  }

  #check(order: Order): void {
    if (order.type === 'checkCaller' && this.#caller === 'gone') return this.drive({ type: 'callerGone' });
    if (order.type !== 'checkPerson') return;
    const isOver = this.telephones.some(({ callSid, over }) => over && callSid === order.callSid);
    if (isOver) this.drive({ type: 'personLeftRoom', attemptId: order.attemptId });
  }

  #people(): readonly Candidate[] {
    return Object.entries(this.#options.people).map(([id, { tier }]) => ({
      attemptId: `a${(this.#seq += 1)}`,
      personId: id === 'lastResort' ? null : id,
      tier,
      // Another caller's telephones come and go.
      line: this.#chance(this.#misfortune.engaged) ? 'engaged' : 'free',
    }));
  }

  #place(attemptId: string): void {
    this.placed.push(attemptId);
    const { refused, unknown } = this.#misfortune;
    const fate = this.#random();
    if (fate < refused) return this.drive({ type: 'attemptRefused', attemptId });
    const isUnknown = fate < refused + unknown;
    if (isUnknown && this.#chance(0.5)) return this.drive({ type: 'placeUnknown', attemptId });
    const telephone = this.#ring(attemptId);
    if (isUnknown) return this.drive({ type: 'placeUnknown', attemptId });
    // The carrier's webhooks may be faster than its answer.
    this.#after(this.#random() * 2_500, () =>
      this.drive({ type: 'attemptPlaced', attemptId, callSid: telephone.callSid }),
    );
  }

  #ring(attemptId: string): Telephone {
    const attempt = this.escalation.attempts.find(({ id }) => id === attemptId) as Attempt;
    const telephone: Telephone = {
      attemptId,
      personId: attempt.personId,
      callSid: `CA${this.telephones.length}`,
      since: this.now,
      over: false,
      inRoom: false,
    };
    this.telephones.push(telephone);
    this.#webhook(300, { type: 'attemptProgressed', progress: 'ringing', attemptId, callSid: telephone.callSid });
    const habit = this.#habitOf(attempt.personId);
    const answerMs = 1_000 + this.#random() * 14_000;
    if (habit === 'busy') this.#ends(telephone, 'busy', 700);
    else if (habit === 'noAnswer') this.#ends(telephone, 'noAnswer', 23_000);
    else this.#after(answerMs, () => this.#answers(telephone, habit));
    return telephone;
  }

  #habitOf(personId: string | null): Habit {
    const habit = this.#options.people[personId ?? 'lastResort']?.habit ?? 'noAnswer';
    if (habit !== 'random') return habit;
    const all = [
      'accepts',
      'declines',
      'wrongKey',
      'noKey',
      'busy',
      'noAnswer',
      'hangsUpBriefed',
      'leavesEarly',
    ] as const;
    return all[Math.floor(this.#random() * all.length)] ?? 'noAnswer';
  }

  #ends(telephone: Telephone, progress: 'busy' | 'noAnswer' | 'completed', inMs: number): void {
    this.#after(inMs, () => {
      if (telephone.over) return;
      telephone.over = true;
      this.#webhook(50, { type: 'attemptProgressed', progress, ...telephone });
    });
  }

  #answers(telephone: Telephone, habit: Habit): void {
    if (telephone.over) return;
    const { attemptId, callSid } = telephone;
    this.#webhook(20, { type: 'attemptProgressed', progress: 'answered', attemptId, callSid });
    // The question itself is such a webhook; without an answer to it the call would be over.
    this.drive({ type: 'attemptProgressed', progress: 'answered', attemptId, callSid });
    if (habit === 'noKey') {
      this.#after(15_000, () => this.#key(telephone, 'none', 'first', habit));
      this.#after(30_000, () => this.#key(telephone, 'none', 'last', habit));
      return this.#ends(telephone, 'completed', 33_000);
    }
    const first = habit === 'declines' ? '2' : habit === 'wrongKey' ? 'other' : '1';
    this.#after(4_000 + this.#random() * 6_000, () => this.#key(telephone, first, 'first', habit));
  }

  #key(telephone: Telephone, key: '1' | '2' | 'other' | 'none', asked: 'first' | 'last', habit: Habit): void {
    if (telephone.over) return;
    const { attemptId, callSid } = telephone;
    this.drive({ type: 'keyPressed', attemptId, callSid, key, asked });
    if (this.#chance(this.#misfortune.doubled)) this.drive({ type: 'keyPressed', attemptId, callSid, key, asked });
    if (key === 'other') return this.#after(5_000, () => this.#key(telephone, '1', 'last', habit));
    if (this.escalation.winner === attemptId) return this.#after(10_000, () => this.#briefed(telephone, habit));
    if (key !== 'none') this.#ends(telephone, 'completed', 2_000);
  }

  #briefed(telephone: Telephone, habit: Habit): void {
    if (telephone.over) return;
    if (habit === 'hangsUpBriefed') return this.#ends(telephone, 'completed', 0);
    const { attemptId } = telephone;
    this.drive({ type: 'briefed', attemptId });
    if (this.escalation.winner !== attemptId || this.escalation.state === 'closed')
      return this.#ends(telephone, 'completed', 2_000);
    telephone.inRoom = true;
    if (this.#caller !== 'inRoom') this.#room += 1;
    this.#webhook(100, { type: 'personInRoom', attemptId, room: `CF${this.#room}` });
    this.#whenBoth();
    this.#after(habit === 'leavesEarly' ? 2_000 : 30_000 + this.#random() * 300_000, () =>
      this.#hangUp(telephone.callSid),
    );
  }

  #callerJoins(): void {
    if (this.#caller !== 'withUs') return;
    this.#caller = 'inRoom';
    if (!this.telephones.some(({ inRoom }) => inRoom)) this.#room += 1;
    this.#webhook(100, { type: 'callerInRoom', room: `CF${this.#room}` });
    this.#whenBoth();
    this.#waits();
  }

  #waits(): void {
    if (this.#caller !== 'inRoom' || this.telephones.some(({ inRoom }) => inRoom)) return;
    this.drive({ type: 'callerWaiting', room: `CF${this.#room}` });
    this.#after(6_000, () => this.#waits());
  }

  #whenBoth(): void {
    if (this.#caller !== 'inRoom' || !this.telephones.some(({ inRoom }) => inRoom)) return;
    this.#answeredThePerson = true;
    this.#webhook(150, { type: 'roomStarted', room: `CF${this.#room}` });
  }

  get met(): boolean {
    return this.#answeredThePerson;
  }

  #callerHangsUp(): void {
    if (this.#caller === 'gone') return;
    const wasInRoom = this.#caller === 'inRoom';
    this.#caller = 'gone';
    this.#webhook(200, { type: 'callerGone' });
    if (!wasInRoom) return;
    this.#webhook(200, { type: 'callerLeftRoom', room: `CF${this.#room}`, leaving: 'hungUp' });
    this.#endRoom();
  }

  #fetch(): void {
    if (this.#caller === 'gone') return this.drive({ type: 'callerGone' });
    if (this.#caller === 'inRoom') {
      this.#caller = 'withUs';
      this.#webhook(100, { type: 'callerLeftRoom', room: `CF${this.#room}`, leaving: 'roomEnded' });
      this.#endRoom();
    }
    this.drive({ type: 'callerFetched' });
  }

  /** The caller left: the carrier lets the person go with a document of ours. */
  #endRoom(): void {
    for (const telephone of this.telephones) {
      if (!telephone.inRoom) continue;
      telephone.inRoom = false;
      this.#webhook(100, { type: 'personLeftRoom', attemptId: telephone.attemptId });
      this.#ends(telephone, 'completed', 2_000);
    }
  }

  #hangUp(callSid: string): void {
    const telephone = this.telephones.find((one) => one.callSid === callSid);
    if (!telephone || telephone.over) return;
    telephone.over = true;
    const { attemptId } = telephone;
    this.#webhook(100, { type: 'attemptProgressed', progress: 'completed', attemptId, callSid });
    if (!telephone.inRoom) return;
    telephone.inRoom = false;
    this.#webhook(100, { type: 'personLeftRoom', attemptId });
    if (this.#caller !== 'inRoom') return;
    this.#caller = 'withUs';
    this.#webhook(100, { type: 'callerLeftRoom', room: `CF${this.#room}`, leaving: 'roomEnded' });
  }

  #lookUp(attemptId: string): void {
    const telephone = this.telephones.find((one) => one.attemptId === attemptId);
    const readable = !this.#chance(this.#misfortune.unknown);
    const found = telephone ? ({ kind: 'rings', callSid: telephone.callSid } as const) : ({ kind: 'nothing' } as const);
    this.drive({ type: 'lookedUp', attemptId, found: readable ? found : { kind: 'unknown' } });
  }

  #webhook(inMs: number, event: EscalationEvent): void {
    if (this.#chance(this.#misfortune.lost)) return;
    const late = this.#chance(this.#misfortune.late) ? this.#random() * 8_000 : 0;
    this.#after(inMs + late, () => this.drive(event));
    if (this.#chance(this.#misfortune.doubled)) this.#after(inMs + this.#random() * 9_000, () => this.drive(event));
  }

  /** The keeper: what is due is looked at every half second, unless every process is down. */
  #tick(): void {
    const { nextAt } = this.escalation;
    if (nextAt === null) return;
    if (nextAt <= this.now) this.drive({ type: 'timerDue' });
    const asleep = this.#chance(0.01) ? this.#random() * this.#misfortune.asleepMs : 0;
    this.#after(500 + asleep, () => this.#tick());
  }

  #after(ms: number, run: () => void): void {
    this.#queue.push({ at: this.now + ms, seq: (this.#seq += 1), run });
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#random() < probability;
  }
}

function earlier(a: { at: number; seq: number }, b: { at: number; seq: number } | undefined): boolean {
  return b === undefined || a.at < b.at || (a.at === b.at && a.seq < b.seq);
}
