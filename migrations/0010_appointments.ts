import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/** Other services that a caller may be told of, the free hours of counsellors, and who has taken one. No words of callers. */
export async function up(knex: Knex): Promise<void> {
  await createServices(knex);
  await createSlots(knex);
  await createAppointments(knex);
}

async function createServices(knex: Knex): Promise<void> {
  await knex.raw(`
    create table services (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- by language: { "ar": …, "en": … }, at least one
      name jsonb not null,
      what_for jsonb not null,
      -- as a caller in Oman dials it
      number text not null check (number ~ '^[0-9]{3,8}$'),
      purpose text not null check (purpose ~ '^[a-zA-Z]{1,40}$'),
      -- as shifts of the rota are written; empty: at any hour
      hours text not null,
      languages text[] not null check (cardinality(languages) between 1 and 20),
      cost text not null check (cost in ('free', 'callCharges', 'paid')),
      for_whom text not null check (for_whom in ('anyone', 'women', 'men', 'children', 'families')),
      verified_by text,
      verified_on date,
      expires_on date,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      unique (organisation_id, number),
      check ((verified_by is null) = (verified_on is null) and (verified_by is null) = (expires_on is null)),
      check (expires_on > verified_on)
    )`);
  await secureByOrganisation(knex, 'services', 'select, insert, update, delete');
}

async function createSlots(knex: Knex): Promise<void> {
  // Equality within the exclusion is written as ranges of one point: so no extension of the database is needed.
  await knex.raw(`
    create table counsellor_slots (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- a tag by which staff know the counsellor
      counsellor text not null check (counsellor ~ '^[a-z0-9._-]{2,40}$'),
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      created_at timestamptz not null,
      -- taken out by staff
      withdrawn_at timestamptz,
      unique (id, organisation_id),
      check (ends_at > starts_at and ends_at <= starts_at + interval '4 hours'),
      constraint counsellor_slots_apart exclude using gist (
        numrange(hashtextextended(organisation_id::text || counsellor, 0)::numeric,
          hashtextextended(organisation_id::text || counsellor, 0)::numeric, '[]') with &&,
        tstzrange(starts_at, ends_at) with &&) where (withdrawn_at is null)
    )`);
  await knex.raw('create index counsellor_slots_by_time on counsellor_slots (organisation_id, starts_at, id)');
  await secureByOrganisation(knex, 'counsellor_slots', 'select, insert, update, delete');
}

async function createAppointments(knex: Knex): Promise<void> {
  await knex.raw(`
    create table appointments (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      slot_id uuid not null,
      caller_id uuid not null,
      -- in which it was taken; null: by staff, or the record of the call was removed
      call_id uuid,
      state text not null check (state in ('booked', 'cancelled')),
      booked_at timestamptz not null,
      ended_at timestamptz,
      why text check (why ~ '^[a-zA-Z]{1,40}$'),
      -- its reminder; null: none was drafted, or it was removed
      reminder_id uuid,
      unique (id, organisation_id),
      foreign key (slot_id, organisation_id) references counsellor_slots (id, organisation_id),
      foreign key (caller_id, organisation_id) references callers (id, organisation_id) on delete cascade,
      -- by the id alone: setting one column of a pair to null needs PostgreSQL 15
      foreign key (call_id) references calls (id) on delete set null,
      foreign key (reminder_id) references messages (id) on delete set null,
      check ((state = 'cancelled') = (ended_at is not null and why is not null))
    )`);
  // Of two who take the same hour at once, one gets it.
  await knex.raw(`create unique index appointments_of_slot on appointments (slot_id) where state = 'booked'`);
  await knex.raw('create index appointments_of_caller on appointments (caller_id)');
  await knex.raw('create index appointments_of_call on appointments (call_id) where call_id is not null');
  await knex.raw('create index appointments_of_reminder on appointments (reminder_id) where reminder_id is not null');
  await secureByOrganisation(knex, 'appointments', 'select, insert, update, delete');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['appointments', 'counsellor_slots', 'services']) await knex.raw(`drop table ${table}`);
}
