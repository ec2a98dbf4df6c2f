import { z } from 'zod';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** How long each kind of record is kept. The table for people, with the reasons at length, is in docs/records.md. */

export const retentionKinds = [
  'wordsWithoutConsent',
  'turnWords',
  'messageWords',
  'briefings',
  'callLog',
  'riskAssessments',
  'escalations',
  'messages',
  'calls',
  'callersWithoutCalls',
] as const;

export type RetentionKind = (typeof retentionKinds)[number];

export interface RetentionRule {
  readonly what: string;
  /** Counts from then. */
  readonly from: string;
  readonly hours: number;
  /** What an installation may set instead. */
  readonly least: number;
  readonly most: number;
  readonly why: string;
}

const day = 24;
const year = 365 * day;

export const retentionRules: Readonly<Record<RetentionKind, RetentionRule>> = {
  wordsWithoutConsent: {
    what: 'words of calls whose caller did not agree to their being kept',
    from: 'end of the call',
    hours: day,
    least: 1,
    most: 3 * day,
    why: 'long enough to bring help, to call back, and to look at a serious incident on the same day; not longer, since nobody agreed',
  },
  turnWords: {
    what: 'words of calls whose caller agreed',
    from: 'end of the call',
    hours: 180 * day,
    least: day,
    most: 3 * year,
    why: 'so that the next call can go on from them, and for reviews and complaints',
  },
  messageWords: {
    what: 'words of messages to and from callers, with their history',
    from: 'message',
    hours: 180 * day,
    least: 7 * day,
    most: 3 * year,
    why: 'so that whoever writes next knows what was written; and for complaints',
  },
  briefings: {
    what: 'what a person was told before taking a caller',
    from: 'end of the escalation',
    hours: 30 * day,
    least: day,
    most: year,
    why: 'for the hand-over and its review; it quotes the caller',
  },
  callLog: {
    what: 'decisions of the call, without words',
    from: 'end of the call',
    hours: 2 * year,
    least: 30 * day,
    most: 10 * year,
    why: 'to explain, and replay, why Sanad did what it did',
  },
  riskAssessments: {
    what: 'levels and tags of danger',
    from: 'assessment',
    hours: 5 * year,
    least: 30 * day,
    most: 10 * year,
    why: 'to measure whether danger is found, over years',
  },
  escalations: {
    what: 'who was rung when, with callbacks; no words',
    from: 'request',
    hours: 5 * year,
    least: 30 * day,
    most: 10 * year,
    why: 'to answer for what was done when there was danger',
  },
  messages: {
    what: 'that there were messages and follow-ups: times, states, who approved',
    from: 'message, or end of the plan',
    hours: 5 * year,
    least: 30 * day,
    most: 10 * year,
    why: 'to answer for who was written to and who let it out',
  },
  calls: {
    what: 'that there was a call: times, language, outcome, level',
    from: 'end of the call',
    hours: 5 * year,
    least: 30 * day,
    most: 10 * year,
    why: 'statistics; all else of the call goes with it',
  },
  callersWithoutCalls: {
    what: 'number, key and consents of callers of whom no call is left',
    from: 'removal of their last call',
    hours: 30 * day,
    least: 0,
    most: year,
    why: 'nothing is left that they would be needed for',
  },
};

/** Kept by other rules, which cannot be set; told so that the list is whole. */
export const otherRetention: readonly { readonly what: string; readonly kept: string; readonly why: string }[] = [
  { what: 'numbers that want no messages (a hash)', kept: 'for good', why: 'or they would be written to again' },
  {
    what: 'marks of reviewers; their notes are sealed',
    kept: 'as long as the call, notes as its words',
    why: 'a note may quote the caller; the mark is for statistics',
  },
  { what: 'tickets and outbox (ids only)', kept: '1 day after use', why: 'for whoever looks for a fault' },
  { what: 'jobs in the queue (ids only)', kept: '1 day, failed ones 7 days', why: 'so that none runs twice' },
  { what: 'audit', kept: 'for good', why: 'it proves what was done with all else; removing any of it would break it' },
];

export type RetentionHours = Readonly<Record<RetentionKind, number>>;

export interface RetentionPolicy {
  readonly hours: RetentionHours;
  /** Kinds that do not have the default. */
  readonly changed: readonly RetentionKind[];
}

const settingOf = (kind: RetentionKind): string => `retention.${kind}`;

/** The policy of the transaction's organisation; a value that makes no sense counts as not set. */
export async function readRetention(tx: Transaction, organisationId: string): Promise<RetentionPolicy> {
  const result = await run(
    tx,
    `select name, value from organisation_settings where organisation_id = ? and name like 'retention.%'`,
    [organisationId],
  );
  const set = new Map(
    readRows(z.object({ name: z.string(), value: z.unknown() }), result).map(({ name, value }) => [name, value]),
  );
  const hoursOf = (kind: RetentionKind): number => {
    const { hours, least, most } = retentionRules[kind];
    const parsed = z
      .number()
      .int()
      .min(least)
      .max(most)
      .safeParse(set.get(settingOf(kind)));
    return parsed.success ? parsed.data : hours;
  };
  const hours = hoursByKind(hoursOf);
  return { hours, changed: retentionKinds.filter((kind) => hours[kind] !== retentionRules[kind].hours) };
}

function hoursByKind(of: (kind: RetentionKind) => number): RetentionHours {
  return {
    wordsWithoutConsent: of('wordsWithoutConsent'),
    turnWords: of('turnWords'),
    messageWords: of('messageWords'),
    briefings: of('briefings'),
    callLog: of('callLog'),
    riskAssessments: of('riskAssessments'),
    escalations: of('escalations'),
    messages: of('messages'),
    calls: of('calls'),
    callersWithoutCalls: of('callersWithoutCalls'),
  };
}

/** Null: may be set. Otherwise what stands against it, in a sentence. */
export function faultOfRetention(kind: RetentionKind, hours: number, present: RetentionHours): string | null {
  const { least, most } = retentionRules[kind];
  if (!Number.isInteger(hours) || hours < least || hours > most)
    return `${kind} may be kept for ${printHours(least)} to ${printHours(most)}.`;
  const after = { ...present, [kind]: hours };
  if (after.turnWords < after.wordsWithoutConsent)
    return 'Words that may be kept (turnWords) must not go sooner than those that may not (wordsWithoutConsent).';
  const longest = Math.max(after.callLog, after.riskAssessments, after.escalations, after.turnWords);
  if (after.calls < longest)
    return `A call must stay as long as what belongs to it: calls at least ${printHours(longest)} (turnWords, callLog, riskAssessments, escalations).`;
  return null;
}

/** The caller has checked it with `faultOfRetention`. Calls already looked at are looked at again by the next sweep. */
export async function setRetention(
  tx: Transaction,
  organisationId: string,
  kind: RetentionKind,
  hours: number,
): Promise<void> {
  await run(
    tx,
    `insert into organisation_settings (organisation_id, name, value) values (?, ?, ?::jsonb)
     on conflict (organisation_id, name) do update set value = excluded.value, changed_at = now()`,
    [organisationId, settingOf(kind), JSON.stringify(hours)],
  );
  if (kind === 'turnWords' || kind === 'wordsWithoutConsent')
    await run(tx, 'update calls set words_due_at = null where words_removed_at is null and words_due_at is not null');
}

/** `36 hours`, `180 days`, `5 years` */
export function printHours(hours: number): string {
  const units: readonly (readonly [hours: number, name: string])[] = [
    [year, 'year'],
    [day, 'day'],
    [1, 'hour'],
  ];
  const [size, name] = units.find(([each]) => hours >= each && hours % each === 0) ?? [1, 'hour'];
  const count = hours / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
