import type { Knex } from 'knex';
import { maintenanceRole, openToMaintenance, secureByOrganisation } from './rowSecurity.ts';

/**
 * What calls used of the providers, how long the stages of their turns took, and who changed a setting. Counts and times only; nothing
 * here is sealed.
 */
export async function up(knex: Knex): Promise<void> {
  await createUsage(knex);
  await createStages(knex);
  await countCallerLegs(knex);
  await countPersonLegs(knex);
  await fillFromBefore(knex);
  // null: the local operator
  await knex.raw(`
    alter table organisation_settings add column changed_by uuid,
      add foreign key (changed_by, organisation_id) references staff (id, organisation_id)`);
}

async function createUsage(knex: Knex): Promise<void> {
  await knex.raw(`
    create table provider_usage (
      organisation_id uuid not null,
      call_id uuid not null,
      -- who counted: one holding of the call by one server, or one leg of the carrier. Each writes its totals again and again
      part uuid not null,
      provider text not null check (provider ~ '^[a-zA-Z]{1,40}$'),
      kind text not null check (kind in ('reply', 'classifier', 'judge', 'recognition', 'synthesis', 'callerLeg', 'personLeg',
        'message')),
      -- of language models; empty otherwise
      model text not null default '' check (length(model) <= 100),
      -- of the call: by it reports choose
      call_started_at timestamptz not null,
      requests integer not null default 0,
      -- what no cache took part in
      input_tokens integer not null default 0,
      cached_tokens integer not null default 0,
      cache_write_tokens integer not null default 0,
      output_tokens integer not null default 0,
      -- recognition: milliseconds of audio; synthesis: characters; legs: minutes begun; message: segments
      amount integer not null default 0,
      -- requests whose tokens the provider did not tell
      estimated integer not null default 0,
      failures integer not null default 0,
      -- times another took its place
      failovers integer not null default 0,
      primary key (call_id, part, provider, kind, model),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await knex.raw('create index provider_usage_by_time on provider_usage (organisation_id, call_started_at)');
  await secureByOrganisation(knex, 'provider_usage', 'select, insert, update, delete');
  // A call that is given up as lost is closed by maintenance, and its leg is counted then.
  await openToMaintenance(knex, 'provider_usage', 'select, insert, update');
}

async function createStages(knex: Knex): Promise<void> {
  await knex.raw(`
    create table call_stages (
      organisation_id uuid not null,
      call_id uuid not null,
      part uuid not null,
      stage text not null check (stage ~ '^[a-zA-Z]{1,40}$'),
      call_started_at timestamptz not null,
      took_ms integer[] not null,
      -- the same as calls.review_draw
      draw smallint generated always as ((('x' || substr(md5('review ' || call_id::text), 1, 6))::bit(24)::integer % 100)::smallint) stored,
      primary key (call_id, part, stage),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await knex.raw('create index call_stages_by_time on call_stages (organisation_id, call_started_at)');
  // Of many calls those of every tenth tell the same.
  await knex.raw(
    'create index call_stages_of_sample on call_stages (organisation_id, call_started_at) where draw < 10',
  );
  await secureByOrganisation(knex, 'call_stages', 'select, insert, update, delete');
}

/** The carrier bills each minute that has begun. */
const minutesBetween = (from: string, to: string): string =>
  `greatest(1, ceil(date_part('epoch', ${to} - ${from}) / 60))::integer`;

/** By the database, so that a call counts whoever ends it. */
async function countCallerLegs(knex: Knex): Promise<void> {
  await knex.raw(`
    create function count_caller_leg() returns trigger language plpgsql as $$ begin
      insert into provider_usage (organisation_id, call_id, part, provider, kind, call_started_at, requests, amount)
        values (new.organisation_id, new.id, new.id, 'twilio', 'callerLeg', new.started_at, 1,
          ${minutesBetween('new.started_at', 'new.ended_at')})
        on conflict (call_id, part, provider, kind, model) do update set amount = excluded.amount;
      return null;
    end $$`);
  await knex.raw(`
    create trigger calls_caller_leg after update of ended_at on calls for each row
      when (new.ended_at is not null and new.ended_at is distinct from old.ended_at) execute function count_caller_leg()`);
}

const taken = 'coalesce(new.answered_at, new.accepted_at)';

async function countPersonLegs(knex: Knex): Promise<void> {
  await knex.raw(`
    create function count_person_leg() returns trigger language plpgsql as $$ begin
      insert into provider_usage (organisation_id, call_id, part, provider, kind, call_started_at, requests, amount)
        select new.organisation_id, calls.id, new.id, 'twilio', 'personLeg', calls.started_at, 1,
          ${minutesBetween(taken, 'new.ended_at')}
          from escalations join calls on calls.id = escalations.call_id where escalations.id = new.escalation_id
        on conflict (call_id, part, provider, kind, model) do update set amount = excluded.amount;
      return null;
    end $$`);
  await knex.raw(`
    create trigger escalation_attempts_leg after update of ended_at on escalation_attempts for each row
      when (new.ended_at is not null and new.ended_at is distinct from old.ended_at and ${taken} is not null)
      execute function count_person_leg()`);
}

/** Legs are known of every call. Security is lifted, because the owner would see no row. */
async function fillFromBefore(knex: Knex): Promise<void> {
  const tables = ['calls', 'escalations', 'escalation_attempts', 'provider_usage'];
  for (const table of tables) await knex.raw(`alter table ${table} no force row level security`);
  await knex.raw(`
    insert into provider_usage (organisation_id, call_id, part, provider, kind, call_started_at, requests, amount)
      select organisation_id, id, id, 'twilio', 'callerLeg', started_at, 1, ${minutesBetween('started_at', 'ended_at')}
        from calls where ended_at is not null
      union all
      select new.organisation_id, calls.id, new.id, 'twilio', 'personLeg', calls.started_at, 1, ${minutesBetween(taken, 'new.ended_at')}
        from escalation_attempts as new
          join escalations on escalations.id = new.escalation_id join calls on calls.id = escalations.call_id
        where new.ended_at is not null and ${taken} is not null`);
  for (const table of tables) await knex.raw(`alter table ${table} force row level security`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table organisation_settings drop column changed_by');
  await knex.raw('drop trigger escalation_attempts_leg on escalation_attempts');
  await knex.raw('drop trigger calls_caller_leg on calls');
  for (const name of ['count_person_leg', 'count_caller_leg']) await knex.raw(`drop function ${name}()`);
  await knex.raw(`revoke all on provider_usage from ${maintenanceRole}`);
  for (const table of ['call_stages', 'provider_usage']) await knex.raw(`drop table ${table}`);
}
