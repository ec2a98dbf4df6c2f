import type { RiskLevel } from '../call/meaning.ts';
import { nextAllowed, type ContactHours } from './quietHours.ts';
import type { TemplateId } from './templates.ts';

/**
 * Who is contacted after a call, when and how. Pure: time is an argument. First contact after 24 to 72 hours and then weekly until
 * linked to care is what crisis lines do (clinical.md §1.4).
 */

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

interface Schedule {
  readonly firstHours: readonly number[];
  /** Contacts that follow weekly; the end of a plan that nobody ends. */
  readonly weekly: number;
}

/** Half a year of weeks for those who were in danger: who is linked to care by then has a better plan than ours, others need a person. */
const schedules: Readonly<Record<RiskLevel, Schedule>> = {
  none: { firstHours: [], weekly: 0 },
  low: { firstHours: [72], weekly: 0 },
  moderate: { firstHours: [24, 72], weekly: 4 },
  high: { firstHours: [24, 72], weekly: 26 },
  imminent: { firstHours: [24, 72], weekly: 26 },
};

export interface CallerFacts {
  readonly numberKnown: boolean;
  /** Agreed to be written to, did not opt out, and the number takes text messages. */
  readonly mayWrite: boolean;
  /** Agreed to be rung. */
  readonly mayRing: boolean;
  /** Marked as a nuisance by staff. */
  readonly blocked: boolean;
  readonly optedOut: boolean;
}

/** Why there is no plan, or why one ended. */
export const planEnds = [
  'numberWithheld',
  'notNeeded',
  'noConsent',
  'optedOut',
  'blocked',
  'calledIn',
  'linkedToCare',
  'stopped',
  'finished',
  'erased',
] as const;
export type PlanEnd = (typeof planEnds)[number];

/** Null: it begins. */
export function noPlanBecause(level: RiskLevel, facts: CallerFacts): PlanEnd | null {
  if (!facts.numberKnown) return 'numberWithheld';
  if (schedules[level].firstHours.length === 0) return 'notNeeded';
  return endedBecause({ ...facts, calledSince: false });
}

/** Null: it goes on. A call ends it, and the end of that call begins another. */
export function endedBecause(facts: CallerFacts & { readonly calledSince: boolean }): PlanEnd | null {
  if (!facts.numberKnown) return 'erased';
  if (facts.calledSince) return 'calledIn';
  if (facts.blocked) return 'blocked';
  if (facts.mayWrite || facts.mayRing) return null;
  return facts.optedOut ? 'optedOut' : 'noConsent';
}

export type ContactKind = 'message' | 'checkInCall';

export interface Contact {
  /** From 1. */
  readonly ordinal: number;
  readonly kind: ContactKind;
  readonly dueAt: Date;
}

export interface PlanSoFar {
  readonly level: RiskLevel;
  readonly startedAt: Date;
  /** The last contact that was planned; null: none yet. The next is planned only when it is settled. */
  readonly last: { readonly ordinal: number; readonly settledAt: Date } | null;
  /** Until then a person who promised to call goes first. */
  readonly personFirstUntil: Date | null;
}

/** Two contacts are never closer than that, however late the first was. */
const leastGapMs = 20 * hourMs;

/** The next contact, in hours when people may be contacted; null: the plan is finished. Contacts whose time went by are left out. */
export function nextContact(plan: PlanSoFar, facts: CallerFacts, now: Date, hours: ContactHours): Contact | null {
  const { level, startedAt, last, personFirstUntil } = plan;
  const earliest = last === null ? -Infinity : Math.max(now.getTime(), last.settledAt.getTime() + leastGapMs);
  for (let ordinal = (last?.ordinal ?? 0) + 1; ; ordinal += 1) {
    const nominal = nominalAt(level, startedAt, ordinal);
    if (nominal === null) return null;
    if (nominal < earliest) continue;
    const from = new Date(Math.max(nominal, personFirstUntil?.getTime() ?? 0));
    return { ordinal, kind: kindOf(level, ordinal, facts), dueAt: nextAllowed(from, hours) };
  }
}

/** Milliseconds since the epoch; null: there is no such contact. */
function nominalAt(level: RiskLevel, startedAt: Date, ordinal: number): number | null {
  const { firstHours, weekly } = schedules[level];
  const first = firstHours[ordinal - 1];
  if (first !== undefined) return startedAt.getTime() + first * hourMs;
  const week = ordinal - firstHours.length;
  return week <= weekly ? startedAt.getTime() + week * weekMs : null;
}

/** Who was in danger is rung first, where they agreed to it; a message is the gentler way for everything after. */
function kindOf(level: RiskLevel, ordinal: number, { mayWrite, mayRing }: CallerFacts): ContactKind {
  const inDanger = level === 'high' || level === 'imminent';
  if (mayRing && (!mayWrite || (inDanger && ordinal === 1))) return 'checkInCall';
  return 'message';
}

/** `personal` only where the caller has said so. */
export function templateFor(ordinal: number, startedAt: Date, dueAt: Date, personal: boolean): TemplateId {
  const days = (dueAt.getTime() - startedAt.getTime()) / (24 * hourMs);
  const which = ordinal === 1 && days < 2 ? 'caringFirst' : days < 6 ? 'caringSecond' : 'caringWeekly';
  return personal ? `${which}Personal` : which;
}
