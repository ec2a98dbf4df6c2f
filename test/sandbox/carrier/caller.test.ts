import { expect } from 'chai';
import type { Caller } from '../../../src/sandbox/carrier/caller.ts';
import { bursts, levelDbfs, silentFrame, tone } from '../../../src/sandbox/carrier/levels.ts';
import { Person } from '../../../src/sandbox/carrier/person.ts';
import { Recorder } from '../../../src/sandbox/carrier/recorder.ts';
import { realTime } from '../../../src/sandbox/carrier/clock.ts';
import type { TimelineEntry } from '../../../src/sandbox/carrier/report.ts';

const loud = tone(20, 400, -20);

interface Played {
  readonly uplink: Uint8Array;
  readonly recorder: Recorder;
  readonly entries: TimelineEntry[];
  readonly digits: string[];
  readonly hungUpAtMs: number | null;
  readonly fault: Error | null;
}

/** Lets a caller live for `ms`, hearing sound in the given stretches. No clock is needed: audio is time. */
async function live(caller: Caller, ms: number, audible: readonly (readonly [number, number])[] = []): Promise<Played> {
  const entries: TimelineEntry[] = [];
  const digits: string[] = [];
  const recorder = new Recorder(realTime, (entry) => entries.push(entry));
  let nowMs = 0;
  let hungUpAtMs: number | null = null;
  const person = new Person(recorder, { press: (digit) => digits.push(digit), hangUp: () => (hungUpAtMs ??= nowMs) });
  const script = person.live(caller);
  const spoken: number[] = [];
  for (; nowMs < ms; nowMs += 20) {
    await new Promise((resolve) => setImmediate(resolve));
    const frame = person.speak();
    recorder.spoke(frame);
    spoken.push(...frame);
    person.hear(audible.some(([from, to]) => nowMs >= from && nowMs < to) ? loud : silentFrame);
  }
  person.end();
  return { uplink: Uint8Array.from(spoken), recorder, entries, digits, hungUpAtMs, fault: await script };
}

describe('a caller of the sandbox', () => {
  it('waits until the line was audible and then quiet before speaking', async () => {
    const { uplink } = await live(
      async (line) => {
        expect(await line.listenUntilQuiet({ ms: 500 })).to.equal('quiet');
        await line.say(tone(200, 500, -20));
      },
      2_500,
      [
        [300, 700],
        [1_000, 1_200],
      ],
    );
    expect(bursts(uplink)).to.deep.equal([{ startMs: 1_700, endMs: 1_900 }]);
  });

  it('does not take what was heard before its own words for an answer to them', async () => {
    const heard: string[] = [];
    await live(
      async (line) => {
        await line.listenUntilQuiet({ ms: 200 });
        await line.say(tone(100, 500, -20));
        heard.push(await line.listenUntilQuiet({ ms: 200, withinMs: 1_000 }));
      },
      2_500,
      [[100, 300]],
    );
    expect(heard).to.deep.equal(['nothing-heard']);
  });

  it('gives up on a line that never falls silent, and on one that never speaks', async () => {
    const heard: string[] = [];
    await live(
      async (line) => {
        heard.push(await line.hears({ atLeastMs: 100, withinMs: 200 }));
        heard.push(await line.listenUntilQuiet({ ms: 200, withinMs: 500 }));
      },
      1_000,
      [[260, 5_000]],
    );
    expect(heard).to.deep.equal(['nothing-heard', 'still-speaking']);
  });

  it('interrupts after the line has been audible for so long', async () => {
    const { uplink, recorder } = await live(
      async (line) => line.sayOver(tone(300, 500, -20), { afterMs: 400 }),
      1_500,
      [[200, 1_200]],
    );
    expect(bursts(uplink)).to.deep.equal([{ startMs: 600, endMs: 900 }]);
    expect(recorder.utterances).to.deep.equal([
      { startMs: 600, endMs: 900, firstVoicedMs: 600, lastVoicedMs: 900, over: true },
    ]);
  });

  it('knows where its voice begins and ends within a clip, under any noise', async () => {
    const clip = Uint8Array.from([
      ...new Uint8Array(800).fill(0xff),
      ...tone(200, 500, -20),
      ...new Uint8Array(1_600).fill(0xff),
    ]);
    const { recorder, uplink } = await live(async (line) => {
      line.noiseBed(tone(100, 900, -20), -10);
      await line.say(clip, { gainDb: -3, noise: { mulaw: tone(50, 200, -20), gainDb: -12 } });
    }, 800);
    expect(recorder.utterances).to.deep.equal([
      { startMs: 0, endMs: 500, firstVoicedMs: 100, lastVoicedMs: 300, over: false },
    ]);
    expect(bursts(uplink)).to.deep.equal([{ startMs: 0, endMs: 800 }]);
    expect(levelDbfs(uplink.subarray(160 * 30))).to.be.closeTo(-30, 0.7);
  });

  it('presses keys one after the other', async () => {
    const { digits } = await live(async (line) => line.press('120'), 1_000);
    expect(digits).to.deep.equal(['1', '2', '0']);
  });

  it('takes down when the line becomes audible and when it falls quiet', async () => {
    const { entries } = await live(async (line) => line.silence(5_000), 1_500, [
      [200, 400],
      [500, 600],
    ]);
    expect(entries).to.deep.equal([
      { type: 'line-audible', atMs: 200 },
      { type: 'line-quiet', atMs: 600 },
    ]);
  });

  it('ends its script with the call, which is no fault', async () => {
    let reached = false;
    const { fault } = await live(async (line) => {
      await line.stay();
      reached = true;
    }, 100);
    expect([fault, reached]).to.deep.equal([null, false]);
  });

  it('hands a mistake in the script on as a fault', async () => {
    const { fault } = await live(async (line) => {
      void line.say(tone(100, 400, -20)).catch(() => {});
      await line.say(tone(100, 400, -20));
    }, 300);
    expect(fault?.message).to.contain('one mouth');
  });
});
