import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Account } from './machine.ts';

/**
 * Stops a server and removes its folder when its standard input ends, which the kernel sees to however we end: an
 * ordinary stop, Ctrl-C, an uncaught error or kill -9. There is no other way to stop, so the rare way is tried every time.
 * It reads lines `<pid> <signal>`; the last one counts. A shell, because it starts in a millisecond and weighs one MB.
 */
const guardScript = `
trap '' HUP INT TERM
pid=none; signal=TERM
while read -r a b; do pid=$a; signal=$b; done
if [ "$pid" != none ]; then
  kill -s "$signal" "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null; do
    case "$(cat "/proc/$pid/stat" 2>/dev/null)" in *') Z '*) break;; esac
    if [ "$n" -ge 400 ]; then kill -s KILL "$pid" 2>/dev/null; break; fi
    sleep 0.025; n=$((n+1))
  done
fi
[ -z "$1" ] || rm -rf -- "$1"
`;

export interface Guard {
  /** From now on this process is stopped with this signal at the end; null when it has ended by itself. */
  readonly watch: (server: { readonly pid: number; readonly signal: 'INT' | 'TERM' } | null) => void;
  /** Stops what is watched (killed after 10 s), removes the folder, and resolves when both are done. */
  readonly release: () => Promise<void>;
}

/** `folder` is removed at the end; null keeps everything. The guard never keeps this process alive. */
export function openGuard(folder: string | null): Guard {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'sanad-guard', folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A session of its own: Ctrl-C goes to the whole group of the terminal, and the guard has to outlive it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    guard.on('exit', () => resolve());
    guard.on('error', () => resolve());
  });
  const input: Writable & { unref?: () => void } = guard.stdin;
  input.on('error', () => {});
  guard.unref();
  input.unref?.();
  return {
    watch: (server) => void input.write(server ? `${server.pid} ${server.signal}\n` : 'none TERM\n'),
    release: () => {
      guard.ref();
      input.end();
      return ended;
    },
  };
}

export interface ServerOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly account: Account | null;
  /** Both streams of the server go here; overwritten at each start. */
  readonly logFile: string;
  readonly stopSignal: 'INT' | 'TERM';
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
}

export interface GuardedServer {
  /** Why the server has ended, or null while it runs. */
  readonly ended: () => string | null;
  /** What it wrote last, at most 2,000 characters. */
  readonly logTail: () => string;
}

export function startServer(order: ServerOrder, guard: Guard): GuardedServer {
  const log = openSync(order.logFile, 'w', 0o600);
  let ended: string | null = null;
  const child: ChildProcess = spawn(order.command, order.args, {
    cwd: order.cwd,
    env: order.env,
    stdio: [order.input === undefined ? 'ignore' : 'pipe', log, log],
    // Out of the terminal's group as well: on Ctrl-C we still write our last records before the guard stops it.
    detached: true,
    ...order.account,
  });
  closeSync(log);
  child.on('error', (error) => {
    ended = `cannot be run: ${error.message}`;
  });
  child.on('exit', (code, signal) => {
    ended = `ended with ${code ?? signal}`;
    guard.watch(null);
  });
  if (child.pid !== undefined) guard.watch({ pid: child.pid, signal: order.stopSignal });
  if (order.input !== undefined) {
    child.stdin?.on('error', () => {});
    child.stdin?.end(order.input);
  }
  child.unref();
  return { ended: () => ended, logTail: () => tailOf(order.logFile) };
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2_000);
  } catch {
    return '';
  }
}
