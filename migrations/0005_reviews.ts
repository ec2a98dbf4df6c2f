import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/**
 * Reviews of calls, and what reports need to stay fast at a million calls: when a call was answered and how long its caller waited for
 * each first sound, kept with the call.
 */
export async function up(knex: Knex): Promise<void> {
  await drawSample(knex);
  await createReviews(knex);
  await forgetNotes(knex);
  await keepAnswer(knex);
  await keepFirstSounds(knex);
  await tellCallersApart(knex);
  await keepFindings(knex);
  await fillFromBefore(knex);
}

/**
 * A number from 0 to 99 for each call, always the same: whoever asks, on whichever day, reviews the same sample. From a hash, so that
 * nothing which is known of a call decides whether somebody looks at it. A column, because row security lets no function into an index.
 */
async function drawSample(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table calls add column review_draw smallint
      generated always as ((('x' || substr(md5('review ' || id::text), 1, 6))::bit(24)::integer % 100)::smallint) stored`);
  await knex.raw(`
    create index calls_of_sample on calls (organisation_id, started_at desc, id)
      where review_draw < 5 and ended_at is not null`);
}

/** One for each call: the mark that stands. Who changed it from what to what is in the audit. */
async function createReviews(knex: Knex): Promise<void> {
  await knex.raw(`
    create table reviews (
      call_id uuid primary key,
      organisation_id uuid not null,
      -- who has the call before them; when the time is over, anybody may take it. Null: the local operator
      claimed_by uuid,
      claimed_until timestamptz,
      mark text check (mark in ('right', 'notNeeded', 'tooLate', 'missed')),
      -- what the reviewer wrote, sealed under the call's key: it goes when the caller is erased
      note bytea,
      marked_by uuid,
      marked_at timestamptz,
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade,
      foreign key (claimed_by, organisation_id) references staff (id, organisation_id),
      foreign key (marked_by, organisation_id) references staff (id, organisation_id),
      check ((mark is null) = (marked_at is null)),
      check (mark is not null or note is null)
    )`);
  await knex.raw(
    'create index reviews_by_time on reviews (organisation_id, marked_at desc, call_id) where mark is not null',
  );
  await secureByOrganisation(knex, 'reviews', 'select, insert, update');
}

/** A note may quote the caller: whoever removes the words of a call removes it too. */
async function forgetNotes(knex: Knex): Promise<void> {
  await knex.raw(`
    create function forget_review_note() returns trigger language plpgsql as $$ begin
      update reviews set note = null where call_id = new.id and note is not null;
      return null;
    end $$`);
  await knex.raw(`
    create trigger calls_forget_note after update of words_removed_at on calls for each row
      when (old.words_removed_at is null and new.words_removed_at is not null) execute function forget_review_note()`);
}

/** Answered is when the first media stream was up: from then on the caller is heard and spoken to. The log knows it, in a column. */
async function keepAnswer(knex: Knex): Promise<void> {
  await knex.raw(`
    create function keep_answer() returns trigger language plpgsql as $$ begin
      update calls set answered_at = calls.started_at + make_interval(secs => fresh.at_ms / 1000.0)
        from (select call_id, min(at_ms) as at_ms from inserted where event_type = 'streamStarted' group by call_id) fresh
       where calls.id = fresh.call_id and calls.answered_at is null;
      return null;
    end $$`);
  await knex.raw(`
    create trigger call_log_answer after insert on call_log referencing new table as inserted
      for each statement execute function keep_answer()`);
}

/**
 * A month has two million turns, which lie all over their table. Turns that were there already (a repeated write) are not counted
 * again, since they are not inserted again.
 */
async function keepFirstSounds(knex: Knex): Promise<void> {
  await knex.raw(`alter table calls add column first_sounds_ms integer[] not null default '{}'`);
  await knex.raw(`
    create function keep_first_sounds() returns trigger language plpgsql as $$ begin
      update calls set first_sounds_ms = calls.first_sounds_ms || fresh.sounds
        from (select call_id, array_agg(first_sound_ms order by seq) as sounds from inserted
               where first_sound_ms is not null group by call_id) fresh
       where calls.id = fresh.call_id;
      return null;
    end $$`);
  await knex.raw(`
    create trigger turns_first_sounds after insert on turns referencing new table as inserted
      for each statement execute function keep_first_sounds()`);
}

/**
 * Whether an earlier call of the same caller was kept when this one began: asked once, instead of for each caller of a month again,
 * and a report of last year stays the same when the calls before it are removed.
 */
async function tellCallersApart(knex: Knex): Promise<void> {
  await knex.raw('alter table calls add column known_caller boolean not null default false');
  await knex.raw(`
    create function tell_known_caller() returns trigger language plpgsql as $$ begin
      new.known_caller := new.caller_id is not null
        and exists (select from calls where caller_id = new.caller_id and started_at < new.started_at);
      return new;
    end $$`);
  await knex.raw(
    'create trigger calls_known_caller before insert on calls for each row execute function tell_known_caller()',
  );
}

/** What the log of a call with risk says of the direct question; null until somebody has folded it, which takes long for many. */
async function keepFindings(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table calls add column asked_directly text
      check (asked_directly in ('asked', 'toldUnasked', 'notAsked', 'unknown'))`);
}

/** All in one pass over the calls. Security is lifted, because the owner would see no row. */
async function fillFromBefore(knex: Knex): Promise<void> {
  const tables = ['calls', 'call_log', 'turns'];
  for (const table of tables) await knex.raw(`alter table ${table} no force row level security`);
  await knex.raw(`
    update calls set first_sounds_ms = coalesce(sounded.sounds, '{}'), known_caller = told.known,
      answered_at = coalesce(calls.answered_at, calls.started_at + make_interval(secs => logged.at_ms / 1000.0))
      from (select id, caller_id is not null and row_number() over (partition by caller_id order by started_at, id) > 1 as known
              from calls) told
        left join (select call_id, array_agg(first_sound_ms order by seq) as sounds from turns
                    where first_sound_ms is not null group by call_id) sounded on sounded.call_id = told.id
        left join (select call_id, min(at_ms) as at_ms from call_log where event_type = 'streamStarted' group by call_id) logged
          on logged.call_id = told.id
     where calls.id = told.id`);
  for (const table of tables) await knex.raw(`alter table ${table} force row level security`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger calls_known_caller on calls');
  await knex.raw('drop trigger turns_first_sounds on turns');
  await knex.raw('drop trigger call_log_answer on call_log');
  await knex.raw('drop trigger calls_forget_note on calls');
  for (const name of ['tell_known_caller', 'keep_first_sounds', 'keep_answer', 'forget_review_note'])
    await knex.raw(`drop function ${name}()`);
  await knex.raw('drop table reviews');
  await knex.raw('drop index calls_of_sample');
  await knex.raw(
    'alter table calls drop column asked_directly, drop column known_caller, drop column first_sounds_ms, drop column review_draw',
  );
}
