/**
 * Drives escalations: one transaction under the lock of the row takes in what has happened and writes what shall be done; then it
 * is done, and its results come back as further events. Nothing is remembered here, so any process may drive any escalation at any
 * time, and one that dies between the two leaves deadlines behind which another meets.
 */
import { faultOf, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { candidatesOf } from './candidates.ts';
import { step } from './machine.ts';
import { decisionsOf } from './safetyDecisions.ts';
import type { EscalationStore, LockedEscalation, TakenStep } from './ports.ts';
import type { Candidate, Escalation, EscalationEvent, Order } from './snapshot.ts';
import type { EscalationTiming } from './timing.ts';

export interface DriveOptions {
  readonly store: EscalationStore;
  readonly timing: EscalationTiming;
  readonly hasLastResort: boolean;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'escalationClosed' | 'escalationReached' | 'auditFailed'>;
  /** Performs what was ordered, after the commit; must not throw. */
  readonly perform: (orders: readonly PlacedOrder[], driven: Driven) => void;
  /** The live call may be told something. */
  readonly onFacts: (escalationId: string) => void;
  /** Telephones may wait for the account's pace, or be free again for other callers. */
  readonly onWaiting: () => void;
}

/** An order with what is needed to perform it and only the database knows. */
export type PlacedOrder =
  Exclude<Order, { type: 'listPeople' | 'tell' | 'createTask' | 'cancelTasks' | 'place' }> | Place;

export interface Place {
  readonly type: 'place';
  readonly attemptId: string;
  /** E.164; null: there is none any more. */
  readonly to: string | null;
}

export interface Driven {
  readonly escalation: Escalation;
  readonly callId: string;
  readonly callSid: string;
  /** Of the call. */
  readonly language: string;
  /** Why the event given changed nothing; null when it did, or none was given. */
  readonly ignored: string | null;
}

/** What else is to be read within the transaction, once the event was taken in. */
export type Reading<T> = (locked: LockedEscalation, driven: Driven) => Promise<T>;

export type Drive = (escalationId: string, event?: EscalationEvent) => Promise<Driven | null>;

/** More events than this within one transaction are left to the next. */
const eventsAtOnce = 200;

export class Driver {
  readonly #options: DriveOptions;
  /** One entry after another, so that they stand in the order in which it was decided. */
  #auditing: Promise<void> = Promise.resolve();

  constructor(options: DriveOptions) {
    this.#options = options;
  }

  /** Resolves when all that was decided so far is in the audit, or known to be missing there. */
  audited(): Promise<void> {
    return this.#auditing;
  }

  /** Null: there is no such escalation. Rejects when the database is away; nothing has happened then. */
  readonly drive: Drive = async (escalationId, event) =>
    (await this.driveAnd(escalationId, event, () => Promise.resolve(null)))?.driven ?? null;

  async driveAnd<T>(
    escalationId: string,
    event: EscalationEvent | undefined,
    read: Reading<T>,
  ): Promise<{ readonly driven: Driven; readonly read: T } | null> {
    const { store, perform, onFacts, onWaiting } = this.#options;
    const done = await store.change(escalationId, async (locked) => {
      const taken = await this.#take(locked, event);
      const driven = drivenOf(locked, taken);
      if (taken.steps.length > 0) await locked.save(taken.steps);
      const orders = await placed(taken.steps, locked);
      return { driven, orders, steps: taken.steps, read: await read(locked, driven) };
    });
    if (done === null) return null;
    this.#note(done.steps, done.driven);
    if (done.steps.some(({ orders }) => orders.some(({ type }) => type === 'tell'))) onFacts(escalationId);
    if (done.orders.length > 0) perform(done.orders, done.driven);
    if (done.steps.length > 0) {
      onWaiting();
      this.#auditing = this.#auditing.then(() => this.#audit(escalationId, done.steps));
    }
    return done;
  }

  async #take(locked: LockedEscalation, event: EscalationEvent | undefined): Promise<Taken> {
    const { timing } = this.#options;
    const waiting: EscalationEvent[] = [...(await locked.takeNews())];
    if (locked.callIsOver && isWaitedFor(locked.escalation)) waiting.push({ type: 'callerGone' });
    if (event) waiting.push(event);
    waiting.push({ type: 'timerDue' });
    const steps: TakenStep[] = [];
    let escalation = locked.escalation;
    let ignored: string | null = null;
    for (let taken = waiting.shift(); taken && steps.length < eventsAtOnce; taken = waiting.shift()) {
      const before = escalation;
      const stepped = step(before, { at: locked.now, event: taken }, timing);
      if (taken === event) ignored = stepped.ignored;
      if (stepped.snapshot === before) continue;
      escalation = stepped.snapshot;
      steps.push({ event: taken, before, after: escalation, orders: stepped.orders });
      if (stepped.orders.some(({ type }) => type === 'listPeople'))
        waiting.unshift({ type: 'peopleListed', people: await this.#people({ ...locked, escalation }) });
    }
    return { steps, escalation, ignored };
  }

  async #people(locked: LockedEscalation): Promise<readonly Candidate[]> {
    return candidatesOf(locked, await locked.briefing(), this.#options.hasLastResort);
  }

  /** Afterwards and apart: an audit that fails must not stop an escalation. The steps themselves are in the database. */
  async #audit(escalationId: string, steps: readonly TakenStep[]): Promise<void> {
    const decisions = decisionsOf(steps);
    if (decisions.length === 0) return;
    const { store, log, metrics } = this.#options;
    try {
      await store.audit(escalationId, decisions);
    } catch (error) {
      metrics.auditFailed('escalation');
      const actions = decisions.map(({ action }) => action).join(' ');
      log.error('decisions of an escalation are missing in the audit', { escalationId, actions, ...faultOf(error) });
    }
  }

  #note(steps: readonly TakenStep[], { callId }: Driven): void {
    const { log, metrics } = this.#options;
    for (const { event, before, after } of steps) {
      if (before.ringingAt === null && after.ringingAt !== null)
        metrics.escalationReached('ringing', after.ringingAt - after.requestedAt);
      if (before.state !== 'accepted' && after.state === 'accepted' && after.acceptedAt !== null)
        metrics.escalationReached('accepted', after.acceptedAt - after.requestedAt);
      if (before.state !== 'bridged' && after.state === 'bridged' && after.bridgedAt !== null)
        metrics.escalationReached('bridged', after.bridgedAt - after.requestedAt);
      if (before.state === after.state && before.round === after.round) continue;
      const { id: escalationId, state, round, outcome } = after;
      log.info('escalation', {
        escalationId,
        callId,
        event: event.type,
        from: before.state,
        to: state,
        round,
        outcome,
      });
      if (outcome !== null) metrics.escalationClosed(outcome, after.level);
    }
  }
}

interface Taken {
  readonly steps: readonly TakenStep[];
  readonly escalation: Escalation;
  readonly ignored: string | null;
}

/** In the room the record of the call may be behind: there the carrier tells. */
function isWaitedFor({ state }: Escalation): boolean {
  return state === 'requested' || state === 'ringing' || state === 'fallback' || state === 'accepted';
}

function drivenOf({ callId, callSid, language }: LockedEscalation, { escalation, ignored }: Taken): Driven {
  return { escalation, callId, callSid, language, ignored };
}

/** The numbers are read in the same transaction, and go no further than to the carrier. */
async function placed(steps: readonly TakenStep[], locked: LockedEscalation): Promise<readonly PlacedOrder[]> {
  const attempts = steps.at(-1)?.after.attempts ?? [];
  const orders: PlacedOrder[] = [];
  for (const order of steps.flatMap((taken) => taken.orders)) {
    if (order.type === 'place') {
      const attempt = attempts.find(({ id }) => id === order.attemptId);
      // Let go again by a later event of the same transaction: nothing was asked of the carrier yet.
      if (attempt?.state === 'dialling') orders.push({ ...order, to: await locked.numberOf(attempt.personId) });
    } else if (isAfterCommit(order)) orders.push(order);
  }
  return orders;
}

function isAfterCommit(order: Order): order is Exclude<PlacedOrder, Place> {
  return (
    order.type === 'lookUp' ||
    order.type === 'release' ||
    order.type === 'fetchCaller' ||
    order.type === 'checkCaller' ||
    order.type === 'checkPerson'
  );
}

/** For whoever drives and can do nothing about a failure: the deadlines stand in the database, and are met by the next. */
export async function driveOrLog(
  drive: Drive,
  log: Log,
  escalationId: string,
  event?: EscalationEvent,
): Promise<Driven | null> {
  try {
    return await drive(escalationId, event);
  } catch (error) {
    log.warn('an escalation could not be driven', { escalationId, event: event?.type, ...faultOf(error) });
    return null;
  }
}
