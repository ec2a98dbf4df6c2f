import type { Knex } from 'knex';

/**
 * Row-level security for the tables of one migration. Two roles without login: the server sets them with SET ROLE, so
 * that it is kept apart also where it logs in as owner or superuser (whom row-level security would not hold).
 *
 * - `sanad_application` sees the rows of one organisation: that of the setting `sanad.organisation`.
 * - `sanad_maintenance` sees the rows of all organisations, but only the columns granted to it: none that is sealed.
 *
 * Since security is FORCED, the owner sees no rows either. A later migration that changes rows must lift it for its own
 * transaction: `alter table … no force row level security`, the change, `alter table … force row level security`.
 *
 * Migrations that ran are history: do not change what these functions do, add another.
 */
export const applicationRole = 'sanad_application';
export const maintenanceRole = 'sanad_maintenance';

/** The organisation of the running transaction; null, which equals nothing, when none was set. */
export const currentOrganisation = `(select nullif(current_setting('sanad.organisation', true), '')::uuid)`;

/**
 * Roles belong to the whole cluster, so another database of it may make them at the same moment. Whoever migrates must be
 * allowed to create roles, or an administrator must have made both and granted them to the login of the server.
 */
export async function createRoles(knex: Knex): Promise<void> {
  for (const role of [applicationRole, maintenanceRole]) {
    await knex.raw(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then
          create role ${role} nologin nosuperuser nocreatedb nocreaterole nobypassrls;
        end if;
      exception when duplicate_object or unique_violation then null;
      end $$`);
    // From PostgreSQL 16 on, who made a role may grant it but not yet set it; granting it to oneself closes that gap.
    await knex.raw(`
      do $$ begin
        execute format('grant ${role} to %I', current_user);
      exception when insufficient_privilege or unique_violation or internal_error then null;
      end $$`);
  }
}

/** Keeps `table` apart by its `organisation_id`, and lets the application read and write it. */
export async function secureByOrganisation(knex: Knex, table: string, rights: string): Promise<void> {
  await secure(knex, table);
  await knex.raw(`
    create policy ${table}_of_organisation on ${table} for all to ${applicationRole}
      using (organisation_id = ${currentOrganisation}) with check (organisation_id = ${currentOrganisation})`);
  await knex.raw(`grant ${rights} on ${table} to ${applicationRole}`);
}

/** Without a policy nobody sees a row. */
export async function secure(knex: Knex, table: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
}

/** `rights` name their columns, so that no sealed value can be read across organisations. */
export async function openToMaintenance(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`create policy ${table}_maintenance on ${table} for all to ${maintenanceRole} using (true)`);
  await knex.raw(`grant ${rights} on ${table} to ${maintenanceRole}`);
}
