import type { Command } from 'commander';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { createOutput, type Terminal } from '../output.ts';
import { printAssessment } from './printAssessment.ts';

interface AssessOptions {
  readonly jsonl?: true;
  readonly floorOnly?: true;
  readonly json?: true;
  readonly question?: string;
  readonly lang?: string;
}

/** Adds `risk` to the program; `end` takes the exit code. */
export function addRisk(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const risk = program
    .command('risk')
    .summary('what the detection of danger says of words')
    .description('Tries the detection of danger on words, outside of any call.');
  risk
    .command('assess')
    .summary('the level of danger of an utterance, or of lines from stdin')
    .description(
      'Says how much danger words tell of: none, low, moderate, high or imminent, and why. Nothing is stored, and nothing leaves the machine with --floor-only.',
    )
    .argument('[text]', 'what a caller says; without it and with --jsonl, lines are read from stdin')
    .option('--jsonl', 'read JSON lines from stdin, write one JSON line for each')
    .option('--floor-only', 'rules and the small model only: no network, no keys')
    .option('--json', 'with a text: the same as data')
    .option('--question <text>', 'with a text: what Sanad had asked')
    .option('--lang <tag>', 'with a text: language of the call')
    .addHelpText('after', helpText)
    .action(async (text: string | undefined, options: AssessOptions) => end(await run(text, options, terminal)));
  for (const command of risk.commands) command.copyInheritedSettings(program);
}

const helpText = `
Examples:
  npm run sanad -- risk assess "ما أبا أعيش"
  npm run sanad -- risk assess "ايوه" --question "تفكر تقتل نفسك؟"
  npm run -s sanad -- risk assess --jsonl --floor-only < lines.jsonl

Lines in:  {"id":1,"text":"…","question":"…","lang":"ar-OM"}
           {"id":2,"turns":[{"speaker":"sanad","text":"…"},
                            {"speaker":"caller","text":"…"}]}
Lines out: {"id":1,"level":"high","signals":[…]}
           {"id":2,"levels":["none","high"],"level":"high"}
           (question and lang may be left out; levels: after each turn of
           the caller; order is kept)

A line that cannot be read is named on stderr and left out.
Exit code: 0 all lines were assessed, 1 some lines were refused, 2 wrong use.
What the levels mean: docs/risk-levels.md`;

async function run(text: string | undefined, options: AssessOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.jsonl === true) {
    if (text !== undefined) return wrongUse(terminal, 'with --jsonl, what is said comes from stdin');
    const { assessLines } = await import('./assessLines.ts');
    return (await assessLines(process.stdin, terminal, { floorOnly: options.floorOnly === true })) === 0
      ? exitCodes.good
      : exitCodes.failed;
  }
  if (text === undefined || text.trim() === '')
    return wrongUse(terminal, 'what does the caller say? Give a text, or --jsonl');
  // The model takes a moment to load; no other command needs it.
  const { assess } = await import('../../risk/assess.ts');
  const assessment = assess(text, {
    question: options.question ?? null,
    ...(options.lang === undefined ? {} : { lang: options.lang }),
  });
  const output = createOutput(terminal);
  if (options.json === true) output.json(assessment);
  else printAssessment(text, options.question ?? null, assessment, output);
  return exitCodes.good;
}

function wrongUse(terminal: Terminal, what: string): ExitCode {
  terminal.stderr.write(`error: ${what}\n(help: npm run sanad -- help risk assess)\n`);
  return exitCodes.wrongUse;
}
