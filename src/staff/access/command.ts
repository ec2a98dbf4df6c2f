import type { Command } from 'commander';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, misused, refused, tell, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { usualZone, withZone } from '../zonedTime.ts';
import { askPassword } from './askPassword.ts';
import { rightMeanings, rights, roleNames, type Role } from './rights.ts';
import { forgetSession, readSession, sessionFileOrRefuse, writeSession } from './sessionFile.ts';
import { signIn, signOut } from './signIn.ts';
import { accessOf, organisationFor, placeOf, whoIs, type Who } from './staffAccess.ts';
import { openStaffDatabase, refusalOf, type StaffDatabase } from './staffDatabase.ts';

type End = (code: ExitCode) => void;

/** Adds `login`, `logout` and `whoami`. */
export function addAccess(program: Command, terminal: Terminal, end: End): void {
  const perform = async (options: FormatOptions, work: (opened: StaffDatabase) => Promise<Outcome>): Promise<void> =>
    end(tell(await withDatabase(terminal, work), terminal, formatOf(options)));
  program
    .command('login')
    .summary('sign in')
    .description(
      'Signs in for 12 hours on this machine. The password is typed without echo. Five wrong ones lock the account for 15 minutes.',
    )
    .argument('<login>', 'as staff list shows it')
    .option('--password-stdin', 'read the password from the first line of stdin')
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- login aisha
  npm run -s sanad -- login aisha --password-stdin < password.txt

The session is a file that only you can read, in $XDG_STATE_HOME/sanad or
~/.local/state/sanad. It is good for one organisation in one database.`,
    )
    .action(async (login: string, options: FormatOptions & { readonly passwordStdin?: true }) =>
      perform(options, (opened) => logIn(opened, terminal, login, options.passwordStdin === true)),
    );
  program
    .command('logout')
    .summary('sign out')
    .description('Ends the session, here and in the database.')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- logout')
    .action(async (options: FormatOptions) => perform(options, (opened) => logOut(opened, terminal)));
  program
    .command('whoami')
    .summary('who is signed in, and what they may do')
    .description('Says in whose name commands work now, with which roles and rights, and until when.')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- whoami')
    .action(async (options: FormatOptions) => perform(options, (opened) => whoAmI(opened, terminal)));
}

async function withDatabase(terminal: Terminal, work: (opened: StaffDatabase) => Promise<Outcome>): Promise<Outcome> {
  let opened: StaffDatabase | null = null;
  try {
    opened = await openStaffDatabase(placeOf(terminal, terminal.environment));
    return await work(opened);
  } catch (error) {
    const known = refusalOf(error);
    if (known === null) throw error;
    return known;
  } finally {
    await opened?.close();
  }
}

async function logIn(opened: StaffDatabase, terminal: Terminal, login: string, fromStdin: boolean): Promise<Outcome> {
  const organisation = await organisationFor(opened);
  const file = sessionFileOrRefuse(terminal.environment, organisation.id);
  const typed = await askPassword(terminal, { fromStdin, twice: false, prompt: `Password of ${login}: ` });
  if (typed.kind === 'refused') return misused('password', typed.message);
  const done = await signIn(opened, organisation, login, typed.password);
  if (done === null)
    return refused(
      'signInFailed',
      'Login or password is wrong, or the account is locked or not active. Five wrong passwords lock an account for 15 minutes; an administrator opens it at once with: staff reset-password LOGIN',
    );
  writeSession(file, done.session);
  const { member, session } = done;
  return {
    kind: 'done',
    json: {
      signedIn: { id: member.id, login: member.login, name: member.name, roles: member.roles },
      until: session.expiresAt,
    },
    print: ({ line }) => {
      line(`Signed in: ${member.name} (${member.roles.map((role) => roleNames[role]).join(', ')}).`);
      line(`The session ends at ${withZone(session.expiresAt, usualZone)}.`);
    },
  };
}

async function logOut(opened: StaffDatabase, terminal: Terminal): Promise<Outcome> {
  const organisation = await organisationFor(opened);
  const session = readSession(terminal.environment, organisation.id);
  const who = session === null ? null : await whoIs(opened, organisation, terminal.environment).catch(() => null);
  const { id = null, name = '' } = who?.actor ?? {};
  const ended = session !== null && id !== null && (await signOut(opened, organisation, session, { id, name }));
  forgetSession(terminal.environment, organisation.id);
  return {
    kind: 'done',
    json: { signedOut: ended },
    print: ({ line }) => line(ended ? 'Signed out.' : 'Nobody was signed in here.'),
  };
}

async function whoAmI(opened: StaffDatabase, terminal: Terminal): Promise<Outcome> {
  const organisation = await organisationFor(opened);
  const who = await whoIs(opened, organisation, terminal.environment);
  const { can } = accessOf(opened, organisation, who);
  const held = rights.filter(can);
  const { actor, login, roles, expiresAt } = who;
  return {
    kind: 'done',
    json: { kind: actor.kind, id: actor.id, login, name: actor.name, roles, rights: held, until: expiresAt },
    print: ({ line }) => {
      for (const text of described(who)) line(text);
      line('May:');
      for (const right of held) line(`  ${right.padEnd(15)} ${rightMeanings[right]}`);
    },
  };
}

function described({ actor, login, roles, expiresAt }: Who): readonly string[] {
  if (actor.kind === 'localOperator')
    return [
      `The local operator (${actor.name} on this machine): there is no administrator yet, so whoever holds DATABASE_URL and DATA_KEY may do everything.`,
      'Make the first administrator with: npm run sanad -- staff init --help',
    ];
  const until = expiresAt === null ? [] : [`Signed in until ${withZone(expiresAt, usualZone)}.`];
  return [`${actor.name} (${login ?? ''})`, `Roles: ${namesOf(roles)}.`, ...until];
}

function namesOf(roles: readonly Role[]): string {
  return roles.map((role) => roleNames[role]).join(', ');
}
