import { Session } from 'node:inspector/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { rounded, summarise, type Summary } from './summary.ts';

/** Measures the process it is in: processor, memory, and how late its event loop is. */

const memoryShape = z.object({ rssMb: z.number(), heapMb: z.number(), externalMb: z.number() });

export type Memory = z.infer<typeof memoryShape>;

export const usageShape = z.object({
  wallMs: z.number(),
  /** Of all threads of the process. */
  cpuMs: z.number(),
  /** Median of the last seconds of the window, as it stands. */
  rssMb: z.number(),
  loopDelayMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
});

export type Usage = z.infer<typeof usageShape>;
export { memoryShape };

/** How often the loop is asked; what is reported is what goes beyond. */
const loopResolutionMs = 10;
const rssEveryMs = 1_000;
const rssSamples = 5;
const mb = 1_048_576;

interface Window {
  readonly startedAt: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly rss: number[];
  readonly timer: NodeJS.Timeout;
}

export class Probe {
  readonly #delay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  #window: Window | null = null;
  #profiler: Session | null = null;

  /** With `profile` the processor is sampled as well, each millisecond, and where memory is allocated. */
  async begin(profile: boolean): Promise<void> {
    if (profile) this.#profiler = await startProfiler();
    const rss: number[] = [];
    const timer = setInterval(() => rss.push(process.memoryUsage.rss()), rssEveryMs);
    this.#delay.enable();
    this.#delay.reset();
    this.#window = { startedAt: performance.now(), cpu: process.cpuUsage(), rss, timer };
  }

  /** @param profileFile where the profiles go, without their endings; null when there are none */
  async end(profileFile: string | null): Promise<Usage> {
    const window = this.#window;
    if (window === null) throw new Error('no window was opened');
    const { user, system } = process.cpuUsage(window.cpu);
    const wallMs = performance.now() - window.startedAt;
    this.#delay.disable();
    clearInterval(window.timer);
    this.#window = null;
    if (profileFile !== null) await this.#writeProfile(profileFile);
    const late = (ns: number): number => rounded(Math.max(0, ns / 1e6 - loopResolutionMs), 2);
    return {
      wallMs: rounded(wallMs, 0),
      cpuMs: rounded((user + system) / 1_000, 0),
      rssMb: rounded((medianOfLast(window.rss)?.p50 ?? process.memoryUsage.rss()) / mb, 2),
      loopDelayMs: {
        p50: late(this.#delay.percentile(50)),
        p99: late(this.#delay.percentile(99)),
        max: late(this.#delay.max),
      },
    };
  }

  /** What is in use after a full collection (started with `--expose-gc`; else without one). */
  memory(): Memory {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rssMb: rounded(rss / mb, 2), heapMb: rounded(heapUsed / mb, 2), externalMb: rounded(external / mb, 2) };
  }

  async #writeProfile(file: string): Promise<void> {
    const session = this.#profiler;
    this.#profiler = null;
    if (session === null) return;
    const processor = await session.post('Profiler.stop');
    const allocations = await session.post('HeapProfiler.stopSampling');
    session.disconnect();
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.cpuprofile`, JSON.stringify(processor.profile));
    await writeFile(`${file}.heapprofile`, JSON.stringify(allocations.profile));
  }
}

async function startProfiler(): Promise<Session> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1_000 });
  await session.post('Profiler.start');
  // Also what was collected since: it is the making of rubbish that costs, not what stays.
  const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post('HeapProfiler.startSampling', { samplingInterval: 65_536, ...all });
  return session;
}

function medianOfLast(values: readonly number[]): Summary | null {
  return summarise(values.slice(-rssSamples));
}
