import { Writable } from 'node:stream';
import { setUp } from '../../embedded/setUp.ts';
import { createLog } from '../../log.ts';
import { help, readArguments, type DemoOrder } from './arguments.ts';
import { leaveFiles, prepareFolder } from './leave.ts';
import { Audience, perform } from './perform.ts';
import { printRecord } from './record.ts';
import { scenarios, smokeScenario } from './scenarios.ts';
import type { Scenario } from './scenario.ts';
import { outputOf, Screen } from './screen.ts';
import { openStage } from './stage.ts';
import { Started, Stopped } from './started.ts';
import { printSummary, summarise } from './summary.ts';
import { wrapText } from './printBlock.ts';

/** Runs the demo as its arguments say; resolves with the exit code. 130 after Ctrl-C, with everything stopped. */
export async function demo(given: readonly string[]): Promise<number> {
  const names = scenarios.map(({ name }) => name);
  const order = readArguments(given, { scenarios: names, usual: names[0] ?? '', smoke: smokeScenario.name });
  if (order.kind === 'run') return runScenario(order);
  if (order.kind === 'refused') {
    console.error(`demo: ${order.message}`);
    console.error('See npm run demo -- --help, and --list for the scenarios.');
    return 2;
  }
  const lines = order.kind === 'help' ? help : list(Math.min(120, process.stdout.columns ?? 100));
  console.log(lines.join('\n'));
  return 0;
}

function list(width: number): readonly string[] {
  const column = Math.max(...scenarios.map(({ name }) => name.length)) + 4;
  return scenarios.flatMap(({ name, sentence }, index) => {
    const [first = '', ...others] = wrapText(sentence, Math.max(30, width - column));
    const label = `  ${name.padEnd(column - 2)}`;
    return [
      `${label}${first}`,
      ...others.map((line) => `${' '.repeat(column)}${line}`),
      ...(index === 0 ? [`${' '.repeat(column)}(the usual one)`] : []),
    ];
  });
}

async function runScenario(order: Extract<DemoOrder, { kind: 'run' }>): Promise<number> {
  const scenario = [...scenarios, smokeScenario].find(({ name }) => name === order.scenario) ?? smokeScenario;
  const started = new Started();
  const screen = new Screen(outputOf(process.stdout, process.env));
  const interruption = stopOnSignals(started, screen);
  const log = lastLines();
  try {
    const playing = play(scenario, order.folder, started, screen, log.stream);
    return await Promise.race([playing, interruption.code, started.failed]);
  } catch (error) {
    // What breaks while everything is being stopped broke because of that.
    if (error instanceof Stopped || interruption.hasCome()) return await interruption.code;
    screen.line();
    const why = error instanceof Error ? error.message : String(error);
    for (const line of `The demo failed: ${why}`.split('\n')) screen.line(line);
    for (const line of log.lines()) screen.faint(`  ${line}`);
    return 1;
  } finally {
    await started.close();
    screen.close();
    interruption.forget();
  }
}

async function play(
  scenario: Scenario,
  folder: string,
  started: Started,
  screen: Screen,
  logStream: NodeJS.WritableStream,
): Promise<number> {
  await prepareFolder(folder);
  screen.heading(`Sanad, demo: ${scenario.name}`);
  screen.line(scenario.sentence);
  screen.line();
  const servers = await started.add(setUp({ print: (line) => screen.faint(line, 8) }), ({ stop }) => stop());
  const audience = new Audience(scenario.onCall ?? [], (done, live) => {
    if (!started.isClosing) screen.show(done, live);
  });
  const stage = await openStage({
    scenario,
    servers,
    started,
    log: createLog('warn', logStream),
    observe: audience.ears,
    onLeg: audience.onLeg,
    print: onceEach((line) => screen.faint(line, hangOf(line))),
  });
  screen.line();
  const played = await perform(scenario, stage, audience);
  if (started.isClosing) throw new Stopped();
  const files = await leaveFiles(folder, scenario, played);
  if (files.escalation !== null) {
    screen.line();
    screen.heading('What the database keeps of it');
    screen.aligned(printRecord(played.kept));
  }
  screen.line();
  for (const line of printSummary(summarise(played))) screen.line(line, 14);
  screen.line();
  screen.line(`recording     ${files.recording} (stereo: the caller left, Sanad right)`, 14);
  screen.line(`transcript    ${files.transcript}`, 14);
  screen.line(`timeline      ${files.timeline}`, 14);
  if (files.escalation !== null) screen.line(`escalation    ${files.escalation}`, 14);
  screen.line('To talk with Sanad yourself, from a real phone: README.md, "Take a real call".');
  const faults = scenario.faults(played);
  if (faults.length === 0) return 0;
  screen.line();
  screen.line('The call did not go as it must:');
  for (const fault of faults) screen.line(`  ${fault}`, 2);
  return 1;
}

/** The first signal stops everything in order, a second one at once; whatever is left then ends with this process. */
function stopOnSignals(
  started: Started,
  screen: Screen,
): { readonly code: Promise<number>; readonly hasCome: () => boolean; readonly forget: () => void } {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let settle = (_code: number): void => {};
  const code = new Promise<number>((resolve) => {
    settle = resolve;
  });
  let come = false;
  const onSignal = (signal: keyof typeof codes): void => {
    if (come) process.exit(codes[signal]);
    come = true;
    screen.line();
    screen.line('Stopping…');
    void started.close().then(() => settle(codes[signal]));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    code,
    hasCome: () => come,
    forget: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** A stand-in that fails says so at each sentence; once is enough to know. */
function onceEach(print: (line: string) => void): (line: string) => void {
  const printed = new Set<string>();
  return (line) => {
    if (printed.has(line) || printed.size >= 20) return;
    printed.add(line);
    print(line);
  };
}

/** Continued lines stand under what follows the first label. */
function hangOf(line: string): number {
  return line.indexOf(': ') + 2;
}

const keptLines = 12;

/** The server's log does not belong on a screen that shows a call; its end is shown when something fails. */
function lastLines(): { readonly stream: Writable; readonly lines: () => readonly string[] } {
  const kept: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept.push(chunk.toString().trimEnd());
      if (kept.length > keptLines) kept.shift();
      done();
    },
  });
  return { stream, lines: () => kept };
}
