import { expect } from 'chai';
import { figuresOf, invalidities, spread } from '../../../src/sandbox/bench/figures.ts';
import type { PartMeasured } from '../../../src/sandbox/bench/part.ts';
import { printTable, rowsOf } from '../../../src/sandbox/bench/table.ts';
import type { Turn } from '../../../src/sandbox/bench/turns.ts';

const times = { pauseMs: 700, firstSentenceMs: 260, firstAudioMs: 120 };

function part(turns: readonly Partial<Turn>[], changes: Partial<PartMeasured> = {}): PartMeasured {
  const usage = { wallMs: 10_000, cpuMs: 3_000, rssMb: 260, loopDelayMs: { p50: 0.1, p99: 4, max: 20 } };
  const live = { rssMb: 0, heapMb: 60, externalMb: 10 };
  return {
    callers: {
      turns: turns.map((turn) => ({ endedAtMs: 0, latencyMs: 1_090, answered: 'once', bargeIn: null, ...turn })),
      calls: 60,
      faults: {},
    },
    sanadUsage: usage,
    callersUsage: { ...usage, cpuMs: 2_000 },
    sandboxCpuMs: 2_500,
    memory: { few: { calls: 10, rssMb: 200, live }, all: { calls: 60, rssMb: 260, live: { ...live, heapMb: 100 } } },
    took: { firstSentence: [261, 262], firstAudio: [120] },
    lateFirstAudio: 0,
    sanadCounts: {},
    ...changes,
  };
}

describe('the figures of a run', () => {
  const fixed = part([{ latencyMs: 1_085 }, { latencyMs: 1_100 }]);
  const whole = part([{ latencyMs: 700, bargeIn: { silentAfterMs: 280, cut: true } }]);
  const figures = figuresOf({ fixed, whole }, times, 60);

  it('takes the floor from the latency, and says what of the rest was the sandbox', () => {
    expect([figures.added?.p50, figures.added?.p95, figures.lateSentence?.max, figures.lateAudio?.max]).to.deep.equal([
      5, 20, 2, 0,
    ]);
  });

  it('counts processor by the call and memory by the further call', () => {
    expect([figures.cpuPerCallPercent, figures.memoryPerCallMb, figures.livePerCallMb]).to.deep.equal([0.5, 1.2, 0.8]);
    expect([figures.sanadCpuPercent, figures.sandboxCpuPercent, figures.callersCpuPercent]).to.deep.equal([30, 25, 20]);
  });

  it('judges each figure by its goal, and leaves no goal without a verdict', () => {
    const rows = rowsOf([figures], times);
    const judged = rows.filter(({ goal }) => goal !== '').map(({ figure, verdict }) => [figure.trim(), verdict]);
    expect(judged).to.deep.equal([
      ['added latency, p95', 'missed'],
      ['below the sum of its parts (1080 ms), p50', 'reached'],
      ['barge-in until silence, p95', 'reached'],
      ['turns answered exactly once', 'reached'],
      ['not answered', 'reached'],
      ['answered more than once', 'reached'],
      ['answered otherwise than by the reply', 'reached'],
      ['processor per call', 'reached'],
      ['memory per further call, resident', 'reached'],
    ]);
  });

  it('shows the median of several runs with the lowest and the highest', () => {
    expect(spread([3, 1, 2])).to.deep.equal({ median: 2, min: 1, max: 3 });
    expect(spread([3, null])).to.equal(null);
    const slower = figuresOf({ fixed: part([{ latencyMs: 1_110 }]), whole }, times, 60);
    expect(printTable(rowsOf([figures, slower], times)).split('\n')[2]).to.match(
      /^added latency, p95 +25 \[20–30\] ms +≤ 15 ms +missed$/,
    );
  });

  it('says what was not measured instead of a number', () => {
    const none = figuresOf({ fixed: part([]), whole: part([]) }, times, 60);
    expect(rowsOf([none], times)[1]).to.deep.include({ measured: null, verdict: 'not measured' });
  });
});

describe('whether a run may be believed', () => {
  it('may when nothing but figures came of it, missed turns among them', () => {
    expect(invalidities('x', part([{ answered: 'none', latencyMs: null }]))).to.deep.equal([]);
  });

  it('may not when the carrier complained, the sandbox was late, or a provider failed without a plan', () => {
    const calls = { turns: part([{}]).callers.turns, calls: 60, faults: { 'error 31951: x': 2 } };
    const counts = { 'sanad_provider_failures_total{provider="openai",fault="unreachable"}': 3, sanad_calls_total: 60 };
    expect(invalidities('x', part([], { callers: calls, lateFirstAudio: 4, sanadCounts: counts }))).to.deep.equal([
      'x: 2 × error 31951: x',
      "x: the sandbox's voice was not ready in time for 4 sentences",
      'x: sanad_provider_failures_total{provider="openai",fault="unreachable"} is 3, though no fault was planned',
    ]);
  });

  it('may not when an interruption had nothing to interrupt, or no turn was taken at all', () => {
    const tooLate = part([{ bargeIn: { silentAfterMs: 90, cut: false } }]);
    expect([...invalidities('x', tooLate), ...invalidities('y', part([]))]).to.deep.equal([
      'x: 1 replies were over before the interruption could silence them',
      'y: no turn was taken in the measured time',
    ]);
  });
});
