import type { CallEffect } from './effect.ts';
import type { CallEvent, Timed } from './event.ts';
import { reduce } from './reduce.ts';
import { initialState, type CallState } from './state.ts';

/** One line of a call's log. */
export interface LogEntry extends Timed {
  readonly seq: number;
  readonly effects: readonly CallEffect[];
}

export interface Divergence {
  readonly seq: number;
  readonly recorded: readonly CallEffect[];
  readonly replayed: readonly CallEffect[];
}

/** Folds a log and compares its effects with the recorded ones; stops at the first that differ. */
export function replay(log: readonly LogEntry[]): {
  readonly state: CallState;
  readonly divergence: Divergence | null;
} {
  let state = initialState;
  for (const { seq, at, event, effects: recorded } of log) {
    const step = reduce(state, { at, event });
    state = step.state;
    if (!isSame(step.effects, recorded)) return { state, divergence: { seq, recorded, replayed: step.effects } };
  }
  return { state, divergence: null };
}

/** Folds a log of whatever version into a state of this one: to go on with a call, not to prove what it decided. */
export function fold(log: readonly Timed[]): CallState {
  return log.reduce((state, timed) => reduce(state, timed).state, initialState);
}

/** Compares by value; the order of an object's names does not count, since a database may not keep it. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([name, value]) => right.has(name) && isSame(value, right.get(name)));
}

/** The same event with the caller's words blanked out to their length: decisions must not depend on them. */
export function withoutWords(event: CallEvent): CallEvent {
  if (event.type !== 'wordsHypothesised' && event.type !== 'wordsRecognised') return event;
  return { ...event, text: event.text.replace(/\S/g, '·') };
}
