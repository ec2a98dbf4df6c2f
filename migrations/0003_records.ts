import type { Knex } from 'knex';
import { applicationRole, currentOrganisation, maintenanceRole, secureByOrganisation } from './rowSecurity.ts';

/**
 * The audit as an append-only chain, consents, settings that staff may change, and what is needed to remove words and callers
 * while the wordless facts stay. The audit's own rules are in docs/decisions/audit-chain.md.
 */
export async function up(knex: Knex): Promise<void> {
  await createAudit(knex);
  await guardAudit(knex);
  await createConsents(knex);
  await createSettings(knex);
  await letWordsGo(knex);
}

async function createAudit(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_log (
      organisation_id uuid not null references organisations (id),
      -- counts the entries of an organisation from 1, without gaps
      seq integer not null check (seq >= 1),
      at timestamptz not null,
      actor_kind text not null check (actor_kind in ('staff', 'localOperator', 'sanad', 'caller')),
      actor_id uuid,
      action text not null check (action ~ '^[a-zA-Z]{1,40}$'),
      subject_kind text not null check (subject_kind ~ '^[a-zA-Z]{1,40}$'),
      subject_id text check (octet_length(subject_id) <= 80),
      -- the actor's name and the reason that was given
      sealed bytea not null,
      -- counts, ids and tags
      facts jsonb not null,
      previous bytea not null check (octet_length(previous) = 32),
      hash bytea not null check (octet_length(hash) = 32),
      -- HMAC of the hash under a key that the database does not have
      mac bytea not null check (octet_length(mac) = 32),
      primary key (organisation_id, seq)
    )`);
  await knex.raw('create index audit_log_by_time on audit_log (organisation_id, at desc, seq desc)');
  await knex.raw(
    'create index audit_log_of_subject on audit_log (organisation_id, subject_id, seq desc) where subject_id is not null',
  );
  await secureByOrganisation(knex, 'audit_log', 'select, insert');
  // How far the chain goes: without it nobody could tell that its end was cut off.
  await knex.raw(`
    create table audit_heads (
      organisation_id uuid primary key references organisations (id),
      entries integer not null,
      hash bytea not null check (octet_length(hash) = 32)
    )`);
  await secureByOrganisation(knex, 'audit_heads', 'select');
}

/** What `sanad.audit_maintenance` must be set to for a change of the audit by hand. */
const maintenanceWords = 'I know that this breaks the chain';

async function guardAudit(knex: Knex): Promise<void> {
  // The head is moved by the table's owner, so that the application needs no right to do so; row security holds the owner too.
  await knex.raw(`
    create policy audit_heads_by_owner on audit_heads for all to current_user
      using (organisation_id = ${currentOrganisation}) with check (organisation_id = ${currentOrganisation})`);
  await knex.raw(`
    create policy audit_log_by_owner on audit_log for select to current_user
      using (organisation_id = ${currentOrganisation})`);
  // A head that was lost or set back must not stop what is being audited: whichever goes further is followed.
  await knex.raw(`
    create function audit_log_follow() returns trigger language plpgsql security definer set search_path = public as $$
      declare
        head audit_heads%rowtype;
        last audit_log%rowtype;
      begin
        insert into audit_heads (organisation_id, entries, hash)
          values (new.organisation_id, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
        select * into strict head from audit_heads where organisation_id = new.organisation_id for update;
        select * into last from audit_log where organisation_id = new.organisation_id order by seq desc limit 1;
        if last.seq > head.entries then
          head.entries := last.seq;
          head.hash := last.hash;
        end if;
        if new.seq <> head.entries + 1 or new.previous <> head.hash then
          raise exception 'an audit entry must follow the last one' using errcode = '23514';
        end if;
        update audit_heads set entries = new.seq, hash = new.hash where organisation_id = new.organisation_id;
        return new;
      end $$`);
  await knex.raw(
    'create trigger audit_log_follows before insert on audit_log for each row execute function audit_log_follow()',
  );
  await knex.raw(`
    create function audit_log_stay() returns trigger language plpgsql as $$
      begin
        if current_setting('sanad.audit_maintenance', true) is distinct from '${maintenanceWords}' then
          raise exception 'the audit is only ever added to' using errcode = '42501';
        end if;
        if tg_op = 'DELETE' then return old; end if;
        return new;
      end $$`);
  await knex.raw(`
    create trigger audit_log_stays before update or delete on audit_log for each row execute function audit_log_stay()`);
  for (const table of ['audit_log', 'audit_heads'])
    await knex.raw(`
      create trigger ${table}_is_not_emptied before truncate on ${table}
        for each statement execute function audit_log_stay()`);
  await knex.raw(`
    create trigger audit_heads_stay before delete on audit_heads for each row execute function audit_log_stay()`);
}

async function createConsents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table consents (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      -- null: the number was withheld, and the answer holds for the call alone
      caller_id uuid,
      -- null: given or withdrawn outside a call, or in one whose record was removed since
      call_id uuid,
      kind text not null check (kind in ('keepWords', 'followUp', 'sms')),
      answer text not null check (answer in ('given', 'refused', 'withdrawn')),
      text_version text not null check (octet_length(text_version) between 1 and 40),
      language text not null,
      how text not null check (how in ('voice', 'key', 'staff')),
      at timestamptz not null,
      -- the words with which it was answered; null without any, and once they were removed
      evidence bytea,
      foreign key (caller_id, organisation_id) references callers (id, organisation_id),
      foreign key (call_id, organisation_id) references calls (id, organisation_id),
      check (caller_id is not null or call_id is not null)
    )`);
  await knex.raw('create index consents_of_caller on consents (caller_id, kind, at desc) where caller_id is not null');
  await knex.raw('create index consents_of_call on consents (call_id) where call_id is not null');
  await knex.raw('create index consents_by_time on consents (organisation_id, at desc, id)');
  await secureByOrganisation(knex, 'consents', 'select, insert, update, delete');
}

async function createSettings(knex: Knex): Promise<void> {
  await knex.raw(`
    create table organisation_settings (
      organisation_id uuid not null references organisations (id),
      name text not null check (name ~ '^[a-zA-Z.]{1,60}$'),
      value jsonb not null,
      changed_at timestamptz not null default now(),
      primary key (organisation_id, name)
    )`);
  await secureByOrganisation(knex, 'organisation_settings', 'select, insert, update, delete');
}

/** Words that were removed are null, a briefing that was is empty; the row with its times and counts stays. */
async function letWordsGo(knex: Knex): Promise<void> {
  await knex.raw('alter table turns alter column words drop not null');
  await knex.raw(`grant update (entry) on call_log to ${applicationRole}`);
  await knex.raw(`
    alter table calls
      -- when it must be asked again whether the words may stay; null: not yet asked
      add column words_due_at timestamptz,
      -- a column of its own, since the planner knows too little of an expression to use its index
      add column words_due timestamptz generated always as (coalesce(words_due_at, ended_at)) stored,
      add column words_removed_at timestamptz,
      add column log_removed_at timestamptz`);
  await knex.raw(`
    create index calls_words_due on calls (organisation_id, words_due, id)
      where ended_at is not null and words_removed_at is null`);
  await knex.raw(`
    create index calls_log_due on calls (organisation_id, ended_at) where ended_at is not null and log_removed_at is null`);
  await knex.raw('create index calls_by_end on calls (organisation_id, ended_at) where ended_at is not null');
  await knex.raw(`
    create index escalations_briefed on escalations (organisation_id, closed_at)
      where octet_length(briefing) > 0 and closed_at is not null`);
  await knex.raw(`
    alter table callers
      -- no follow-ups, and marked as a nuisance; calls are answered all the same
      add column blocked_at timestamptz,
      -- when the last record of a call of theirs was removed
      add column emptied_at timestamptz`);
  await knex.raw('create index callers_emptied on callers (organisation_id, emptied_at) where emptied_at is not null');
  await knex.raw('create index risk_assessments_by_time on risk_assessments (organisation_id, created_at)');
  await knex.raw(
    'create index callers_blocked on callers (organisation_id, created_at desc, id) where blocked_at is not null',
  );
  await knex.raw('create index callers_by_time on callers (organisation_id, created_at desc, id)');
  // The sweep goes through the organisations one by one, each in its own scope, and must know which there are.
  await knex.raw(
    `create policy organisations_maintenance on organisations for select to ${maintenanceRole} using (true)`,
  );
  await knex.raw(`grant select (id, created_at) on organisations to ${maintenanceRole}`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`revoke select (id, created_at) on organisations from ${maintenanceRole}`);
  await knex.raw('drop policy organisations_maintenance on organisations');
  await knex.raw('drop index callers_by_time');
  await knex.raw('drop index risk_assessments_by_time');
  await knex.raw('alter table callers drop column blocked_at, drop column emptied_at');
  await knex.raw('drop index escalations_briefed');
  await knex.raw('drop index calls_by_end');
  await knex.raw(
    'alter table calls drop column words_due, drop column words_due_at, drop column words_removed_at, drop column log_removed_at',
  );
  await knex.raw(`revoke update (entry) on call_log from ${applicationRole}`);
  await restoreWords(knex);
  for (const table of ['organisation_settings', 'consents', 'audit_heads', 'audit_log'])
    await knex.raw(`drop table ${table}`);
  for (const name of ['audit_log_follow', 'audit_log_stay']) await knex.raw(`drop function ${name}()`);
}

/** The way back knows no words that were removed: an empty value is refused by whoever opens it. */
async function restoreWords(knex: Knex): Promise<void> {
  await knex.raw('alter table turns no force row level security');
  await knex.raw(`update turns set words = '' where words is null`);
  await knex.raw('alter table turns alter column words set not null');
  await knex.raw('alter table turns force row level security');
}
