import { z } from 'zod';
import { riskLevels } from '../call/meaning.ts';
import { keyOfCall, readCall } from './calls.ts';
import { consentsAbout, wordsMayBeKept } from './consents.ts';
import type { Transaction } from './database.ts';
import { keyState, openWith, type KeyState, type Opened } from './opened.ts';
import type { MoodRated } from './records.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { seal, type KeyKeeper, type Place, type SealingKey } from './sealing.ts';

/** How callers felt, in their own figures from 1 to 10: sealed with the key of their call, and gone with its words. */

const valuePlace = (id: string): Place => ({ table: 'mood_ratings', column: 'value', row: id });

/** The first of its moment counts; a call whose words were removed takes none any more. */
export async function keepMood(
  tx: Transaction,
  { organisationId, key }: { readonly organisationId: string; readonly key: SealingKey },
  { callId, ratingId, moment, rating, how, at }: MoodRated,
): Promise<void> {
  await run(
    tx,
    `insert into mood_ratings (id, organisation_id, call_id, moment, how, value, at)
     select ?, ?, id, ?, ?, ?, ? from calls where id = ? and words_removed_at is null
     on conflict do nothing`,
    [ratingId, organisationId, moment, how, seal(key, valuePlace(ratingId), String(rating)), at, callId],
  );
}

const moodRow = z.object({
  id: z.string(),
  moment: z.enum(['start', 'end']),
  how: z.enum(['voice', 'key']),
  at: z.date(),
  value: sealedColumn,
});

export interface ShownMood extends Omit<z.infer<typeof moodRow>, 'id' | 'value'> {
  readonly value: Opened;
}

/** In the order in which they were given. */
export async function moodsOfCall(tx: Transaction, key: KeyState, callId: string): Promise<readonly ShownMood[]> {
  const result = await run(
    tx,
    'select id, moment, how, at, value from mood_ratings where call_id = ? order by at, id',
    [callId],
  );
  return readRows(moodRow, result).map(({ id, value, ...rest }) => ({
    ...rest,
    value: openWith(key, valuePlace(id), value),
  }));
}

export interface CallProgress {
  readonly callId: string;
  readonly startedAt: Date;
  readonly level: (typeof riskLevels)[number];
  /** 1 to 10; null: not given. */
  readonly start: number | null;
  readonly end: number | null;
}

export interface Progress {
  /** The newest calls with a figure, the oldest of them first. */
  readonly calls: readonly CallProgress[];
  /** Calls with figures that are left out: without standing consent to being kept. */
  readonly withoutConsent: number;
  /** Calls whose figures do not open: sealed with another key, or damaged. */
  readonly broken: number;
}

const callRow = z.object({ id: z.string(), startedAt: z.date(), level: z.enum(riskLevels) });

/** At most `most` calls. */
export async function progressOf(tx: Transaction, keys: KeyKeeper, callerId: string, most: number): Promise<Progress> {
  const result = await run(
    tx,
    `select id, started_at as "startedAt", highest_risk as level from calls
     where caller_id = ? and exists (select from mood_ratings m where m.call_id = calls.id)
     order by started_at desc, id desc limit ?`,
    [callerId, most],
  );
  const rows = readRows(callRow, result).toReversed();
  const consents = await consentsAbout(tx, [callerId], []);
  const kept = rows.filter(({ id }) => wordsMayBeKept(consents, id));
  const calls: CallProgress[] = [];
  let broken = 0;
  for (const { id, startedAt, level } of kept) {
    const moods = await openedMoods(tx, keys, id);
    if (moods === null) broken += 1;
    else calls.push({ callId: id, startedAt, level, ...moods });
  }
  return { calls, withoutConsent: rows.length - kept.length, broken };
}

async function openedMoods(
  tx: Transaction,
  keys: KeyKeeper,
  callId: string,
): Promise<Pick<CallProgress, 'start' | 'end'> | null> {
  const call = await readCall(tx, callId);
  if (call === null) return null;
  const key = keyState(() => keyOfCall(keys, call));
  const moods = await moodsOfCall(tx, key, callId);
  const figure = (moment: 'start' | 'end'): number | null | 'broken' => {
    const mood = moods.find((each) => each.moment === moment);
    if (mood === undefined) return null;
    const value = mood.value.kind === 'text' ? Number(mood.value.text) : Number.NaN;
    return Number.isInteger(value) && value >= 1 && value <= 10 ? value : 'broken';
  };
  const [start, end] = [figure('start'), figure('end')];
  return start === 'broken' || end === 'broken' ? null : { start, end };
}

/** Of these calls: removed with their words. */
export async function removeMoods(tx: Transaction, callIds: readonly string[]): Promise<void> {
  await run(tx, 'delete from mood_ratings where call_id = any(?::uuid[])', [callIds]);
}
