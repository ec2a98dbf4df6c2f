import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ModelFaultKind } from './faults.ts';

export interface ModelTiming {
  readonly firstTokenMs: number;
  readonly tokenEveryMs: number;
}

/** How a reply ends on the wire. */
export type Ending = 'complete' | 'length' | 'refusal';

/** One vendor's way of printing a stream. Each returns what is written as it stands. */
export interface WireFormat {
  readonly begin: () => string;
  readonly token: (text: string) => string;
  readonly end: (ending: Ending, tokens: number) => string;
  readonly keepAlive: () => string;
  readonly malformed: () => string;
  readonly error: () => string;
}

/** Pieces of about a token each: words are cut in two as models do, spaces stand before the word. */
export function tokensOf(text: string): string[] {
  return (text.match(/\s*\S+/g) ?? []).flatMap((word) =>
    word.length > 7 ? [word.slice(0, 5), word.slice(5)] : [word],
  );
}

interface Plan {
  readonly tokens: readonly string[];
  readonly timing: ModelTiming;
  readonly ending: Ending;
  /** What happens once the tokens are out, in place of the end. */
  readonly outcome: 'end' | 'cut' | 'stall' | 'reset' | 'malformed' | 'error';
}

function planOf(tokens: readonly string[], timing: ModelTiming, fault: ModelFaultKind | null): Plan {
  const plan: Plan = { tokens, timing, ending: 'complete', outcome: 'end' };
  if (fault === null) return plan;
  const first = (count: number) => tokens.slice(0, count);
  switch (fault.kind) {
    case 'empty':
      return { ...plan, tokens: [] };
    case 'slow':
      return { ...plan, timing: { ...timing, tokenEveryMs: fault.tokenEveryMs } };
    case 'late':
      return { ...plan, timing: { ...timing, firstTokenMs: fault.firstTokenMs } };
    case 'refusal':
    case 'length':
      return { ...plan, tokens: first(fault.afterTokens), ending: fault.kind };
    case 'stall':
    case 'cut':
    case 'malformed':
      return { ...plan, tokens: first(fault.afterTokens), outcome: fault.kind };
    case 'errorEvent':
      return { ...plan, tokens: first(fault.afterTokens), outcome: 'error' };
    case 'reset':
      return { ...plan, tokens: first(fault.afterTokens ?? 0), outcome: 'reset' };
    case 'status':
    case 'hang':
    case 'keepAlive':
    // Already in the text of the object.
    case 'brokenJson':
    case 'offSchema':
      return plan;
  }
}

/**
 * Streams `tokens` as server-sent events, with the planned fault. Resolves with how it went: `aborted` when the client closed
 * first.
 */
export async function streamReply(
  response: ServerResponse,
  format: WireFormat,
  tokens: readonly string[],
  timing: ModelTiming,
  fault: ModelFaultKind | null,
): Promise<'completed' | 'aborted' | 'faulted'> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  if (fault?.kind === 'hang') return waitForClose(closed.signal);
  if (fault?.kind === 'keepAlive') return keepAlive(response, format, fault.everyMs ?? 200, closed.signal);
  const plan = planOf(tokens, timing, fault);
  if (plan.outcome === 'reset' && plan.tokens.length === 0) return breakOff(response);
  response.write(format.begin());
  let wait = plan.timing.firstTokenMs;
  for (const token of plan.tokens) {
    if (!(await pause(wait, closed.signal))) return 'aborted';
    response.write(format.token(token));
    wait = plan.timing.tokenEveryMs;
  }
  if (!(await pause(wait, closed.signal))) return 'aborted';
  return finish(response, format, plan, closed.signal);
}

async function finish(
  response: ServerResponse,
  format: WireFormat,
  plan: Plan,
  closed: AbortSignal,
): Promise<'completed' | 'faulted'> {
  switch (plan.outcome) {
    case 'end':
      response.end(format.end(plan.ending, plan.tokens.length));
      return plan.ending === 'complete' ? 'completed' : 'faulted';
    case 'cut':
      response.end();
      return 'faulted';
    case 'malformed':
      response.end(format.malformed());
      return 'faulted';
    case 'error':
      response.end(format.error());
      return 'faulted';
    case 'reset':
      return breakOff(response);
    case 'stall':
      return waitForClose(closed);
  }
}

function breakOff(response: ServerResponse): 'faulted' {
  response.socket?.resetAndDestroy();
  return 'faulted';
}

async function waitForClose(closed: AbortSignal): Promise<'faulted'> {
  if (!closed.aborted) await once(closed, 'abort');
  return 'faulted';
}

async function keepAlive(
  response: ServerResponse,
  format: WireFormat,
  everyMs: number,
  closed: AbortSignal,
): Promise<'faulted'> {
  do response.write(format.keepAlive());
  while (await pause(everyMs, closed));
  return 'faulted';
}

/** False when the client closed meanwhile. */
function pause(ms: number, closed: AbortSignal): Promise<boolean> {
  if (closed.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = () => settle(false);
    const timer = setTimeout(() => settle(true), ms);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      closed.removeEventListener('abort', stop);
      resolve(isOpen);
    };
    closed.addEventListener('abort', stop, { once: true });
  });
}
