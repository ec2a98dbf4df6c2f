import { expect } from 'chai';
import type { EndedEscalation } from '../../../src/sandbox/bench/escalation/records.ts';
import { partFiguresOf } from '../../../src/sandbox/bench/escalation/figures.ts';
import {
  callerOf,
  escalatedOf,
  telephoneOf,
  type MeasuredCaller,
  type MeasuredTelephone,
} from '../../../src/sandbox/bench/escalation/measure.ts';
import { parseEscalationBenchOptions } from '../../../src/sandbox/bench/escalation/options.ts';
import { escalationRows } from '../../../src/sandbox/bench/escalation/table.ts';
import type { LegReport } from '../../../src/sandbox/carrier/legLog.ts';
import { silentByte, tone } from '../../../src/sandbox/carrier/levels.ts';
import type { CallReport } from '../../../src/sandbox/carrier/report.ts';

const frames = 1_000;
/** Frame n is sent, and heard, 3 ms late. */
const stamps = Float64Array.from({ length: frames }, (_zero, at) => at * 20 + 3);

function recording(...sounds: readonly (readonly [number, number])[]): Uint8Array {
  const audio = new Uint8Array(frames * 160).fill(silentByte);
  for (const [from, to] of sounds) audio.set(tone(to - from, 300, -20), from * 8);
  return audio;
}

const report = (part: Partial<CallReport>): CallReport => ({
  callSid: 'CAcaller',
  direction: 'inbound',
  startedAt: new Date(0),
  endedAt: new Date(0),
  endedBy: 'caller',
  statuses: [],
  webhooks: [],
  uplink: recording(),
  downlink: recording(),
  uplinkSentAtMs: stamps,
  downlinkHeardAtMs: stamps,
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
});

const leg = (part: Partial<LegReport>): LegReport => ({
  callSid: 'CAperson',
  direction: 'outbound-api',
  from: '+96824000000',
  to: '+96890000001',
  parentCallSid: null,
  status: 'completed',
  answeredBy: null,
  states: [],
  prompts: [],
  digits: [],
  hears: [],
  warnings: [],
  errors: [],
  ...part,
});

const words = { startMs: 1_900, endMs: 3_100, firstVoicedMs: 2_000, lastVoicedMs: 3_000, over: false };
const answeredAt = (atMs: number) => [{ status: 'in-progress', atMs }] as const;

const caller: MeasuredCaller = {
  callSid: 'CAcaller',
  disclosedAtMs: 10_000,
  sounds: [
    { startMs: 4_000, endMs: 9_000 },
    { startMs: 11_000, endMs: 14_000 },
    { startMs: 19_000, endMs: 20_000 },
  ],
  hears: [{ whom: 'CAperson', fromMs: 18_500 }],
  audibleAtMs: [18_700, 19_000, 19_020],
  endedAtMs: 30_000,
  faults: [],
};

const person: MeasuredTelephone = {
  callSid: 'CAperson',
  number: '+96890000001',
  orderedAtMs: 10_200,
  rangAtMs: 10_700,
  queuedMs: 500,
  status: 'completed',
  acceptedAtMs: 14_000,
  briefingMs: 3_600,
  hears: [{ whom: 'CAcaller', fromMs: 18_400 }],
  spokeAtMs: 18_900,
};

describe('what the carrier saw of a disclosure', () => {
  it('ends with the sending of the last voiced frame, and no later words change that', () => {
    const later = { ...words, firstVoicedMs: 5_000, lastVoicedMs: 6_000 };
    const seen = callerOf(report({ utterances: [words, later] }), leg({ states: answeredAt(500) }), 0);
    expect(seen.disclosedAtMs).to.equal(500 + 2_983);
    expect(callerOf(report({}), leg({ states: answeredAt(500) }), 0).disclosedAtMs).to.equal(null);
  });

  it('takes what the caller heard from the recording, on the carrier’s clock', () => {
    const downlink = recording([1_000, 1_400], [4_000, 4_020], [6_000, 6_100]);
    const hears = [
      { whom: 'MZstream', fromMs: 510, untilMs: 5_000 },
      { whom: 'CAperson', fromMs: 6_540, untilMs: null },
    ];
    const seen = callerOf(report({ downlink }), leg({ states: answeredAt(500), hears }), 0);
    expect(seen.sounds, 'a click is no sound').to.deep.equal([
      { startMs: 1_503, endMs: 1_903 },
      { startMs: 6_503, endMs: 6_603 },
    ]);
    expect(seen.hears).to.deep.equal([{ whom: 'CAperson', fromMs: 6_540 }]);
    expect(seen.audibleAtMs, 'from the person on').to.deep.equal([6_543, 6_563, 6_583]);
  });

  it('says what went wrong on the call', () => {
    const broken = report({
      endedBy: 'line',
      errors: [{ code: 31_951, message: 'x', atMs: 0 }],
      callerFault: new Error('no mouth'),
    });
    expect(callerOf(broken, leg({}), 0).faults).to.deep.equal([
      'error 31951: x',
      "caller's script: no mouth",
      'ended by line',
    ]);
  });
});

describe('what the carrier saw of a telephone', () => {
  const seen = (part: Partial<LegReport>, of: Partial<CallReport> = {}) =>
    telephoneOf(report(of), leg(part), { spokenMs: (text) => text.length * 100, orderedAtMs: 900 });

  it('did not ring when it was busy, whatever the network tried', () => {
    const states = [
      { status: 'initiated', atMs: 1_000 },
      { status: 'ringing', atMs: 1_000 },
    ] as const;
    expect(seen({ states, status: 'busy' }).rangAtMs).to.equal(null);
    expect(seen({ states, status: 'no-answer' }).rangAtMs).to.equal(1_000);
  });

  it('tells the wait for the account’s rate from the rest', () => {
    const states = [{ status: 'initiated', atMs: 2_400 }] as const;
    expect([seen({ states }).queuedMs, seen({}).queuedMs]).to.deep.equal([1_500, null]);
  });

  it('counts as briefing only what was spoken after the key and before the room, and as long as it was spoken', () => {
    const prompt = (content: string, atMs: number) => ({ kind: 'say', content, atMs }) as const;
    const at = {
      states: answeredAt(1_000),
      digits: [
        { digit: '2', atMs: 2_000 },
        { digit: '1', atMs: 3_000 },
      ],
      prompts: [
        prompt('the question, before', 1_100),
        prompt('1234567890', 3_050),
        prompt('cut short by the next', 4_200),
        prompt('12345', 4_500),
        prompt('wait in the room', 6_000),
      ],
    };
    const entered = { type: 'conference', event: 'participant-join', conferenceSid: 'CF', name: 'r', atMs: 4_500 };
    const telephone = seen(at, { timeline: [{ ...entered, type: 'conference' }] });
    expect([telephone.acceptedAtMs, telephone.briefingMs]).to.deep.equal([3_000, 1_000 + 300 + 500]);
  });

  it('knows when the person’s voice was sent', () => {
    expect(seen({ states: answeredAt(500) }, { utterances: [words] }).spokeAtMs).to.equal(2_503);
    expect(seen({ states: answeredAt(500) }).spokeAtMs).to.equal(null);
  });
});

describe('an escalated call', () => {
  it('is measured from the disclosure to the ring, to the person’s voice, and from the key to both hearing each other', () => {
    expect(escalatedOf(caller, [person])).to.deep.equal({
      orderedMs: 200,
      ringMs: 700,
      queuedMs: 500,
      silenceMs: 5_000,
      personHeardMs: 9_000,
      joinMs: 4_500,
      ownMs: 900,
    });
  });

  it('takes the first telephone that rang, and counts a ring before the last word as negative', () => {
    const earlier = {
      ...person,
      callSid: 'CAother',
      orderedAtMs: 9_700,
      rangAtMs: 9_750,
      acceptedAtMs: null,
      hears: [],
    };
    const busy = { ...earlier, callSid: 'CAbusy', orderedAtMs: 9_600, rangAtMs: null };
    const measured = escalatedOf(caller, [person, busy, earlier]);
    expect([measured.ringMs, measured.orderedMs]).to.deep.equal([-250, -400]);
  });

  it('counts silence up to the call’s end when nobody came', () => {
    const alone = { ...caller, hears: [], audibleAtMs: [] };
    const { silenceMs, personHeardMs, joinMs, ownMs } = escalatedOf(alone, [
      { ...person, hears: [], acceptedAtMs: null },
    ]);
    expect([silenceMs, personHeardMs, joinMs, ownMs]).to.deep.equal([10_000, null, null, null]);
  });

  it('counts no silence while something that began before the disclosure is still heard', () => {
    const sounds = [{ startMs: 8_000, endMs: 18_950 }];
    expect(escalatedOf({ ...caller, sounds }, [person]).silenceMs).to.equal(50);
  });

  it('is not joined by a person whom the caller cannot hear', () => {
    const deaf = escalatedOf({ ...caller, hears: [] }, [person]);
    expect([deaf.joinMs, deaf.personHeardMs]).to.deep.equal([null, null]);
  });
});

describe('the figures of a part', () => {
  const ended: EndedEscalation = {
    escalationId: 'E1',
    callSid: 'CAcaller',
    state: 'closed',
    outcome: 'helped',
    closings: 1,
  };
  const rung = { callSid: 'CAperson', escalationId: 'E1', round: 1, wave: 1 };
  const figures = (records: { ended?: readonly EndedEscalation[]; rung?: readonly (typeof rung)[] } = {}) =>
    partFiguresOf(
      {
        callers: [caller],
        telephones: [person, { ...person, callSid: 'CAagain', rangAtMs: 13_000, acceptedAtMs: null }],
      },
      { ended: [ended], rung: [rung], ...records },
    );

  it('find a telephone that rang twice in a wave, and one of which no record knows', () => {
    const again = { ...rung, callSid: 'CAagain' };
    const found = [figures(), figures({ rung: [rung, again] }), figures({ rung: [rung, { ...again, wave: 2 }] })];
    expect(found.map(({ rungTwice, unknownTelephones }) => [rungTwice, unknownTelephones])).to.deep.equal([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });

  it('miss the outcome of an escalation that is open, closed twice, doubled or absent', () => {
    const of = (...those: readonly EndedEscalation[]) => figures({ ended: those }).withoutOutcome;
    expect([
      of(ended),
      of({ ...ended, state: 'bridged', outcome: null, closings: 0 }),
      of({ ...ended, closings: 2 }),
      of(ended, { ...ended, escalationId: 'E2' }),
      of(),
    ]).to.deep.equal([0, 1, 1, 1, 1]);
  });

  it('are judged by their goals', () => {
    const judged = escalationRows(figures()).filter(({ goal }) => goal !== '');
    expect(judged.map(({ figure, goal, verdict }) => [figure, goal, verdict])).to.deep.equal([
      ['disclosure → first telephone ringing, p95', '≤ 2000 ms', 'reached'],
      ['longest time without a sound, max', '≤ 8000 ms', 'reached'],
      ['accept key → both hear each other, our own time, p95', '≤ 1500 ms', 'reached'],
      ['callers to whom a person came', '1 ', 'reached'],
      ['calls without exactly one recorded outcome', '0 ', 'reached'],
      ['telephones rung twice in a wave', '0 ', 'reached'],
      ['telephones rung of which no record knows', '0 ', 'missed'],
    ]);
  });
});

describe('the options of the escalation bench', () => {
  const plain = { calls: 20, atOnce: 4, alone: 10, callsPerSecond: 1, json: null };

  it('keep to the rate that Twilio gives an account, unless another is asked for', () => {
    expect(parseEscalationBenchOptions([])).to.deep.equal({ kind: 'run', options: plain });
    const args = '--calls 8 --at-once 2 --alone 0 --calls-per-second 5 --json bench-e.json'.split(' ');
    expect(parseEscalationBenchOptions(args)).to.deep.equal({
      kind: 'run',
      options: { calls: 8, atOnce: 2, alone: 0, callsPerSecond: 5, json: 'bench-e.json' },
    });
  });

  it('are refused in a sentence', () => {
    expect([
      parseEscalationBenchOptions(['--at-once', '21']),
      parseEscalationBenchOptions(['--seconds', '9']),
      parseEscalationBenchOptions(['--json', '']),
    ]).to.deep.equal([
      { kind: 'refused', reason: "--at-once must be a whole number from 1 to 20, not '21'" },
      { kind: 'refused', reason: "Unknown option '--seconds'" },
      { kind: 'refused', reason: '--json needs a path' },
    ]);
    expect(parseEscalationBenchOptions(['--help'])).to.deep.equal({ kind: 'help' });
  });
});
