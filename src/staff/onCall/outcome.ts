import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { createOutput, type Output, type Terminal } from '../output.ts';

/** What became of a command, to be told to a person or, with `--json`, to a program. */
export type Outcome =
  | { readonly kind: 'done'; readonly json: object; readonly print: (output: Output) => void }
  | {
      readonly kind: 'refused';
      /** A word for programs. */
      readonly reason: string;
      readonly message: string;
      readonly code: ExitCode;
    };

/** The command was understood and could not be done. */
export function refused(reason: string, message: string): Outcome {
  return { kind: 'refused', reason, message, code: exitCodes.failed };
}

/** What was asked for makes no sense as it stands. */
export function misused(reason: string, message: string): Outcome {
  return { kind: 'refused', reason, message, code: exitCodes.wrongUse };
}

export function tell(outcome: Outcome, terminal: Terminal, asJson: boolean): ExitCode {
  const output = createOutput(terminal);
  if (outcome.kind === 'done') {
    if (asJson) output.json(outcome.json);
    else outcome.print(output);
    return exitCodes.good;
  }
  const { reason, message, code } = outcome;
  if (asJson) output.json({ error: { reason, message } });
  else terminal.stderr.write(`error: ${message}\n`);
  return code;
}
