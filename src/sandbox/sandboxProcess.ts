import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { AzureSpeechFaultPlan } from './azureSpeech/faults.ts';
import type { ModelFaultPlan } from './languageModels/faults.ts';
import type { StandInOptions } from './standIns.ts';
import { tookNames, type TookName } from './took.ts';

export interface SandboxProcessOptions extends StandInOptions {
  /** Takes what the sandbox says of itself: that it is a stand-in, what its voice is. */
  readonly log?: (line: string) => void;
}

/** One stand-in's control, over HTTP. Each call throws when the sandbox does not take it. */
export interface RemoteControl<Plan> {
  /** Replaces what was planned. */
  readonly setFaults: (plans: readonly Plan[]) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  readonly stats: () => Promise<unknown>;
}

export interface SandboxProcess {
  /** `AZURE_SPEECH_HOST`, `OPENAI_BASE_URL`, `ANTHROPIC_BASE_URL` and the keys that go with them. */
  readonly env: Readonly<Record<string, string>>;
  readonly control: {
    readonly speech: RemoteControl<AzureSpeechFaultPlan>;
    readonly models: RemoteControl<ModelFaultPlan>;
  };
  /** Processor time of the sandbox since it started: not the application's. */
  readonly cpuMs: () => Promise<number>;
  /** How long the providers really took since this was last asked, in milliseconds (see `TookName`). */
  readonly took: () => Promise<Readonly<Record<TookName, readonly number[]>>>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Resolves when the process has ended; kills it after 3 s. */
  readonly stop: () => Promise<void>;
}

const startMs = 20_000;
const stopMs = 3_000;
const root = path.resolve(import.meta.dirname, '..', '..');

const tookAnswer = z.record(z.enum(tookNames), z.array(z.number()));
const hello = z.object({ speechPort: z.int(), modelsPort: z.int(), env: z.record(z.string(), z.string()) });

/** Starts the stand-ins in a process of their own. Rejects with what the process said when it does not start in 20 s. */
export async function startSandboxProcess(options: SandboxProcessOptions = {}): Promise<SandboxProcess> {
  const { log = () => {}, ...standIns } = options;
  const script = path.join(root, 'scripts', 'sandbox.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(standIns)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (said.push(line) > 20) said.shift();
    log(line);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = (): Promise<void> => stopChild(child, ended);
  try {
    const { speechPort, modelsPort, env } = hello.parse(JSON.parse(await firstLine(child, ended)));
    return {
      env,
      control: { speech: remoteControl(speechPort), models: remoteControl(modelsPort) },
      cpuMs: async () => z.object({ cpuMs: z.number() }).parse(await ask(speechPort, 'GET', '/sandbox/process')).cpuMs,
      took: async () => tookAnswer.parse(await ask(speechPort, 'POST', '/sandbox/took')),
      ended,
      stop,
    };
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(`the sandbox did not start: ${why}\n${said.join('\n')}`, { cause: error });
  }
}

async function firstLine(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('it has no output');
  let timer: NodeJS.Timeout | undefined;
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).once('line', resolve);
    child.once('error', reject);
    timer = setTimeout(() => reject(new Error(`nothing within ${startMs} ms`)), startMs);
    void ended.then(() => reject(new Error('it ended')));
  });
  return line.finally(() => clearTimeout(timer));
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  child.kill('SIGTERM');
  await ended.finally(() => clearTimeout(timer));
}

function remoteControl<Plan>(port: number): RemoteControl<Plan> {
  return {
    setFaults: async (plans) => void (await ask(port, 'POST', '/sandbox/faults', JSON.stringify(plans))),
    clearFaults: async () => void (await ask(port, 'DELETE', '/sandbox/faults')),
    stats: () => ask(port, 'GET', '/sandbox/stats'),
  };
}

async function ask(port: number, method: string, route: string, body?: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${route}`, { method, ...(body === undefined ? {} : { body }) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
