import { expect } from 'chai';
import { startLanguageModels, type LanguageModels } from '../../src/sandbox/languageModels/server.ts';
import type { ModelFaultKind, Vendor } from '../../src/sandbox/languageModels/faults.ts';
import { anthropicModel } from '../../src/therapist/anthropic.ts';
import { hedge } from '../../src/therapist/hedged.ts';
import { ModelError, type LanguageModel, type ModelRequest, type Provider } from '../../src/therapist/languageModel.ts';
import { modelTimes, type ModelTimes } from '../../src/therapist/modelStream.ts';
import { openaiModel } from '../../src/therapist/openai.ts';
import { omani } from '../../src/therapist/packs.ts';
import { buildRequest, callFactsHeading, plainFacts } from '../../src/therapist/prompt.ts';

const keys = { openai: 'sk-sandbox-openai', anthropic: 'sk-ant-sandbox' } as const;
const answer = 'أسمعكم، وهذا حمل ثقيل. إيش أصعب شي فيه؟';
const secretWords = 'كلمات سرية جدا';
const request: ModelRequest = buildRequest(omani, plainFacts, [{ role: 'caller', text: secretWords }]);
/** As the real limits, only shorter: for the faults that are a silence, so that a test waits less than 50 ms. */
const shortTimes: ModelTimes = { firstTokenMs: 45, betweenTokensMs: 40, totalMs: 5_000, usageMs: 30 };

const timesFor = (fault: ModelFaultKind) =>
  ['hang', 'keepAlive', 'stall'].includes(fault.kind) ? shortTimes : modelTimes;

interface Read {
  readonly text: string;
  readonly faults: readonly string[];
  readonly end: {
    readonly provider: string;
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
  } | null;
  readonly error: ModelError | null;
}

async function read(model: LanguageModel, signal = new AbortController().signal): Promise<Read> {
  let text = '';
  const faults: string[] = [];
  let end: Read['end'] = null;
  try {
    for await (const chunk of model.stream(request, signal)) {
      if (chunk.type === 'text') text += chunk.text;
      else if (chunk.type === 'fault') faults.push(`${chunk.provider} ${chunk.fault}`);
      else
        end = {
          provider: chunk.provider,
          model: chunk.model,
          inputTokens: chunk.inputTokens,
          outputTokens: chunk.outputTokens,
        };
    }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { text, faults, end, error };
  }
  return { text, faults, end, error: null };
}

/** Until the server has noticed; a second at most. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).to.equal(true);
}

describe('the real model SDKs against the wire', () => {
  let server: LanguageModels;
  const asked: string[] = [];
  before(async () => {
    server = await startLanguageModels({
      openaiKey: keys.openai,
      anthropicKey: keys.anthropic,
      timing: { firstTokenMs: 1, tokenEveryMs: 1 },
      reply: (messages) => {
        asked.push(messages.map((message) => `${message.role}: ${message.text}`).join('\n'));
        return answer;
      },
    });
  });
  after(() => server.close());
  beforeEach(() => server.faults.clear());

  const model = (vendor: Vendor, changes: { readonly key?: string; readonly times?: ModelTimes } = {}): Provider => {
    return vendor === 'openai'
      ? openaiModel({
          apiKey: changes.key ?? keys.openai,
          model: 'gpt-test',
          baseUrl: server.openaiBaseUrl,
          times: changes.times ?? modelTimes,
        })
      : anthropicModel({
          apiKey: changes.key ?? keys.anthropic,
          model: 'claude-test',
          baseUrl: server.anthropicBaseUrl,
          times: changes.times ?? modelTimes,
        });
  };
  const plan = (scope: Vendor, fault: ModelFaultKind, times: number | null = 1) =>
    server.faults.add({ scope, fault, times });

  for (const vendor of ['openai', 'anthropic'] as const) {
    describe(vendor, () => {
      it('streams a reply with its usage', async () => {
        const result = await read(model(vendor));
        expect(result).to.deep.include({ text: answer, faults: [], error: null });
        expect(result.end).to.deep.include({
          provider: vendor,
          model: vendor === 'openai' ? 'gpt-test' : 'claude-test',
        });
        expect(result.end?.inputTokens).to.be.greaterThan(1_000);
        expect(result.end?.outputTokens).to.be.within(8, 14);
        expect(asked.at(-1)).to.equal(`user: ${secretWords}`);
      });

      const faults: readonly (readonly [string, ModelFaultKind, string, string])[] = [
        ['429', { kind: 'status', status: 429 }, 'rateLimited', ''],
        ['500', { kind: 'status', status: 500 }, 'service', ''],
        ['529', { kind: 'status', status: 529 }, 'service', ''],
        ['403', { kind: 'status', status: 403 }, 'unauthorised', ''],
        ['a connection reset before a token', { kind: 'reset' }, 'unreachable', ''],
        ['a connection reset within the reply', { kind: 'reset', afterTokens: 2 }, 'truncated', 'أسمعكم،'],
        ['no token at all', { kind: 'hang' }, 'noFirstToken', ''],
        ['keep-alives without a token', { kind: 'keepAlive', everyMs: 5 }, 'noFirstToken', ''],
        ['a stall after two tokens', { kind: 'stall', afterTokens: 2 }, 'stalled', 'أسمعكم،'],
        ['an end without the final event', { kind: 'cut', afterTokens: 2 }, 'truncated', 'أسمعكم،'],
        ['a refusal', { kind: 'refusal', afterTokens: 0 }, 'refused', ''],
        ['a chunk that is no JSON', { kind: 'malformed', afterTokens: 2 }, 'service', 'أسمعكم،'],
        ['an error event within the reply', { kind: 'errorEvent', afterTokens: 2 }, 'service', 'أسمعكم،'],
        ['an empty reply', { kind: 'empty' }, 'empty', ''],
      ];
      for (const [title, fault, expected, text] of faults)
        it(`makes ${title} the fault ${expected}, without words or key in it`, async () => {
          plan(vendor, fault);
          const result = await read(model(vendor, { times: timesFor(fault) }));
          expect(result.error?.faults).to.deep.equal([{ provider: vendor, fault: expected }]);
          expect(result.text.startsWith(text.slice(0, 4))).to.equal(true);
          expect(`${result.error?.stack}${JSON.stringify(result.error)}`)
            .to.not.include(secretWords)
            .and.not.include('sk-');
        });

      it('refuses a wrong key as unauthorised', async () => {
        const result = await read(model(vendor, { key: 'sk-wrong-key' }));
        expect(result.error?.faults).to.deep.equal([{ provider: vendor, fault: 'unauthorised' }]);
        expect(`${result.error?.stack}`).to.not.include('sk-wrong');
      });

      it('keeps the text of a reply that became too long, and says so', async () => {
        plan(vendor, { kind: 'length', afterTokens: 4 });
        const result = await read(model(vendor));
        expect(result.text.length).to.be.greaterThan(5);
        expect(result.faults).to.deep.equal([`${vendor} tooLong`]);
        expect(result.end).to.not.equal(null);
      });

      it('ends quietly when the caller goes on, and the server sees it', async () => {
        plan(vendor, { kind: 'slow', tokenEveryMs: 20 });
        const abort = new AbortController();
        const before = server.stats()[vendor].aborted;
        setTimeout(() => abort.abort(), 30);
        const result = await read(model(vendor), abort.signal);
        expect(result).to.deep.include({ error: null, end: null });
        await eventually(() => server.stats()[vendor].aborted === before + 1);
      });

      it('asks nothing when the caller has gone on already', async () => {
        const before = server.stats()[vendor].requests;
        expect(await read(model(vendor), AbortSignal.abort())).to.deep.include({ text: '', error: null, end: null });
        expect(server.stats()[vendor].requests).to.equal(before);
      });

      it('does not retry on its own', async () => {
        plan(vendor, { kind: 'status', status: 500 }, null);
        const before = server.stats()[vendor].requests;
        await read(model(vendor));
        expect(server.stats()[vendor].requests).to.equal(before + 1);
      });

      it('tells whether it would answer, and what is wrong', async () => {
        expect(await model(vendor).warm?.()).to.equal(null);
        expect(await model(vendor, { key: 'sk-wrong-key' }).warm?.()).to.equal('unauthorised');
      });
    });
  }

  it('tells that a server is not there', async () => {
    const gone = openaiModel({ apiKey: 'sk-any', model: 'm', baseUrl: 'http://127.0.0.1:1/v1' });
    expect(await gone.warm?.()).to.equal('unreachable');
    expect((await read(gone)).error?.faults).to.deep.equal([{ provider: 'openai', fault: 'unreachable' }]);
  });

  describe('hedged', () => {
    const both = (times = modelTimes) => hedge([model('openai', { times }), model('anthropic')]);

    it('answers from the first', async () => {
      expect(await read(both())).to.deep.include({ text: answer, faults: [], error: null });
    });

    for (const fault of [
      { kind: 'hang' },
      { kind: 'keepAlive', everyMs: 5 },
      { kind: 'reset' },
      { kind: 'empty' },
      { kind: 'status', status: 529 },
      { kind: 'refusal', afterTokens: 0 },
    ] as const)
      it(`answers from the second when the first has: ${fault.kind}`, async () => {
        plan('openai', fault);
        const result = await read(both(timesFor(fault)));
        expect(result).to.deep.include({ text: answer, error: null });
        expect(result.end?.provider).to.equal('anthropic');
        expect(result.faults).to.have.length(1);
      });

    for (const kind of ['stall', 'cut', 'malformed', 'errorEvent', 'reset'] as const)
      it(`joins both to one reply when the first breaks off by: ${kind}`, async () => {
        plan('openai', { kind, afterTokens: 5 });
        const result = await read(both(timesFor({ kind, afterTokens: 5 })));
        expect(result).to.deep.include({ text: answer, error: null });
        expect(result.end?.provider).to.equal('anthropic');
      });

    it('throws both faults when both fail', async () => {
      plan('openai', { kind: 'status', status: 500 });
      plan('anthropic', { kind: 'status', status: 429 });
      expect((await read(both())).error?.faults).to.deep.equal([
        { provider: 'openai', fault: 'service' },
        { provider: 'anthropic', fault: 'rateLimited' },
      ]);
    });

    it('is warm when one of them is', async () => {
      expect(await hedge([model('openai', { key: 'sk-wrong-key' }), model('anthropic')]).warm?.()).to.equal(null);
      expect(await hedge([model('openai', { key: 'sk-wrong-key' })]).warm?.()).to.equal('unauthorised');
    });
  });

  it('lets Anthropic cache the prompt of the pack and nothing of the call', async () => {
    const bodies: unknown[] = [];
    const original = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
      return original(input, init);
    };
    try {
      await read(anthropicModel({ apiKey: keys.anthropic, model: 'm', baseUrl: server.anthropicBaseUrl }));
    } finally {
      globalThis.fetch = original;
    }
    expect(bodies[0])
      .to.have.property('system')
      .that.deep.equals([
        { type: 'text', text: omani.systemPrompt, cache_control: { type: 'ephemeral' } },
        { type: 'text', text: request.system.slice(request.system.indexOf(callFactsHeading)) },
      ]);
  });
});
