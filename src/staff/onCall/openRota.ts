import { thisMachine } from '../../embedded/machine.ts';
import { PostgresUnavailable, runningPostgres, startPostgres } from '../../embedded/postgres.ts';
import { inspectSettings, type SettingName } from '../../settings.ts';
import { migrate, openDatabase, pendingMigrations, type Database } from '../../store/database.ts';
import { ensureOrganisation, organisationOf, type Organisation } from '../../store/organisations.ts';
import { createKeyKeeper, SealBroken, type KeyKeeper } from '../../store/sealing.ts';
import { codeOf, reasonOf } from '../doctor/networkReason.ts';
import { refused, type Outcome } from './outcome.ts';

/** The rota as a command works on it. */
export interface Rota {
  readonly database: Database;
  readonly keys: KeyKeeper;
  /** Null: no call was ever taken under TWILIO_PHONE_NUMBER and nobody was added, so there is nobody either. */
  readonly organisation: Organisation | null;
  /** The same, made when there is none yet. */
  readonly makeOrganisation: () => Promise<Organisation>;
  /** Sanad's own number, E.164. */
  readonly ownNumber: string;
  /** FALLBACK_PHONE_NUMBER, E.164. */
  readonly lastResort: string | null;
  /** The language in which calls are answered, as ISO 639-1. */
  readonly language: string;
}

export interface RotaPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the embedded database; that of `npm start` when not given. */
  readonly directory?: string;
  /** Takes a line of what was done beside the command itself. */
  readonly say: (line: string) => void;
}

/** Of all settings only these: the rota can be kept before anything else is set up. */
const needed: readonly SettingName[] = [
  'NODE_ENV',
  'DATABASE_URL',
  'DATA_KEY',
  'DATA_KEY_PREVIOUS',
  'TWILIO_PHONE_NUMBER',
];

/** Does `work` on the rota that the environment names; what stands in the way is refused in words. */
export async function withRota(place: RotaPlace, work: (rota: Rota) => Promise<Outcome>): Promise<Outcome> {
  const { sound, faults } = inspectSettings(place.environment);
  const wrong = faults.filter(({ name }) => needed.some((each) => each === name));
  const { DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: ownNumber } = sound;
  if (wrong.length > 0 || dataKey === undefined || ownNumber === undefined)
    return refused(
      'settings',
      [
        'The rota needs these settings:',
        ...wrong.map(({ name, message }) => `  ${name} ${message}`),
        'See the settings table in README.md.',
      ].join('\n'),
    );
  const keys = createKeyKeeper(dataKey, sound.DATA_KEY_PREVIOUS);
  let close = async (): Promise<void> => {};
  try {
    const server = await openServer(place, sound.DATABASE_URL);
    close = server.stop;
    await bringUpToDate(server.url, place.say);
    const database = openDatabase({ url: server.url, connections: 2 });
    close = async () => {
      await database.close();
      await server.stop();
    };
    return await work({
      database,
      keys,
      organisation: await organisationOf(database, keys, ownNumber),
      makeOrganisation: () => ensureOrganisation(database, keys, { name: 'Sanad', dialledNumber: ownNumber }),
      ownNumber,
      lastResort: sound.FALLBACK_PHONE_NUMBER ?? null,
      language: sound.DEFAULT_LANGUAGE === 'en' ? 'en' : 'ar',
    });
  } catch (error) {
    return brokenOff(error);
  } finally {
    await close();
  }
}

/** The server of DATABASE_URL, else the embedded one of `npm start`: as it runs, or started for this command only. */
async function openServer(
  place: RotaPlace,
  given: string | undefined,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  if (given !== undefined) return { url: given, stop: async () => {} };
  const directory = place.directory ?? '.sanad/postgres';
  const running = await runningPostgres(directory);
  if (running !== null) return { url: running, stop: async () => {} };
  place.say(`no DATABASE_URL: starting the embedded database in ${directory} for this command`);
  return startPostgres({ directory, machine: { ...thisMachine(), env: place.environment } });
}

async function bringUpToDate(url: string, say: RotaPlace['say']): Promise<void> {
  if ((await pendingMigrations(url)).length === 0) return;
  const done = await migrate(url);
  say(`the database was brought up to date (${done.join(', ')})`);
}

/** The driver's message is not shown: it may quote user, host or values. */
function brokenOff(error: unknown): Outcome {
  if (error instanceof SealBroken) {
    const why =
      error.reason === 'unknownDataKey'
        ? 'The rota was sealed with another DATA_KEY. Set the one of the server (and DATA_KEY_PREVIOUS while it is being changed).'
        : `What is kept cannot be trusted: ${error.message}.`;
    return refused('sealed', why);
  }
  if (error instanceof PostgresUnavailable) return refused('database', error.message);
  const code = codeOf(error);
  if (code === null && !(error instanceof Error && /timeout/i.test(error.message))) throw error;
  const why = code === null ? 'no answer' : (databaseReasons[code] ?? reasonOf(code));
  return refused('database', `The database cannot be used: ${why}. Look at it with: npm run sanad -- doctor`);
}

const databaseReasons: Readonly<Record<string, string>> = {
  '28P01': 'it refuses user or password of DATABASE_URL',
  '28000': 'it refuses user or password of DATABASE_URL',
  '3D000': 'it has no database of the name in DATABASE_URL',
  '42501': 'the login of DATABASE_URL lacks a right',
  '25006': 'it takes no writes (a replica, or set to read only)',
  '57014': 'it was too slow',
};
