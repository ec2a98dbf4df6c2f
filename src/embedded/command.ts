import { spawn } from 'node:child_process';
import type { Account } from './machine.ts';

export interface CommandOptions {
  readonly limitMs: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly account?: Account | null;
}

/** `output` is both streams, last 8,000 characters. `refused` carries why: not found, no right, ended badly, too slow. */
export type CommandResult =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'refused'; readonly why: string; readonly output: string };

const keptCharacters = 8_000;

/** Runs a program to its end. Never throws and never hangs: its whole process group is killed after `limitMs`. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(options.env ? { env: options.env } : {}),
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...options.account,
    });
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-keptCharacters);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child.pid);
    }, options.limitMs);
    const finish = (result: CommandResult) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    child.on('error', (error) => finish({ kind: 'refused', why: `cannot be run: ${error.message}`, output }));
    // `exit`, not `close`: a grandchild that keeps the pipe open must not keep us waiting.
    child.on('exit', (code, signal) => {
      if (late) return finish({ kind: 'refused', why: `took longer than ${options.limitMs / 1000} s`, output });
      if (code === 0) return setImmediate(() => finish({ kind: 'done', output }));
      return setImmediate(() => finish({ kind: 'refused', why: `ended with ${code ?? signal}`, output }));
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

/** The last line that says something, for one-line messages. */
export function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.at(-1) ?? 'it said nothing';
}
