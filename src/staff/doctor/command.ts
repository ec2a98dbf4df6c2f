import { InvalidArgumentError, type Command } from 'commander';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { createOutput, type Terminal } from '../output.ts';
import { examine } from './examine.ts';
import { examinationJson, printExamination } from './printExamination.ts';

const timeoutSeconds = { usual: 5, least: 0.1, most: 60 };

/** Adds `doctor` to the program; `end` takes the exit code. */
export function addDoctor(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('check everything that a call needs, and say how to mend it')
    .description(
      'Checks the settings and everything they name, side by side: database, queue, speech, language models, Twilio, PUBLIC_URL. It changes nothing; it speaks one greeting and asks each model for one word.',
    )
    .option('--json', 'the same as data')
    .option('--timeout <seconds>', 'longest wait for each answer', readTimeout, timeoutSeconds.usual)
    .addHelpText(
      'after',
      `
Examples:
  npm run sanad -- doctor                    everything, with a fix for faults
  npm run sanad -- doctor --timeout 20       on a slow line
  npm run -s sanad -- doctor --json          for a program
  npm run -s sanad -- doctor && npm start    start only when all is well

Exit code: 0 a call could be served (perhaps with warnings), 1 it could not,
2 wrong use.
What each row means: docs/doctor.md`,
    )
    .action(async ({ json, timeout }: { readonly json?: true; readonly timeout: number }) => {
      const output = createOutput(terminal);
      output.progress('checking …');
      const examination = await examine({
        environment: terminal.environment,
        timeoutMs: timeout * 1_000,
        onProgress: (done, total) => output.progress(`checking … ${done} of ${total}`),
      });
      output.progress(null);
      if (json) output.json(examinationJson(examination));
      else printExamination(examination, output);
      end(examination.callCouldBeServed ? exitCodes.good : exitCodes.failed);
    });
}

function readTimeout(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= timeoutSeconds.least && seconds <= timeoutSeconds.most) return seconds;
  throw new InvalidArgumentError(
    `It is a number of seconds from ${timeoutSeconds.least} to ${timeoutSeconds.most}, for example 10.`,
  );
}
