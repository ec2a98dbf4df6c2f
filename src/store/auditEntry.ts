import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { Organisation } from './organisations.ts';
import type { Place, SealingKey } from './sealing.ts';

/** What an entry of the audit is made of, and the bytes that its hash is taken over. */

export type AuditAction =
  // Looking: who saw what.
  | 'callsListed'
  | 'callSeen'
  | 'wordsRead'
  | 'callExported'
  | 'callReplayed'
  | 'callersListed'
  | 'callerSeen'
  | 'consentsSeen'
  | 'escalationsSeen'
  | 'messagesSeen'
  | 'usageSeen'
  | 'onCallSeen'
  | 'reportMade'
  | 'liveWatched'
  | 'auditSeen'
  | 'auditVerified'
  // A caller and their data.
  | 'consentGiven'
  | 'consentRefused'
  | 'consentWithdrawn'
  | 'callerExported'
  | 'callerErased'
  | 'callerBlocked'
  | 'callerUnblocked'
  | 'retentionRun'
  // Safety decisions.
  | 'riskRaised'
  | 'riskLowered'
  | 'escalationRequested'
  | 'escalationAccepted'
  | 'escalationBridged'
  | 'escalationClosed'
  | 'callbackMade'
  | 'callbackClosed'
  | 'reviewMarked'
  // Messages and follow-ups.
  | 'followUpsSeen'
  | 'messageWritten'
  | 'messageEdited'
  | 'messageApproved'
  | 'messageRejected'
  | 'messageTried'
  | 'followUpsEnded'
  | 'optedOut'
  | 'wordingChosen'
  | 'templateApproved'
  | 'templateWithdrawn'
  // Staff and what they may change.
  | 'staffAdded'
  | 'staffChanged'
  | 'staffRemoved'
  | 'staffLocked'
  | 'staffUnlocked'
  | 'passwordChanged'
  | 'signedIn'
  | 'signInFailed'
  | 'signedOut'
  | 'rightRefused'
  | 'onCallAdded'
  | 'onCallChanged'
  | 'onCallRemoved'
  | 'settingChanged'
  | 'summariesSeen'
  | 'summaryEdited'
  | 'summaryApproved'
  | 'summaryRejected'
  | 'profileChanged'
  | 'serviceAdded'
  | 'serviceChanged'
  | 'serviceRemoved'
  | 'slotsAdded'
  | 'slotRemoved'
  | 'appointmentsSeen'
  | 'appointmentBooked'
  | 'appointmentMoved'
  | 'appointmentCancelled'
  | 'jobsSeen'
  | 'jobRetried'
  | 'jobDiscarded'
  // Keys.
  | 'keysSeen'
  | 'keysRotated';

export interface AuditActor {
  readonly kind: 'staff' | 'localOperator' | 'sanad' | 'caller';
  /** UUID; null for whoever has no account. */
  readonly id: string | null;
  /** Sealed. */
  readonly name: string;
}

export interface AuditSubject {
  readonly kind:
    | 'organisation'
    | 'call'
    | 'caller'
    | 'consent'
    | 'escalation'
    | 'callback'
    | 'staff'
    | 'onCallPerson'
    | 'message'
    | 'report'
    | 'setting'
    | 'keys'
    | 'retention'
    | 'job'
    | 'summary'
    | 'service'
    | 'slot'
    | 'appointment'
    | 'audit';
  /** An id or a plain tag of at most 80 characters, never a number or a name; null for all of the kind. */
  readonly id: string | null;
}

/** Counts, ids and tags. Whole numbers; texts as `factPattern` allows them, so that no word and no number of a caller fits. */
export type AuditFacts = Readonly<Record<string, number | boolean | string | null>>;

export interface NewAuditEntry {
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly subject: AuditSubject;
  /** Why, in the actor's own words. Sealed; at most 500 characters are kept. */
  readonly why?: string | undefined;
  readonly facts?: AuditFacts | undefined;
}

/** An entry as it is stored; the database has these columns. */
export interface StoredAuditEntry {
  readonly organisationId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly sealed: Buffer;
  readonly facts: unknown;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly mac: Buffer;
}

/** What the first entry follows. */
export const noHash = Buffer.alloc(32);

/** SHA-256 over the entry and the hash of the one before it. */
export function hashOf(entry: Omit<StoredAuditEntry, 'hash' | 'mac'>): Buffer {
  const parts = [
    'sanad/audit/1',
    entry.organisationId,
    entry.seq,
    entry.at.toISOString(),
    entry.actorKind,
    entry.actorId,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    entry.sealed.toString('base64'),
    inOrder(entry.facts),
    entry.previous.toString('hex'),
  ];
  // JSON keeps the parts apart from each other, whatever is in them.
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest();
}

/** The database keeps the names of an object in an order of its own. */
function inOrder(facts: unknown): unknown {
  if (typeof facts !== 'object' || facts === null) return facts;
  return Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Keys of the audit, derived from the organisation's own, so that they are rotated with it and no entry must be changed. */
export interface AuditKeys {
  /** Seals names and reasons. */
  readonly seal: SealingKey;
  readonly mac: (hash: Buffer) => Buffer;
}

export function auditKeys({ lookup }: Organisation): AuditKeys {
  const derive = (purpose: string) => createSecretKey(Buffer.from(hkdfSync('sha256', lookup.secret, '', purpose, 32)));
  const macKey = derive('sanad/audit-mac/1');
  return {
    seal: { secret: derive('sanad/audit-seal/1') },
    mac: (hash) => createHmac('sha256', macKey).update(hash).digest(),
  };
}

export const auditPlace = (organisationId: string, seq: number): Place => ({
  table: 'audit_log',
  column: 'sealed',
  row: `${organisationId}/${seq}`,
});

const factPattern = /^[\w.:+/-]{0,80}$/;
/** Anything that could be dialled, unless it stands within an id. */
const dialable = /(?<![0-9a-f-])\+?\d{7,}(?![0-9a-f-])/i;
const mostFacts = 30;

/** Throws a `RangeError` on what must not stand in the audit in plain text: a fault of our own code. */
export function checkedFacts(facts: AuditFacts): AuditFacts {
  if (Object.keys(facts).length > mostFacts) throw new RangeError('an audit entry has too many facts');
  for (const [name, value] of Object.entries(facts)) {
    if (!/^[a-zA-Z]{1,40}$/.test(name)) throw new RangeError('a fact of the audit has a name of 1 to 40 letters');
    if (typeof value === 'string' && !isTag(value)) throw new RangeError(`the audit's fact ${name} is no tag or id`);
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`the audit's fact ${name} is no whole number`);
  }
  return facts;
}

/** Throws a `RangeError`, for the same reason. */
export function checkedSubject(subject: AuditSubject): AuditSubject {
  if (subject.id !== null && !isTag(subject.id)) throw new RangeError('the subject of an audit entry is no tag or id');
  return subject;
}

function isTag(text: string): boolean {
  return factPattern.test(text) && !dialable.test(text);
}
