/**
 * Who may be rung, and in which order. Pure: the instant is an argument. Shifts are written and read in the time of Muscat,
 * which knows no summer time.
 */
import type { RiskLevel } from '../call/meaning.ts';

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export type Weekday = (typeof weekdays)[number];

/** A stretch of each of these days. Times are minutes since midnight, 0 to 1,440. */
export interface Shift {
  readonly days: readonly Weekday[];
  readonly fromMinute: number;
  /** Not later than `fromMinute`: on the next day. The days are those on which the shift begins. */
  readonly toMinute: number;
}

export type PersonRole = 'listener' | 'supervisor';

export interface OnCallPerson {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  /** E.164. */
  readonly number: string;
  /** Spoken languages as ISO 639-1: `ar`, `en`, … */
  readonly languages: readonly string[];
  readonly gender: 'f' | 'm' | null;
  /** None: always on call. */
  readonly shifts: readonly Shift[];
  /** 1 is rung first. */
  readonly priority: number;
  readonly role: PersonRole;
  /** Not active: never rung. */
  readonly active: boolean;
}

export type ShiftFault = 'empty' | 'unknownDay' | 'unreadableHours' | 'tooMany';

export type ShiftsRead =
  | { readonly ok: true; readonly shifts: readonly Shift[] }
  /** `message` is for the person who typed it. */
  | { readonly ok: false; readonly fault: ShiftFault; readonly message: string };

const mostShifts = 20;
const minutesOfDay = 1_440;
const example = 'for example "sun-thu 08:00-16:00; fri,sat 20:00-08:00"';

/**
 * Reads `sun-thu 08:00-16:00; fri,sat 20:00-08:00`: days as names, ranges and lists (no days: each day), hours from and to,
 * over midnight when they end earlier than they begin, several separated by semicolons. An empty text means no shifts: always.
 */
export function parseShifts(text: string): ShiftsRead {
  if (text.trim() === '') return { ok: true, shifts: [] };
  const parts = text.split(';').map((part) => part.trim().toLowerCase());
  if (parts.length > mostShifts)
    return { ok: false, fault: 'tooMany', message: `there are more than ${mostShifts} shifts` };
  const shifts: Shift[] = [];
  for (const part of parts) {
    const read = parseShift(part);
    if (!('days' in read)) return { ok: false, ...read };
    shifts.push(read);
  }
  return { ok: true, shifts };
}

type Refusal = { readonly fault: ShiftFault; readonly message: string };

function parseShift(part: string): Shift | Refusal {
  if (part === '') return { fault: 'empty', message: `a shift between two semicolons is empty; ${example}` };
  const [, daysText = '', hoursText = ''] = /^((?:[a-z].*?)?)\s*(\d.*)?$/.exec(part) ?? [];
  const days = daysText.trim() === '' ? [...weekdays] : parseDays(daysText.trim());
  if (!Array.isArray(days)) return days;
  const hours = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(hoursText.trim());
  const [fromMinute, toMinute] = [minuteOf(hours?.[1], hours?.[2]), minuteOf(hours?.[3], hours?.[4])];
  if (fromMinute === null || toMinute === null || fromMinute === minutesOfDay)
    return { fault: 'unreadableHours', message: `"${part}" needs hours from and to like 08:00-16:00; ${example}` };
  return { days, fromMinute, toMinute };
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | null {
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= minutesOfDay ? minute : null;
}

function parseDays(text: string): Weekday[] | Refusal {
  const days = new Set<Weekday>();
  for (const item of text.split(/\s*,\s*/)) {
    const [first = '', last = first, more] = item.split(/\s*-\s*/);
    const [from, to] = [dayOf(first), dayOf(last)];
    if (from === -1 || to === -1 || more !== undefined)
      return { fault: 'unknownDay', message: `"${item}" is no day; the days are ${weekdays.join(', ')}` };
    // A range may go over the end of the week: fri-sun.
    for (let day = from; ; day = (day + 1) % weekdays.length) {
      days.add(weekdays[day] ?? 'sun');
      if (day === to) break;
    }
  }
  return weekdays.filter((day) => days.has(day));
}

/** `sunday` and `sun` alike; -1 when it is none. */
function dayOf(word: string): number {
  return word.length < 3 ? -1 : weekdays.findIndex((day) => word.startsWith(day) && fullNames[day].startsWith(word));
}

const fullNames: Readonly<Record<Weekday, string>> = {
  sun: 'sunday',
  mon: 'monday',
  tue: 'tuesday',
  wed: 'wednesday',
  thu: 'thursday',
  fri: 'friday',
  sat: 'saturday',
};

/** What `parseShifts` reads back; no shifts give an empty text. */
export function printShifts(shifts: readonly Shift[]): string {
  const hour = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return shifts
    .map(({ days, fromMinute, toMinute }) => `${days.join(',')} ${hour(fromMinute)}-${hour(toMinute)}`)
    .join('; ');
}

const muscat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Muscat',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function inMuscat(instant: Date): { readonly day: number; readonly minute: number } {
  const parts = new Map(muscat.formatToParts(instant).map(({ type, value }) => [type, value]));
  const day = weekdays.findIndex((name) => name === parts.get('weekday')?.toLowerCase());
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** Active, and within one of the shifts or without any. The minute in which a shift ends is no longer part of it. */
export function isOnCall(person: Pick<OnCallPerson, 'active' | 'shifts'>, instant: Date): boolean {
  if (!person.active) return false;
  if (person.shifts.length === 0) return true;
  const { day, minute } = inMuscat(instant);
  const today = weekdays[day] ?? 'sun';
  const yesterday = weekdays[(day + 6) % 7] ?? 'sun';
  return person.shifts.some(({ days, fromMinute, toMinute }) => {
    if (toMinute > fromMinute) return days.includes(today) && minute >= fromMinute && minute < toMinute;
    return (days.includes(today) && minute >= fromMinute) || (days.includes(yesterday) && minute < toMinute);
  });
}

export interface Wanted {
  /** Of the call, as ISO 639-1. */
  readonly language: string;
  /** Of the caller; a person of the same is preferred among equals. Null: not known. */
  readonly gender: 'f' | 'm' | null;
  readonly level: RiskLevel;
}

/** What the order of ringing needs to know of a person: no name, no number. */
export type Rankable = Omit<OnCallPerson, 'name' | 'number'>;

/**
 * Those on call at `now`, in the order in which they are to be rung: who speaks the language first, listeners before
 * supervisors (at `imminent` whoever comes first), then by priority, then the caller's gender.
 */
export function ranked<Person extends Rankable>(
  people: readonly Person[],
  now: Date,
  wanted: Wanted,
): readonly Person[] {
  return people.filter((person) => isOnCall(person, now)).sort((a, b) => order(a, b, wanted));
}

/** Everybody else who is active, in the same order: for when nobody on call comes. */
export function rankedOffShift<Person extends Rankable>(
  people: readonly Person[],
  now: Date,
  wanted: Wanted,
): readonly Person[] {
  return people.filter((person) => person.active && !isOnCall(person, now)).sort((a, b) => order(a, b, wanted));
}

function order(a: Rankable, b: Rankable, wanted: Wanted): number {
  const keys = [a, b].map((person) => [
    person.languages.includes(wanted.language) ? 0 : 1,
    wanted.level === 'imminent' || person.role === 'listener' ? 0 : 1,
    person.priority,
    wanted.gender === null || person.gender === wanted.gender ? 0 : 1,
  ]);
  const [left = [], right = []] = keys;
  const differs = left.findIndex((key, index) => key !== right[index]);
  if (differs !== -1) return (left[differs] ?? 0) - (right[differs] ?? 0);
  return a.id < b.id ? -1 : 1;
}
