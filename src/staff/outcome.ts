import { exitCodes, type ExitCode } from './exitCodes.ts';
import { createOutput, type Output, type Terminal } from './output.ts';

/** What became of a command, to be told to a person, to a program (`--json`) or to a spreadsheet (`--csv`). */
export type Outcome =
  | {
      readonly kind: 'done';
      readonly json: object;
      readonly print: (output: Output) => void;
      /** Of listings: the whole text. */
      readonly csv?: string;
      /** 1 where the command worked and found something. */
      readonly code?: ExitCode;
    }
  | {
      readonly kind: 'refused';
      /** A word for programs. */
      readonly reason: string;
      readonly message: string;
      readonly code: ExitCode;
    };

export type Format = 'text' | 'json' | 'csv';

export interface FormatOptions {
  readonly json?: true;
  readonly csv?: true;
}

export function formatOf({ json, csv }: FormatOptions): Format {
  if (json === true) return 'json';
  return csv === true ? 'csv' : 'text';
}

/** The command was understood and could not be done. */
export function refused(reason: string, message: string): Outcome {
  return { kind: 'refused', reason, message, code: exitCodes.failed };
}

/** What was asked for makes no sense as it stands. */
export function misused(reason: string, message: string): Outcome {
  return { kind: 'refused', reason, message, code: exitCodes.wrongUse };
}

export function tell(outcome: Outcome, terminal: Terminal, format: Format): ExitCode {
  const output = createOutput(terminal);
  if (outcome.kind === 'done') {
    if (format === 'json') output.json(outcome.json);
    else if (format === 'csv' && outcome.csv !== undefined) terminal.stdout.write(outcome.csv);
    else outcome.print(output);
    return outcome.code ?? exitCodes.good;
  }
  const { reason, message, code } = outcome;
  if (format === 'json') output.json({ error: { reason, message } });
  else terminal.stderr.write(`error: ${message}\n`);
  return code;
}
