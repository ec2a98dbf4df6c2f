import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/**
 * Staff with their sessions on the command line, and what the listings need to stay fast at a million calls.
 *
 * Name, login and password hash are sealed under a key of each member's own: whoever can only write into the database cannot give
 * somebody a password of their choice.
 */
export async function up(knex: Knex): Promise<void> {
  await createStaff(knex);
  await createSessions(knex);
  await countFailures(knex);
  await keepDuration(knex);
  for (const statement of indexes) await knex.raw(statement);
}

async function createStaff(knex: Knex): Promise<void> {
  await knex.raw(`
    create table staff (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- these five are null once the member was removed: the audit still refers to the row
      login bytea,
      name bytea,
      password bytea,
      wrapped_key bytea,
      data_key_id text,
      roles text[] not null check (cardinality(roles) between 1 and 5
        and roles <@ array['reviewer', 'supervisor', 'clinician', 'dataOfficer', 'administrator']),
      active boolean not null default true,
      failed_attempts integer not null default 0 check (failed_attempts >= 0),
      locked_until timestamptz,
      -- null: the local operator
      created_by uuid,
      created_at timestamptz not null default now(),
      signed_in_at timestamptz,
      removed_at timestamptz,
      unique (id, organisation_id),
      foreign key (created_by, organisation_id) references staff (id, organisation_id),
      check ((removed_at is null) = (login is not null and name is not null and password is not null
        and wrapped_key is not null and data_key_id is not null)),
      check (removed_at is null or not active)
    )`);
  await knex.raw('create index staff_of_organisation on staff (organisation_id) where removed_at is null');
  await knex.raw('create index staff_by_data_key on staff (data_key_id)');
  await secureByOrganisation(knex, 'staff', 'select, insert, update');
}

async function createSessions(knex: Knex): Promise<void> {
  await knex.raw(`
    create table staff_sessions (
      -- SHA-256 of the token: a thief of the database cannot sign in with it
      token_hash bytea primary key check (octet_length(token_hash) = 32),
      organisation_id uuid not null,
      staff_id uuid not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      foreign key (staff_id, organisation_id) references staff (id, organisation_id) on delete cascade
    )`);
  await knex.raw('create index staff_sessions_of_member on staff_sessions (staff_id)');
  await knex.raw('create index staff_sessions_by_expiry on staff_sessions (expires_at)');
  await secureByOrganisation(knex, 'staff_sessions', 'select, insert, delete');
}

/**
 * Counts, with the call, what failed in it. The log has it too, but a search for calls with a failure must not read the log of
 * every call. Entries that were there already (a repeated write) are not counted again, since they are not inserted again.
 */
async function countFailures(knex: Knex): Promise<void> {
  await knex.raw('alter table calls add column failures integer not null default 0');
  await knex.raw(`
    create function count_failures() returns trigger language plpgsql as $$ begin
      update calls set failures = failures + fresh.n
        from (select call_id, count(*)::int as n from inserted
               where event_type in ('replyFailed', 'hearingLost', 'faulted', 'faultedAgain') group by call_id) fresh
       where calls.id = fresh.call_id;
      return null;
    end $$`);
  await knex.raw(`
    create trigger call_log_failures after insert on call_log referencing new table as inserted
      for each statement execute function count_failures()`);
  // What was written before is counted once; security is lifted, because the owner would see no row.
  for (const table of ['calls', 'call_log']) await knex.raw(`alter table ${table} no force row level security`);
  await knex.raw(`
    update calls set failures = logged.n
      from (select call_id, count(*)::int as n from call_log
             where event_type in ('replyFailed', 'hearingLost', 'faulted', 'faultedAgain') group by call_id) logged
     where calls.id = logged.call_id`);
  for (const table of ['calls', 'call_log']) await knex.raw(`alter table ${table} force row level security`);
}

/**
 * A column rather than an index over the difference: row security lets an index be used only with operators that cannot leak a
 * row in an error, and the difference of two times is none of them.
 */
async function keepDuration(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table calls add column duration_seconds integer
      generated always as (floor(extract(epoch from ended_at - started_at))::integer) stored`);
}

/** In the order in which the listings show: newest first, then by id. */
const newest = 'started_at desc, id';

const indexes = [
  `create index calls_by_risk on calls (organisation_id, highest_risk, ${newest}) where highest_risk <> 'none'`,
  `create index calls_by_outcome on calls (organisation_id, outcome, ${newest})`,
  `create index calls_by_language on calls (organisation_id, language, ${newest})`,
  `create index calls_failed on calls (organisation_id, ${newest}) where failures > 0`,
  `create index calls_interrupted on calls (organisation_id, ${newest}) where barge_ins > 0`,
  `create index calls_live on calls (organisation_id, ${newest}) where ended_at is null`,
  // In the order of the listing, with the duration behind it: what does not fit is passed over within the index.
  `create index calls_by_duration on calls (organisation_id, ${newest}, duration_seconds)`,
  `create index escalations_of_call on escalations (call_id, requested_at)`,
  `create index escalations_by_outcome on escalations (organisation_id, outcome, requested_at desc, id)`,
  `create index escalation_attempts_of_person on escalation_attempts (person_id, escalation_id)`,
  `create index callback_tasks_of_call on callback_tasks (call_id)`,
  `create index callback_tasks_by_time on callback_tasks (organisation_id, due_at, id)`,
];

export async function down(knex: Knex): Promise<void> {
  for (const statement of indexes) await knex.raw(`drop index ${statement.split(' ')[2]}`);
  await knex.raw('drop trigger call_log_failures on call_log');
  await knex.raw('drop function count_failures()');
  await knex.raw('alter table calls drop column failures, drop column duration_seconds');
  await knex.raw('drop table staff_sessions');
  await knex.raw('drop table staff');
}
