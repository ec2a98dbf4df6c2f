import { expect } from 'chai';
import sinon from 'sinon';
import type { Clock } from '../../src/clock.ts';
import { watchBacklog } from '../../src/jobs/backlogWatch.ts';
import { silentLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { LanguageModel, ModelChunk } from '../../src/therapist/languageModel.ts';
import { timedModel } from '../../src/therapist/timedModel.ts';

const clock: Clock = {
  now: () => Date.now(),
  wall: () => new Date(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

async function has(metrics: ReturnType<typeof createMetrics>, ...lines: readonly string[]): Promise<void> {
  const all = (await metrics.exposition()).text.split('\n');
  expect(lines.filter((line) => !all.includes(line))).to.deep.equal([]);
}

describe('the watch over what waits', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers();
  });
  afterEach(() => timers.restore());

  it('keeps telling of the database while the queues are away, and counts that', async () => {
    const metrics = createMetrics('calls');
    const watch = watchBacklog({
      queues: () => Promise.reject(new Error('away')),
      stored: () =>
        Promise.resolve({
          outbox: { count: 3, oldestMs: 4_000 },
          escalations: [{ level: 'high', count: 1, oldestMs: 90_000 }],
          onCall: 2,
        }),
      metrics,
      log: silentLog,
      clock,
      everyMs: 1_000,
    });
    await timers.tickAsync(2_000);
    await watch.stop();
    await has(
      metrics,
      'sanad_backlog_unknown_total{of="queues"} 2',
      'sanad_outbox_waiting 3',
      'sanad_outbox_oldest_seconds 4',
      'sanad_escalation_oldest_by_level_seconds{level="high"} 90',
      'sanad_escalations_open_by_level{level="imminent"} 0',
      'sanad_on_call_people 2',
    );
  });

  it('looks no more once it is stopped', async () => {
    let looks = 0;
    const watch = watchBacklog({
      queues: () => {
        looks += 1;
        return Promise.resolve([]);
      },
      stored: () => Promise.reject(new Error('away')),
      metrics: createMetrics('calls'),
      log: silentLog,
      clock,
      everyMs: 1_000,
    });
    await timers.tickAsync(1_000);
    await watch.stop();
    await timers.tickAsync(10_000);
    expect(looks).to.equal(1);
  });
});

describe('a model that is timed', () => {
  async function said(chunks: readonly ModelChunk[]) {
    const metrics = createMetrics('calls');
    const model: LanguageModel = {
      name: 'hedged',
      stream: async function* () {
        await Promise.resolve();
        yield* chunks;
      },
    };
    const request = { system: '', messages: [], maxTokens: 10 };
    for await (const _ of timedModel(model, { clock, metrics }).stream(request, new AbortController().signal));
    return metrics;
  }
  const fault: ModelChunk = { type: 'fault', provider: 'openai', fault: 'stalled', afterMs: 10 };

  it('has failed over when text followed a provider that was given up', async () => {
    const metrics = await said([{ type: 'text', text: 'a ' }, fault, { type: 'text', text: 'b' }]);
    await has(
      metrics,
      'sanad_failovers_total{provider="openai",reason="stalled"} 1',
      'sanad_stage_seconds_count{stage="firstToken"} 1',
    );
  });

  it('has not failed over when nobody went on', async () => {
    const { text } = await (await said([{ type: 'text', text: 'a ' }, fault])).exposition();
    expect(text).not.to.include('sanad_failovers_total{');
  });
});
