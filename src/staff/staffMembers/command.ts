import type { Command } from 'commander';
import { askPassword } from '../access/askPassword.ts';
import { performAsStaff } from '../access/perform.ts';
import type { Role } from '../access/rights.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import type { ExitCode } from '../exitCodes.ts';
import { formatOf, type FormatOptions, type Outcome } from '../outcome.ts';
import type { Terminal } from '../output.ts';
import { readZone, usualZone } from '../zonedTime.ts';
import { add, edit, init, remove, resetPassword } from './change.ts';
import * as read from './fields.ts';
import { list } from './list.ts';

type Perform = (options: FormatOptions, work: (access: StaffAccess) => Promise<Outcome>) => Promise<void>;

interface WithStdin extends FormatOptions {
  readonly passwordStdin?: true;
}

/** Adds `staff` with its commands; `end` takes the exit code. */
export function addStaffMembers(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const staff = program
    .command('staff')
    .summary('who may work with this command line, and as what')
    .description(
      'The staff: who may sign in, and with which roles. Names, logins and passwords are sealed. Until there is an administrator, whoever holds DATABASE_URL and DATA_KEY works as the local operator.',
    )
    .addHelpText('after', examples);
  const perform: Perform = async (options, work) => end(await performAsStaff(terminal, formatOf(options), work));
  addInit(staff, terminal, perform);
  addAdd(staff, terminal, perform);
  addList(staff, perform);
  addEdit(staff, perform);
  addRemove(staff, perform);
  addResetPassword(staff, terminal, perform);
  for (const command of staff.commands) command.copyInheritedSettings(program);
}

const examples = `
Examples:
  npm run sanad -- staff init --login aisha --name "عائشة"    the first one
  npm run sanad -- staff add --login salim --name "Salim" --roles supervisor
  npm run sanad -- staff list
  npm run sanad -- staff edit salim --roles supervisor,clinician
  npm run sanad -- staff edit salim --active no               on leave
  npm run sanad -- staff reset-password salim                 also unlocks
  npm run sanad -- staff reset-password                       your own

Roles: reviewer, supervisor, clinician, dataOfficer, administrator.
What each may do: docs/staff.md`;

const stdinHelp = 'read the password from the first line of stdin';

const twice = (terminal: Terminal, options: WithStdin) => () =>
  askPassword(terminal, {
    fromStdin: options.passwordStdin === true,
    twice: true,
    prompt: 'New password (12 characters or more): ',
  });

function addInit(staff: Command, terminal: Terminal, perform: Perform): void {
  staff
    .command('init')
    .summary('make the first administrator')
    .description('Makes the first administrator, only while there is none. From then on every command needs a session.')
    .requiredOption('--login <login>', 'what they type to sign in', read.readLogin)
    .requiredOption('--name <name>', 'as colleagues know them', read.readName)
    .option('--password-stdin', stdinHelp)
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- staff init --login aisha --name "Aisha"')
    .action(async (options: WithStdin & { readonly login: string; readonly name: string }) => {
      const { login, name } = options;
      await perform(options, (access) => init(access, { login, name }, twice(terminal, options)));
    });
}

function addAdd(staff: Command, terminal: Terminal, perform: Perform): void {
  staff
    .command('add')
    .summary('add a member')
    .description('Adds a member of staff with a first password, which they change with: staff reset-password')
    .requiredOption('--login <login>', 'what they type to sign in', read.readLogin)
    .requiredOption('--name <name>', 'as colleagues know them', read.readName)
    .requiredOption('--roles <roles>', 'one or several, with commas between', read.readRoles)
    .option('--password-stdin', stdinHelp)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- staff add --login salim --name "Salim" --roles supervisor
  npm run sanad -- staff add --login huda --name "هدى" \\
    --roles clinician,reviewer`,
    )
    .action(
      async (
        options: WithStdin & { readonly login: string; readonly name: string; readonly roles: readonly Role[] },
      ) => {
        const { login, name, roles } = options;
        await perform(options, (access) => add(access, { login, name, roles }, twice(terminal, options)));
      },
    );
}

function addList(staff: Command, perform: Perform): void {
  staff
    .command('list')
    .summary('who is on the staff')
    .description('Lists the staff with their roles.')
    .option('--zone <zone>', 'of the times shown', readZone, usualZone)
    .option('--json', 'the same as data')
    .option('--csv', 'for a spreadsheet')
    .addHelpText('after', '\nExample:\n  npm run -s sanad -- staff list --csv > staff.csv')
    .action(async (options: FormatOptions & { readonly zone: string }) =>
      perform(options, (access) => list(access, options.zone)),
    );
}

function addEdit(staff: Command, perform: Perform): void {
  staff
    .command('edit')
    .summary('change name, roles, or whether they may sign in')
    .description('Changes what is named and leaves the rest. The last administrator stays one.')
    .argument('<login>', 'or the id, as staff list shows them')
    .option('--name <name>', 'as colleagues know them', read.readName)
    .option('--roles <roles>', 'all that they shall have', read.readRoles)
    .option('--active <yes|no>', 'no: may not sign in, and is signed out', read.readYesNo)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- staff edit salim --roles supervisor,clinician
  npm run sanad -- staff edit salim --active no`,
    )
    .action(
      async (
        login: string,
        options: FormatOptions & {
          readonly name?: string;
          readonly roles?: readonly Role[];
          readonly active?: boolean;
        },
      ) => {
        const { name, roles, active } = options;
        const change = { name, roles: roles === undefined ? undefined : [...roles], active };
        await perform(options, (access) => edit(access, login, change));
      },
    );
}

function addRemove(staff: Command, perform: Perform): void {
  staff
    .command('remove')
    .summary('take a member off for good')
    .description('Takes a member off the staff and forgets login, name and password. What they did stays in the audit.')
    .argument('<login>', 'or the id, as staff list shows them')
    .option('--json', 'the same as data')
    .addHelpText('after', '\nExample:\n  npm run sanad -- staff remove salim')
    .action(async (login: string, options: FormatOptions) => perform(options, (access) => remove(access, login)));
}

function addResetPassword(staff: Command, terminal: Terminal, perform: Perform): void {
  staff
    .command('reset-password')
    .summary('a new password; also unlocks')
    .description(
      "Sets a member's password, opens a locked account and signs them out everywhere. Without a login: your own, for which the present one is asked first.",
    )
    .argument('[login]', 'or the id, as staff list shows them')
    .option('--password-stdin', `${stdinHelp} (of another member only)`)
    .option('--json', 'the same as data')
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- staff reset-password salim
  npm run sanad -- staff reset-password             your own`,
    )
    .action(async (login: string | undefined, options: WithStdin) => {
      const present = () => askPassword(terminal, { fromStdin: false, twice: false, prompt: 'Present password: ' });
      await perform(options, (access) => resetPassword(access, login, { present, fresh: twice(terminal, options) }));
    });
}
