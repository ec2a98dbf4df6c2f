import { expect } from 'chai';
import { bargeIns, percentile, turnLatencies } from '../../../src/sandbox/carrier/analysis.ts';
import { silentByte, tone } from '../../../src/sandbox/carrier/levels.ts';
import type { CallReport, Utterance } from '../../../src/sandbox/carrier/report.ts';

/** Stamps as of a machine that is 3 ms late with every frame. */
function report(
  seconds: number,
  heard: readonly (readonly [number, number])[],
  rest: Pick<CallReport, 'utterances' | 'arrivals' | 'timeline'>,
): CallReport {
  const frames = seconds * 50;
  const downlink = new Uint8Array(frames * 160).fill(silentByte);
  for (const [fromMs, toMs] of heard) {
    downlink.set(tone(toMs - fromMs, 400, -20), fromMs * 8);
  }
  return {
    callSid: 'CA1',
    direction: 'inbound',
    startedAt: new Date(0),
    endedAt: new Date(seconds * 1_000),
    endedBy: 'line',
    statuses: [],
    webhooks: [],
    uplink: new Uint8Array(frames * 160).fill(silentByte),
    downlink,
    uplinkSentAtMs: Float64Array.from({ length: frames }, (_zero, index) => (index + 1) * 20 + 3),
    downlinkHeardAtMs: Float64Array.from({ length: frames }, (_zero, index) => index * 20 + 3),
    said: [],
    warnings: [],
    errors: [],
    streams: 1,
    callerFault: null,
    children: [],
    ...rest,
  };
}

const words = (firstVoicedMs: number, lastVoicedMs: number, over = false): Utterance => ({
  startMs: firstVoicedMs - 100,
  endMs: lastVoicedMs + 100,
  firstVoicedMs,
  lastVoicedMs,
  over,
});

describe('the figures of a call', () => {
  it('count from the last voiced frame on the wire to the first audio of the reply', () => {
    const turns = turnLatencies(
      report(6, [[2_020, 3_000]], {
        utterances: [words(500, 1_000), words(4_000, 4_500)],
        arrivals: [
          { atMs: 1_900, lengthMs: 100, audible: false },
          { atMs: 2_010, lengthMs: 500, audible: true },
          { atMs: 2_200, lengthMs: 480, audible: true },
        ],
        timeline: [],
      }),
    );
    expect(turns.map(({ utterance: _words, ...figures }) => figures)).to.deep.equal([
      { spokenAtMs: 1_003, arrivedAtMs: 2_010, latencyMs: 1_007, heardAtMs: 2_023, replies: 1 },
      { spokenAtMs: 4_503, arrivedAtMs: null, latencyMs: null, heardAtMs: null, replies: 0 },
    ]);
  });

  it('count a turn that was answered twice', () => {
    const heard = [
      [1_500, 2_000],
      [4_000, 4_500],
    ] as const;
    const arrivals = [
      { atMs: 1_490, lengthMs: 500, audible: true },
      { atMs: 3_990, lengthMs: 500, audible: true },
    ];
    const [turn] = turnLatencies(report(6, heard, { utterances: [words(500, 1_000)], arrivals, timeline: [] }));
    expect(turn?.replies).to.equal(2);
  });

  it('measure an interruption to the last frame heard, and its answer from the clear on', () => {
    const call = report(
      6,
      [
        [1_000, 2_260],
        [3_500, 4_000],
      ],
      {
        utterances: [words(2_000, 2_200, true)],
        arrivals: [
          { atMs: 900, lengthMs: 3_000, audible: true },
          { atMs: 2_230, lengthMs: 500, audible: true },
          { atMs: 3_490, lengthMs: 500, audible: true },
        ],
        timeline: [{ type: 'clear-received', droppedMs: 2_000, marks: 1, atMs: 2_250 }],
      },
    );
    expect(bargeIns(call).map(({ utterance: _words, ...figures }) => figures)).to.deep.equal([
      { startedAtMs: 2_023, clearedAtMs: 2_250, quietAtMs: 2_243, ms: 220 },
    ]);
    expect(turnLatencies(call)[0]).to.include({ arrivedAtMs: 3_490, latencyMs: 1_287, replies: 1 });
  });

  it('leave out words over a reply that went on', () => {
    const call = report(6, [[1_000, 4_000]], {
      utterances: [words(2_000, 2_200, true)],
      arrivals: [{ atMs: 900, lengthMs: 3_000, audible: true }],
      timeline: [],
    });
    expect([turnLatencies(call), bargeIns(call)]).to.deep.equal([[], []]);
  });

  it('give percentiles by nearest rank', () => {
    expect([0.5, 0.95, 1].map((share) => percentile([4, 1, 3, 2], share))).to.deep.equal([2, 4, 4]);
    expect(Number.isNaN(percentile([], 0.5))).to.equal(true);
  });
});
