import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/**
 * What happens after a call: for each call one plan (or why there is none), its contacts, the messages with their history, who wants
 * no messages, and which templates were approved once for reminders. Words are sealed under the caller's key.
 */
export async function up(knex: Knex): Promise<void> {
  await createPlans(knex);
  await createFollowUps(knex);
  await createMessages(knex);
  await createEvents(knex);
  await createOptOuts(knex);
  await createTemplateApprovals(knex);
  // What the relatives may read: asked in the call or told to staff. Null: unknown, which counts as neutral.
  await knex.raw(`alter table callers add column safe_contact text check (safe_contact in ('neutral', 'personal'))`);
}

async function createPlans(knex: Knex): Promise<void> {
  await knex.raw(`
    create table follow_up_plans (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- null: the number was withheld
      caller_id uuid,
      -- null once the record of the call was removed
      call_id uuid unique,
      level text not null check (level in ('none', 'low', 'moderate', 'high', 'imminent')),
      language text not null,
      -- end of the call: from then it counts
      started_at timestamptz not null,
      state text not null check (state in ('open', 'ended')),
      -- why it ended, or why there was none from the beginning
      why text check (why ~ '^[a-zA-Z]{1,40}$'),
      ended_at timestamptz,
      -- who has linked the caller to care
      ended_by uuid,
      unique (id, organisation_id),
      foreign key (caller_id, organisation_id) references callers (id, organisation_id),
      foreign key (call_id, organisation_id) references calls (id, organisation_id),
      check ((state = 'ended') = (why is not null and ended_at is not null))
    )`);
  await knex.raw(
    `create unique index follow_up_plans_open on follow_up_plans (organisation_id, caller_id) where state = 'open'`,
  );
  await knex.raw('create index follow_up_plans_of_caller on follow_up_plans (caller_id) where caller_id is not null');
  await secureByOrganisation(knex, 'follow_up_plans', 'select, insert, update, delete');
}

async function createFollowUps(knex: Knex): Promise<void> {
  await knex.raw(`
    create table follow_ups (
      id uuid primary key,
      organisation_id uuid not null,
      plan_id uuid not null,
      caller_id uuid not null,
      -- counts the contacts of a plan from 1
      ordinal integer not null check (ordinal between 1 and 200),
      kind text not null check (kind in ('message', 'checkInCall')),
      due_at timestamptz not null,
      -- a person has said that quiet hours do not hold for it
      urgent boolean not null default false,
      state text not null check (state in ('planned', 'approved', 'done', 'cancelled')),
      -- how it went, or why it was called off
      outcome text check (outcome ~ '^[a-zA-Z]{1,40}$'),
      -- of a check-in call; a message has its own
      approved_by uuid,
      approved_at timestamptz,
      -- the check-in call itself, once it is on the line
      called_call_id uuid,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      unique (plan_id, ordinal),
      unique (id, organisation_id),
      foreign key (plan_id, organisation_id) references follow_up_plans (id, organisation_id) on delete cascade,
      foreign key (caller_id, organisation_id) references callers (id, organisation_id),
      foreign key (called_call_id, organisation_id) references calls (id, organisation_id),
      foreign key (approved_by, organisation_id) references staff (id, organisation_id),
      check ((state in ('done', 'cancelled')) = (outcome is not null))
    )`);
  await knex.raw(
    `create index follow_ups_open on follow_ups (organisation_id, due_at, id) where state in ('planned', 'approved')`,
  );
  await knex.raw('create index follow_ups_of_caller on follow_ups (caller_id)');
  await knex.raw('create index follow_ups_of_call on follow_ups (called_call_id) where called_call_id is not null');
  await secureByOrganisation(knex, 'follow_ups', 'select, insert, update, delete');
}

async function createMessages(knex: Knex): Promise<void> {
  await knex.raw(`
    create table messages (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      caller_id uuid not null,
      follow_up_id uuid,
      call_id uuid,
      direction text not null check (direction in ('out', 'in')),
      -- of a template, 'custom' or 'reply'
      kind text not null check (kind ~ '^[a-zA-Z0-9]{1,40}$'),
      language text not null,
      -- null once it was removed
      body bytea,
      state text not null check (state in ('draft', 'approved', 'queued', 'sent', 'delivered', 'failed', 'rejected',
        'cancelled')),
      urgent boolean not null default false,
      -- staff; null with an approval: the local operator, or a template that was approved once (the history says which)
      approved_by uuid,
      approved_at timestamptz,
      due_at timestamptz,
      -- of the latest request to the carrier, which is written here before it is made
      request_id uuid,
      requested_at timestamptz,
      requests integer not null default 0,
      -- not to be tried again before
      not_before timestamptz,
      provider_sid text,
      error_code integer,
      -- why it failed, or why it waits
      reason text check (reason ~ '^[a-zA-Z]{1,40}$'),
      segments integer not null default 1,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (id, organisation_id),
      unique (organisation_id, provider_sid),
      foreign key (caller_id, organisation_id) references callers (id, organisation_id),
      foreign key (follow_up_id, organisation_id) references follow_ups (id, organisation_id),
      foreign key (call_id, organisation_id) references calls (id, organisation_id),
      foreign key (approved_by, organisation_id) references staff (id, organisation_id),
      check (state not in ('approved', 'queued', 'sent', 'delivered', 'failed') or direction = 'in'
        or approved_at is not null),
      check (state <> 'queued' or (request_id is not null and requested_at is not null))
    )`);
  // A contact is one message, whoever plans it twice.
  await knex.raw('create unique index messages_of_follow_up on messages (follow_up_id) where follow_up_id is not null');
  await knex.raw('create index messages_of_caller on messages (caller_id, created_at desc, id)');
  await knex.raw('create index messages_of_call on messages (call_id) where call_id is not null');
  await knex.raw('create index messages_by_time on messages (organisation_id, created_at desc, id)');
  await knex.raw(
    `create index messages_open on messages (organisation_id, due_at, id) where state in ('draft', 'approved', 'queued')`,
  );
  await secureByOrganisation(knex, 'messages', 'select, insert, update, delete');
}

async function createEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table message_events (
      id uuid primary key,
      organisation_id uuid not null,
      message_id uuid not null,
      seq integer not null,
      at timestamptz not null,
      actor_kind text not null check (actor_kind in ('staff', 'localOperator', 'sanad', 'caller', 'carrier')),
      actor_id uuid,
      type text not null check (type ~ '^[a-zA-Z]{1,40}$'),
      from_state text,
      to_state text not null,
      error_code integer,
      reason text check (reason ~ '^[a-zA-Z]{1,40}$'),
      -- the words as they were from then on, and why, in the person's own words; null once they were removed
      body bytea,
      why bytea,
      unique (message_id, seq),
      foreign key (message_id, organisation_id) references messages (id, organisation_id) on delete cascade
    )`);
  // Updated only to remove words.
  await secureByOrganisation(knex, 'message_events', 'select, insert, update, delete');
}

async function createOptOuts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table opt_outs (
      organisation_id uuid not null references organisations (id),
      -- the same as callers.phone_hmac: it outlives the caller, or an erased person would be written to again
      number_hmac bytea not null check (octet_length(number_hmac) = 32),
      at timestamptz not null,
      source text not null check (source in ('stopWord', 'carrier21610', 'staff', 'saidInCall')),
      permanent boolean not null default true,
      primary key (organisation_id, number_hmac)
    )`);
  await secureByOrganisation(knex, 'opt_outs', 'select, insert, update');
}

async function createTemplateApprovals(knex: Knex): Promise<void> {
  await knex.raw(`
    create table template_approvals (
      organisation_id uuid not null references organisations (id),
      template text not null check (template ~ '^[a-zA-Z0-9]{1,40}$'),
      -- SHA-256 of its words in all languages: other words are another template
      fingerprint bytea not null check (octet_length(fingerprint) = 32),
      approved_by uuid,
      approved_at timestamptz not null,
      withdrawn_at timestamptz,
      primary key (organisation_id, template, fingerprint),
      foreign key (approved_by, organisation_id) references staff (id, organisation_id)
    )`);
  await secureByOrganisation(knex, 'template_approvals', 'select, insert, update');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table callers drop column safe_contact');
  const tables = ['template_approvals', 'opt_outs', 'message_events', 'messages', 'follow_ups', 'follow_up_plans'];
  for (const table of tables) await knex.raw(`drop table ${table}`);
}
