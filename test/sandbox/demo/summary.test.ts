import { expect } from 'chai';
import { measure, percentile } from '../../../src/sandbox/demo/measure.ts';
import { printSummary, summarise } from '../../../src/sandbox/demo/summary.ts';
import { mix, silentByte, tone } from '../../../src/sandbox/carrier/levels.ts';
import type { CallReport, Utterance } from '../../../src/sandbox/carrier/report.ts';
import type { TurnRecord } from '../../../src/store/records.ts';

/** A recording of so many milliseconds with a tone between each pair of times. */
function recording(lengthMs: number, ...sounds: readonly (readonly [number, number])[]): Uint8Array {
  const audio = new Uint8Array(lengthMs * 8).fill(silentByte);
  for (const [from, to] of sounds) audio.set(tone(to - from, 300, -20), from * 8);
  return audio;
}

function said(startMs: number, endMs: number, over = false): Utterance {
  return { startMs, endMs, firstVoicedMs: startMs, lastVoicedMs: endMs, over };
}

function report(part: Partial<CallReport>): CallReport {
  return {
    callSid: 'CA',
    direction: 'inbound',
    startedAt: new Date(0),
    endedAt: new Date(0),
    endedBy: 'line',
    statuses: [],
    webhooks: [],
    uplink: recording(10_000),
    downlink: recording(10_000),
    uplinkSentAtMs: new Float64Array(0),
    downlinkHeardAtMs: new Float64Array(0),
    utterances: [],
    arrivals: [],
    timeline: [],
    said: [],
    warnings: [],
    errors: [],
    streams: 1,
    callerFault: null,
    children: [],
    ...part,
  };
}

describe('the measures of a call', () => {
  it('take the time to a first sound from the recordings, for what was said into silence and answered', () => {
    const { firstSoundsMs } = measure(
      report({
        downlink: recording(10_000, [0, 1_000], [3_500, 5_000], [9_000, 9_500]),
        // An answer after 500 ms; a listening word over Sanad; words that the caller followed up before any answer.
        utterances: [said(2_000, 3_000), said(4_000, 4_300, true), said(6_000, 6_500), said(7_000, 8_000)],
      }),
    );
    expect(firstSoundsMs).to.deep.equal([500, 1_000]);
  });

  it("take the time to silence from the caller's first frame to Sanad's last", () => {
    const { silencedAfterMs } = measure(
      report({
        downlink: recording(10_000, [1_000, 3_280]),
        utterances: [said(3_000, 4_000, true)],
        timeline: [{ type: 'clear-received', droppedMs: 900, marks: 4, atMs: 3_270 }],
      }),
    );
    expect(silencedAfterMs).to.deep.equal([280]);
  });

  it('do not count a clear that nobody interrupted, or that dropped nothing', () => {
    const { silencedAfterMs } = measure(
      report({
        downlink: recording(10_000, [1_000, 8_000]),
        utterances: [said(500, 900)],
        timeline: [
          { type: 'clear-received', droppedMs: 900, marks: 4, atMs: 8_000 },
          { type: 'clear-received', droppedMs: 0, marks: 0, atMs: 1_000 },
        ],
      }),
    );
    expect(silencedAfterMs).to.deep.equal([]);
  });

  it('count marks by how they came back', () => {
    const back = (because: 'played' | 'cleared') => ({ type: 'mark-returned', name: 'm', because, atMs: 0 }) as const;
    const { marks } = measure(report({ timeline: [back('played'), back('cleared'), back('played')] }));
    expect(marks).to.deep.equal({ played: 2, cleared: 1 });
  });

  it('give levels of the speech, not of the pauses', () => {
    const uplink = mix(80_000, [{ mulaw: recording(10_000, [0, 1_000]), gainDb: 0 }]);
    const { callerDbfs } = measure(report({ uplink }));
    expect(callerDbfs).to.be.closeTo(-20, 0.5);
  });

  it('know percentiles, and that none are known of nothing', () => {
    expect([percentile([3, 1, 2, 4], 0.5), percentile([3, 1, 2], 1), percentile([], 0.5)]).to.deep.equal([2, 3, null]);
  });
});

const turn = (speaker: TurnRecord['speaker'], kind: TurnRecord['kind']): TurnRecord => ({
  type: 'turn',
  callId: 'call',
  seq: 1,
  speaker,
  kind,
  text: 'text',
  heardText: null,
  atMs: 0,
  durationMs: 0,
  interrupted: false,
  confidence: null,
  firstSoundMs: null,
});

describe('the summary of a call', () => {
  it('counts turns, listening words, interruptions and marks', () => {
    const measures = {
      ...measure(report({})),
      lengthMs: 62_000,
      firstSoundsMs: [700, 900, 2_500],
      silencedAfterMs: [280, 300],
      marks: { played: 120, cleared: 30 },
    };
    const summary = summarise({
      steps: [],
      turns: [turn('caller', 'turn'), turn('caller', 'backchannel'), turn('sanad', 'line'), turn('sanad', 'turn')],
      measures,
    });
    expect(summary).to.deep.equal({
      lengthMs: 62_000,
      callerTurns: 1,
      backchannels: 1,
      replies: 2,
      firstSoundP50Ms: 900,
      firstSoundMaxMs: 2_500,
      firstSounds: 3,
      bargeIns: 0,
      slowestSilenceMs: 300,
      falseAlarms: 0,
      marks: { played: 120, cleared: 30 },
    });
    expect(printSummary({ ...summary, bargeIns: 1, falseAlarms: 1 })).to.deep.equal([
      'length        1:02.0',
      'turns         1 of the caller, and 1 listening word; 2 of Sanad',
      'first sound   p50 900 ms, max 2500 ms over 3 turns (last voiced frame to first audible frame, in the recording)',
      'barge-ins     1 interruption, 1 false alarm resumed; Sanad silent at most 300 ms after the voice began',
      'marks         120 came back played, 30 cleared',
    ]);
  });
});
