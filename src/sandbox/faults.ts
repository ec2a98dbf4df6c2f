import { z } from 'zod';

/**
 * Planned misbehaviour, shared by every stand-in: a server asks its board at each point where it could go wrong, and the
 * board answers with the fault planned for that point, as often as it was planned. A plan that nothing asks for stays.
 */
export interface FaultPlan<Fault, Scope extends string> {
  readonly scope: Scope;
  readonly fault: Fault;
  /** How often it happens; null: until cleared. 1 when not given. */
  readonly times?: number | null | undefined;
  /** Milliseconds between the point the fault is about and the fault. 0 when not given. */
  readonly afterMs?: number | undefined;
}

export interface TakenFault<Fault> {
  readonly fault: Fault;
  readonly afterMs: number;
}

/** The zod fields that every plan has beside `scope` and `fault`. */
export const planFields = {
  times: z.int().min(1).max(1_000_000).nullable().optional(),
  afterMs: z.number().min(0).max(3_600_000).optional(),
};

/** Plans that a board holds at most; more are refused by `add`. */
const boardPlans = 1_000;

interface Entry<Fault, Scope extends string> {
  readonly plan: FaultPlan<Fault, Scope>;
  left: number | null;
}

export class FaultBoard<Fault extends { readonly kind: string }, Scope extends string> {
  #entries: Entry<Fault, Scope>[] = [];

  /** Replaces whatever was planned. */
  set(plans: FaultPlan<Fault, Scope> | readonly FaultPlan<Fault, Scope>[]): void {
    this.#entries = [];
    this.add(plans);
  }

  /** Throws a RangeError beyond 1,000 plans. */
  add(plans: FaultPlan<Fault, Scope> | readonly FaultPlan<Fault, Scope>[]): void {
    const list = isList(plans) ? plans : [plans];
    if (this.#entries.length + list.length > boardPlans) throw new RangeError(`more than ${boardPlans} fault plans`);
    for (const plan of list) this.#entries.push({ plan, left: plan.times === undefined ? 1 : plan.times });
  }

  clear(): void {
    this.#entries = [];
  }

  /** What is still to come, with the count that is left. */
  remaining(): FaultPlan<Fault, Scope>[] {
    return this.#entries.map(({ plan, left }) => ({ ...plan, times: left }));
  }

  /** The first planned fault of this kind that fits; counts as having happened. */
  take<Kind extends Fault['kind']>(
    scope: Scope,
    kind: Kind,
    fits: (fault: Extract<Fault, { kind: Kind }>) => boolean = () => true,
  ): TakenFault<Extract<Fault, { kind: Kind }>> | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry.plan;
      if (entry.plan.scope !== scope || !isKind<Fault, Kind>(fault, kind) || !fits(fault)) continue;
      if (entry.left !== null) entry.left -= 1;
      if (entry.left === 0) this.#entries = this.#entries.filter((other) => other !== entry);
      return { fault, afterMs: entry.plan.afterMs ?? 0 };
    }
    return undefined;
  }
}

function isKind<Fault extends { readonly kind: string }, Kind extends Fault['kind']>(
  fault: Fault,
  kind: Kind,
): fault is Extract<Fault, { kind: Kind }> {
  return fault.kind === kind;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
