/**
 * Which telephone is rung next, when the carrier's account may start one call at a time. Pure. All telephones of all escalations that
 * wait are compared, whichever process planned them.
 */
import type { RiskLevel } from '../call/meaning.ts';
import type { TelephoneLine, WallMs } from './snapshot.ts';

/** A telephone that waits to be rung. */
export interface WaitingTelephone {
  readonly attemptId: string;
  readonly escalationId: string;
  /** Of its caller. */
  readonly level: RiskLevel;
  /** Telephones that ring for its caller, or are answered. */
  readonly ringing: number;
  readonly line: Exclude<TelephoneLine, 'wanted'>;
  readonly dueAt: WallMs;
  /** Within its wave. */
  readonly position: number;
}

/** Who has waited so long counts as one level of danger higher, and again: nobody waits for ever behind those who come later. */
const agesMs = 10_000;

const urgencies: Readonly<Record<RiskLevel, number>> = { imminent: 0, high: 1, moderate: 2, low: 2, none: 2 };

/**
 * First a telephone for each caller for whom none rings, then the others; among them by danger, then those with the fewest telephones,
 * then the one that waits longest. An engaged telephone comes last, and only when its caller has no other that rings: until then it
 * waits, and is free as soon as the other caller's call was taken. Only those that may be rung now are given.
 */
export function inOrderOfRinging(waiting: readonly WaitingTelephone[], now: WallMs): readonly WaitingTelephone[] {
  return waiting
    .filter(({ line, ringing }) => line === 'free' || ringing === 0)
    .map((telephone) => ({ telephone, rank: rankOf(telephone, now) }))
    .toSorted((a, b) => compare(a.rank, b.rank) || (a.telephone.attemptId < b.telephone.attemptId ? -1 : 1))
    .map(({ telephone }) => telephone);
}

function rankOf({ level, ringing, line, dueAt, position }: WaitingTelephone, now: WallMs): readonly number[] {
  const turn = line === 'engaged' ? 2 : ringing === 0 ? 0 : 1;
  const aged = Math.floor(Math.max(0, now - dueAt) / agesMs);
  return [turn, Math.max(0, urgencies[level] - aged), ringing, dueAt, position];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, index) => value !== b[index]);
  return differs === -1 ? 0 : (a[differs] ?? 0) - (b[differs] ?? 0);
}
