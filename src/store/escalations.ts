import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Briefing, EscalationFact } from '../escalation/model.ts';
import type { EscalationStore, LockedEscalation, TakenStep } from '../escalation/ports.ts';
import type { EscalationEvent } from '../escalation/snapshot.ts';
import { callbackStore, cancelTasks, createTask } from './callbackTasks.ts';
import { keyOfCall, readCall } from './calls.ts';
import type { Database, Transaction } from './database.ts';
import { auditDecisions } from './escalationAudit.ts';
import { paceStore } from './escalationPace.ts';
import { briefingPlace } from './escalationRecords.ts';
import { lockEscalation, saveAttempts, saveEscalation, type LockedRow } from './escalationRows.ts';
import { numberOfPerson, peopleToRing } from './onCallPeople.ts';
import { organisationIn } from './organisations.ts';
import { levelColumn, readRows, run } from './rows.ts';
import { open, SealBroken, type KeyKeeper } from './sealing.ts';

export interface EscalationStoreOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  /** E.164 of the telephone of last resort, which is nobody's in the rota; null when there is none. */
  readonly lastResort: string | null;
}

/** Organisations of escalations that were looked up; beyond it the oldest is looked up again. */
const organisationsKept = 2_000;
/** One list is made in a few milliseconds. */
const listingTries = 20;
const listingTryMs = 20;

export function createEscalationStore(options: EscalationStoreOptions): EscalationStore {
  const { database } = options;
  const organisations = new Map<string, string>();
  const organisationOf = async (id: string): Promise<string | null> => {
    const known = organisations.get(id);
    if (known !== undefined) return known;
    const result = await database.acrossOrganisations((tx) =>
      run(tx, 'select organisation_id from escalations where id = ?', [id]),
    );
    const found = readRows(z.object({ organisation_id: z.string() }), result)[0]?.organisation_id ?? null;
    if (found === null) return null;
    organisations.set(id, found);
    const oldest = organisations.keys().next().value;
    if (organisations.size > organisationsKept && oldest !== undefined) organisations.delete(oldest);
    return found;
  };
  return {
    change: async (escalationId, work) => {
      const organisationId = await organisationOf(escalationId);
      if (organisationId === null) return null;
      return database.within(organisationId, async (tx) => {
        const row = await lockEscalation(tx, escalationId);
        return row ? work(lockedEscalation(tx, organisationId, row, options)) : null;
      });
    },
    due: async (most) => {
      const result = await database.acrossOrganisations((tx) =>
        run(tx, 'select id from escalations where next_at <= clock_timestamp() order by next_at, id limit ?', [most]),
      );
      return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
    },
    factsAfter: (followed) => factsAfter(database, followed),
    standing: (ids) => standing(database, ids),
    open: async () => {
      const result = await database.acrossOrganisations((tx) =>
        run(
          tx,
          `select count(*)::int as count,
             coalesce(extract(epoch from clock_timestamp() - min(requested_at)) * 1000, 0)::float8 as "oldestMs"
           from escalations where next_at is not null`,
        ),
      );
      const row = readRows(z.object({ count: z.number(), oldestMs: z.number() }), result)[0];
      return row ?? { count: 0, oldestMs: 0 };
    },
    audit: async (escalationId, decisions) => {
      const organisationId = await organisationOf(escalationId);
      if (organisationId === null) return;
      await database.within(organisationId, (tx) => auditDecisions(tx, options.keys, escalationId, decisions));
    },
    callbacks: callbackStore(options),
    pace: paceStore(database),
  };
}

function lockedEscalation(
  tx: Transaction,
  organisationId: string,
  row: LockedRow,
  { keys, lastResort }: EscalationStoreOptions,
): LockedEscalation {
  const { escalation, callId, callSid, language, now, callIsOver } = row;
  return {
    escalation,
    callId,
    callSid,
    language,
    now,
    callIsOver,
    takeNews: () => takeNews(tx, escalation.id),
    people: async () => {
      await oneAtATime(tx, organisationId);
      return peopleToRing(tx, await organisationIn(tx, keys, organisationId), escalation.id, lastResort);
    },
    numberOf: async (personId) =>
      personId === null ? lastResort : unlessBroken(() => numberOfPerson(tx, keys, personId)),
    languagesOf: (personId) => (personId === null ? Promise.resolve([]) : languagesOf(tx, personId)),
    briefing: () => unlessBroken(() => readBriefing(tx, keys, row)),
    knownSids: async (callSids) => {
      const result = await run(tx, 'select call_sid from escalation_attempts where call_sid = any(?::text[])', [
        callSids,
      ]);
      return new Set(readRows(z.object({ call_sid: z.string() }), result).map((found) => found.call_sid));
    },
    save: (steps) => save(tx, organisationId, row, steps),
  };
}

/** Callers who come together must not be given the same people: each sees whom the one before has taken. */
async function oneAtATime(tx: Transaction, organisationId: string): Promise<void> {
  for (let tried = 0; tried < listingTries; tried += 1) {
    const result = await run(
      tx,
      `select pg_try_advisory_xact_lock(hashtextextended('sanad.rota/' || ?::text, 0)) as mine`,
      [organisationId],
    );
    if (readRows(z.object({ mine: z.boolean() }), result)[0]?.mine) return;
    await pause(listingTryMs);
  }
  // Somebody holds it too long. People who are rung for two callers are better than none.
}

/** A value that cannot be trusted is none: the ringing goes on without it. */
async function unlessBroken<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (fault) {
    if (fault instanceof SealBroken) return null;
    throw fault;
  }
}

async function languagesOf(tx: Transaction, personId: string): Promise<readonly string[]> {
  const result = await run(tx, 'select languages from on_call_people where id = ?', [personId]);
  return readRows(z.object({ languages: z.array(z.string()) }), result)[0]?.languages ?? [];
}

const briefingShape: z.ZodType<Briefing> = z.object({
  level: levelColumn,
  reason: z.enum(['asked', 'risk', 'unheard', 'dropped']),
  language: z.string(),
  trigger: z.string().nullable(),
  about: z.enum(['self', 'other', 'child', 'unknown']),
  means: z.array(z.string()),
  location: z.string().nullable(),
  alone: z.enum(['yes', 'no', 'unknown']),
  callerGender: z.enum(['feminine', 'masculine', 'unknown']),
  child: z.boolean(),
  overheard: z.boolean(),
  refuses: z.boolean(),
});

async function readBriefing(tx: Transaction, keys: KeyKeeper, row: LockedRow): Promise<Briefing | null> {
  const call = await readCall(tx, row.callId);
  const key = call && keyOfCall(keys, call);
  if (!key) return null;
  const text = open(key, briefingPlace(row.escalation.id), row.briefing);
  return briefingShape.safeParse(JSON.parse(text)).data ?? null;
}

const newsRow = z.object({ type: z.string(), level: levelColumn.nullable().catch(null) });

/** News of a type that this code does not know is struck out and otherwise ignored. */
async function takeNews(tx: Transaction, escalationId: string): Promise<readonly EscalationEvent[]> {
  const result = await run(
    tx,
    `with taken as (
       update escalation_news set applied_at = clock_timestamp() where escalation_id = ? and applied_at is null
       returning id, type, level
     ) select type, level from taken order by id`,
    [escalationId],
  );
  return readRows(newsRow, result).flatMap(({ type, level }): EscalationEvent[] => {
    switch (type) {
      case 'callerGone':
      case 'declined':
      case 'callerJoining':
      case 'handedOver':
      case 'superseded':
        return [{ type }];
      case 'briefingChanged':
        return level === null ? [] : [{ type, level }];
      default:
        return [];
    }
  });
}

async function save(
  tx: Transaction,
  organisationId: string,
  row: LockedRow,
  steps: readonly TakenStep[],
): Promise<void> {
  const last = steps.at(-1)?.after;
  if (last === undefined) return;
  await saveAttempts(tx, organisationId, row.escalation, last);
  await saveEscalation(tx, row.escalation, last, row.events + steps.length);
  await insertEvents(tx, organisationId, row, steps);
  for (const order of steps.flatMap(({ orders }) => orders)) {
    if (order.type === 'createTask') await createTask(tx, organisationId, row.escalation.id, row.callId, order.task);
    else if (order.type === 'cancelTasks') await cancelTasks(tx, row.escalation.id, order.outcome);
  }
}

async function insertEvents(
  tx: Transaction,
  organisationId: string,
  { escalation, events, now }: LockedRow,
  steps: readonly TakenStep[],
): Promise<void> {
  const factsOf = ({ orders }: TakenStep) =>
    orders.flatMap((order): EscalationFact[] => (order.type === 'tell' ? [order.fact] : []));
  await run(
    tx,
    `insert into escalation_events (escalation_id, organisation_id, at, seq, type, from_state, to_state, attempt_id, facts)
     select ?::uuid, ?::uuid, ?::timestamptz, given.seq, given.type, given.from_state, given.to_state, given.attempt_id,
       given.facts::jsonb
     from unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[])
       as given (seq, type, from_state, to_state, attempt_id, facts)`,
    [
      escalation.id,
      organisationId,
      new Date(now),
      steps.map((_, index) => events + index + 1),
      steps.map(({ event }) => event.type),
      steps.map(({ before }) => before.state),
      steps.map(({ after }) => after.state),
      steps.map(({ event }) => ('attemptId' in event ? event.attemptId : null)),
      steps.map((step) => JSON.stringify(factsOf(step))),
    ],
  );
}

const factShape: z.ZodType<EscalationFact> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ringing') }),
  z.object({ type: z.literal('accepted') }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('dropped') }),
  z.object({ type: z.literal('nobody'), rounds: z.number() }),
  z.object({ type: z.literal('unavailable') }),
]);

async function factsAfter(
  database: Database,
  followed: readonly { readonly escalationId: string; readonly seq: number }[],
) {
  const result = await database.acrossOrganisations((tx) =>
    run(
      tx,
      `select e.escalation_id as "escalationId", e.seq, e.facts from escalation_events e
       join unnest(?::uuid[], ?::int[]) as given (id, seq) on e.escalation_id = given.id and e.seq > given.seq
       where e.facts <> '[]'::jsonb order by e.escalation_id, e.seq`,
      [followed.map(({ escalationId }) => escalationId), followed.map(({ seq }) => seq)],
    ),
  );
  return readRows(z.object({ escalationId: z.string(), seq: z.number(), facts: z.array(factShape) }), result);
}

async function standing(database: Database, escalationIds: readonly string[]) {
  const result = await database.acrossOrganisations((tx) =>
    run(
      tx,
      `select id as "escalationId", call_id as "callId", placed_at is not null as placed from escalations where id = any(?::uuid[])`,
      [escalationIds],
    ),
  );
  return readRows(z.object({ escalationId: z.string(), callId: z.string(), placed: z.boolean() }), result);
}
