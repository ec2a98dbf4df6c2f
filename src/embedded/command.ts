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
/** For the rest of the output after the end. */
const drainMs = 1_000;

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
    child.on('exit', (code, signal) => {
      const end = () => {
        if (late) finish({ kind: 'refused', why: `took longer than ${options.limitMs / 1000} s`, output });
        else if (code === 0) finish({ kind: 'done', output });
        else finish({ kind: 'refused', why: `ended with ${code ?? signal}`, output });
      };
      // What it wrote may still be on its way (`close` comes when all of it is here); but a grandchild that holds the pipe
      // open must not keep us waiting.
      const patience = setTimeout(end, drainMs);
      child.on('close', () => {
        clearTimeout(patience);
        end();
      });
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
