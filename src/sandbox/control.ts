import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { took } from './took.ts';

/** Bodies sent to a stand-in's control routes; a thousand fault plans are about 100 kB. */
const controlBodyBytes = 262_144;

/** What a stand-in lets itself be told over HTTP; only ever reachable on 127.0.0.1. */
export interface Control<Plan> {
  /** One plan of this server. */
  readonly plan: z.ZodType<Plan>;
  readonly set: (plans: Plan[]) => void;
  readonly clear: () => void;
  readonly remaining: () => readonly Plan[];
  readonly stats: () => unknown;
}

/**
 * Serves `POST /sandbox/faults` (one plan or a list; replaces what was planned), `GET` and `DELETE` of the same path,
 * `GET /sandbox/stats`, and `GET /sandbox/process` and `POST /sandbox/took` (takes what was noted so far), which are about
 * the whole process whichever server answers. Answers false when the request is not for a control route.
 */
export function serveControl<Plan>(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  control: Control<Plan>,
): boolean {
  const route = `${request.method ?? ''} ${path}`;
  switch (route) {
    case 'GET /sandbox/stats':
      answer(response, 200, control.stats());
      return true;
    case 'GET /sandbox/process':
      answer(response, 200, processUse());
      return true;
    case 'POST /sandbox/took':
      request.resume();
      answer(response, 200, took.take());
      return true;
    case 'GET /sandbox/faults':
      answer(response, 200, control.remaining());
      return true;
    case 'DELETE /sandbox/faults':
      control.clear();
      answer(response, 200, control.remaining());
      return true;
    case 'POST /sandbox/faults':
      readBody(request, (body) => answer(response, ...setFaults(body, control)));
      return true;
    default:
      return false;
  }
}

/** Processor time since the start, and memory now; the figures of the application must not hold the sandbox's. */
function processUse(): { cpuMs: number; rssBytes: number } {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}

function setFaults<Plan>(body: string | undefined, control: Control<Plan>): [number, unknown] {
  if (body === undefined) return [413, { error: `more than ${controlBodyBytes} bytes` }];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [400, { error: 'not JSON' }];
  }
  const plans = control.plan.array().safeParse(Array.isArray(value) ? value : [value]);
  if (!plans.success) return [400, { error: 'not a fault plan', issues: plans.error.issues }];
  control.set(plans.data);
  return [200, control.remaining()];
}

/** Calls back once: with the whole body, or with undefined when it is too long. A request that breaks off is dropped. */
function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= controlBodyBytes) chunks.push(chunk);
  });
  request.on('error', () => {});
  request.on('end', () => done(bytes <= controlBodyBytes ? Buffer.concat(chunks).toString('utf8') : undefined));
}

/** Answers with JSON. */
export function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(text);
}
