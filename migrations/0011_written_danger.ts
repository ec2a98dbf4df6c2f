import type { Knex } from 'knex';
import { maintenanceRole } from './rowSecurity.ts';

/**
 * Escalations that begin with a text message instead of a call: nobody is on the line, so the person who accepts is joined by a
 * call of ours to whoever wrote.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table escalations
      add column origin text not null default 'call' check (origin in ('call', 'message')),
      -- when the writer was last rung, and the carrier's name of that call
      add column writer_called_at timestamptz,
      add column writer_call_sid text`);
  await knex.raw(`grant select (origin, writer_called_at, accepted_at) on escalations to ${maintenanceRole}`);
  await knex.raw(
    `create index escalations_of_messages on escalations (id) where origin = 'message' and state = 'joining'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index escalations_of_messages');
  // A column's grants go with it; that of accepted_at was made here.
  await knex.raw(`revoke select (accepted_at) on escalations from ${maintenanceRole}`);
  await knex.raw(`
    alter table escalations drop column origin, drop column writer_called_at, drop column writer_call_sid`);
}
