import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { SandboxProcess } from '../sandboxProcess.ts';
import type { TookName } from '../took.ts';
import { callsShape, type callersOptions, type CallsMeasured } from './callers.ts';
import type { BenchChild } from './channel.ts';
import { memoryShape, usageShape, type Memory, type Usage } from './probe.ts';
import { median } from './summary.ts';

/** One window of measurement: a fresh Sanad, a few calls, then all of them, then the measured time. */

export interface PartOptions {
  /** Null: turn taking as it is by default. A number: that pause ends every turn, and no reply is prepared before it. */
  readonly fixedPauseMs: number | null;
  readonly calls: number;
  /** Of them, so many are there at the first look at memory; a sixth, at most ten, when not given. */
  readonly fewCalls?: number;
  readonly seconds: number;
  readonly profileFile: string | null;
  /** Quiet before each measurement of memory, and before the window; 3,000 ms when not given. */
  readonly settleMs?: number;
  readonly callers: Omit<z.infer<typeof callersOptions>, 'serverUrl'>;
  readonly sandbox: SandboxProcess;
  readonly startSanad: () => BenchChild;
  readonly startCallers: () => BenchChild;
  readonly say: (line: string) => void;
}

export interface MemoryAt {
  readonly calls: number;
  /** Resident, as it stands: median of some seconds. */
  readonly rssMb: number;
  /** After a full collection. */
  readonly live: Memory;
}

export interface PartMeasured {
  readonly callers: CallsMeasured;
  readonly sanadUsage: Usage;
  readonly callersUsage: Usage;
  readonly sandboxCpuMs: number;
  readonly memory: { readonly few: MemoryAt; readonly all: MemoryAt };
  readonly took: Readonly<Record<TookName, readonly number[]>>;
  /** Sentences whose voice was not ready when its audio was due: the sandbox was too slow to measure against. */
  readonly lateFirstAudio: number;
  /** Sanad's own counts of failures of providers and the like, by metric line. */
  readonly sanadCounts: Readonly<Record<string, number>>;
}

export const startedShape = z.object({ serverUrl: z.string() });
export const countsShape = z.record(z.string(), z.number());
const speechStats = z.object({ lateFirstAudio: z.object({ count: z.int() }) });
const nothing = z.null();

const greetingMs = 90_000;
const settledMs = 3_000;
const rssSamples = 5;

export async function measurePart(options: PartOptions): Promise<PartMeasured> {
  const sanad = options.startSanad();
  const callers = options.startCallers();
  try {
    const { serverUrl } = await sanad.ask('start', { fixedPauseMs: options.fixedPauseMs }, startedShape);
    await callers.ask('open', { ...options.callers, serverUrl }, nothing);
    return await measure(options, sanad, callers);
  } finally {
    await callers.stop();
    await sanad.stop();
  }
}

async function measure(options: PartOptions, sanad: BenchChild, callers: BenchChild): Promise<PartMeasured> {
  const { calls, seconds, sandbox, say, profileFile, settleMs = settledMs } = options;
  const fewCalls = options.fewCalls ?? Math.min(10, Math.max(1, Math.floor(calls / 6)));
  await place(callers, fewCalls, fewCalls);
  const few = await memoryAt(sanad, fewCalls, settleMs);
  await place(callers, calls - fewCalls, calls);
  await pause(settleMs);
  say(`  ${calls} calls are on the line; measuring for ${seconds} s`);
  await sandbox.took();
  const lateBefore = await lateFirstAudio(sandbox);
  const cpuBefore = await sandbox.cpuMs();
  await Promise.all([
    sanad.ask('begin', { profile: profileFile !== null }, nothing),
    callers.ask('begin', null, nothing),
  ]);
  await pause(seconds * 1_000);
  const [sanadUsage, callersUsage, cpuAfter] = await Promise.all([
    sanad.ask('end', { profileFile }, usageShape),
    callers.ask('end', null, usageShape),
    sandbox.cpuMs(),
  ]);
  const live = await sanad.ask('memory', null, memoryShape);
  const measured = await callers.ask('finish', null, callsShape);
  return {
    callers: measured,
    sanadUsage,
    callersUsage,
    sandboxCpuMs: cpuAfter - cpuBefore,
    memory: { few, all: { calls, rssMb: sanadUsage.rssMb, live } },
    took: await sandbox.took(),
    lateFirstAudio: (await lateFirstAudio(sandbox)) - lateBefore,
    sanadCounts: await sanad.ask('counts', null, countsShape),
  };
}

async function place(callers: BenchChild, count: number, all: number): Promise<void> {
  await callers.ask('place', count, nothing);
  const until = performance.now() + greetingMs;
  while ((await callers.ask('greeted', null, z.int())) < all) {
    if (performance.now() > until) throw new Error(`not all of ${all} callers were greeted within ${greetingMs} ms`);
    await pause(200);
  }
}

async function memoryAt(sanad: BenchChild, calls: number, settleMs: number): Promise<MemoryAt> {
  await pause(settleMs);
  const rss: number[] = [];
  for (let i = 0; i < rssSamples; i += 1) {
    await pause(settleMs / rssSamples);
    rss.push(await sanad.ask('rss', null, z.number()));
  }
  return { calls, rssMb: median(rss), live: await sanad.ask('memory', null, memoryShape) };
}

async function lateFirstAudio(sandbox: SandboxProcess): Promise<number> {
  return speechStats.parse(await sandbox.control.speech.stats()).lateFirstAudio.count;
}
