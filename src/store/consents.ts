import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { appendAudit, type AuditAction, type AuditActor } from './audit.ts';
import type { Transaction } from './database.ts';
import type { ConsentAnswered } from './records.ts';
import { readCount, readRows, run } from './rows.ts';
import { seal, type KeyKeeper, type Place, type SealingKey } from './sealing.ts';

/** What callers agreed to. Each answer is a row of its own that is never changed: what holds is found by going through them. */

export const consentKinds = ['keepWords', 'followUp', 'sms'] as const;
/** `keepWords`: what was said may be kept; `followUp`: they may be rung; `sms`: they may be written to. */
export type ConsentKind = (typeof consentKinds)[number];

export type ConsentAnswer = 'given' | 'refused' | 'withdrawn';

/** `voice`: said in the call; `key`: a key that was pressed; `staff`: told to a person, who wrote it down. */
export type ConsentHow = 'voice' | 'key' | 'staff';

export interface Consent {
  readonly id: string;
  /** Null: the number was withheld; the answer holds for its call alone. */
  readonly callerId: string | null;
  /** Null: outside a call, or the record of the call was removed since. */
  readonly callId: string | null;
  readonly kind: ConsentKind;
  readonly answer: ConsentAnswer;
  /** Of the words with which it was asked. */
  readonly textVersion: string;
  readonly language: string;
  readonly how: ConsentHow;
  readonly at: Date;
}

export type NewConsent = Omit<Consent, 'id'> & {
  /** UUID; a second answer with it is not kept. */
  readonly id?: string;
  /** The words of the answer, to be sealed under the caller's key; null without any. */
  readonly evidence: { readonly words: string; readonly key: SealingKey } | null;
};

export const evidencePlace = (id: string): Place => ({ table: 'consents', column: 'evidence', row: id });

const longestEvidence = 300;

const actions: Readonly<Record<ConsentAnswer, AuditAction>> = {
  given: 'consentGiven',
  refused: 'consentRefused',
  withdrawn: 'consentWithdrawn',
};

/**
 * Keeps an answer and its entry in the audit; to be called last in `tx` (see `appendAudit`). When words may no longer be kept, the
 * next sweep looks at the calls in question. False when there was an answer of this id already.
 */
export async function recordConsent(
  tx: Transaction,
  keys: KeyKeeper,
  organisationId: string,
  consent: NewConsent,
  by: { readonly actor: AuditActor; readonly why?: string | undefined },
): Promise<boolean> {
  const { id = randomUUID(), callerId, callId, kind, answer, how, evidence } = consent;
  const result = await run(
    tx,
    `insert into consents (id, organisation_id, caller_id, call_id, kind, answer, text_version, language, how, at, evidence)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
    [
      id,
      organisationId,
      callerId,
      callId,
      kind,
      answer,
      consent.textVersion,
      consent.language,
      how,
      consent.at,
      evidence && seal(evidence.key, evidencePlace(id), evidence.words.slice(0, longestEvidence)),
    ],
  );
  if (readCount(result) === 0) return false;
  if (kind === 'keepWords') await lookAgain(tx, callerId, callId);
  await appendAudit(tx, keys, {
    actor: by.actor,
    action: actions[answer],
    subject: callerId === null ? { kind: 'call', id: callId } : { kind: 'caller', id: callerId },
    why: by.why,
    facts: { kind, how, consent: id, call: callId },
  });
  return true;
}

/** What the live call wrote of an answer. */
export async function keepAnswer(
  tx: Transaction,
  keys: KeyKeeper,
  place: { readonly organisationId: string; readonly key: SealingKey },
  record: ConsentAnswered,
): Promise<void> {
  const { callId, consentId: id, kind, answer, how, textVersion, language, words, at } = record;
  const result = await run(tx, 'select caller_id from calls where id = ?', [callId]);
  const callerId = readRows(z.object({ caller_id: z.string().nullable() }), result)[0]?.caller_id ?? null;
  const evidence = words === null ? null : { words, key: place.key };
  const consent = { id, callerId, callId, kind, answer, how, textVersion, language, at, evidence };
  await recordConsent(tx, keys, place.organisationId, consent, { actor: { kind: 'caller', id: callerId, name: '' } });
}

/** The next sweep asks anew whether the words of these calls may stay. */
async function lookAgain(tx: Transaction, callerId: string | null, callId: string | null): Promise<void> {
  await run(
    tx,
    `update calls set words_due_at = null
     where (caller_id = ? or id = ?) and words_removed_at is null and words_due_at is not null`,
    [callerId, callId],
  );
}

const row = z.object({
  id: z.string(),
  caller_id: z.string().nullable(),
  call_id: z.string().nullable(),
  kind: z.enum(consentKinds),
  answer: z.enum(['given', 'refused', 'withdrawn']),
  text_version: z.string(),
  language: z.string(),
  how: z.enum(['voice', 'key', 'staff']),
  at: z.date(),
});

const columns = 'id, caller_id, call_id, kind, answer, text_version, language, how, at';

function consentOf({
  caller_id: callerId,
  call_id: callId,
  text_version: textVersion,
  ...same
}: z.infer<typeof row>): Consent {
  return { ...same, callerId, callId, textVersion };
}

/** All answers of a caller, the oldest first. */
export async function consentsOf(tx: Transaction, callerId: string): Promise<readonly Consent[]> {
  return consentsAbout(tx, [callerId], []);
}

/** All answers of these callers, and those that were given in these calls, the oldest first. */
export async function consentsAbout(
  tx: Transaction,
  callerIds: readonly string[],
  callIds: readonly string[],
): Promise<readonly Consent[]> {
  const result = await run(
    tx,
    `select ${columns} from consents where caller_id = any(?::uuid[])
     union select ${columns} from consents where call_id = any(?::uuid[]) order by at, id`,
    [callerIds, callIds],
  );
  return readRows(row, result).map(consentOf);
}

export interface ConsentFilter {
  readonly kind?: ConsentKind | undefined;
  readonly answer?: ConsentAnswer | undefined;
  readonly callerId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly most: number;
}

/** The newest first. */
export async function listConsents(
  tx: Transaction,
  organisationId: string,
  filter: ConsentFilter,
): Promise<readonly Consent[]> {
  const conditions: readonly (readonly [sql: string, value: unknown])[] = [
    ['organisation_id = ?', organisationId],
    ['kind = ?', filter.kind],
    ['answer = ?', filter.answer],
    ['caller_id = ?', filter.callerId],
    ['at >= ?', filter.from],
    ['at < ?', filter.to],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  const result = await run(
    tx,
    `select ${columns} from consents where ${given.map(([sql]) => sql).join(' and ')} order by at desc, id limit ?`,
    [...given.map(([, value]) => value), filter.most],
  );
  return readRows(row, result).map(consentOf);
}

/**
 * What holds now, of one caller's answers. A withdrawal that nothing followed holds for everything, also for what is past.
 * Otherwise an answer given in the call in question decides about that call, and the latest answer about all others.
 */
export function standingAnswer(
  consents: readonly Consent[],
  kind: ConsentKind,
  callId: string | null = null,
): ConsentAnswer | 'unasked' {
  const ofKind = consents.filter((each) => each.kind === kind).sort((a, b) => a.at.getTime() - b.at.getTime());
  const latest = ofKind.at(-1);
  if (latest === undefined) return 'unasked';
  if (latest.answer === 'withdrawn') return 'withdrawn';
  const inCall = callId === null ? undefined : ofKind.filter((each) => each.callId === callId).at(-1);
  return (inCall ?? latest).answer;
}

/** Of one caller's answers: may what was said in this call stay for longer than safety and the law need it? */
export function wordsMayBeKept(consents: readonly Consent[], callId: string | null = null): boolean {
  return standingAnswer(consents, 'keepWords', callId) === 'given';
}

/** May this caller be rung (`followUp`) or written to (`sms`) by us? Never one who was blocked, erased, or did not agree. */
export async function mayContact(tx: Transaction, callerId: string, by: 'followUp' | 'sms'): Promise<boolean> {
  const result = await run(tx, 'select 1 from callers where id = ? and erased_at is null and blocked_at is null', [
    callerId,
  ]);
  if (readCount(result) === 0) return false;
  return standingAnswer(await consentsOf(tx, callerId), by) === 'given';
}
