import type { Knex } from 'knex';

/**
 * Answered is when the first sound of ours reached the caller, which the call itself tells. Until now the log told, for want of that,
 * when the media stream was up: earlier, and also of calls in which nothing was ever heard. What was kept so stays.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('drop trigger call_log_answer on call_log');
  await knex.raw('drop function keep_answer()');
}

export async function down(knex: Knex): Promise<void> {
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
