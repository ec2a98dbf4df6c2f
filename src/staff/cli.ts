import { pathToFileURL } from 'node:url';
import { Command, CommanderError } from 'commander';
import { addAccess } from './access/command.ts';
import { addAppointments } from './appointments/command.ts';
import { addAudit } from './audit/command.ts';
import { addCallers } from './callers/command.ts';
import { addCalls } from './calls/command.ts';
import { addConsents } from './consents/command.ts';
import { addDoctor } from './doctor/command.ts';
import { addEscalations } from './escalations/command.ts';
import { fileFault } from './draftFile.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { addJobs } from './jobs/command.ts';
import { addKeys } from './keys/command.ts';
import { addOnCall } from './onCall/command.ts';
import { addFollowUps, addMessages } from './followUps/command.ts';
import type { Terminal } from './output.ts';
import { addReport } from './report/command.ts';
import { addRetention } from './retention/command.ts';
import { addReview } from './review/command.ts';
import { addRisk } from './risk/command.ts';
import { addServices } from './referral/command.ts';
import { addSettings } from './settings/command.ts';
import { addStaffMembers } from './staffMembers/command.ts';
import { addSummaries } from './summaries/command.ts';
import { addUsage } from './usage/command.ts';
import { addWatch } from './watch/command.ts';

/** The staff command line: `npm run sanad -- <command>`. */

const helpText = `
Examples:
  npm run sanad -- doctor              could a call be served now? if not: why
  npm run sanad -- login aisha         sign in; first of all: staff init
  npm run sanad -- calls list --since today
  npm run sanad -- tasks list          who is still to be called back
  npm run sanad -- on-call list        who is rung for a caller
  npm run sanad -- watch               the calls that are on the line now
  npm run sanad -- review next         finished calls: was Sanad right?
  npm run sanad -- report day          how the line did today, so far
  npm run sanad -- help on-call        all about one command
  npm run -s sanad -- doctor --json    for programs (-s hides npm's own lines)

In the container: node dist/src/staff/cli.js doctor

Exit codes: 0 done and good, 1 something was found or failed, 2 wrong use.
Settings come from the environment (table in README.md).
NO_COLOR=1 takes the colours away.`;

/** Runs one command line (without `node` and the script) and gives its exit code. Never rejects for wrong use. */
export async function runSanad(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.good;
  const program = new Command('sanad')
    .usage('<command> [options]')
    .description('Sanad, the line that listens: what its staff do from a terminal.')
    .helpCommand('help [command]', 'all about one command')
    .addHelpText('after', helpText)
    .showHelpAfterError('(all commands: npm run sanad -- --help)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
    });
  const end = (ended: ExitCode): void => {
    code = ended;
  };
  addDoctor(program, terminal, end);
  addAccess(program, terminal, end);
  addStaffMembers(program, terminal, end);
  addCalls(program, terminal, end);
  addEscalations(program, terminal, end);
  addOnCall(program, terminal, end);
  addCallers(program, terminal, end);
  addConsents(program, terminal, end);
  addFollowUps(program, terminal, end);
  addMessages(program, terminal, end);
  addWatch(program, terminal, end);
  addReview(program, terminal, end);
  addReport(program, terminal, end);
  addUsage(program, terminal, end);
  addSettings(program, terminal, end);
  addRetention(program, terminal, end);
  addSummaries(program, terminal, end);
  addServices(program, terminal, end);
  addAppointments(program, terminal, end);
  addJobs(program, terminal, end);
  addKeys(program, terminal, end);
  addAudit(program, terminal, end);
  addRisk(program, terminal, (ended) => {
    code = ended;
  });
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.good : exitCodes.wrongUse;
  }
  return code;
}

async function main(): Promise<void> {
  const { stdout, stderr, env: environment } = process;
  const unwritten = (error: Error): never => {
    const why = fileFault(error) ?? error.message;
    // Whoever reads may have seen enough (`| head`); there is nobody left to tell.
    if (why !== 'EPIPE') stderr.write(`error: The output was not written whole: ${why}.\n`);
    process.exit(exitCodes.failed);
  };
  stdout.on('error', unwritten);
  const terminal: Terminal = {
    stdout,
    stderr,
    // Opened only by a command that reads it.
    get stdin() {
      return process.stdin;
    },
    environment,
  };
  const code = await runSanad(process.argv.slice(2), terminal).catch((error: unknown) => {
    stderr.write(`sanad: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.failed;
  });
  // What hangs in a provider's hands must not keep the command alive; what was written must get out first.
  stdout.write('', (error) => (error instanceof Error ? unwritten(error) : process.exit(code)));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) void main();
