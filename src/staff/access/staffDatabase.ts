import { thisMachine } from '../../embedded/machine.ts';
import { PostgresUnavailable, runningPostgres, startPostgres } from '../../embedded/postgres.ts';
import { inspectSettings, type SettingName, type SoundSettings } from '../../settings.ts';
import { DatabaseTimeout, migrate, openDatabase, pendingMigrations, type Database } from '../../store/database.ts';
import { createKeyKeeper, SealBroken, type KeyKeeper } from '../../store/sealing.ts';
import { codeOf, reasonOf } from '../doctor/networkReason.ts';
import { refused, type Outcome } from '../outcome.ts';

/** The database as a command of staff opens it: of all settings only what it needs, so that it works before the rest is set up. */

export interface StaffPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the embedded database; that of `npm start` when not given. */
  readonly directory?: string;
  /** Takes a line of what was done beside the command itself. */
  readonly say: (line: string) => void;
}

export interface StaffDatabase {
  readonly database: Database;
  /** For what opens connections of its own, such as the queue. */
  readonly databaseUrl: string;
  readonly keys: KeyKeeper;
  /** Sanad's own number, E.164: it chooses the organisation. */
  readonly ownNumber: string;
  readonly settings: SoundSettings;
  readonly close: () => Promise<void>;
}

/** A command cannot go on; its message says why and what to do. `reason` is a word for programs. */
export class AccessRefused extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.name = 'AccessRefused';
    this.reason = reason;
  }
}

const needed: readonly SettingName[] = [
  'NODE_ENV',
  'DATABASE_URL',
  'REDIS_URL',
  'DATA_KEY',
  'DATA_KEY_PREVIOUS',
  'TWILIO_PHONE_NUMBER',
];

/** Throws `AccessRefused` for settings, and what the database throws. Whoever opens it must close it. */
export async function openStaffDatabase(place: StaffPlace): Promise<StaffDatabase> {
  const { sound, faults } = inspectSettings(place.environment);
  const wrong = faults.filter(({ name }) => needed.some((each) => each === name));
  const { DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: ownNumber } = sound;
  if (wrong.length > 0 || dataKey === undefined || ownNumber === undefined)
    throw new AccessRefused(
      'settings',
      [
        'This command needs these settings:',
        ...wrong.map(({ name, message }) => `  ${name} ${message}`),
        'See the settings table in README.md.',
      ].join('\n'),
    );
  const keys = createKeyKeeper(dataKey, sound.DATA_KEY_PREVIOUS);
  const server = await openServer(place, sound.DATABASE_URL);
  try {
    await bringUpToDate(server.url, place.say);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const database = openDatabase({ url: server.url, connections: 2, statementMs: 60_000, transactionMs: 70_000 });
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  return { database, databaseUrl: server.url, keys, ownNumber, settings: sound, close };
}

/** The server of DATABASE_URL, else the embedded one of `npm start`: as it runs, or started for this command only. */
async function openServer(
  place: StaffPlace,
  given: string | undefined,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  if (given !== undefined) return { url: given, stop: async () => {} };
  const directory = place.directory ?? '.sanad/postgres';
  const running = await runningPostgres(directory);
  if (running !== null) return { url: running, stop: async () => {} };
  place.say(`no DATABASE_URL: starting the embedded database in ${directory} for this command`);
  return startPostgres({ directory, machine: { ...thisMachine(), env: place.environment } });
}

async function bringUpToDate(url: string, say: StaffPlace['say']): Promise<void> {
  if ((await pendingMigrations(url)).length === 0) return;
  const done = await migrate(url);
  say(`the database was brought up to date (${done.join(', ')})`);
}

/**
 * What broke a command off, in words; null: a fault of our own code. The driver's message is not shown: it may quote user, host or
 * values.
 */
export function refusalOf(error: unknown): Outcome | null {
  if (error instanceof AccessRefused) return refused(error.reason, error.message);
  if (error instanceof SealBroken) {
    const why =
      error.reason === 'unknownDataKey'
        ? 'What is kept was sealed with another DATA_KEY. Set the one of the server (and DATA_KEY_PREVIOUS while it is being changed).'
        : `What is kept cannot be trusted: ${error.message}.`;
    return refused('sealed', why);
  }
  if (error instanceof PostgresUnavailable) return refused('database', error.message);
  const code = codeOf(error);
  if (
    code === null &&
    !(error instanceof DatabaseTimeout) &&
    !(error instanceof Error && /timeout/i.test(error.message))
  )
    return null;
  const why = code === null ? 'no answer' : (databaseReasons[code] ?? reasonOf(code));
  return refused('database', `The database cannot be used: ${why}. Look at it with: npm run sanad -- doctor`);
}

const databaseReasons: Readonly<Record<string, string>> = {
  '28P01': 'it refuses user or password of DATABASE_URL',
  '28000': 'it refuses user or password of DATABASE_URL',
  '3D000': 'it has no database of the name in DATABASE_URL',
  '42501': 'the login of DATABASE_URL lacks a right',
  '25006': 'it takes no writes (a replica, or set to read only)',
  '53100': 'its disk is full',
  '57014': 'it was too slow',
};
