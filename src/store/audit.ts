import { z } from 'zod';
import {
  auditKeys,
  auditPlace,
  checkedFacts,
  checkedSubject,
  hashOf,
  noHash,
  type NewAuditEntry,
  type StoredAuditEntry,
} from './auditEntry.ts';
import type { Transaction } from './database.ts';
import { organisationIn, type Organisation } from './organisations.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { open, seal, type KeyKeeper } from './sealing.ts';

export type { AuditAction, AuditActor, AuditFacts, AuditSubject, NewAuditEntry } from './auditEntry.ts';

/**
 * The audit: who did what to whose data and why, and what was decided about danger. Each entry holds the hash of the one before
 * it, within its organisation. What can be found out with it, and what cannot: docs/decisions/audit-chain.md.
 */

const longestWhy = 500;
const longestName = 120;

/**
 * Adds an entry to the chain of the transaction's organisation: it is kept if and only if the rest of the transaction is. To be
 * called last in it: from here to the end of the transaction everybody else who adds an entry of this organisation waits.
 * Throws `SealBroken` when the data key does not open the organisation's, and a `RangeError` when facts hold more than tags.
 */
export async function appendAudit(tx: Transaction, keys: KeyKeeper, entry: NewAuditEntry): Promise<void> {
  const organisationId = await scopeOf(tx);
  await run(tx, `select pg_advisory_xact_lock(hashtextextended('sanad.audit/' || ?::text, 0))`, [organisationId]);
  const head = await lastLink(tx, organisationId);
  const secrets = auditKeys(await organisationIn(tx, keys, organisationId));
  const subject = checkedSubject(entry.subject);
  const seq = head.entries + 1;
  const words = { name: entry.actor.name.slice(0, longestName), why: entry.why?.slice(0, longestWhy) ?? null };
  const unhashed = {
    organisationId,
    seq,
    at: await wallOf(tx),
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    action: entry.action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    sealed: seal(secrets.seal, auditPlace(organisationId, seq), JSON.stringify(words)),
    facts: checkedFacts(entry.facts ?? {}),
    previous: head.hash,
  };
  const hash = hashOf(unhashed);
  await insert(tx, { ...unhashed, hash, mac: secrets.mac(hash) });
}

async function insert(tx: Transaction, e: StoredAuditEntry): Promise<void> {
  await run(
    tx,
    `insert into audit_log (organisation_id, seq, at, actor_kind, actor_id, action, subject_kind, subject_id, sealed, facts,
       previous, hash, mac)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)`,
    [
      e.organisationId,
      e.seq,
      e.at,
      e.actorKind,
      e.actorId,
      e.action,
      e.subjectKind,
      e.subjectId,
      e.sealed,
      JSON.stringify(e.facts),
      e.previous,
      e.hash,
      e.mac,
    ],
  );
}

/** The organisation whose rows the transaction sees; throws when it is in no organisation's scope. */
async function scopeOf(tx: Transaction): Promise<string> {
  const result = await run(tx, `select nullif(current_setting('sanad.organisation', true), '') as id`);
  const id = readRows(z.object({ id: z.string().nullable() }), result)[0]?.id ?? null;
  if (id === null) throw new Error('an audit entry belongs to an organisation, and this transaction is in none');
  return id;
}

/** The database's clock, which all servers share, cut to the milliseconds that a Date can carry. */
async function wallOf(tx: Transaction): Promise<Date> {
  const result = await run(tx, `select date_trunc('milliseconds', clock_timestamp()) as at`);
  const at = readRows(z.object({ at: z.date() }), result)[0]?.at;
  if (at === undefined) throw new Error('the database does not say what time it is');
  return at;
}

interface Link {
  readonly entries: number;
  readonly hash: Buffer;
}

/** What the next entry follows: the head, or the last entry where the head was lost or set back. */
async function lastLink(tx: Transaction, organisationId: string): Promise<Link> {
  const result = await run(
    tx,
    `(select entries, hash from audit_heads where organisation_id = ?)
     union all (select seq, hash from audit_log where organisation_id = ? order by seq desc limit 1)
     order by entries desc limit 1`,
    [organisationId, organisationId],
  );
  return readRows(z.object({ entries: z.number(), hash: sealedColumn }), result)[0] ?? { entries: 0, hash: noHash };
}

const row = z.object({
  organisation_id: z.string(),
  seq: z.number(),
  at: z.date(),
  actor_kind: z.string(),
  actor_id: z.string().nullable(),
  action: z.string(),
  subject_kind: z.string(),
  subject_id: z.string().nullable(),
  sealed: sealedColumn,
  facts: z.unknown(),
  previous: sealedColumn,
  hash: sealedColumn,
  mac: sealedColumn,
});

const columns =
  'organisation_id, seq, at, actor_kind, actor_id, action, subject_kind, subject_id, sealed, facts, previous, hash, mac';

function stored(r: z.infer<typeof row>): StoredAuditEntry {
  const { organisation_id: organisationId, actor_kind: actorKind, actor_id: actorId, ...rest } = r;
  const { subject_kind: subjectKind, subject_id: subjectId, ...same } = rest;
  return { ...same, organisationId, actorKind, actorId, subjectKind, subjectId };
}

/** Up to `most` entries that come after `afterSeq`, in order. Opens nothing that is sealed. */
export async function readChain(tx: Transaction, afterSeq: number, most: number): Promise<readonly StoredAuditEntry[]> {
  const result = await run(tx, `select ${columns} from audit_log where seq > ? order by seq limit ?`, [afterSeq, most]);
  return readRows(row, result).map(stored);
}

/** An entry as it is shown. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: Date;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string | null };
  readonly why: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly action?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly actorId?: string | undefined;
  /** Only entries before this one: the next page. */
  readonly beforeSeq?: number | undefined;
  readonly most: number;
}

const sealedWords = z.object({ name: z.string(), why: z.string().nullable() });

/** The newest first. Throws `SealBroken` at an entry that was changed. */
export async function listAudit(
  tx: Transaction,
  organisation: Organisation,
  filter: AuditFilter,
): Promise<readonly AuditEntry[]> {
  const conditions: readonly (readonly [sql: string, value: unknown])[] = [
    ['organisation_id = ?', organisation.id],
    ['at >= ?', filter.from],
    ['at < ?', filter.to],
    ['action = ?', filter.action],
    ['subject_id = ?', filter.subjectId],
    ['actor_id = ?', filter.actorId],
    ['seq < ?', filter.beforeSeq],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  const result = await run(
    tx,
    `select ${columns} from audit_log where ${given.map(([sql]) => sql).join(' and ')} order by seq desc limit ?`,
    [...given.map(([, value]) => value), filter.most],
  );
  const { seal: key } = auditKeys(organisation);
  return readRows(row, result).map((r) => {
    const { name, why } = sealedWords.parse(
      JSON.parse(open(key, auditPlace(r.organisation_id, r.seq), r.sealed)) as unknown,
    );
    return {
      seq: r.seq,
      at: r.at,
      actor: { kind: r.actor_kind, id: r.actor_id, name },
      action: r.action,
      subject: { kind: r.subject_kind, id: r.subject_id },
      why,
      facts: z.record(z.string(), z.unknown()).parse(r.facts),
    };
  });
}
