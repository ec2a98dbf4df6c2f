import { cpus, loadavg } from 'node:os';
import { speakWithTones } from '../voice/toneVoice.ts';
import type { SandboxProcess } from '../sandboxProcess.ts';
import type { StandInOptions } from '../standIns.ts';
import type { BenchChild } from './channel.ts';
import { lengthMs } from './callerVoice.ts';
import { figuresOf, floorOf, invalidities, type ProviderTimes, type RunFigures, type RunMeasured } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { measurePart, type PartMeasured, type PartOptions } from './part.ts';
import { rounded, summarise } from './summary.ts';
import { rowsOf, type Row } from './table.ts';

/** The whole measurement: what is asked of the sandbox, which parts a run has, and what comes of them. */

const pauseMs = 700;
const firstTokenMs = 250;
const tokenEveryMs = 10;
const firstAudioMs = 120;

/** The first sentence is one token, and the token after it shows that it is whole: so its time is known exactly. */
const reply =
  'أسمعك. خذ راحتك، أنا معك وما في شي مستعجل الحين. تقدر تحكي لي أكثر عن اللي صار اليوم في البيت أو في الشغل؟';

/** Cuts between sentences change it by 20 ms each. */
export const benchReplyMs = lengthMs(speakWithTones(reply).mulaw);

export const providerTimes: ProviderTimes = { pauseMs, firstSentenceMs: firstTokenMs + tokenEveryMs, firstAudioMs };

/**
 * The recogniser's final comes 500 ms of silence and 20 ms after the last voiced frame, before the pause ends. No timing of a
 * real provider is claimed: these only have to be known. Hypotheses come as often as from the real service, every 300 ms.
 */
export const benchSandbox: StandInOptions = {
  speechTiming: {
    finalDelayMs: 20,
    firstAudioDelayMs: firstAudioMs,
    audioChunkMs: 100,
    pacing: 10,
  },
  modelTiming: { firstTokenMs, tokenEveryMs },
  modelReply: reply,
  espeak: null,
};

/** Of an ordinary pause each, so that the default patience is one number; their last frames are vowels to every judge. */
export const benchPhrases = ['work-pressure', 'wife-upset', 'debts', 'mother-ill', 'better-now', 'thanks'];
export const benchInterruption = 'interrupts';
const bargeInEvery = 4;

export interface BenchParts {
  readonly sandbox: SandboxProcess;
  readonly startSanad: () => BenchChild;
  readonly startCallers: () => BenchChild;
  /** Folder of phrases and noises. */
  readonly audio: string;
  readonly carrier: { readonly accountSid: string; readonly authToken: string; readonly phoneNumber: string };
  readonly say: (line: string) => void;
}

export interface BenchMachine {
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
  readonly loadBefore: number;
  readonly date: string;
}

export function machineNow(): BenchMachine {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    loadBefore: rounded(loadavg()[0] ?? 0, 2),
    date: new Date().toISOString(),
  };
}

export interface BenchResult {
  readonly machine: BenchMachine;
  readonly options: BenchOptions;
  readonly times: ProviderTimes & { readonly floorMs: number };
  readonly rows: readonly Row[];
  readonly runs: readonly RunFigures[];
  /** Without the single turns: their summaries. */
  readonly parts: readonly { readonly fixed: object; readonly whole: object }[];
  /** Why the figures may not be believed. */
  readonly invalid: readonly string[];
}

export async function runBench(options: BenchOptions, parts: BenchParts): Promise<BenchResult> {
  const machine = machineNow();
  const runs: RunMeasured[] = [];
  for (let run = 1; run <= options.runs; run += 1) {
    parts.say(`run ${run} of ${options.runs}: a fixed pause of ${pauseMs} ms, no speculation`);
    const fixed = await measurePart(partOptions(options, parts, { run, fixedPauseMs: pauseMs }));
    parts.say(`run ${run} of ${options.runs}: everything on`);
    const whole = await measurePart(partOptions(options, parts, { run, fixedPauseMs: null }));
    runs.push({ fixed, whole });
  }
  const figures = runs.map((run) => figuresOf(run, providerTimes, options.calls));
  return {
    machine,
    options,
    times: { ...providerTimes, floorMs: floorOf(providerTimes) },
    rows: rowsOf(figures, providerTimes),
    runs: figures,
    parts: runs.map(({ fixed, whole }) => ({ fixed: withoutTurns(fixed), whole: withoutTurns(whole) })),
    invalid: runs.flatMap(({ fixed, whole }) => [
      ...invalidities('fixed pause', fixed),
      ...invalidities('everything on', whole),
    ]),
  };
}

function partOptions(
  { calls, seconds, profile }: BenchOptions,
  { sandbox, startSanad, startCallers, audio, carrier, say }: BenchParts,
  { run, fixedPauseMs }: { readonly run: number; readonly fixedPauseMs: number | null },
): PartOptions {
  const name = fixedPauseMs === null ? 'whole' : 'fixed';
  return {
    fixedPauseMs,
    calls,
    seconds,
    profileFile: profile === null ? null : `${profile}/${name}-${run}`,
    callers: {
      ...carrier,
      audio,
      phrases: benchPhrases,
      interruption: benchInterruption,
      bargeInEvery,
      replyMs: benchReplyMs,
    },
    sandbox,
    startSanad,
    startCallers,
    say,
  };
}

function withoutTurns({ callers, took, ...rest }: PartMeasured): object {
  const { turns, ...calls } = callers;
  const latency = summarise(turns.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])));
  const bargeIn = summarise(turns.flatMap((turn) => (turn.bargeIn === null ? [] : [turn.bargeIn.silentAfterMs])));
  return {
    ...rest,
    callers: { ...calls, turns: turns.length, latencyMs: latency, bargeInMs: bargeIn },
    took: { firstSentence: summarise(took.firstSentence), firstAudio: summarise(took.firstAudio) },
  };
}
