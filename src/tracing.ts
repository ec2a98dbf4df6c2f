import { AsyncLocalStorage } from 'node:async_hooks';
import { diag, ROOT_CONTEXT, trace, type Attributes, type Context, type Span, type Tracer } from '@opentelemetry/api';
import { limits } from './limits.ts';

/**
 * Spans for whoever registers a provider of OpenTelemetry; there is none in this project. Only the API is called, and whatever
 * stands behind it may throw: a call never learns of it. Facts are ids, levels, counts and codes under names of a closed set.
 */

export type SpanName =
  'call' | 'turn' | 'endOfTurn' | 'finalWords' | 'firstToken' | 'firstSentence' | 'firstAudio' | 'replyPlaying';

type FactName =
  | 'callId'
  | 'reply'
  | 'source'
  | 'risk'
  | 'outcome'
  | 'utterances'
  | 'falseAlarms'
  | 'turns'
  | 'escalations'
  | 'resumed'
  | 'spansLeftOut';

export type SpanFacts = Readonly<Partial<Record<FactName, string | number>>>;

export interface OpenSpan {
  /** Times are milliseconds since 1970. Beyond `limits.spansPerCall` of one trace nothing is opened any more. */
  readonly child: (name: SpanName, atMs: number, facts?: SpanFacts) => OpenSpan;
  /** Once; a second end is no news. */
  readonly end: (atMs: number, facts?: SpanFacts) => void;
}

/** A trace of its own, or null when nobody wants it: no provider is registered, it does not sample this one, or it failed. */
export function startTrace(name: SpanName, atMs: number, facts: SpanFacts): OpenSpan | null {
  return safely(() => {
    const tracer = trace.getTracer('sanad');
    const options = { root: true, startTime: new Date(atMs), attributes: attributesOf(facts) };
    const span = tracer.startSpan(name, options, ROOT_CONTEXT);
    return span.isRecording() ? opened({ tracer, spans: 1, leftOut: 0 }, span) : null;
  }, null);
}

interface Trace {
  readonly tracer: Tracer;
  spans: number;
  leftOut: number;
}

const unseen: OpenSpan = { child: () => unseen, end: () => {} };

function opened(of: Trace, span: Span): OpenSpan {
  const isRoot = of.spans === 1;
  const within: Context = trace.setSpan(ROOT_CONTEXT, span);
  let isOpen = true;
  return {
    child: (name, atMs, facts = {}) => {
      if (of.spans >= limits.spansPerCall) {
        of.leftOut += 1;
        return unseen;
      }
      of.spans += 1;
      const options = { startTime: new Date(atMs), attributes: attributesOf(facts) };
      return safely(() => opened(of, of.tracer.startSpan(name, options, within)), unseen);
    },
    end: (atMs, facts = {}) => {
      if (!isOpen) return;
      isOpen = false;
      const all = isRoot && of.leftOut > 0 ? { ...facts, spansLeftOut: of.leftOut } : facts;
      safely(() => span.setAttributes(attributesOf(all)), span);
      safely(() => span.end(new Date(atMs)), undefined);
    },
  };
}

/** Our own UUIDs, and codes as they are written in our types. No sentence, no Arabic letter and no telephone number is one. */
const idOrCode = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[a-z][a-zA-Z]{0,39})$/;

/** The types let nothing else in; this is the last net, as `mask` is for logs. Numbers are small counts. */
function attributesOf(facts: SpanFacts): Attributes {
  const harmless = Object.entries(facts).filter(([, value]) =>
    typeof value === 'string' ? idOrCode.test(value) : Number.isInteger(value) && Math.abs(value) < 1_000_000,
  );
  return Object.fromEntries(harmless.map(([name, value]) => [`sanad.${name}`, value]));
}

function safely<Result>(run: () => Result, otherwise: Result): Result {
  try {
    return run();
  } catch (error) {
    try {
      diag.warn('sanad: a span was lost', error instanceof Error ? error.name : 'unknown');
    } catch {
      // Whoever registered the diagnostics failed as well: there is nobody left to tell.
    }
    return otherwise;
  }
}

const listeners = new AsyncLocalStorage<(ms: number) => void>();

/** Runs `source` so that `tellFirstToken` within it reaches `told`: one model answers all calls and knows none of them. */
export async function* hearingFirstToken<T>(told: (ms: number) => void, source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await listeners.run(told, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** `ms` after the request to the model; nothing happens outside `hearingFirstToken`. */
export function tellFirstToken(ms: number): void {
  listeners.getStore()?.(ms);
}
