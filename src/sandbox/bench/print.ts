import type { BenchResult } from './bench.ts';
import { printTable } from './table.ts';

/** The result for a terminal: the table, what the rows mean, and what they do not. */
export function printResult({ rows, machine, options, times, invalid }: BenchResult): string {
  const several = options.runs > 1;
  return [
    '',
    printTable(rows),
    '',
    `${options.calls} calls, ${options.seconds} s for each of two parts, ` +
      (several ? `median of ${options.runs} runs [lowest–highest]` : 'one run'),
    `${machine.cores} cores (${machine.processor}), Node ${machine.node.slice(1)}, load ${machine.loadBefore} before it began`,
    'Sanad, the sandbox and the callers are three processes that share these cores; so does PostgreSQL.',
    '',
    `added latency: the caller's last voiced frame is put on the wire → the first audible audio of the reply arrives at the`,
    `  caller's end of the socket, less ${times.floorMs} ms: a fixed pause of ${times.pauseMs} ms, ${times.firstSentenceMs} ms to the first`,
    `  sentence and ${times.firstAudioMs} ms to the first audio. No speculation. What the sandbox was late is in it, and shown below it.`,
    '  The callers stop in the middle of a vowel, so that there is no doubt which frame is the last voiced one.',
    'total with everything on: the same span with the default turn taking; its pause for these phrases is the same 700 ms.',
    "barge-in: start of the caller's first voiced frame → end of the last audible frame of the reply that the caller hears.",
    'processor, memory, event loop: of the part with everything on; memory from a few calls to all of them.',
    'No TLS, no real network, no real provider: a tone voice, replies of fixed words, a line with little noise.',
    ...(invalid.length === 0 ? [] : ['', 'These figures are not to be believed:', ...invalid.map((why) => `  ${why}`)]),
    ...(options.profile === null ? [] : ['', 'A profiled run: the processor and latency figures are worse for it.']),
    '',
  ].join('\n');
}
