import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Questions and answers between the bench and the processes it starts, over Node's own channel between them. */

const question = z.object({ id: z.int(), name: z.string(), given: z.unknown() });
const reply = z.union([z.object({ id: z.int(), answer: z.unknown() }), z.object({ id: z.int(), fault: z.string() })]);

export interface BenchChild {
  /** Rejects with what the other process says when it cannot, or when it is gone. */
  readonly ask: <Answer>(name: string, given: unknown, answer: z.ZodType<Answer>) => Promise<Answer>;
  /** Lets go and waits for its end; kills it after 10 s. */
  readonly stop: () => Promise<void>;
}

export interface ForkOptions {
  readonly script: string;
  readonly nodeOptions?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const stopMs = 10_000;
const saidLines = 20;

/** Starts a script of ours, in TypeScript, in a process of its own. */
export function forkChild({ script, nodeOptions = [], env }: ForkOptions): BenchChild {
  const child = fork(script, [], {
    execArgv: ['--import', 'tsx', ...nodeOptions],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  const said = lastLines(child);
  let asked = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('error', () => {});
  child.on('message', (message) => settle(waiting, message));
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`a process of the bench ended\n${said().join('\n')}`));
    waiting.clear();
  });
  return {
    ask: async (name, given, answer) => {
      asked += 1;
      const id = asked;
      const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      if (child.connected) child.send({ id, name, given });
      else settle(waiting, { id, fault: `a process of the bench is gone\n${said().join('\n')}` });
      return answer.parse(await answered);
    },
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      if (child.connected) child.disconnect();
      await ended.finally(() => clearTimeout(timer));
    },
  };
}

function lastLines({ stderr }: ChildProcess): () => readonly string[] {
  const lines: string[] = [];
  if (stderr !== null) {
    createInterface({ input: stderr }).on('line', (line) => {
      if (lines.push(line) > saidLines) lines.shift();
    });
  }
  return () => lines;
}

function settle(waiting: Map<number, Waiting>, message: unknown): void {
  const read = reply.safeParse(message);
  if (!read.success) return;
  const one = waiting.get(read.data.id);
  waiting.delete(read.data.id);
  if ('fault' in read.data) one?.reject(new Error(read.data.fault));
  else one?.resolve(read.data.answer);
}

/** The other end: answers the bench, and ends this process when the bench lets go of it or dies. */
export function serveBench(
  answers: Readonly<Record<string, (given: unknown) => unknown>>,
  onEnd: () => Promise<void>,
): void {
  process.on('message', (message) => {
    const { id, name, given } = question.parse(message);
    void answerTo(answers[name], name, given).then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) => process.send?.({ id, fault: error instanceof Error ? (error.stack ?? error.message) : '?' }),
    );
  });
  process.once('disconnect', () => void onEnd().finally(() => process.exit(0)));
}

async function answerTo(answer: ((given: unknown) => unknown) | undefined, name: string, given: unknown) {
  if (answer === undefined) throw new Error(`nobody answers to ${name}`);
  return answer(given);
}
