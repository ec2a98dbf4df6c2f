import { expect } from 'chai';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { ContextualOutcome } from '../../src/risk/contextual/contextualRisk.ts';
import type { SessionPorts } from '../../src/session/ports.ts';
import { UsageMeter } from '../../src/session/usageMeter.ts';
import type { RecogniserOptions } from '../../src/speech/recogniser.ts';
import type { CallRecord } from '../../src/store/records.ts';
import type { ProviderUse, UsageCounted } from '../../src/store/usageRecord.ts';
import type { RequestUsage } from '../../src/therapist/languageModel.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { plainFacts } from '../../src/therapist/prompt.ts';
import type { Reply } from '../../src/therapist/responder.ts';

const pack = languagePacks.en;
const signal = new AbortController().signal;
const tokens = (change: Partial<RequestUsage> = {}): RequestUsage => ({
  provider: 'openai',
  model: 'm-1',
  inputTokens: 100,
  cachedTokens: 40,
  cacheWriteTokens: 0,
  outputTokens: 20,
  source: 'vendor',
  ...change,
});
const said: Reply = { type: 'sentence', text: 'I hear you.', guarded: null };
const end = (provider: 'openai' | 'anthropic'): Reply => ({
  type: 'end',
  reason: 'finished',
  usage: { provider, model: 'm-1', inputTokens: 140, outputTokens: 20 },
});
const fault: Reply = { type: 'fault', provider: 'openai', fault: 'noFirstToken', afterMs: 1_200 };
const opinion = { faults: [{ provider: 'openai', fault: 'timeout' }], provider: 'anthropic', level: 'none' } as const;

/** A meter over ports that do nothing but what the test says. */
class Metered {
  readonly kept: UsageCounted[] = [];
  readonly meter: UsageMeter;
  readonly ports: SessionPorts;
  recogniser: RecogniserOptions | null = null;
  replies: readonly Reply[] = [said, end('openai')];
  used: readonly RequestUsage[] = [tokens()];
  onUsage: ((usage: RequestUsage) => void) | undefined;

  constructor(keep = (record: CallRecord) => void (record.type === 'usageCounted' && this.kept.push(record))) {
    const log = createLog('error');
    this.meter = new UsageMeter('call', { keep, log });
    const given = {
      log,
      keep,
      metrics: createMetrics('calls'),
      openRecogniser: (options) => {
        this.recogniser = options;
        return { write: () => {}, quiet: () => {}, upload: () => {}, close: () => Promise.resolve() };
      },
      openSynthesiser: () => ({
        speak: async function* () {},
        warm: () => {},
        close: () => Promise.resolve(),
      }),
      responderFor: () => ({
        reply: (_history, _facts, _signal, onUsage) => this.#reply(onUsage),
        warm: () => {},
      }),
      contextualRisk: {
        classify: ({ onUsage }) => {
          onUsage?.(tokens({ provider: 'anthropic', inputTokens: 7 }));
          return Promise.resolve({
            type: 'levelOnly',
            stage: 'classifier',
            tookMs: 1,
            ...opinion,
          } as ContextualOutcome);
        },
        judge: () => Promise.reject(new Error('not asked')),
      },
    } satisfies Partial<SessionPorts>;
    this.ports = this.meter.watching(given as unknown as SessionPorts);
  }

  async *#reply(onUsage: ((usage: RequestUsage) => void) | undefined): AsyncGenerator<Reply> {
    this.onUsage = onUsage;
    for (const each of this.replies) yield await Promise.resolve(each);
    for (const each of this.used) onUsage?.(each);
  }

  async reply(upTo = Number.POSITIVE_INFINITY): Promise<readonly Reply[]> {
    const parts: Reply[] = [];
    for await (const part of this.ports.responderFor(pack).reply([], plainFacts, signal)) {
      parts.push(part);
      if (parts.length >= upTo) break;
    }
    return parts;
  }

  /** The totals of one kind, without what is zero. */
  use(kind: ProviderUse['kind'], model = ''): Partial<ProviderUse> {
    this.meter.report();
    const found = this.kept.at(-1)?.uses.find((use) => use.kind === kind && use.model === model) ?? {};
    return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== 0 && value !== ''));
  }
}

describe('what a call uses', () => {
  it('is told in totals that grow, under one part, and only when they have grown', async () => {
    const call = new Metered();
    call.meter.report();
    expect(call.kept).to.have.length(0);
    expect(await call.reply()).to.deep.equal([said, end('openai')]);
    call.meter.report();
    call.meter.report();
    expect(call.kept).to.have.length(1);
    await call.reply();
    expect(call.use('reply', 'm-1')).to.deep.equal({
      provider: 'openai',
      kind: 'reply',
      model: 'm-1',
      requests: 2,
      inputTokens: 200,
      cachedTokens: 80,
      outputTokens: 40,
    });
    expect(new Set(call.kept.map(({ part }) => part)).size).to.equal(1);
  });

  it('of a model that tells no tokens is marked as guessed', async () => {
    const call = new Metered();
    call.used = [tokens({ source: 'estimate' }), tokens()];
    await call.reply();
    expect(call.use('reply', 'm-1')).to.include({ requests: 2, estimated: 1 });
  });

  it('counts a failure, and a failover when another provider gave the reply, also when nobody reads it to its end', async () => {
    const call = new Metered();
    call.replies = [fault, said, end('anthropic')];
    await call.reply();
    expect(call.use('reply')).to.include({ provider: 'openai', failures: 1, failovers: 1 });
    await call.reply(2);
    expect(call.use('reply')).to.include({ failures: 2, failovers: 2 });
    call.replies = [fault, said, end('openai')];
    await call.reply();
    call.replies = [fault];
    await call.reply();
    expect(call.use('reply')).to.include({ failures: 4, failovers: 2 });
  });

  it('holds tokens, failures and failovers of the second opinion', async () => {
    const call = new Metered();
    await call.ports.contextualRisk?.classify({ turns: [], language: 'en', floor: 'none', course: 'none' }, signal);
    expect(call.use('classifier', 'm-1')).to.include({ provider: 'anthropic', requests: 1, inputTokens: 7 });
    expect(call.use('classifier')).to.include({ provider: 'openai', failures: 1, failovers: 1 });
  });

  it('holds the audio that was sent to be recognised: once, whatever was lost and sent again', () => {
    const call = new Metered();
    const recogniser = call.ports.openRecogniser({ language: 'en-GB', onEvent: () => {} });
    const frames = (count: number) => {
      for (let n = 0; n < count; n += 1) recogniser.write(new Uint8Array(160));
    };
    frames(50);
    call.recogniser?.onEvent({ type: 'lost', fault: 'unreachable', retryInMs: 100 });
    frames(25);
    call.recogniser?.onEvent({ type: 'restored', lostForMs: 500, replayedMs: 500 });
    frames(50);
    expect(call.use('recognition')).to.include({ provider: 'azure', requests: 1, amount: 2_500 });
  });

  it('holds the characters that were spoken, and the failures of ears and voice', () => {
    const call = new Metered();
    const voice = call.ports.openSynthesiser(pack.voices.female);
    voice.speak('سلام', signal);
    voice.speak('👋', signal);
    call.ports.metrics.providerFailed('synthesiser', 'service');
    expect(call.use('synthesis')).to.include({ requests: 2, amount: 5, failures: 1 });
  });

  it('holds the times of the stages, and no more of them than a call may have', () => {
    const call = new Metered();
    for (let n = 0; n < 500; n += 1) call.ports.metrics.stageTook('firstAudio', n + 0.4);
    call.meter.report();
    const [stage] = call.kept.at(-1)?.stages ?? [];
    expect(stage?.stage).to.equal('firstAudio');
    expect(stage?.tookMs).to.have.length(200);
    expect(stage?.tookMs.slice(0, 3)).to.deep.equal([0, 1, 2]);
  });

  it('is still told when a request that was broken off reports after the end of the call', async () => {
    const call = new Metered();
    call.used = [];
    await call.reply();
    call.meter.close();
    expect(call.kept).to.have.length(0);
    call.onUsage?.(tokens());
    expect(call.kept).to.have.length(1);
  });

  it('never costs the call: a record that cannot be kept is nobody’s fault', async () => {
    const call = new Metered(() => {
      throw new Error('full');
    });
    await call.reply();
    expect(() => call.meter.close()).to.not.throw();
  });
});
