import type { Knex } from 'knex';
import { maintenanceRole, openToMaintenance } from './rowSecurity.ts';

/**
 * What the one pace of the carrier's account needs: telephones of all escalations that wait to be rung, of every organisation, and when
 * the last of them was allowed to. Ids, times and states; nothing here is sealed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table escalation_attempts add column granted_at timestamptz');
  await openToMaintenance(
    knex,
    'escalation_attempts',
    'select (id, organisation_id, escalation_id, person_id, round, wave, position, state, due_at, dialled_at, answered_at, ended_at, granted_at), update (granted_at)',
  );
  // Few rows at any time, whatever has been rung before.
  await knex.raw(`
    create index escalation_attempts_live on escalation_attempts (organisation_id, person_id)
      where state in ('planned', 'dialling', 'ringing', 'answered', 'accepted', 'joined')`);
  await knex.raw(
    'create index escalation_attempts_ended on escalation_attempts (person_id, ended_at) where ended_at is not null',
  );
  await knex.raw(`create index escalation_attempts_waiting on escalation_attempts (due_at) where state = 'planned'`);
  await knex.raw(
    'create index escalation_attempts_granted on escalation_attempts (granted_at) where granted_at is not null',
  );
  await knex.raw(`
    create index escalation_attempts_dialled on escalation_attempts (dialled_at)
      where dialled_at is not null and granted_at is null`);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of ['dialled', 'granted', 'waiting', 'ended', 'live'])
    await knex.raw(`drop index escalation_attempts_${name}`);
  await knex.raw(`revoke all on escalation_attempts from ${maintenanceRole}`);
  await knex.raw('drop policy escalation_attempts_maintenance on escalation_attempts');
  await knex.raw('alter table escalation_attempts drop column granted_at');
}
