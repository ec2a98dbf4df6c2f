import { z } from 'zod';

/** When people may be written to or rung, on the clocks of the line. Pure; what is read and set is checked with zod. */

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time as 08:00');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as 2027-02-08')
  .refine(isDay, 'no such day');

/** From when to when, within one day, first before second. */
const window = z
  .object({ from: clockTime, to: clockTime })
  .strict()
  .refine(({ from, to }) => from < to, 'from is not before to');

const windows = z.array(window).min(1).max(4);

export const contactHoursSchema = z
  .object({
    zone: z.string().max(60).refine(isZone, 'no such time zone'),
    usual: windows,
    friday: windows,
    /** The days of Ramadan are announced: they are set each year, the last of them included. */
    ramadan: z
      .object({ first: day, last: day, hours: windows })
      .strict()
      .refine(({ first, last }) => first <= last, 'first is after last')
      .nullable(),
  })
  .strict();

export type ContactHours = z.infer<typeof contactHoursSchema>;

/**
 * Quiet from 21:00 to 08:00; on Fridays not around the noon prayer and the family's meal. In Ramadan people sleep late and break the
 * fast at about 18:00, so an installation sets hours of its own; without, the usual ones hold.
 */
export const usualContactHours: ContactHours = {
  zone: 'Asia/Muscat',
  usual: [{ from: '08:00', to: '21:00' }],
  friday: [
    { from: '09:00', to: '11:00' },
    { from: '15:30', to: '21:00' },
  ],
  ramadan: null,
};

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A day at least has a window, so two days on there is one; a change of clocks may take an hour away. */
const lookAheadDays = 3;

/** The earliest instant from `at` on that lies within the hours. Windows include their first minute and exclude their last. */
export function nextAllowed(at: Date, hours: ContactHours): Date {
  for (let ahead = 0; ahead <= lookAheadDays; ahead += 1) {
    const date = localDay(new Date(at.getTime() + ahead * dayMs), hours.zone);
    for (const { from, to } of windowsOf(date, hours)) {
      const [opens, closes] = [instantAt(date, from, hours.zone), instantAt(date, to, hours.zone)];
      if (at < closes) return at > opens ? at : opens;
    }
  }
  // Not reached with hours that were checked; a day later is looked at again.
  return new Date(at.getTime() + dayMs);
}

export function isAllowed(at: Date, hours: ContactHours): boolean {
  return nextAllowed(at, hours).getTime() === at.getTime();
}

function windowsOf(date: string, { usual, friday, ramadan }: ContactHours): ContactHours['usual'] {
  const found =
    ramadan !== null && date >= ramadan.first && date <= ramadan.last ? ramadan.hours : isFriday(date) ? friday : usual;
  return [...found].sort((a, b) => (a.from < b.from ? -1 : 1));
}

function isFriday(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDay() === 5;
}

const printers = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-26 03:00:07` on the clocks of the zone. */
function wall(at: Date, zone: string): string {
  const printer =
    printers.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  printers.set(zone, printer);
  return printer.format(at);
}

function localDay(at: Date, zone: string): string {
  return wall(at, zone).slice(0, 10);
}

function instantAt(date: string, time: string, zone: string): Date {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  const guess = asUtc - offsetMs(asUtc, zone);
  return new Date(asUtc - offsetMs(guess, zone));
}

function offsetMs(at: number, zone: string): number {
  const whole = Math.floor(at / minuteMs) * minuteMs;
  return Date.parse(`${wall(new Date(whole), zone).replace(' ', 'T')}Z`) - whole;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
