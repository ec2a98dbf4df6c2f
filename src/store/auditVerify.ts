import { z } from 'zod';
import { readChain } from './audit.ts';
import { auditKeys, hashOf, noHash, type AuditKeys, type StoredAuditEntry } from './auditEntry.ts';
import type { Database, Transaction } from './database.ts';
import type { Organisation } from './organisations.ts';
import { readRows, run, sealedColumn } from './rows.ts';

export type AuditFault =
  /** Its content is not the one that its hash was taken over. */
  | { readonly type: 'changed' }
  /** It is whole, and stood at another place of the chain. */
  | { readonly type: 'moved'; readonly stoodAt: number }
  /** There is none with this number, and there are later ones. */
  | { readonly type: 'missing' }
  /** Hash and content agree, and whoever made the hash had no key. */
  | { readonly type: 'forged' }
  /** It is whole, and follows another entry than the one that is before it. */
  | { readonly type: 'notFollowing' }
  /** The chain ends before it; the head still counts it. */
  | { readonly type: 'cutOff'; readonly counted: number }
  /** It is there, and the head does not count it, or counts another one in its place. */
  | { readonly type: 'notCounted' }
  /** It is not the one that was noted elsewhere under its number. */
  | { readonly type: 'notAsNoted' };

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly hash: Buffer }
  | { readonly ok: false; readonly entries: number; readonly firstBad: number; readonly fault: AuditFault };

/** The last entry of an earlier verification, kept where nobody who can write into the database can change it. */
export interface NotedEntry {
  readonly seq: number;
  /** SHA-256. */
  readonly hash: Buffer;
}

const batch = 1_000;
/** So far from its place an entry is looked for that was moved. */
const window = 1_000;

/**
 * Goes through the chain of one organisation from its beginning and stops at the first entry that is not as it was written. Reads
 * in batches, each a transaction of its own; entries that are added meanwhile are left to the next verification.
 */
export async function verifyAudit(
  database: Database,
  organisation: Organisation,
  options: { readonly noted?: NotedEntry | null; readonly onProgress?: (checked: number, of: number) => void } = {},
): Promise<AuditVerdict> {
  const { noted = null, onProgress = () => {} } = options;
  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => database.within(organisation.id, work);
  const secrets = auditKeys(organisation);
  const { counted, hash: headHash, last } = await within((tx) => readEnd(tx, organisation.id));
  const bad = (firstBad: number, fault: AuditFault): AuditVerdict => ({ ok: false, entries: last, firstBad, fault });
  let before: Buffer = noHash;
  let next = 1;
  while (next <= counted) {
    const entries = (await within((tx) => readChain(tx, next - 1, batch))).filter(({ seq }) => seq <= counted);
    if (entries.length === 0) return bad(next, { type: 'cutOff', counted });
    for (const entry of entries) {
      const fault = faultOf(entry, next, before, secrets) ?? faultToNoted(entry, noted);
      if (fault !== null) return bad(next, fault);
      before = entry.hash;
      next += 1;
    }
    onProgress(next - 1, counted);
  }
  if (last > counted) return bad(counted + 1, { type: 'notCounted' });
  if (!before.equals(headHash)) return bad(counted, { type: 'notCounted' });
  if (noted !== null && noted.seq > counted) return bad(counted + 1, { type: 'cutOff', counted: noted.seq });
  return { ok: true, entries: counted, hash: before };
}

function faultOf(entry: StoredAuditEntry, seq: number, before: Buffer, secrets: AuditKeys): AuditFault | null {
  if (entry.seq !== seq) return { type: 'missing' };
  if (!hashOf(entry).equals(entry.hash)) {
    const stoodAt = formerPlace(entry);
    return stoodAt === null ? { type: 'changed' } : { type: 'moved', stoodAt };
  }
  if (!secrets.mac(entry.hash).equals(entry.mac)) return { type: 'forged' };
  return entry.previous.equals(before) ? null : { type: 'notFollowing' };
}

/** An entry's hash is also over its number, so a number that fits it tells where it stood. */
function formerPlace(entry: StoredAuditEntry): number | null {
  for (let distance = 1; distance <= window; distance += 1)
    for (const seq of [entry.seq + distance, entry.seq - distance])
      if (seq >= 1 && hashOf({ ...entry, seq }).equals(entry.hash)) return seq;
  return null;
}

function faultToNoted(entry: StoredAuditEntry, noted: NotedEntry | null): AuditFault | null {
  return noted?.seq === entry.seq && !noted.hash.equals(entry.hash) ? { type: 'notAsNoted' } : null;
}

const end = z.object({ counted: z.number(), hash: sealedColumn.nullable(), last: z.number() });

/** The head and the last entry, as of the same instant. */
async function readEnd(
  tx: Transaction,
  organisationId: string,
): Promise<{ readonly counted: number; readonly hash: Buffer; readonly last: number }> {
  const result = await run(
    tx,
    `select coalesce(h.entries, 0) as counted, h.hash,
       coalesce((select max(seq) from audit_log where organisation_id = o.id), 0) as last
     from organisations o left join audit_heads h on h.organisation_id = o.id where o.id = ?`,
    [organisationId],
  );
  const row = readRows(end, result)[0];
  return { counted: row?.counted ?? 0, hash: row?.hash ?? noHash, last: row?.last ?? 0 };
}
