import { randomUUID } from 'node:crypto';
import { limits } from '../limits.ts';
import { faultOf } from '../log.ts';
import type { ContextualOutcome, ContextualRisk } from '../risk/contextual/contextualRisk.ts';
import type { ContextualInput } from '../risk/contextual/transcript.ts';
import type { OpenRecogniser } from '../speech/recogniser.ts';
import type { OpenSynthesiser } from '../speech/synthesiser.ts';
import type { ProviderUse, UsageKind } from '../store/records.ts';
import type { ModelName, RequestUsage } from '../therapist/languageModel.ts';
import type { Reply, Responder } from '../therapist/responder.ts';
import type { SessionPorts } from './ports.ts';

type Use = { -readonly [Field in keyof ProviderUse]: ProviderUse[Field] };

const bytesPerMs = 8;

/**
 * What one call uses while this server holds it: stands between the session and its providers and counts what goes through. It adds no
 * waiting and changes nothing; totals go to the record with each `report`, and at once when something comes in after `close`.
 */
export class UsageMeter {
  readonly #callId: string;
  readonly #ports: Pick<SessionPorts, 'keep' | 'log'>;
  readonly #part = randomUUID();
  readonly #uses = new Map<string, Use>();
  readonly #stages = new Map<string, number[]>();
  #reported = '';
  #isClosed = false;

  constructor(callId: string, ports: Pick<SessionPorts, 'keep' | 'log'>) {
    this.#callId = callId;
    this.#ports = ports;
  }

  /** The same ports, counted. */
  watching(ports: SessionPorts): SessionPorts {
    const { metrics, contextualRisk } = ports;
    const metered = new WeakMap<Responder, Responder>();
    return {
      ...ports,
      metrics: {
        ...metrics,
        stageTook: (stage, ms) => {
          metrics.stageTook(stage, ms);
          this.#stageTook(stage, ms);
        },
        providerFailed: (provider, fault) => {
          metrics.providerFailed(provider, fault);
          if (provider === 'recogniser') this.#azure('recognition').failures += 1;
          if (provider === 'synthesiser') this.#azure('synthesis').failures += 1;
        },
      },
      openRecogniser: this.#hearing(ports.openRecogniser),
      openSynthesiser: this.#voice(ports.openSynthesiser),
      responderFor: (pack) => {
        const responder = ports.responderFor(pack);
        const known = metered.get(responder) ?? this.#responder(responder);
        metered.set(responder, known);
        return known;
      },
      contextualRisk: contextualRisk === null ? null : this.#opinions(contextualRisk),
    };
  }

  /** Hands the totals to the record when they have grown. Never throws. */
  report(): void {
    const uses = [...this.#uses.values()].map((use) => ({ ...use, amount: Math.round(use.amount) }));
    const stages = [...this.#stages].map(([stage, tookMs]) => ({ stage, tookMs: [...tookMs] }));
    const now = JSON.stringify([uses, stages.map(({ tookMs }) => tookMs.length)]);
    if (now === this.#reported || uses.length + stages.length === 0) return;
    this.#reported = now;
    const { keep, log } = this.#ports;
    try {
      keep({ type: 'usageCounted', callId: this.#callId, part: this.#part, uses, stages });
    } catch (error) {
      // What a call costs must never cost the call.
      log.warn('what a call used could not be kept', { callId: this.#callId, ...faultOf(error) });
    }
  }

  /** A request that is broken off tells what it used a moment later. */
  close(): void {
    this.#isClosed = true;
    this.report();
  }

  #stageTook(stage: string, ms: number): void {
    const times = this.#stages.get(stage) ?? [];
    this.#stages.set(stage, times);
    if (times.length < limits.stageTimes) times.push(Math.max(0, Math.round(ms)));
  }

  #use(provider: string, kind: UsageKind, model = ''): Use {
    const key = `${provider} ${kind} ${model}`;
    const known = this.#uses.get(key);
    if (known !== undefined) return known;
    const use: Use = {
      provider,
      kind,
      model,
      requests: 0,
      inputTokens: 0,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 0,
      amount: 0,
      estimated: 0,
      failures: 0,
      failovers: 0,
    };
    this.#uses.set(key, use);
    return use;
  }

  #azure(kind: 'recognition' | 'synthesis'): Use {
    return this.#use('azure', kind);
  }

  /** The provider is sent, and bills, silence too; what a lost connection missed is sent again. */
  #hearing(open: OpenRecogniser): OpenRecogniser {
    return (options) => {
      const use = this.#azure('recognition');
      use.requests += 1;
      let connected = true;
      const recogniser = open({
        ...options,
        onEvent: (event) => {
          if (event.type === 'lost') connected = false;
          if (event.type === 'restored') {
            connected = true;
            use.amount += event.replayedMs;
          }
          options.onEvent(event);
        },
      });
      return {
        write: (mulaw) => {
          if (connected) use.amount += mulaw.length / bytesPerMs;
          recogniser.write(mulaw);
        },
        quiet: () => recogniser.quiet(),
        upload: (grain) => recogniser.upload(grain),
        close: () => recogniser.close(),
      };
    };
  }

  #voice(open: OpenSynthesiser): OpenSynthesiser {
    return (voice) => {
      const synthesiser = open(voice);
      return {
        speak: (text, signal) => {
          const use = this.#azure('synthesis');
          use.requests += 1;
          use.amount += Array.from(text).length;
          return synthesiser.speak(text, signal);
        },
        warm: () => synthesiser.warm(),
        close: () => synthesiser.close(),
      };
    };
  }

  #responder(responder: Responder): Responder {
    return {
      reply: (history, facts, signal) =>
        this.#reply(responder.reply(history, facts, signal, (usage) => this.#tokens('reply', usage))),
      warm: () => responder.warm(),
    };
  }

  async *#reply(parts: AsyncIterable<Reply>): AsyncIterable<Reply> {
    const failed = new Set<ModelName>();
    let saidAfterwards = false;
    let by: ModelName | null = null;
    try {
      for await (const part of parts) {
        // Too long is no failure to answer: the same provider's reply is said.
        if (part.type === 'fault' && part.fault !== 'tooLong') {
          this.#use(part.provider, 'reply').failures += 1;
          failed.add(part.provider);
        }
        if (part.type === 'sentence' && failed.size > 0) saidAfterwards = true;
        if (part.type === 'end') by = part.usage?.provider ?? null;
        yield part;
      }
    } finally {
      if (saidAfterwards)
        for (const provider of failed) if (provider !== by) this.#use(provider, 'reply').failovers += 1;
    }
  }

  #opinions({ classify, judge }: ContextualRisk): ContextualRisk {
    const metered = (kind: 'classifier' | 'judge', input: ContextualInput): ContextualInput => ({
      ...input,
      onUsage: (usage) => this.#tokens(kind, usage),
    });
    return {
      classify: async (input, signal) =>
        this.#opinion('classifier', await classify(metered('classifier', input), signal)),
      judge: async (input, signal) => this.#opinion('judge', await judge(metered('judge', input), signal)),
    };
  }

  #opinion<Outcome extends ContextualOutcome>(kind: 'classifier' | 'judge', outcome: Outcome): Outcome {
    for (const { provider } of outcome.faults) {
      const use = this.#use(provider, kind);
      use.failures += 1;
      if (outcome.type !== 'failed' && outcome.provider !== provider) use.failovers += 1;
    }
    return outcome;
  }

  #tokens(kind: 'reply' | 'classifier' | 'judge', usage: RequestUsage): void {
    const use = this.#use(usage.provider, kind, usage.model);
    use.requests += 1;
    use.inputTokens += usage.inputTokens;
    use.cachedTokens += usage.cachedTokens;
    use.cacheWriteTokens += usage.cacheWriteTokens;
    use.outputTokens += usage.outputTokens;
    if (usage.source === 'estimate') use.estimated += 1;
    if (this.#isClosed) this.report();
  }
}
