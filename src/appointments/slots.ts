/** The hours that a counsellor offers, and what is said of them. Pure; all in the time of Muscat, which knows no summer time. */

export interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export type SlotsRead =
  | { readonly ok: true; readonly slots: readonly Slot[] }
  | { readonly ok: false; readonly fault: 'day' | 'hours' | 'length' | 'none' | 'past' };

const minuteMs = 60_000;
const lengths = { least: 10, most: 240 };
const counsellorPattern = /^[a-z0-9._-]{2,40}$/;

/** A tag by which staff know the counsellor; it is never said to a caller. */
export function isCounsellor(text: string): boolean {
  return counsellorPattern.test(text);
}

export interface Hours {
  /** `2026-11-29` */
  readonly day: string;
  /** `10:00` */
  readonly from: string;
  readonly to: string;
  /** Of one appointment, whole minutes. */
  readonly minutes: number;
}

/** As many appointments as fit between two hours of one day, one after another; none that has begun at `now`. */
export function slotsWithin({ day, from, to, minutes }: Hours, now: Date): SlotsRead {
  if (!Number.isInteger(minutes) || minutes < lengths.least || minutes > lengths.most)
    return { ok: false, fault: 'length' };
  const midnight = midnightOf(day);
  if (midnight === null) return { ok: false, fault: 'day' };
  const [opens, closes] = [minuteOf(from), minuteOf(to)];
  if (opens === null || closes === null || closes <= opens) return { ok: false, fault: 'hours' };
  const slots: Slot[] = [];
  for (let at = opens; at + minutes <= closes; at += minutes)
    slots.push({
      startsAt: new Date(midnight + at * minuteMs),
      endsAt: new Date(midnight + (at + minutes) * minuteMs),
    });
  if (slots.length === 0) return { ok: false, fault: 'none' };
  return slots.some(({ startsAt }) => startsAt <= now) ? { ok: false, fault: 'past' } : { ok: true, slots };
}

function midnightOf(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00+04:00`) : Number.NaN;
  if (Number.isNaN(at)) return null;
  // The 31st of February is none.
  return new Date(at + 4 * 60 * minuteMs).toISOString().startsWith(day) ? at : null;
}

function minuteOf(text: string): number | null {
  const parts = /^(\d{1,2}):(\d{2})$/.exec(text);
  const [hour, minute] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || hour > 24 || minute > 59 || hour * 60 + minute > 1_440) return null;
  return hour * 60 + minute;
}

const hourMs = 3_600_000;

/** A day before, so that there is time to say no; of an hour that is nearer, at once; of one within three hours there is none. */
export function reminderAt(startsAt: Date, bookedAt: Date): Date | null {
  const left = startsAt.getTime() - bookedAt.getTime();
  if (left < 3 * hourMs) return null;
  return left < 30 * hourMs ? bookedAt : new Date(startsAt.getTime() - 24 * hourMs);
}

const locales = { 'ar-OM': 'ar-OM-u-nu-latn', ar: 'ar-OM-u-nu-latn', en: 'en-GB' } as const;

/** Day and time as they stand in a message: short, without a year. */
export function writtenTime(at: Date, language: keyof typeof locales): string {
  const part = (options: Intl.DateTimeFormatOptions, locale: string): string =>
    new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Muscat', ...options }).format(at);
  const weekday = part({ weekday: 'long' }, locales[language]);
  const date = part({ day: 'numeric', month: 'numeric' }, 'en-GB');
  const time = part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'en-GB');
  return language === 'en' ? `on ${weekday} ${date} at ${time}` : `${weekday} ${date} الساعة ${time}`;
}
