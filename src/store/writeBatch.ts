import { insertLog, type KeyedLogEntry } from './callLog.ts';
import { callerKeyPlace, findOrCreateCaller } from './callers.ts';
import {
  beat,
  callKeyPlace,
  endCall,
  insertCall,
  keepDirectQuestion,
  keyOfCall,
  markAnswered,
  organisationOfCall,
  raiseRisk,
  readCall,
  tryUnwrap,
} from './calls.ts';
import { keepAnswer } from './consents.ts';
import type { Database, Transaction } from './database.ts';
import { ensureOrganisation, organisationOf, type Organisation } from './organisations.ts';
import { RecordRefused } from './recordRefused.ts';
import { insertAssessment, keepEscalation } from './escalationRecords.ts';
import { isUrgent, type CallRecord, type CallStarted, type HeartbeatRecord } from './records.ts';
import { keepMood } from './moodRatings.ts';
import { RiskAudit, type RiskAuditOptions } from './riskAudit.ts';
import type { KeyKeeper, SealingKey } from './sealing.ts';
import { insertTurns, type KeyedTurn } from './turns.ts';
import { keepUsage } from './usage.ts';

export interface BatchOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly serverId: string;
  readonly codeRevision: string;
  /** Takes the calls to numbers of no organisation, and is made when it is not there yet. */
  readonly ownNumber: { readonly name: string; readonly dialledNumber: string };
}

/** Where a call's records belong and what seals them. */
interface CallPlace {
  readonly organisationId: string;
  readonly key: SealingKey;
}

/** Calls whose key is kept in memory; beyond it the oldest is read again when needed. */
const placesKept = 2_000;

/**
 * Writes batches of records, each batch all or nothing within an organisation, and as often as is needed: what is there
 * already stays. Throws what the database throws, `RecordRefused`, or `SealBroken`.
 */
export class BatchWriter {
  readonly #options: BatchOptions;
  readonly #audit: RiskAudit;
  readonly #organisations = new Map<string, Organisation>();
  readonly #places = new Map<string, CallPlace>();

  constructor(options: BatchOptions, onMissing: RiskAuditOptions['onMissing']) {
    this.#options = options;
    this.#audit = new RiskAudit({ ...options, onMissing });
  }

  async write(records: readonly CallRecord[]): Promise<void> {
    for (const [organisation, own] of await this.#byOrganisation(records)) {
      const places = await this.#options.database.within(organisation, (tx) => this.#writeIn(tx, organisation, own));
      // Only what is committed may be remembered: a call that was rolled back has another key the next time.
      for (const [callId, place] of places) this.#remember(callId, place);
      this.#audit.note(
        organisation,
        own.filter((record) => record.type === 'riskDecided'),
      );
    }
  }

  /** When the decisions about danger that were written so far are in the audit. */
  audited(): Promise<void> {
    return this.#audit.settled();
  }

  async #byOrganisation(records: readonly CallRecord[]): Promise<ReadonlyMap<string, CallRecord[]>> {
    const started = new Map<string, string>();
    const groups = new Map<string, CallRecord[]>();
    for (const record of records) {
      const organisation = await this.#organisationIdOf(record, started);
      if (organisation === null) continue;
      if (record.type === 'callStarted') started.set(record.callId, organisation);
      const group = groups.get(organisation) ?? [];
      group.push(record);
      groups.set(organisation, group);
    }
    return groups;
  }

  /** Null for the heartbeat of a call that is not written yet: the next one will do. */
  async #organisationIdOf(record: CallRecord, started: ReadonlyMap<string, string>): Promise<string | null> {
    if (record.type === 'callStarted') return (await this.#organisation(record.organisationNumber)).id;
    const known = started.get(record.callId) ?? this.#places.get(record.callId)?.organisationId;
    if (known !== undefined) return known;
    const found = await organisationOfCall(this.#options.database, { callId: record.callId });
    if (found === null && record.type !== 'heartbeat') throw new RecordRefused('unknownCall');
    return found;
  }

  async #organisation(dialledNumber: string): Promise<Organisation> {
    const known = this.#organisations.get(dialledNumber);
    if (known) return known;
    const { database, keys, ownNumber } = this.#options;
    const found =
      (await organisationOf(database, keys, dialledNumber)) ?? (await ensureOrganisation(database, keys, ownNumber));
    this.#organisations.set(dialledNumber, found);
    return found;
  }

  async #writeIn(
    tx: Transaction,
    organisationId: string,
    records: readonly CallRecord[],
  ): Promise<ReadonlyMap<string, CallPlace>> {
    const places = new Map<string, CallPlace>();
    const turns: KeyedTurn[] = [];
    const entries: KeyedLogEntry[] = [];
    const heartbeats: HeartbeatRecord[] = [];
    const place = async (callId: string): Promise<CallPlace> => {
      const known = places.get(callId) ?? this.#places.get(callId);
      const found = known ?? (await this.#placeInDatabase(tx, callId));
      places.set(callId, found);
      return found;
    };
    for (const record of records) {
      if (record.type === 'callStarted') {
        await this.#start(tx, await this.#organisation(record.organisationNumber), record);
        await place(record.callId);
      } else if (record.type === 'turn') turns.push({ record, key: (await place(record.callId)).key });
      else if (record.type === 'log') entries.push({ record, key: (await place(record.callId)).key });
      else if (record.type === 'heartbeat') heartbeats.push(record);
    }
    await insertTurns(tx, organisationId, turns);
    await insertLog(tx, organisationId, entries);
    await beat(tx, this.#options.serverId, heartbeats);
    for (const record of records) {
      await update(tx, organisationId, record);
      if (record.type === 'moodRated') await keepMood(tx, await place(record.callId), record);
      if (isUrgent(record)) await keepEscalation(tx, await place(record.callId), record);
    }
    // Last, since whoever else adds to the audit waits from here on.
    for (const record of records)
      if (record.type === 'consentAnswered')
        await keepAnswer(tx, this.#options.keys, await place(record.callId), record);
    return places;
  }

  async #start(tx: Transaction, organisation: Organisation, record: CallStarted): Promise<void> {
    const { keys, codeRevision, serverId } = this.#options;
    const caller = record.from === null ? null : await findOrCreateCaller(tx, keys, organisation, record.from);
    // A caller's key that cannot be opened (a lost data key) must not cost the words of this call.
    const sealedByCaller = caller !== null && tryUnwrap(keys, caller.wrappedKey, callerKeyPlace(caller.id)) !== null;
    await insertCall(tx, {
      record,
      organisationId: organisation.id,
      callerId: caller?.id ?? null,
      ownKey: sealedByCaller ? null : keys.create(callKeyPlace(record.callId)),
      codeRevision,
      serverId,
    });
  }

  /** Read back even for a call just inserted: of a repeated write the first key counts. */
  async #placeInDatabase(tx: Transaction, callId: string): Promise<CallPlace> {
    const call = await readCall(tx, callId);
    if (!call) throw new RecordRefused('unknownCall');
    const key = keyOfCall(this.#options.keys, call);
    if (!key) throw new RecordRefused('keyDestroyed');
    return { organisationId: call.organisation_id, key };
  }

  #remember(callId: string, place: CallPlace): void {
    this.#places.set(callId, place);
    if (this.#places.size <= placesKept) return;
    for (const oldest of this.#places.keys()) {
      this.#places.delete(oldest);
      return;
    }
  }
}

async function update(tx: Transaction, organisationId: string, record: CallRecord): Promise<void> {
  if (record.type === 'riskAssessed') await insertAssessment(tx, organisationId, record);
  else if (record.type === 'callAnswered') await markAnswered(tx, record);
  else if (record.type === 'riskRaised') await raiseRisk(tx, record);
  else if (record.type === 'directQuestion') await keepDirectQuestion(tx, record);
  else if (record.type === 'usageCounted') await keepUsage(tx, record);
  else if (record.type === 'callEnded') await endCall(tx, record);
}
