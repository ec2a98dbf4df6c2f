import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock } from '../../src/clock.ts';
import { hedge } from '../../src/therapist/hedged.ts';
import {
  ModelError,
  type ModelChunk,
  type ModelFault,
  type ModelName,
  type ModelRequest,
  type Provider,
} from '../../src/therapist/languageModel.ts';

type Step = { readonly at: number } & (
  { readonly text: string } | { readonly end: true } | { readonly fail: ModelFault } | { readonly over: true }
);

interface Scripted extends Provider {
  readonly requests: ModelRequest[];
  readonly aborted: () => number;
}

/** A provider that keeps to a timetable: milliseconds after each request. One script for each request, the last for all more. */
function scripted(name: ModelName, ...scripts: readonly (readonly Step[])[]): Scripted {
  const requests: ModelRequest[] = [];
  let aborts = 0;
  const pause = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  return {
    name,
    requests,
    aborted: () => aborts,
    stream: async function* (request, signal): AsyncGenerator<ModelChunk> {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? [];
      requests.push(request);
      let now = 0;
      for (const step of [...script, { at: 60_000, over: true as const }]) {
        await pause(step.at - now, signal);
        now = step.at;
        if (signal.aborted) {
          aborts += 1;
          return;
        }
        if ('text' in step) yield { type: 'text', text: step.text };
        else if ('fail' in step) throw new ModelError([{ provider: name, fault: step.fail }]);
        else if ('over' in step) return;
        else {
          yield { type: 'end', provider: name, model: `${name}-model`, inputTokens: 1, outputTokens: 2 };
          return;
        }
      }
    },
  };
}

const request: ModelRequest = { system: 'S', messages: [{ role: 'caller', text: 'ألو' }], maxTokens: 100 };

interface Outcome {
  readonly text: string;
  readonly faults: string[];
  readonly end: string | null;
  readonly error: ModelError | null;
  readonly firstTextAt: number | null;
  readonly endedAt: number;
}

describe('two providers, hedged', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => clock.restore());

  async function run(
    providers: readonly Provider[],
    forMs = 30_000,
    signal = new AbortController().signal,
  ): Promise<Outcome> {
    const outcome = {
      text: '',
      faults: [] as string[],
      end: null as string | null,
      error: null as ModelError | null,
      firstTextAt: null as number | null,
      endedAt: -1,
    };
    const reading = (async () => {
      try {
        for await (const chunk of hedge(providers, { clock: systemClock }).stream(request, signal)) {
          if (chunk.type === 'text') {
            outcome.text += chunk.text;
            outcome.firstTextAt ??= performance.now();
          } else if (chunk.type === 'fault') outcome.faults.push(`${chunk.provider} ${chunk.fault} ${chunk.afterMs}`);
          else outcome.end = chunk.provider;
        }
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        outcome.error = error;
      }
      outcome.endedAt = performance.now();
    })();
    await clock.tickAsync(forMs);
    await reading;
    return outcome;
  }

  const good = (text: string, at = 300): readonly Step[] => [
    ...text.split(/(?<= )/).map((word, i) => ({ at: at + i * 50, text: word })),
    { at: at + text.split(' ').length * 50, end: true },
  ];

  it('asks the second only when it must', async () => {
    const first = scripted('openai', good('I hear you.'));
    const second = scripted('anthropic', good('no'));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({ text: 'I hear you.', faults: [], end: 'openai', error: null });
    expect(second.requests).to.have.length(0);
  });

  it('asks the second after 1,200 ms without text; the second may win, and the first is aborted', async () => {
    const first = scripted('openai', good('too late', 3_000));
    const second = scripted('anthropic', good('I hear you.', 300));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({ text: 'I hear you.', end: 'anthropic', faults: ['openai noFirstToken 1500'] });
    expect(first.aborted()).to.equal(1);
  });

  it('lets the first win after all, without a fault, and aborts the second', async () => {
    const first = scripted('openai', good('I hear you.', 1_300));
    const second = scripted('anthropic', good('no', 900));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({ text: 'I hear you.', end: 'openai', faults: [] });
    expect(second.aborted()).to.equal(1);
  });

  it('asks the second at once when the first fails', async () => {
    const first = scripted('openai', [{ at: 50, fail: 'rateLimited' }]);
    const second = scripted('anthropic', good('I hear you.', 300));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({ text: 'I hear you.', faults: ['openai rateLimited 50'], firstTextAt: 350 });
  });

  it('does not take white space for text', async () => {
    const first = scripted('openai', [{ at: 100, text: ' \n' }]);
    const second = scripted('anthropic', good('I hear you.', 300));
    expect(await run([first, second])).to.deep.include({ text: 'I hear you.', end: 'anthropic' });
  });

  it('replaces a stalled reply unheard when no whole word of it was handed out', async () => {
    const first = scripted('openai', [{ at: 100, text: 'Ihe' }]);
    const second = scripted('anthropic', good('I hear you.', 300));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({ text: 'I hear you.', faults: ['openai stalled 1600'], end: 'anthropic' });
    expect(second.requests[0]).to.equal(request);
  });

  it('lets the second go on from what was handed out, without repeating', async () => {
    const first = scripted('openai', [
      { at: 100, text: 'I hear how ' },
      { at: 150, text: 'tired you ' },
      { at: 200, text: 'ar' },
    ]);
    const second = scripted('anthropic', good('tired you are tonight.', 300));
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({
      text: 'I hear how tired you are tonight.',
      faults: ['openai stalled 1700'],
      end: 'anthropic',
    });
    expect(second.requests[0]?.system).to.include('«I hear how tired you»');
  });

  for (const fault of ['truncated', 'service', 'refused'] as const)
    it(`goes on at once when a begun reply ends as ${fault}`, async () => {
      const first = scripted('openai', [
        { at: 100, text: 'I hear ' },
        { at: 200, fail: fault },
      ]);
      const second = scripted('anthropic', good('you.', 300));
      const outcome = await run([first, second]);
      expect(outcome).to.deep.include({
        text: 'I hear you.',
        faults: [`openai ${fault} 200`],
        end: 'anthropic',
        endedAt: 550,
      });
    });

  it('takes a stream that just ends for truncated', async () => {
    const first = scripted('openai', [
      { at: 100, text: 'I hear ' },
      { at: 200, over: true },
    ]);
    const second = scripted('anthropic', good('you.', 300));
    expect(await run([first, second])).to.deep.include({ text: 'I hear you.', faults: ['openai truncated 200'] });
  });

  it('asks a provider again that had only lost', async () => {
    const first = scripted('openai', good('x', 5_000), good('you.', 300));
    const second = scripted('anthropic', [
      { at: 300, text: 'I hear ' },
      { at: 400, fail: 'service' },
    ]);
    const outcome = await run([first, second]);
    expect(outcome).to.deep.include({
      text: 'I hear you.',
      end: 'openai',
      faults: ['openai noFirstToken 1500', 'anthropic service 400'],
    });
    expect(first.requests).to.have.length(2);
  });

  it('throws both faults when both fail before a word', async () => {
    const outcome = await run([
      scripted('openai', [{ at: 10, fail: 'unauthorised' }]),
      scripted('anthropic', [{ at: 20, fail: 'unreachable' }]),
    ]);
    expect(outcome.error?.faults).to.deep.equal([
      { provider: 'openai', fault: 'unauthorised' },
      { provider: 'anthropic', fault: 'unreachable' },
    ]);
    expect(outcome.endedAt).to.equal(30);
  });

  it('throws after what was handed out when nobody can go on', async () => {
    const outcome = await run([
      scripted('openai', [
        { at: 100, text: 'I hear ' },
        { at: 150, fail: 'service' },
      ]),
      scripted('anthropic', [{ at: 20, fail: 'rateLimited' }]),
    ]);
    expect(outcome.text).to.equal('I hear ');
    expect(outcome.error?.faults).to.have.length(2);
  });

  it('gives up within a bounded time when both stay silent', async () => {
    const outcome = await run([scripted('openai', []), scripted('anthropic', [])]);
    expect(outcome.error?.faults.map(({ fault }) => fault)).to.deep.equal(['noFirstToken', 'noFirstToken']);
    expect(outcome.endedAt).to.equal(5_200);
  });

  it('takes an end without any text for empty', async () => {
    const outcome = await run([
      scripted('openai', [{ at: 100, end: true }]),
      scripted('anthropic', good('I hear you.')),
    ]);
    expect(outcome).to.deep.include({ text: 'I hear you.', faults: ['openai empty 100'] });
  });

  it('works with one provider alone', async () => {
    expect(await run([scripted('anthropic', good('I hear you.', 3_000))])).to.deep.include({
      text: 'I hear you.',
      faults: [],
      end: 'anthropic',
    });
    const failed = await run([scripted('anthropic', [{ at: 5, fail: 'service' }])]);
    expect(failed.error?.faults).to.deep.equal([{ provider: 'anthropic', fault: 'service' }]);
  });

  it('throws at once without any provider', async () => {
    expect((await run([])).error?.faults).to.deep.equal([]);
  });

  it('ends quietly and aborts whoever runs when the caller goes on', async () => {
    const abort = new AbortController();
    const first = scripted('openai', []);
    const second = scripted('anthropic', []);
    setTimeout(() => abort.abort(), 1_300);
    const outcome = await run([first, second], 30_000, abort.signal);
    expect(outcome).to.deep.include({ text: '', error: null, end: null, endedAt: 1_300 });
    expect([first.aborted(), second.aborted()]).to.deep.equal([1, 1]);
  });

  it('does not count the time that its reader takes as a stall', async () => {
    const model = hedge([scripted('openai', good('I hear you now.', 10)), scripted('anthropic', [])], {
      clock: systemClock,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of model.stream(request, new AbortController().signal)) {
        if (chunk.type === 'text') text += chunk.text;
        else if (chunk.type === 'fault') text += `<${chunk.fault}>`;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    })();
    await clock.tickAsync(20_000);
    await reading;
    expect(text).to.equal('I hear you now.');
  });

  it('leaves no timer behind', async () => {
    await run([scripted('openai', good('I hear you.')), scripted('anthropic', [])], 1_000);
    expect(clock.countTimers()).to.equal(0);
  });
});
