import type { Knex } from 'knex';
import { openToMaintenance, secureByOrganisation } from './rowSecurity.ts';

/**
 * Who can be rung, what was thought of the danger, and every escalation with its telephones, its steps and the promises to
 * call back. Sealed columns are `bytea`; everything else is ids, times and tags. A row that belongs to another refers to
 * (id, organisation), so that it cannot belong to another organisation.
 */
export async function up(knex: Knex): Promise<void> {
  await createOnCallPeople(knex);
  await createRiskAssessments(knex);
  await createEscalations(knex);
  await createAttempts(knex);
  await createEvents(knex);
  await createNews(knex);
  await createCallbackTasks(knex);
}

async function createOnCallPeople(knex: Knex): Promise<void> {
  await knex.raw(`
    create table on_call_people (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- these five are null once the person was removed: attempts still refer to the row
      number_hmac bytea check (octet_length(number_hmac) = 32),
      number bytea,
      name bytea,
      wrapped_key bytea,
      data_key_id text,
      languages text[] not null check (cardinality(languages) between 1 and 20),
      gender text check (gender in ('f', 'm')),
      -- no shifts: always on call
      shifts jsonb not null default '[]',
      priority integer not null check (priority between 1 and 99),
      role text not null check (role in ('listener', 'supervisor')),
      active boolean not null,
      created_at timestamptz not null default now(),
      removed_at timestamptz,
      unique (organisation_id, number_hmac),
      unique (id, organisation_id),
      check ((removed_at is null) = (number_hmac is not null and number is not null and name is not null
        and wrapped_key is not null and data_key_id is not null)),
      check (removed_at is null or not active)
    )`);
  await knex.raw('create index on_call_people_by_data_key on on_call_people (data_key_id)');
  await secureByOrganisation(knex, 'on_call_people', 'select, insert, update, delete');
}

const level = `text not null check (level in ('none', 'low', 'moderate', 'high', 'imminent'))`;

async function createRiskAssessments(knex: Knex): Promise<void> {
  await knex.raw(`
    create table risk_assessments (
      organisation_id uuid not null,
      call_id uuid not null,
      -- since the call was answered
      at_ms integer not null,
      level ${level},
      source text not null check (source ~ '^[a-zA-Z]{1,40}$'),
      -- tags, never words
      signals jsonb not null default '[]',
      created_at timestamptz not null default now(),
      -- a write that is repeated is one assessment
      primary key (call_id, at_ms, source, level),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await secureByOrganisation(knex, 'risk_assessments', 'select, insert, delete');
}

async function createEscalations(knex: Knex): Promise<void> {
  await knex.raw(`
    create table escalations (
      id uuid primary key,
      organisation_id uuid not null,
      call_id uuid not null,
      state text not null check (state in ('requested', 'ringing', 'accepted', 'joining', 'bridged', 'fallback', 'closed')),
      reason text not null check (reason in ('asked', 'risk', 'unheard', 'dropped')),
      level ${level},
      language text not null,
      -- what the person hears: the caller's words are in it
      briefing bytea not null,
      round integer not null default 0,
      wave integer not null default 0,
      winner uuid,
      -- what the state machine remembers beside these columns: times, ids and tags
      memory jsonb not null default '{}',
      requested_at timestamptz not null,
      placed_at timestamptz,
      ringing_at timestamptz,
      accepted_at timestamptz,
      joining_at timestamptz,
      bridged_at timestamptz,
      fallback_at timestamptz,
      closed_at timestamptz,
      outcome text check (outcome in ('helped', 'callerGone', 'declined', 'nobody', 'handedOver')),
      -- when it must be looked at again, whatever happens before
      next_at timestamptz,
      -- the call asked anew: this one is about to be closed
      superseded_at timestamptz,
      -- counts the rows of escalation_events
      events integer not null default 0,
      unique (id, organisation_id),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade,
      check ((state = 'closed') = (outcome is not null)),
      check ((state = 'closed') = (closed_at is not null)),
      check ((state = 'closed') = (next_at is null)),
      check (winner is not null or state not in ('accepted', 'joining', 'bridged'))
    )`);
  await knex.raw(
    `create unique index escalations_open on escalations (call_id) where state <> 'closed' and superseded_at is null`,
  );
  await knex.raw(`create index escalations_due on escalations (next_at) where next_at is not null`);
  await knex.raw('create index escalations_by_time on escalations (organisation_id, requested_at desc, id)');
  await secureByOrganisation(knex, 'escalations', 'select, insert, update, delete');
  await openToMaintenance(
    knex,
    'escalations',
    'select (id, organisation_id, call_id, state, level, round, requested_at, placed_at, closed_at, outcome, next_at)',
  );
}

async function createAttempts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table escalation_attempts (
      id uuid primary key,
      organisation_id uuid not null,
      escalation_id uuid not null,
      -- null: the telephone of last resort, which is nobody's in the rota
      person_id uuid,
      round integer not null,
      wave integer not null,
      -- who is rung first within the wave
      position integer not null,
      state text not null check (state in ('planned', 'dialling', 'ringing', 'answered', 'accepted', 'joined', 'declined',
        'noKey', 'busy', 'noAnswer', 'failed', 'released', 'tooLate', 'left')),
      call_sid text,
      due_at timestamptz not null,
      dialled_at timestamptz,
      ringing_at timestamptz,
      answered_at timestamptz,
      accepted_at timestamptz,
      ended_at timestamptz,
      -- the carrier's guess; noted, and decides nothing
      answered_by text,
      memory jsonb not null default '{}',
      foreign key (escalation_id, organisation_id) references escalations (id, organisation_id) on delete cascade,
      foreign key (person_id, organisation_id) references on_call_people (id, organisation_id)
    )`);
  // Nobody is rung twice in one wave, the nameless telephone included.
  await knex.raw(`
    create unique index escalation_attempts_once on escalation_attempts
      (escalation_id, round, wave, coalesce(person_id, '00000000-0000-0000-0000-000000000000'))`);
  // Never two at once, whatever our code believes.
  await knex.raw(`
    create unique index escalation_attempts_winner on escalation_attempts (escalation_id)
      where state in ('accepted', 'joined')`);
  await knex.raw(`
    create index escalation_attempts_busy on escalation_attempts (organisation_id, person_id)
      where state in ('accepted', 'joined')`);
  await secureByOrganisation(knex, 'escalation_attempts', 'select, insert, update, delete');
}

async function createEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table escalation_events (
      escalation_id uuid not null,
      seq integer not null,
      organisation_id uuid not null,
      at timestamptz not null,
      type text not null check (type ~ '^[a-zA-Z]{1,40}$'),
      from_state text not null,
      to_state text not null,
      attempt_id uuid,
      -- what the live call is told by it; tags and counts
      facts jsonb not null default '[]',
      primary key (escalation_id, seq),
      foreign key (escalation_id, organisation_id) references escalations (id, organisation_id) on delete cascade
    )`);
  await secureByOrganisation(knex, 'escalation_events', 'select, insert, delete');
  await openToMaintenance(
    knex,
    'escalation_events',
    'select (escalation_id, seq, organisation_id, at, type, from_state, to_state, attempt_id, facts)',
  );
}

/** What the live call said of its escalation, in order, until the state machine has taken it in. */
async function createNews(knex: Knex): Promise<void> {
  await knex.raw(`
    create table escalation_news (
      id bigint generated always as identity primary key,
      -- made by the server: a write that is repeated is one piece of news
      news_id uuid not null unique,
      organisation_id uuid not null,
      escalation_id uuid not null,
      type text not null check (type ~ '^[a-zA-Z]{1,40}$'),
      level text,
      at timestamptz not null,
      applied_at timestamptz,
      foreign key (escalation_id, organisation_id) references escalations (id, organisation_id) on delete cascade
    )`);
  await knex.raw(
    'create index escalation_news_waiting on escalation_news (escalation_id, id) where applied_at is null',
  );
  await secureByOrganisation(knex, 'escalation_news', 'select, insert, update, delete');
}

async function createCallbackTasks(knex: Knex): Promise<void> {
  await knex.raw(`
    create table callback_tasks (
      id uuid primary key,
      organisation_id uuid not null,
      escalation_id uuid not null,
      call_id uuid not null,
      kind text not null check (kind in ('automaticCallback', 'humanCallback', 'supervisor')),
      -- the first, the second automatic callback; 1 for the others
      ordinal integer not null default 1,
      owner_person_id uuid,
      owner_role text check (owner_role in ('listener', 'supervisor', 'sanad')),
      due_at timestamptz not null,
      state text not null check (state in ('waiting', 'calling', 'done', 'cancelled')),
      attempts integer not null default 0,
      outcome text check (outcome ~ '^[a-zA-Z]{1,40}$'),
      call_sid text,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      unique (escalation_id, kind, ordinal),
      foreign key (escalation_id, organisation_id) references escalations (id, organisation_id) on delete cascade,
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade,
      foreign key (owner_person_id, organisation_id) references on_call_people (id, organisation_id),
      check (owner_person_id is not null or owner_role is not null),
      check ((state in ('done', 'cancelled')) = (outcome is not null))
    )`);
  await knex.raw(`create index callback_tasks_due on callback_tasks (due_at) where state in ('waiting', 'calling')`);
  await secureByOrganisation(knex, 'callback_tasks', 'select, insert, update, delete');
  await openToMaintenance(
    knex,
    'callback_tasks',
    'select (id, organisation_id, escalation_id, call_id, kind, due_at, state, changed_at)',
  );
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'callback_tasks',
    'escalation_news',
    'escalation_events',
    'escalation_attempts',
    'escalations',
    'risk_assessments',
    'on_call_people',
  ];
  for (const table of tables) await knex.raw(`drop table ${table}`);
}
