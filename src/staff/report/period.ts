import { instantOf, inZone, type TimeWords } from '../zonedTime.ts';

/** The day, week or month of a report, in the zone in which it is told. */

export const reportKinds = ['day', 'week', 'month'] as const;

export type ReportKind = (typeof reportKinds)[number];

export interface NamedPeriod {
  readonly kind: ReportKind;
  readonly zone: string;
  readonly from: Date;
  /** The beginning of the next one. */
  readonly to: Date;
  /** First and last day, `2026-11-26`. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** All of them. */
  readonly days: readonly string[];
  /** It is not over yet. */
  readonly soFar: boolean;
}

export type PeriodResult =
  { readonly kind: 'period'; readonly period: NamedPeriod } | { readonly kind: 'future'; readonly from: Date };

/** The one that `on` lies in; today's when nothing is given. Weeks begin on Sunday, as they do in Oman. */
export function periodOf(kind: ReportKind, on: TimeWords | undefined, zone: string, now: Date): PeriodResult {
  const day = inZone(instantOf(on ?? { kind: 'day', back: 0 }, 'from', zone, now), zone).slice(0, 10);
  const [firstDay, next] = edges(kind, day);
  const from = startOf(firstDay, zone, now);
  if (from > now) return { kind: 'future', from };
  const to = startOf(next, zone, now);
  const days = daysBetween(firstDay, next);
  const lastDay = days.at(-1) ?? firstDay;
  return { kind: 'period', period: { kind, zone, from, to, firstDay, lastDay, days, soFar: now < to } };
}

function startOf(day: string, zone: string, now: Date): Date {
  return instantOf({ kind: 'wall', text: `${day} 00:00:00`, wholeDay: true }, 'from', zone, now);
}

/** The first day, and the one after the last. */
function edges(kind: ReportKind, day: string): readonly [first: string, next: string] {
  const date = utc(day);
  if (kind === 'day') return [day, shifted(day, 1)];
  if (kind === 'week') {
    const sunday = shifted(day, -date.getUTCDay());
    return [sunday, shifted(sunday, 7)];
  }
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return [iso(new Date(Date.UTC(year, month, 1))), iso(new Date(Date.UTC(year, month + 1, 1)))];
}

function daysBetween(first: string, next: string): readonly string[] {
  const count = Math.round((utc(next).getTime() - utc(first).getTime()) / 86_400_000);
  return Array.from({ length: count }, (_, n) => shifted(first, n));
}

/** Calendar days are counted in UTC, where each has 24 hours. */
function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function shifted(day: string, days: number): string {
  return iso(new Date(utc(day).getTime() + days * 86_400_000));
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}
