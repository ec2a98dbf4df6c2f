import { systemClock, type Clock, type TimerHandle } from '../clock.ts';
import { continuing, joinAfter, type Join } from './continuation.ts';
import {
  ModelError,
  type LanguageModel,
  type ModelChunk,
  type ModelFault,
  type ModelName,
  type ModelRequest,
  type Provider,
} from './languageModel.ts';

export type { Provider } from './languageModel.ts';

export interface HedgeOptions {
  readonly clock?: Clock;
  /** No text of the first provider by then starts the second (DESIGN §6). */
  readonly hedgeAfterMs?: number;
  /** No further text for so long means that a begun reply has failed. */
  readonly stallMs?: number;
  /** A provider without text by then is given up. */
  readonly giveUpMs?: number;
}

/** Together they bound a reply: each provider is started at most so often. */
const startsPerProvider = 2;

/**
 * Several providers as one. The next is started when the one before gives no text in `hedgeAfterMs` or fails; the first
 * to give text wins and the others are aborted. A winner that fails or stalls is replaced: unheard when nothing of it was
 * handed out, else by a continuation of what was. Text is handed out in whole words, so that a continuation can follow.
 * Throws `ModelError` with all faults when nobody is left; works with one provider alone.
 */
export function hedge(providers: readonly Provider[], options: HedgeOptions = {}): LanguageModel {
  const times = {
    clock: options.clock ?? systemClock,
    hedgeAfterMs: options.hedgeAfterMs ?? 1_200,
    stallMs: options.stallMs ?? 1_500,
    giveUpMs: options.giveUpMs ?? 4_000,
  };
  return {
    name: 'hedged',
    stream: (request, signal) => new Race(providers, times, request, signal).run(),
    warm: async () => {
      const answers = await Promise.all(providers.map((provider) => provider.warm?.() ?? Promise.resolve(null)));
      return answers.includes(null) ? null : (answers[0] ?? 'unreachable');
    },
  };
}

type Times = Required<HedgeOptions>;

interface Runner {
  readonly provider: Provider;
  readonly abort: AbortController;
  readonly startedAt: number;
  /** Gives it up without text in time, then without further text in time. Runs from arrival, not from reading. */
  timer: TimerHandle;
}

type News =
  | { readonly type: 'chunk'; readonly runner: Runner; readonly chunk: ModelChunk }
  | { readonly type: 'failed'; readonly runner: Runner; readonly fault: ModelFault }
  | { readonly type: 'hedgeDue' };

/** One reply. Runners report into `news`; `run` is the only reader and the only one that decides. */
class Race {
  private readonly running = new Set<Runner>();
  private readonly starts = new Map<Provider, number>();
  private readonly usedUp = new Set<Provider>();
  private readonly faults: { readonly provider: ModelName; readonly fault: ModelFault }[] = [];
  private readonly news: News[] = [];
  private wake: () => void = () => {};
  private winner: Runner | null = null;
  private hedgeTimer: TimerHandle | null = null;
  /** What was handed out so far, and the last word of the winner that is not whole yet. */
  private given = '';
  private unfinishedWord = '';
  private join: Join | null = null;

  private readonly providers: readonly Provider[];
  private readonly times: Times;
  private readonly request: ModelRequest;
  private readonly signal: AbortSignal;

  constructor(providers: readonly Provider[], times: Times, request: ModelRequest, signal: AbortSignal) {
    this.providers = providers;
    this.times = times;
    this.request = request;
    this.signal = signal;
  }

  async *run(): AsyncGenerator<ModelChunk> {
    const onAbort = () => this.wake();
    this.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (!this.startNext()) throw new ModelError([]);
      for (;;) {
        while (this.news.length === 0 && !this.signal.aborted) await this.nextNews();
        if (this.signal.aborted) return;
        const item = this.news.shift();
        if (item === undefined) continue;
        yield* this.handle(item);
        if (item.type === 'chunk' && item.chunk.type === 'end' && item.runner === this.winner) return;
      }
    } finally {
      this.signal.removeEventListener('abort', onAbort);
      this.stopAll();
    }
  }

  private nextNews(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private report(item: News): void {
    this.news.push(item);
    this.wake();
  }

  private *handle(item: News): Generator<ModelChunk> {
    if (item.type === 'hedgeDue') {
      if (this.winner === null) this.startNext();
      return;
    }
    // What a runner that was stopped had still on its way.
    if (!this.running.has(item.runner)) return;
    if (item.type === 'failed') yield* this.failed(item.runner, item.fault);
    else yield* this.chunk(item.runner, item.chunk);
  }

  private *chunk(runner: Runner, chunk: ModelChunk): Generator<ModelChunk> {
    if (chunk.type === 'fault') {
      yield chunk;
      return;
    }
    if (chunk.type === 'end') {
      if (this.winner !== runner) {
        yield* this.failed(runner, 'empty');
        return;
      }
      yield* this.handOut(this.unfinishedWord, true);
      yield chunk;
      return;
    }
    if (this.winner === null) {
      if (chunk.text.trim() === '') return;
      yield* this.crown(runner);
    }
    yield* this.words(chunk.text);
  }

  /** The first text decides. A provider that was started earlier and is slower counts as failed to begin. */
  private *crown(runner: Runner): Generator<ModelChunk> {
    this.winner = runner;
    this.clear(this.hedgeTimer);
    this.join = this.given === '' ? null : joinAfter(this.given);
    for (const slower of [...this.running].filter((other) => other !== runner)) {
      this.stop(slower);
      if (slower.startedAt < runner.startedAt) yield this.record(slower, 'noFirstToken');
    }
  }

  private *words(text: string): Generator<ModelChunk> {
    const all = this.unfinishedWord + text;
    const end = all.search(/\S*$/);
    this.unfinishedWord = all.slice(end);
    yield* this.handOut(all.slice(0, end), false);
  }

  private *handOut(text: string, isLast: boolean): Generator<ModelChunk> {
    const joined = this.join === null ? text : this.join.push(text) + (isLast ? this.join.flush() : '');
    if (joined === '') return;
    this.given += joined;
    yield { type: 'text', text: joined };
  }

  private *failed(runner: Runner, fault: ModelFault): Generator<ModelChunk> {
    this.stop(runner);
    this.usedUp.add(runner.provider);
    yield this.record(runner, fault);
    if (this.winner === runner) {
      this.winner = null;
      this.unfinishedWord = '';
      this.join = null;
    }
    if (this.startNext() || this.running.size > 0) return;
    throw new ModelError(this.faults);
  }

  private record(runner: Runner, fault: ModelFault): ModelChunk {
    const provider = runner.provider.name;
    this.faults.push({ provider, fault });
    return { type: 'fault', provider, fault, afterMs: this.times.clock.now() - runner.startedAt };
  }

  /** Starts the next provider that has not failed. One that was only slower may be asked again. */
  private startNext(): boolean {
    const busy = new Set(Array.from(this.running, (runner) => runner.provider));
    const next = this.providers.find(
      (provider) =>
        !busy.has(provider) && !this.usedUp.has(provider) && (this.starts.get(provider) ?? 0) < startsPerProvider,
    );
    if (next === undefined) return false;
    this.starts.set(next, (this.starts.get(next) ?? 0) + 1);
    this.start(next);
    return true;
  }

  private start(provider: Provider): void {
    const { clock, giveUpMs, hedgeAfterMs } = this.times;
    const timer = clock.setTimeout(() => this.report({ type: 'failed', runner, fault: 'noFirstToken' }), giveUpMs);
    const runner: Runner = { provider, abort: new AbortController(), startedAt: clock.now(), timer };
    this.running.add(runner);
    this.clear(this.hedgeTimer);
    this.hedgeTimer = clock.setTimeout(() => this.report({ type: 'hedgeDue' }), hedgeAfterMs);
    const request = this.given === '' ? this.request : continuing(this.request, this.given);
    void this.pump(runner, request);
  }

  private async pump(runner: Runner, request: ModelRequest): Promise<void> {
    try {
      for await (const chunk of runner.provider.stream(request, runner.abort.signal)) {
        this.report({ type: 'chunk', runner, chunk });
        if (chunk.type === 'end') {
          this.clear(runner.timer);
          return;
        }
        if (chunk.type === 'text' && chunk.text.trim() !== '') this.expectMore(runner);
      }
      this.report({ type: 'failed', runner, fault: 'truncated' });
    } catch (error) {
      const fault = error instanceof ModelError ? (error.faults.at(-1)?.fault ?? 'service') : 'service';
      this.report({ type: 'failed', runner, fault });
    }
  }

  private expectMore(runner: Runner): void {
    this.clear(runner.timer);
    if (!this.running.has(runner)) return;
    runner.timer = this.times.clock.setTimeout(
      () => this.report({ type: 'failed', runner, fault: 'stalled' }),
      this.times.stallMs,
    );
  }

  private stop(runner: Runner): void {
    this.running.delete(runner);
    this.clear(runner.timer);
    runner.abort.abort();
  }

  private stopAll(): void {
    this.clear(this.hedgeTimer);
    for (const runner of this.running) this.stop(runner);
  }

  private clear(timer: TimerHandle | null): void {
    if (timer !== null) this.times.clock.clearTimeout(timer);
  }
}
