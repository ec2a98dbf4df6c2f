import { InvalidArgumentError, type Command } from 'commander';
import { readTimeWords, readZone, usualZone, type TimeWords } from './zonedTime.ts';

/** What the options of listings have in common. */

export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly zone: string;
  readonly json?: true;
  readonly csv?: true;
}

export interface PeriodOptions {
  readonly since?: TimeWords;
  readonly until?: TimeWords;
}

const limits = { usual: 50, most: 10_000 };

export function withPeriod(command: Command): Command {
  return command
    .option('--since <time>', 'from then on: 2026-11-26, "2026-11-26 03:00", today, 7d (m, h, d, w ago)', readTimeWords)
    .option('--until <time>', 'up to then; of a day: with all of it', readTimeWords);
}

export function withListing(command: Command): Command {
  return command
    .option('--limit <n>', 'how many', readLimit, limits.usual)
    .option('--after <id>', 'the next page: the last id of the one before')
    .option('--zone <zone>', 'of the times, typed and shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'for a spreadsheet (times in UTC)');
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  if (limit >= 1 && limit <= limits.most) return limit;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${limits.most}.`);
}

/** `90`, `90s`, `5m`, `1h`, `2m30s`: seconds. */
export function readDuration(text: string): number {
  const parts = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$/.exec(text.trim());
  if (parts !== null && text.trim() !== '')
    return Number(parts[1] ?? 0) * 3_600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
  throw new InvalidArgumentError('It is a length of time, for example 90s, 5m, 1h or 2m30s.');
}

/** `4:05`, `1:02:03` */
export function shownDuration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), Math.floor(seconds % 60)];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function shortId(id: string): string {
  return id.slice(0, 8);
}

const reasonLength = { least: 5, most: 500 };

/** For `--reason`: it stands in the audit, sealed. */
export function readReason(text: string): string {
  const reason = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/\p{L}{2}/u.test(reason) && reason.length >= reasonLength.least && reason.length <= reasonLength.most)
    return reason;
  throw new InvalidArgumentError(
    `It is a reason in ${reasonLength.least} to ${reasonLength.most} characters, for example "complaint of 26 November".`,
  );
}
