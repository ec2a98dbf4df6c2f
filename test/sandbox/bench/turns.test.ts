import { expect } from 'chai';
import { tone } from '../../../src/sandbox/carrier/levels.ts';
import type { AudioArrival, CallReport, TimelineEntry, Utterance } from '../../../src/sandbox/carrier/report.ts';
import { turnsOf } from '../../../src/sandbox/bench/turns.ts';

const frameMs = 20;
const frames = 500;
const stamps = (latenessMs: number) => Float64Array.from({ length: frames }, (_zero, at) => at * frameMs + latenessMs);

interface Happened {
  readonly utterances: readonly Partial<Utterance>[];
  readonly arrivals?: readonly AudioArrival[];
  readonly timeline?: readonly TimelineEntry[];
  /** Stretch of the recording in which Sanad is heard. */
  readonly heardMs?: readonly [number, number];
}

/** A call of ten seconds: the frame at place p is sent 21 ms later (its own length, and a millisecond), and heard at once. */
function report({ utterances, arrivals = [], timeline = [], heardMs = [0, 0] }: Happened): CallReport {
  const downlink = new Uint8Array(frames * 160).fill(0xff);
  downlink.set(tone(heardMs[1] - heardMs[0], 300, -20), heardMs[0] * 8);
  return {
    callSid: 'CA1',
    direction: 'inbound',
    startedAt: new Date(0),
    endedAt: new Date(0),
    endedBy: 'caller',
    statuses: [],
    webhooks: [],
    uplink: new Uint8Array(frames * 160).fill(0xff),
    downlink,
    uplinkSentAtMs: stamps(frameMs + 1),
    downlinkHeardAtMs: stamps(0),
    utterances: utterances.map((utterance) => {
      const { startMs = 0, endMs = 0 } = utterance;
      return { startMs, endMs, firstVoicedMs: startMs, lastVoicedMs: endMs, over: false, ...utterance };
    }),
    arrivals,
    timeline,
    said: [],
    warnings: [],
    errors: [],
    streams: 1,
    callerFault: null,
    children: [],
  };
}

const audio = (atMs: number, lengthMs: number, audible = true): AudioArrival => ({ atMs, lengthMs, audible });

describe('the turns of a call of the bench', () => {
  it('counts latency from the sending of the last voiced frame to the first audible arrival', () => {
    const arrivals = [audio(1_500, 100, false), audio(1_985, 600), audio(2_000, 400)];
    expect(turnsOf(report({ utterances: [{ startMs: 0, endMs: 1_000 }], arrivals }), 1_000)).to.deep.equal([
      { endedAtMs: 1_001, latencyMs: 984, answered: 'once', bargeIn: null },
    ]);
  });

  it('tells a turn without an answer, one answered twice and one answered otherwise from one answered once', () => {
    const utterances = [0, 2_000, 4_000, 6_000].map((startMs) => ({ startMs, endMs: startMs + 400 }));
    const arrivals = [audio(2_900, 2_000), audio(4_900, 500), audio(6_900, 1_050)];
    expect(turnsOf(report({ utterances, arrivals }), 1_000).map(({ answered }) => answered)).to.deep.equal([
      'none',
      'more',
      'other',
      'once',
    ]);
  });

  it('wants no whole answer of a turn that was interrupted', () => {
    const utterances = [
      { startMs: 0, endMs: 400 },
      { startMs: 2_000, endMs: 2_400, over: true },
    ];
    const arrivals = [audio(1_000, 300), audio(3_500, 1_000)];
    expect(turnsOf(report({ utterances, arrivals }), 1_000).map(({ answered }) => answered)).to.deep.equal([
      'once',
      'once',
    ]);
  });

  it('counts a barge-in from the start of the first voiced frame to the end of the last frame heard', () => {
    const utterances = [{ startMs: 2_000, endMs: 2_600, over: true }];
    const cleared: TimelineEntry = { atMs: 2_260, type: 'clear-received', droppedMs: 900, marks: 4 };
    const [turn] = turnsOf(report({ utterances, timeline: [cleared], heardMs: [1_000, 2_280] }), 1_000);
    expect(turn?.bargeIn).to.deep.equal({ silentAfterMs: 279, cut: true });
  });

  it('does not take a reply that was over by itself for one that was silenced', () => {
    const utterances = [{ startMs: 2_000, endMs: 2_600, over: true }];
    const late: TimelineEntry = { atMs: 2_260, type: 'clear-received', droppedMs: 0, marks: 0 };
    const [turn] = turnsOf(report({ utterances, timeline: [late], heardMs: [1_000, 2_100] }), 1_000);
    expect(turn?.bargeIn).to.deep.equal({ silentAfterMs: 99, cut: false });
  });

  it('hears over the short pauses inside a reply, and stops at a real one', () => {
    const heard = report({ utterances: [{ startMs: 2_000, endMs: 2_600, over: true }], heardMs: [1_000, 2_200] });
    heard.downlink.set(tone(200, 300, -20), 2_400 * 8);
    heard.downlink.set(tone(200, 300, -20), 3_000 * 8);
    expect(turnsOf(heard, 1_000)[0]?.bargeIn?.silentAfterMs).to.equal(599);
  });
});
