import type { Knex } from 'knex';
import { secureByOrganisation } from './rowSecurity.ts';

/** How callers said they felt, from one to ten, near the start of a call and at its end. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table mood_ratings (
      id uuid primary key,
      organisation_id uuid not null references organisations (id),
      call_id uuid not null,
      moment text not null check (moment in ('start', 'end')),
      how text not null check (how in ('voice', 'key')),
      -- the figure, sealed with the key of the call; the row goes with the words of the call
      value bytea not null,
      at timestamptz not null,
      unique (call_id, moment),
      foreign key (call_id, organisation_id) references calls (id, organisation_id) on delete cascade
    )`);
  await secureByOrganisation(knex, 'mood_ratings', 'select, insert, update, delete');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table mood_ratings');
}
