import type { Knex } from 'knex';
import { migrationSource } from './migrations/index.ts';

/**
 * For knex's own command line, run by whoever owns the database:
 * `NODE_OPTIONS="--import tsx" DATABASE_URL=postgres://… npx knex migrate:status`
 * The server migrates by itself at its start (src/store/database.ts).
 */
const config: Knex.Config = {
  client: 'pg',
  connection: process.env['DATABASE_URL'] ?? '',
  migrations: { migrationSource },
};

export default config;
