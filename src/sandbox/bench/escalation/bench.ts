import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { machineNow, type BenchMachine } from '../bench.ts';
import type { BenchChild } from '../channel.ts';
import { countsShape, startedShape } from '../part.ts';
import { rounded } from '../summary.ts';
import type { StandInOptions } from '../../standIns.ts';
import { openedShape, runShape, type escalationCallsOptions } from './calls.ts';
import { partFiguresOf, type PartFigures } from './figures.ts';
import type { EscalationBenchOptions } from './options.ts';
import type { EscalationRecords } from './records.ts';
import type { z } from 'zod';

/** The whole measurement of bringing people: first one caller at a time, then several at once. */

/** Timings as the stand-ins have them by default; voices are tones. */
export const escalationSandbox: StandInOptions = { espeak: null };

const disclosure = 'kill-myself';
const answer = 'will-stay';
/** So many for each caller at once, and two more: whoever talks is not to be had for the others. */
const peopleEach = 3;
const morePeople = 2;
/** Greeting, disclosure, a person who comes late, and some: no call of the bench lasts longer. */
const longestCallMs = 150_000;
/** What the end of a call brings about is written in its wake. */
const closingMs = 15_000;

export interface EscalationBenchParts {
  readonly port: number;
  readonly startSanad: (apiBaseUrl: string) => BenchChild;
  readonly startCalls: () => BenchChild;
  /** After the server has made the database's tables. */
  readonly openRecords: () => EscalationRecords;
  /** Folder of phrases and noises. */
  readonly audio: string;
  readonly carrier: { readonly accountSid: string; readonly authToken: string; readonly phoneNumber: string };
  readonly say: (line: string) => void;
}

export interface EscalationBenchResult {
  readonly machine: BenchMachine & { readonly loadAfter: number };
  readonly options: EscalationBenchOptions;
  readonly parts: readonly { readonly title: string; readonly atOnce: number; readonly figures: PartFigures }[];
  /** What the server counted of itself. */
  readonly sanadCounts: Readonly<Record<string, number>>;
  /** Why the figures may not be believed. */
  readonly invalid: readonly string[];
}

export async function runEscalationBench(
  options: EscalationBenchOptions,
  bench: EscalationBenchParts,
): Promise<EscalationBenchResult> {
  const machine = machineNow();
  const calls = bench.startCalls();
  try {
    const { apiBaseUrl } = await calls.ask('open', callsOptionsOf(options, bench), openedShape);
    const sanad = bench.startSanad(apiBaseUrl);
    try {
      await sanad.ask('start', { fixedPauseMs: null, port: bench.port }, startedShape);
      const parts = await measureParts(options, bench, calls);
      const sanadCounts = await sanad.ask('counts', null, countsShape);
      return {
        machine: { ...machine, loadAfter: rounded(loadavg()[0] ?? 0, 2) },
        options,
        parts,
        sanadCounts,
        invalid: invalidities(parts, sanadCounts),
      };
    } finally {
      await sanad.stop();
    }
  } finally {
    await calls.stop();
  }
}

function callsOptionsOf(
  { atOnce, callsPerSecond }: EscalationBenchOptions,
  { audio, carrier, port }: EscalationBenchParts,
): z.infer<typeof escalationCallsOptions> {
  const count = peopleEach * atOnce + morePeople;
  return {
    ...carrier,
    serverUrl: `http://127.0.0.1:${port}`,
    audio,
    disclosure,
    answer,
    people: Array.from({ length: count }, (_zero, at) => `+9689${String(2_000_000 + at)}`),
    callsPerSecond,
  };
}

async function measureParts(
  options: EscalationBenchOptions,
  bench: EscalationBenchParts,
  calls: BenchChild,
): Promise<EscalationBenchResult['parts']> {
  const records = bench.openRecords();
  const planned = [
    { title: 'one at a time', calls: options.alone, atOnce: 1 },
    { title: `${options.atOnce} at once`, calls: options.calls, atOnce: options.atOnce },
  ].filter((part) => part.calls > 0);
  try {
    await records.addPeople(callsOptionsOf(options, bench).people);
    const parts = [];
    for (const { title, calls: count, atOnce } of planned) {
      bench.say(`${title}: ${count} calls`);
      const order = { calls: count, atOnce };
      const measured = await within(Math.ceil(count / atOnce) * longestCallMs, calls.ask('run', order, runShape));
      const ended = await whenClosed(records);
      const figures = partFiguresOf(measured, { ended, rung: await records.rung() });
      parts.push({ title, atOnce, figures });
    }
    return parts;
  } finally {
    await records.close();
  }
}

async function whenClosed(records: EscalationRecords): ReturnType<EscalationRecords['ended']> {
  const until = performance.now() + closingMs;
  for (;;) {
    const ended = await records.ended();
    if (ended.every(({ state }) => state === 'closed') || performance.now() > until) return ended;
    await pause(250);
  }
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const gone = new AbortController();
  const late = pause(ms, null, { signal: gone.signal }).then(() => {
    throw new Error(`the calls were not over within ${ms / 1_000} s`);
  });
  late.catch(() => {});
  return Promise.race([work, late]).finally(() => gone.abort());
}

/** A caller to whom nobody came is a figure; what the carrier complains of, or a provider that failed without a plan, is not. */
function invalidities(
  parts: EscalationBenchResult['parts'],
  sanadCounts: Readonly<Record<string, number>>,
): readonly string[] {
  return [
    ...parts.flatMap(({ title, figures }) => [
      ...Object.entries(figures.faults).map(([fault, times]) => `${title}: ${times} × ${fault}`),
      ...(figures.ring === null ? [`${title}: no telephone rang`] : []),
    ]),
    ...Object.entries(sanadCounts)
      .filter(([line, count]) => count > 0 && line.includes('failures'))
      .map(([line, count]) => `${line} is ${count}, though no fault was planned`),
  ];
}
