import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/** What a call was about, in a few sentences, with every version of them; and how the responsible clinician wants them written. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table call_summaries (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      call_id uuid not null unique,
      state text not null check (state in ('draft', 'approved', 'rejected')),
      -- who wrote the version that counts
      source text not null check (source in ('openai', 'anthropic', 'extractive', 'staff')),
      language text not null,
      version integer not null default 1,
      -- sealed with the key of the call; null once the words of the call were removed
      body bytea,
      -- staff; null with a decision: the local operator, or the setting summaries.autoApprove
      decided_by uuid,
      decided_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (id, organisation_id),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade,
      foreign key (decided_by, organisation_id) references staff (id, organisation_id),
      check ((state = 'draft') = (decided_at is null))
    )`);
  await knex.raw('create index call_summaries_by_time on call_summaries (organisation_id, created_at desc, id desc)');
  await knex.raw(
    `create index call_summaries_drafts on call_summaries (organisation_id, created_at desc, id desc) where state = 'draft'`,
  );
  await secureByOrganisation(knex, 'call_summaries', 'select, insert, update, delete');
  await knex.raw(`
    create table call_summary_steps (
      id uuid primary key,
      organisation_id uuid not null,
      summary_id uuid not null,
      at timestamptz not null default clock_timestamp(),
      step text not null check (step in ('made', 'edited', 'approved', 'rejected')),
      -- staff; null: Sanad, or the local operator
      staff_id uuid,
      version integer not null,
      body bytea,
      foreign key (summary_id, organisation_id) references call_summaries (id, organisation_id) on delete cascade,
      foreign key (staff_id, organisation_id) references staff (id, organisation_id)
    )`);
  await knex.raw('create index call_summary_steps_of_summary on call_summary_steps (summary_id, at, id)');
  await secureByOrganisation(knex, 'call_summary_steps', 'select, insert, update, delete');
  await knex.raw(`
    create table clinician_profiles (
      organisation_id uuid primary key references organisations (id),
      profile jsonb not null,
      changed_at timestamptz not null default now(),
      changed_by uuid
    )`);
  await secureByOrganisation(knex, 'clinician_profiles', 'select, insert, update, delete');
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['clinician_profiles', 'call_summary_steps', 'call_summaries'])
    await knex.raw(`drop table ${table}`);
}
