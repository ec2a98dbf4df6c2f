import { InvalidArgumentError } from 'commander';

/** Times as staff write and read them: always with the zone in which they are meant. */

export const usualZone = 'Asia/Muscat';

/** For `--zone`: a name of the IANA database. */
export function readZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text.trim() }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError(`It is a zone by its name, for example ${usualZone}, Europe/London or UTC.`);
  }
}

const printers = new Map<string, Intl.DateTimeFormat>();

function printer(zone: string): Intl.DateTimeFormat {
  const known = printers.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  printers.set(zone, made);
  return made;
}

/** `2026-11-26 03:00:07`, without its zone: for columns under a heading that names it. */
export function inZone(instant: Date, zone: string): string {
  const parts = new Map(
    printer(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** `2026-11-26 03:00:07 (Asia/Muscat)` */
export function withZone(instant: Date, zone: string): string {
  return `${inZone(instant, zone)} (${zone})`;
}

/** What is typed for `--since` and `--until`, still without its zone, which may be another option. */
export type TimeWords =
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'day'; readonly back: number }
  | { readonly kind: 'wall'; readonly text: string; readonly wholeDay: boolean }
  | { readonly kind: 'instant'; readonly at: Date };

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Reads `7d`, `today`, `yesterday`, `2026-11-26`, `2026-11-26 03:00`, or an instant with its own offset (ISO 8601). */
export function readTimeWords(text: string): TimeWords {
  const words = text.trim();
  const ago = /^(\d{1,4})([mhdw])$/.exec(words);
  if (ago !== null) return { kind: 'ago', ms: Number(ago[1]) * (unitsMs[ago[2] ?? 'd'] ?? 0) };
  if (words === 'today') return { kind: 'day', back: 0 };
  if (words === 'yesterday') return { kind: 'day', back: 1 };
  const wall = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2})?)?$/.exec(words);
  if (wall !== null && isRealTime(wall[1] ?? '', wall[2] ?? '00:00', wall[3] ?? ':00'))
    return {
      kind: 'wall',
      text: `${wall[1]} ${wall[2] ?? '00:00'}${wall[3] ?? ':00'}`,
      wholeDay: wall[2] === undefined,
    };
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(words)
    ? new Date(words)
    : null;
  if (instant !== null && !Number.isNaN(instant.getTime())) return { kind: 'instant', at: instant };
  throw new InvalidArgumentError(
    'It is a day or a time, for example 2026-11-26, "2026-11-26 03:00", today, yesterday, or 7d (m, h, d, w ago).',
  );
}

/** The 31st of February and 25 o'clock are none. */
function isRealTime(day: string, minutes: string, seconds: string): boolean {
  const date = new Date(`${day}T${minutes}${seconds}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${day}T${minutes}${seconds}`);
}

/** `edge`: a whole day is meant from its beginning or to its end (the beginning of the next). */
export function instantOf(words: TimeWords, edge: 'from' | 'to', zone: string, now: Date): Date {
  switch (words.kind) {
    case 'ago':
      return new Date(now.getTime() - words.ms);
    case 'instant':
      return words.at;
    case 'day':
      return startOfDay(inZone(now, zone).slice(0, 10), (edge === 'to' ? 1 : 0) - words.back, zone);
    case 'wall':
      return words.wholeDay
        ? startOfDay(words.text.slice(0, 10), edge === 'to' ? 1 : 0, zone)
        : fromWall(words.text, zone);
  }
}

function startOfDay(day: string, later: number, zone: string): Date {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return fromWall(`${date.toISOString().slice(0, 10)} 00:00:00`, zone);
}

/** The instant at which clocks of the zone show this; in the hour that a change of clocks leaves out, the one after it. */
function fromWall(text: string, zone: string): Date {
  const asUtc = Date.parse(`${text.replace(' ', 'T')}Z`);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${inZone(new Date(guess), zone).replace(' ', 'T')}Z`);
    guess += asUtc - shown;
  }
  return new Date(guess);
}
