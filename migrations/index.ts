import type { Knex } from 'knex';
import * as calls from './0001_calls.ts';
import * as escalations from './0002_escalations.ts';
import * as records from './0003_records.ts';
import * as staff from './0004_staff.ts';
import * as reviews from './0005_reviews.ts';
import * as pace from './0006_pace.ts';
import * as usage from './0006_usage.ts';
import * as followUps from './0007_follow_ups.ts';
import * as summaries from './0008_summaries.ts';
import * as progress from './0009_progress.ts';
import * as appointments from './0010_appointments.ts';
import * as writtenDanger from './0011_written_danger.ts';
import * as firstSound from './0013_first_sound.ts';

/** One step of the schema, and the way back. */
export interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
  readonly down: (knex: Knex) => Promise<void>;
}

/**
 * In order. A list rather than a folder to be searched: knex records file names with their ending, and a database
 * migrated from `.ts` would be called corrupt by the built `.js`.
 */
export const migrations: readonly Migration[] = [
  { name: '0001_calls', ...calls },
  { name: '0002_escalations', ...escalations },
  { name: '0003_records', ...records },
  { name: '0004_staff', ...staff },
  { name: '0005_reviews', ...reviews },
  { name: '0006_pace', ...pace },
  { name: '0006_usage', ...usage },
  { name: '0007_follow_ups', ...followUps },
  { name: '0008_summaries', ...summaries },
  { name: '0009_progress', ...progress },
  { name: '0010_appointments', ...appointments },
  { name: '0011_written_danger', ...writtenDanger },
  { name: '0013_first_sound', ...firstSound },
];

export const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...migrations]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) => Promise.resolve(migration),
};
