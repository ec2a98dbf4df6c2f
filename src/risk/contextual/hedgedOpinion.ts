import { higherRisk, type RiskLevel } from '../../call/meaning.ts';
import type { Clock, TimerHandle } from '../../clock.ts';
import type { ModelFault, ModelName, OpinionAnswer, OpinionModel, OpinionRequest } from './model.ts';
import { levelAtStart } from './opinion.ts';

export type OpinionFault = 'timeout' | 'refused' | 'invalidOutput' | 'providerFailed';

export interface FaultOfProvider {
  readonly provider: ModelName;
  readonly fault: OpinionFault;
}

export type Hedged<T> =
  | {
      readonly type: 'opinion';
      readonly opinion: T;
      readonly provider: ModelName;
      readonly model: string;
      readonly faults: readonly FaultOfProvider[];
    }
  /** No answer came whole in time, but one had begun with its level. Good for raising, and for nothing else. */
  | {
      readonly type: 'levelOnly';
      readonly level: RiskLevel;
      readonly provider: ModelName;
      readonly faults: readonly FaultOfProvider[];
    }
  | { readonly type: 'failed'; readonly reason: OpinionFault; readonly faults: readonly FaultOfProvider[] }
  | { readonly type: 'aborted' };

export interface HedgeOptions<T> {
  readonly models: readonly OpinionModel[];
  readonly request: OpinionRequest;
  /** The opinion in an answer, or null when it is none. */
  readonly read: (text: string) => T | null;
  readonly clock: Clock;
  readonly hedgeAfterMs: number;
  /** From now on, for all of it. */
  readonly limitMs: number;
}

/**
 * The first valid opinion of several models. The next model is asked when the one before gives no text in `hedgeAfterMs` or
 * fails, an answer that is no opinion included; nobody is asked twice. Never throws, and leaves nothing running.
 */
export function hedgedOpinion<T>(options: HedgeOptions<T>, signal: AbortSignal): Promise<Hedged<T>> {
  return new Promise((resolve) => new Race(options, signal, resolve).start());
}

class Race<T> {
  private readonly abort = new AbortController();
  private readonly faults: FaultOfProvider[] = [];
  private readonly begun = new Map<OpinionModel, string>();
  private readonly waiting: OpinionModel[];
  private readonly running = new Set<OpinionModel>();
  private isOver = false;
  private hedgeTimer: TimerHandle | null = null;
  private limitTimer: TimerHandle | null = null;

  private readonly options: HedgeOptions<T>;
  private readonly signal: AbortSignal;
  private readonly resolve: (result: Hedged<T>) => void;

  constructor(options: HedgeOptions<T>, signal: AbortSignal, resolve: (result: Hedged<T>) => void) {
    this.options = options;
    this.signal = signal;
    this.resolve = resolve;
    this.waiting = [...options.models];
  }

  start(): void {
    if (this.signal.aborted) {
      this.finish({ type: 'aborted' });
      return;
    }
    this.signal.addEventListener('abort', this.onAbort, { once: true });
    this.limitTimer = this.options.clock.setTimeout(() => this.timeUp(), this.options.limitMs);
    this.askNext();
    if (this.running.size === 0) this.finish({ type: 'failed', reason: 'providerFailed', faults: [] });
  }

  private readonly onAbort = (): void => this.finish({ type: 'aborted' });

  private askNext(): void {
    const model = this.waiting.shift();
    if (model === undefined) return;
    this.running.add(model);
    const { clock, hedgeAfterMs } = this.options;
    this.clear(this.hedgeTimer);
    this.hedgeTimer = clock.setTimeout(() => {
      if (!this.begun.has(model)) this.askNext();
    }, hedgeAfterMs);
    void this.ask(model);
  }

  private async ask(model: OpinionModel): Promise<void> {
    const onText = (soFar: string) => void this.begun.set(model, soFar);
    let answer: OpinionAnswer;
    try {
      answer = await model.ask(this.options.request, this.abort.signal, onText);
    } catch {
      // An adapter that throws after all is a provider that failed: the floor must not lose its ear for it.
      answer = { type: 'failed', fault: 'service', text: '' };
    }
    if (this.isOver) return;
    if (answer.type === 'json') this.answered(model, answer.text, answer.model);
    else this.failed(model, answer.type === 'aborted' ? 'providerFailed' : opinionFaults[answer.fault]);
  }

  private answered(model: OpinionModel, text: string, modelName: string): void {
    const opinion = this.options.read(text);
    if (opinion === null) this.failed(model, 'invalidOutput');
    else this.finish({ type: 'opinion', opinion, provider: model.name, model: modelName, faults: [...this.faults] });
  }

  private failed(model: OpinionModel, fault: OpinionFault): void {
    this.running.delete(model);
    this.faults.push({ provider: model.name, fault });
    // Only what came too slowly may speak with half an answer; garbage and refusals say nothing.
    if (fault !== 'timeout') this.begun.delete(model);
    this.askNext();
    if (this.running.size === 0) this.giveUp(fault);
  }

  private timeUp(): void {
    for (const { name } of this.running) this.faults.push({ provider: name, fault: 'timeout' });
    this.giveUp('timeout');
  }

  private giveUp(reason: OpinionFault): void {
    const faults = [...this.faults];
    const begun = [...this.begun].flatMap(([{ name: provider }, text]) => {
      const level = levelAtStart(text);
      return level === null ? [] : [{ provider, level }];
    });
    const [first, ...others] = begun;
    if (first === undefined) {
      this.finish({ type: 'failed', reason, faults });
      return;
    }
    const highest = others.reduce((a, b) => (higherRisk(a.level, b.level) === a.level ? a : b), first);
    this.finish({ type: 'levelOnly', ...highest, faults });
  }

  private finish(result: Hedged<T>): void {
    if (this.isOver) return;
    this.isOver = true;
    this.clear(this.hedgeTimer);
    this.clear(this.limitTimer);
    this.signal.removeEventListener('abort', this.onAbort);
    this.abort.abort();
    this.resolve(result);
  }

  private clear(timer: TimerHandle | null): void {
    if (timer !== null) this.options.clock.clearTimeout(timer);
  }
}

const opinionFaults: Readonly<Record<ModelFault, OpinionFault>> = {
  noFirstToken: 'timeout',
  stalled: 'timeout',
  refused: 'refused',
  tooLong: 'invalidOutput',
  empty: 'invalidOutput',
  truncated: 'providerFailed',
  unauthorised: 'providerFailed',
  rateLimited: 'providerFailed',
  unreachable: 'providerFailed',
  service: 'providerFailed',
};
