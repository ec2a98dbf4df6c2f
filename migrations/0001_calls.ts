import type { Knex } from 'knex';
import {
  applicationRole,
  createRoles,
  currentOrganisation,
  openToMaintenance,
  secure,
  secureByOrganisation,
} from './rowSecurity.ts';

/**
 * Organisations, callers, calls with their turns and log, tickets of streams, and the outbox.
 *
 * Sealed columns are `bytea`: what is in them is in src/store/sealing.ts. A row that belongs to a call refers to
 * (call, organisation), so that it cannot belong to another organisation than its call.
 */
export async function up(knex: Knex): Promise<void> {
  await createRoles(knex);
  await createOrganisations(knex);
  await createCallers(knex);
  await createCalls(knex);
  await createTurns(knex);
  await createCallLog(knex);
  await createTickets(knex);
  await createOutbox(knex);
}

async function createOrganisations(knex: Knex): Promise<void> {
  await knex.raw(`
    create table organisations (
      id uuid primary key,
      name text not null,
      dialled_number text not null unique check (dialled_number ~ '^\\+[1-9][0-9]{6,14}$'),
      -- the key of the look-up of callers by number (HMAC), wrapped by the data key
      lookup_key bytea not null,
      data_key_id text not null,
      created_at timestamptz not null default now()
    )`);
  await secure(knex, 'organisations');
  // A call knows the number that was dialled before it knows its organisation.
  const visible = `id = ${currentOrganisation} or dialled_number = (select current_setting('sanad.dialled_number', true))`;
  await knex.raw(`
    create policy organisations_own on organisations for all to ${applicationRole}
      using (${visible}) with check (${visible})`);
  await knex.raw(`grant select, insert, update on organisations to ${applicationRole}`);
}

async function createCallers(knex: Knex): Promise<void> {
  await knex.raw(`
    create table callers (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- these four are null once the caller was erased: without the key nothing that was sealed can be read again
      phone_hmac bytea check (octet_length(phone_hmac) = 32),
      phone bytea,
      wrapped_key bytea,
      data_key_id text,
      created_at timestamptz not null default now(),
      erased_at timestamptz,
      unique (organisation_id, phone_hmac),
      unique (id, organisation_id),
      check ((erased_at is null) = (phone_hmac is not null and phone is not null and wrapped_key is not null
        and data_key_id is not null))
    )`);
  await knex.raw('create index callers_by_data_key on callers (data_key_id)');
  await secureByOrganisation(knex, 'callers', 'select, insert, update, delete');
}

async function createCalls(knex: Knex): Promise<void> {
  await knex.raw(`
    create table calls (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      caller_id uuid,
      -- a call without a caller (withheld number) has its own key
      wrapped_key bytea,
      data_key_id text,
      call_sid text not null unique,
      language text not null,
      pack_version text not null,
      code_revision text not null,
      started_at timestamptz not null,
      answered_at timestamptz,
      ended_at timestamptz,
      outcome text check (outcome ~ '^[a-zA-Z]{1,40}$'),
      highest_risk text not null default 'none' check (highest_risk in ('none', 'low', 'moderate', 'high', 'imminent')),
      held_by text not null,
      heartbeat_at timestamptz not null,
      turns integer not null default 0,
      barge_ins integer not null default 0,
      false_barge_ins integer not null default 0,
      unique (id, organisation_id),
      foreign key (caller_id, organisation_id) references callers (id, organisation_id),
      check ((ended_at is null) = (outcome is null)),
      check ((wrapped_key is null) = (data_key_id is null))
    )`);
  await knex.raw('create index calls_by_time on calls (organisation_id, started_at desc, id)');
  await knex.raw('create index calls_of_caller on calls (caller_id, started_at desc) where caller_id is not null');
  await knex.raw('create index calls_open on calls (held_by, heartbeat_at) where ended_at is null');
  await knex.raw('create index calls_by_data_key on calls (data_key_id) where data_key_id is not null');
  await secureByOrganisation(knex, 'calls', 'select, insert, update, delete');
  await openToMaintenance(
    knex,
    'calls',
    `select (id, organisation_id, call_sid, started_at, held_by, heartbeat_at, ended_at, outcome),
     update (ended_at, outcome)`,
  );
}

async function createTurns(knex: Knex): Promise<void> {
  await knex.raw(`
    create table turns (
      call_id uuid not null,
      seq integer not null,
      organisation_id uuid not null,
      speaker text not null check (speaker in ('caller', 'sanad')),
      kind text not null check (kind in ('turn', 'backchannel', 'line')),
      at_ms integer not null,
      duration_ms integer not null,
      words bytea not null,
      -- what of Sanad's words the caller heard; only this counts as said
      heard bytea,
      interrupted boolean not null,
      confidence real,
      first_sound_ms integer,
      primary key (call_id, seq),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await secureByOrganisation(knex, 'turns', 'select, insert, update, delete');
}

async function createCallLog(knex: Knex): Promise<void> {
  await knex.raw(`
    create table call_log (
      call_id uuid not null,
      seq integer not null,
      organisation_id uuid not null,
      at_ms integer not null,
      event_type text not null,
      entry bytea not null,
      primary key (call_id, seq),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await secureByOrganisation(knex, 'call_log', 'select, insert, delete');
}

async function createTickets(knex: Knex): Promise<void> {
  await knex.raw(`
    create table tickets (
      ticket_hash bytea primary key check (octet_length(ticket_hash) = 32),
      organisation_id uuid not null references organisations (id),
      call_sid text not null,
      expires_at timestamptz not null,
      used_at timestamptz
    )`);
  await knex.raw('create index tickets_by_expiry on tickets (expires_at)');
  await secureByOrganisation(knex, 'tickets', 'select, insert, update, delete');
  await openToMaintenance(knex, 'tickets', 'select, update (used_at), delete');
}

async function createOutbox(knex: Knex): Promise<void> {
  await knex.raw(`
    create table outbox (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      topic text not null,
      -- ids only
      payload jsonb not null,
      created_at timestamptz not null default now(),
      dispatched_at timestamptz
    )`);
  await knex.raw('create index outbox_waiting on outbox (created_at, id) where dispatched_at is null');
  await knex.raw('create index outbox_dispatched on outbox (dispatched_at) where dispatched_at is not null');
  await secureByOrganisation(knex, 'outbox', 'select, insert, delete');
  await openToMaintenance(knex, 'outbox', 'select, update (dispatched_at), delete');
}

/** The roles stay: they belong to the cluster, and another database in it may use them. */
export async function down(knex: Knex): Promise<void> {
  for (const table of ['outbox', 'tickets', 'call_log', 'turns', 'calls', 'callers', 'organisations']) {
    await knex.raw(`drop table ${table}`);
  }
}
