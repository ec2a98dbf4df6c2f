import { type ChildProcess, spawn } from 'node:child_process';

/** A program that a test run needs to go well. */
export interface GateOrder {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly limitMs: number;
  /** `shown` passes its output on as it comes; `onFailure` prints it only when it fails. */
  readonly output: 'shown' | 'onFailure';
  /** Asked every half second: a program that has done its work but does not end is failed with this reason. */
  readonly overdue?: () => string | null;
}

export type GateResult =
  | { readonly kind: 'passed'; readonly ms: number }
  | { readonly kind: 'failed'; readonly ms: number; readonly why: string };

const running = new Set<ChildProcess>();
let stopped = false;

/**
 * Ends what runs, and lets nothing start any more; for our own end by a signal, which the programs do not get: each has a
 * process group of its own. SIGKILL, since mocha finishes its tests on gentler ones; whatever they started has its guards.
 */
export function stopGates(): void {
  stopped = true;
  for (const child of running) signalGroup(child);
}

/** The whole group: mocha's command only starts another node, which would live on and hold our output open. */
function signalGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** Never throws. */
export function runGate(order: GateOrder): Promise<GateResult> {
  const startedAt = performance.now();
  if (stopped) return new Promise(() => {});
  return new Promise((resolve) => {
    const child = spawn(order.command, order.args, {
      env: order.env ?? process.env,
      detached: true,
      stdio: order.output === 'shown' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    let cut: string | null = null;
    const watch = setInterval(() => {
      const late = performance.now() - startedAt > order.limitMs;
      cut ??= late ? `took longer than ${order.limitMs / 1000} s` : (order.overdue?.() ?? null);
      if (cut !== null) signalGroup(child);
    }, 500);
    const finish = (why: string | null) => {
      clearInterval(watch);
      running.delete(child);
      const ms = performance.now() - startedAt;
      if (why !== null && output !== '') process.stdout.write(`${output.trimEnd()}\n`);
      resolve(why === null ? { kind: 'passed', ms } : { kind: 'failed', ms, why });
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code, signal) => finish(cut ?? (code === 0 ? null : `ended with ${code ?? signal}`)));
  });
}
