import type { Clock } from '../clock.ts';
import {
  ModelError,
  type ModelChunk,
  type ModelFault,
  type ModelName,
  type ModelRequest,
  type RequestUsage,
} from './languageModel.ts';

/** Time limits of one provider's reply; the SDKs' own end with the headers and a stalled stream would hang for minutes. */
export interface ModelTimes {
  /** From the request to the first visible text. */
  readonly firstTokenMs: number;
  /** From one text to the next (DESIGN §6). */
  readonly betweenTokensMs: number;
  readonly totalMs: number;
  /** Once the provider said that it finished, how long its usage figures are waited for. */
  readonly usageMs: number;
}

export const modelTimes: ModelTimes = {
  firstTokenMs: 4_000,
  betweenTokensMs: 1_500,
  totalMs: 20_000,
  usageMs: 300,
};

/** One provider's event, read: what of it matters here. */
export interface Reading {
  readonly text?: string;
  /** The provider's final event, and how it ended. */
  readonly finish?: 'complete' | 'length' | 'refused';
  readonly inputTokens?: number;
  /** Of the input those that a cache gave, and those that it took. */
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly outputTokens?: number;
}

export interface Supervised<Event> {
  readonly provider: ModelName;
  readonly model: string;
  readonly clock: Clock;
  readonly times: ModelTimes;
  readonly signal: AbortSignal;
  /** Of everything that is sent, for a guess where the vendor does not tell. */
  readonly inputCharacters: number;
  readonly onUsage?: ((usage: RequestUsage) => void) | undefined;
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
  readonly read: (event: Event) => Reading;
  /** The fault an error of the SDK stands for. `begun`: text had come before it. */
  readonly faultOf: (error: unknown, begun: boolean) => ModelFault;
}

type Step<Event> =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'over' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/**
 * Reads one provider's stream under our own limits. Ends quietly when `signal` aborts; throws `ModelError` with one fault
 * otherwise. A stream that ends without its final event is `truncated`, one without text is `empty`.
 */
export async function* supervise<Event>(stream: Supervised<Event>): AsyncGenerator<ModelChunk> {
  const { provider, model, clock, times, signal } = stream;
  const abort = new AbortController();
  const startedAt = clock.now();
  const follow = () => abort.abort();
  signal.addEventListener('abort', follow, { once: true });
  const fail = (fault: ModelFault) => new ModelError([{ provider, fault }]);
  let begun = false;
  let finish: Reading['finish'];
  const meter = createMeter(stream);
  let textAt = startedAt;
  try {
    const within = bounded(clock, abort.signal);
    if (signal.aborted) return;
    const opening = stream.open(abort.signal).then((events) => events[Symbol.asyncIterator]());
    const opened = await within(opening, times.firstTokenMs);
    meter.taken();
    if (opened.kind === 'aborted') return;
    if (opened.kind === 'timeout') throw fail('noFirstToken');
    const iterator = opened.value;
    for (;;) {
      const limit = nextLimit({ begun, finished: finish !== undefined, textAt, startedAt, times });
      const step = toStep(await within(iterator.next(), Math.max(0, limit - clock.now())));
      if (step.kind === 'aborted') return;
      if (step.kind === 'timeout' && finish === undefined) throw fail(begun ? 'stalled' : 'noFirstToken');
      if (step.kind !== 'event') break;
      const reading = stream.read(step.event);
      meter.read(reading);
      if (reading.finish !== undefined) textAt = clock.now();
      finish = reading.finish ?? finish;
      if (reading.text === undefined || reading.text === '') continue;
      begun ||= reading.text.trim() !== '';
      yield { type: 'text', text: reading.text };
      // After the yield: time that the reader took is not the provider's.
      textAt = clock.now();
    }
    if (signal.aborted) return;
    if (finish === undefined) throw fail('truncated');
    if (finish === 'refused') throw fail('refused');
    if (!begun) throw fail('empty');
    if (finish === 'length') yield { type: 'fault', provider, fault: 'tooLong', afterMs: clock.now() - startedAt };
    yield { type: 'end', provider, model, ...meter.told() };
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof ModelError ? error : fail(stream.faultOf(error, begun));
  } finally {
    signal.removeEventListener('abort', follow);
    abort.abort();
    meter.report();
  }
}

/** Rough, of the vendors' present tokenisers on Arabic: between two and four. */
const charactersPerToken = 3;

/** What one request used. A request that the vendor refused or never got used nothing. */
function createMeter({ provider, model, inputCharacters, onUsage }: Metered) {
  let isTaken = false;
  let characters = 0;
  let seen: Reading = {};
  const guessed = (length: number): number => Math.ceil(length / charactersPerToken);
  return {
    taken: () => {
      isTaken = true;
    },
    read: (reading: Reading) => {
      characters += reading.text?.length ?? 0;
      seen = { ...seen, ...reading };
    },
    told: () => ({ inputTokens: seen.inputTokens ?? 0, outputTokens: seen.outputTokens ?? 0 }),
    report: () => {
      if (!isTaken) return;
      const { inputTokens: input, outputTokens: output, cachedTokens = 0, cacheWriteTokens = 0 } = seen;
      onUsage?.({
        provider,
        model,
        inputTokens: Math.max(0, (input ?? guessed(inputCharacters)) - cachedTokens - cacheWriteTokens),
        cachedTokens,
        cacheWriteTokens,
        outputTokens: output ?? guessed(characters),
        source: input === undefined || output === undefined ? 'estimate' : 'vendor',
      });
    },
  };
}

type Metered = Pick<Supervised<never>, 'provider' | 'model' | 'inputCharacters' | 'onUsage'>;

function nextLimit(at: {
  readonly begun: boolean;
  readonly finished: boolean;
  readonly textAt: number;
  readonly startedAt: number;
  readonly times: ModelTimes;
}): number {
  const { times } = at;
  if (at.finished) return at.textAt + times.usageMs;
  const limit = at.begun ? at.textAt + times.betweenTokensMs : at.startedAt + times.firstTokenMs;
  return Math.min(limit, at.startedAt + times.totalMs);
}

type Bounded<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'timeout' } | { readonly kind: 'aborted' };

/** Waits for a promise, at most so long and only until the signal aborts; what comes later is let go unheard. */
function bounded(clock: Clock, signal: AbortSignal): <T>(promise: Promise<T>, ms: number) => Promise<Bounded<T>> {
  return (promise, ms) =>
    new Promise((resolve, reject) => {
      const aborted = () => settle(() => resolve({ kind: 'aborted' }));
      const timer = clock.setTimeout(() => settle(() => resolve({ kind: 'timeout' })), ms);
      const settle = (act: () => void) => {
        clock.clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        act();
      };
      signal.addEventListener('abort', aborted, { once: true });
      if (signal.aborted) aborted();
      promise.then(
        (value) => settle(() => resolve({ kind: 'value', value })),
        (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error('the stream failed'))),
      );
    });
}

function toStep<Event>(next: Bounded<IteratorResult<Event>>): Step<Event> {
  if (next.kind !== 'value') return next;
  return next.value.done === true ? { kind: 'over' } : { kind: 'event', event: next.value.value };
}

/** Of all that is said to the model. */
export function charactersOf({ system, messages }: Pick<ModelRequest, 'system' | 'messages'>): number {
  return messages.reduce((sum, { text }) => sum + text.length, system.length);
}

/** The fault of an HTTP answer, the same for both vendors; 529 is Anthropic's "overloaded". */
export function faultOfStatus(status: number): ModelFault {
  if (status === 401 || status === 403) return 'unauthorised';
  return status === 429 ? 'rateLimited' : 'service';
}

/** Asking again for a warm connection within this time changes nothing: it is still open. */
const warmForMs = 2_000;
const warmLimitMs = 3_000;

/** A `warm` that asks at most once in two seconds and joins callers that ask at the same time. */
export function warmer(clock: Clock, ask: (signal: AbortSignal) => Promise<ModelFault | null>) {
  let last: { readonly at: number; readonly answer: Promise<ModelFault | null> } | null = null;
  return (): Promise<ModelFault | null> => {
    if (last !== null && clock.now() - last.at < warmForMs) return last.answer;
    const abort = new AbortController();
    const timer = clock.setTimeout(() => abort.abort(), warmLimitMs);
    const answer = ask(abort.signal)
      .catch((): ModelFault => 'unreachable')
      .finally(() => clock.clearTimeout(timer));
    last = { at: clock.now(), answer };
    return answer;
  };
}
