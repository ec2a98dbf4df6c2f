const shown = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Muscat',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const timeZone = 'Asia/Muscat';

/** `Thu 26 Nov 2026 03:00 (Asia/Muscat)` */
export function inMuscat(instant: Date): string {
  return `${shown.format(instant).replaceAll(',', '')} (${timeZone})`;
}

/** Reads `2026-11-26 03:00` as the time of Muscat, which is UTC+4 all year; null when there is no such minute. */
export function readMuscatTime(text: string): Date | null {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})$/.exec(text.trim());
  if (parts === null) return null;
  const instant = new Date(`${parts[1]}T${parts[2]}:00+04:00`);
  if (Number.isNaN(instant.getTime())) return null;
  // The 31st of February becomes a day of March.
  const back = new Date(instant.getTime() + 4 * 3_600_000).toISOString().slice(0, 16);
  return back === `${parts[1]}T${parts[2]}` ? instant : null;
}
