import type { PartMeasured } from './part.ts';
import { median, rounded, summarise, type Summary } from './summary.ts';
import type { Turn } from './turns.ts';

/** What the parts of one run amount to. Milliseconds, megabytes, percent of one core. */

/** What the sandbox was asked to take; the floor of the first part is their sum. */
export interface ProviderTimes {
  readonly pauseMs: number;
  readonly firstSentenceMs: number;
  readonly firstAudioMs: number;
}

export interface RunMeasured {
  /** Speculation off, a fixed pause. */
  readonly fixed: PartMeasured;
  /** Everything on. */
  readonly whole: PartMeasured;
}

export interface RunFigures {
  readonly added: Summary | null;
  /** What the sandbox itself was late, by its own clock: part of `added`, and none of Sanad's. */
  readonly lateSentence: Summary | null;
  readonly lateAudio: Summary | null;
  readonly total: Summary | null;
  readonly bargeIn: Summary | null;
  readonly turns: number;
  readonly answeredOncePercent: number;
  readonly unanswered: number;
  readonly duplicates: number;
  readonly otherAnswers: number;
  readonly cpuPerCallPercent: number;
  readonly memoryPerCallMb: number | null;
  readonly livePerCallMb: number | null;
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly sanadCpuPercent: number;
  readonly sandboxCpuPercent: number;
  readonly callersCpuPercent: number;
}

export function figuresOf({ fixed, whole }: RunMeasured, times: ProviderTimes, calls: number): RunFigures {
  const turns = [...fixed.callers.turns, ...whole.callers.turns];
  const counted = (answered: Turn['answered']): number => turns.filter((turn) => turn.answered === answered).length;
  const floorMs = floorOf(times);
  const percent = (cpuMs: number): number => rounded((100 * cpuMs) / whole.sanadUsage.wallMs, 1);
  return {
    added: summarise(latencies(fixed.callers.turns).map((ms) => ms - floorMs)),
    lateSentence: summarise(fixed.took.firstSentence.map((ms) => ms - times.firstSentenceMs)),
    lateAudio: summarise(fixed.took.firstAudio.map((ms) => ms - times.firstAudioMs)),
    total: summarise(latencies(whole.callers.turns)),
    bargeIn: summarise(turns.flatMap(({ bargeIn }) => (bargeIn?.cut === true ? [bargeIn.silentAfterMs] : []))),
    turns: turns.length,
    answeredOncePercent: turns.length === 0 ? 0 : rounded((100 * counted('once')) / turns.length, 2),
    unanswered: counted('none'),
    duplicates: counted('more'),
    otherAnswers: counted('other'),
    cpuPerCallPercent: rounded((100 * whole.sanadUsage.cpuMs) / whole.sanadUsage.wallMs / calls, 3),
    memoryPerCallMb: perFurtherCall(whole, ({ rssMb }) => rssMb),
    livePerCallMb: perFurtherCall(whole, ({ live }) => live.heapMb + live.externalMb),
    loopDelayMs: whole.sanadUsage.loopDelayMs,
    sanadCpuPercent: percent(whole.sanadUsage.cpuMs),
    sandboxCpuPercent: percent(whole.sandboxCpuMs),
    callersCpuPercent: percent(whole.callersUsage.cpuMs),
  };
}

export function floorOf({ pauseMs, firstSentenceMs, firstAudioMs }: ProviderTimes): number {
  return pauseMs + firstSentenceMs + firstAudioMs;
}

function latencies(turns: readonly Turn[]): readonly number[] {
  return turns.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
}

/** Null when there were not more calls than at the first measurement. */
function perFurtherCall(
  { memory: { few, all } }: PartMeasured,
  mbOf: (at: PartMeasured['memory']['few']) => number,
): number | null {
  return all.calls > few.calls ? rounded((mbOf(all) - mbOf(few)) / (all.calls - few.calls), 3) : null;
}

/**
 * Why the figures of a part may not be believed; none: they may. A turn that was not answered is no such reason by itself: that
 * is a figure. What the carrier complains of, or what the stand-ins could not do in time, is.
 */
export function invalidities(name: string, part: PartMeasured): readonly string[] {
  const faults = Object.entries(part.callers.faults).map(([fault, times]) => `${name}: ${times} × ${fault}`);
  if (part.callers.turns.length === 0) faults.push(`${name}: no turn was taken in the measured time`);
  if (part.lateFirstAudio > 0) {
    faults.push(`${name}: the sandbox's voice was not ready in time for ${part.lateFirstAudio} sentences`);
  }
  const failed = Object.entries(part.sanadCounts).filter(([line, count]) => count > 0 && line.includes('failures'));
  for (const [line, count] of failed) faults.push(`${name}: ${line} is ${count}, though no fault was planned`);
  const notCut = part.callers.turns.filter(({ bargeIn }) => bargeIn?.cut === false).length;
  if (notCut > 0) faults.push(`${name}: ${notCut} replies were over before the interruption could silence them`);
  return faults;
}

/** A figure over several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Null when a run did not measure it. */
export function spread(values: readonly (number | null | undefined)[]): Spread | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0 || known.length < values.length) return null;
  return { median: rounded(median(known), 3), min: Math.min(...known), max: Math.max(...known) };
}
