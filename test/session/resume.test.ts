import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { brokenInvariants } from '../../src/call/invariants.ts';
import { fold, type LogEntry } from '../../src/call/replay.ts';
import type { LoadedCall } from '../../src/session/liveDesk.ts';
import { resumeCall } from '../../src/session/resume.ts';
import type { StoredCall, StoredLogEntry } from '../../src/store/records.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { CallScript } from '../support/callScript.ts';
import { goldenFolder } from '../support/goldenCall.ts';
import { HeldCall } from '../support/heldCall.ts';

const startedAt = new Date('2026-11-20T20:00:00Z');
const after = (ms: number): Date => new Date(startedAt.getTime() + ms);

/** A call as the store gives it back. */
function stored(log: readonly StoredLogEntry[], part: Partial<StoredCall> = {}): StoredCall {
  const ids = { callId: '22222222-2222-4222-8222-222222222222', organisationId: 'o', callSid: 'CA1' };
  const facts = {
    language: 'en',
    packVersion: '1',
    startedAt,
    endedAt: null,
    outcome: null,
    highestRisk: 'none',
  } as const;
  return { ...ids, ...facts, log, logGapAt: null, turns: [], ...part };
}

const entriesOf = (log: readonly LogEntry[]): readonly StoredLogEntry[] =>
  log.map(({ seq, at, event, effects }) => ({ seq, atMs: at, eventType: event.type, entry: { event, effects } }));

function loaded(script: CallScript, afterMs: number): LoadedCall {
  const call = resumeCall(stored(entriesOf(script.log)), languagePacks, after(script.at + afterMs));
  if (call === 'ended' || call === 'unknown') throw new Error(`the call is ${call}`);
  return call;
}

const held: HeldCall[] = [];
function goOn(resumed: LoadedCall): HeldCall {
  const call = new HeldCall({ resumed });
  held.push(call);
  return call;
}

const lines = languagePacks.en.lines;

/** Hooks of these tests only: at the root they would run around every test of the process. */
function eachOnItsOwn(): void {
  afterEach(() => {
    for (const call of held.splice(0)) call.restore();
  });
}

describe('a call that another server held', () => {
  eachOnItsOwn();
  it('goes on with a word about the dropped line', async () => {
    const call = goOn(loaded(new CallScript().answered(), 900));
    expect(call.session.intent).to.deep.equal({ kind: 'stream' });
    await call.attach().untilListening();
    expect(call.heardFromSanad).to.deep.equal([lines.lineBack.join(' ')]);
  });

  it('still gets the person who was promised: the carrier may ask another server what comes after the stream', () => {
    const script = new CallScript().answered();
    script.tell({ type: 'digitPressed', digit: '0' });
    script.tell({ type: 'escalationAdvanced', escalation: 1, fact: 'unavailable' });
    script.speaks(script.turn, [2_000]);
    const call = goOn(loaded(script, 300));
    expect(call.session.intent).to.deep.equal({ kind: 'person', reason: 'asked', announced: true });
  });

  it('is told honestly when that person did not answer', async () => {
    const script = new CallScript().answered();
    script.hypothesis(1, { risk: 'high' });
    script.tell({ type: 'escalationAdvanced', escalation: 1, fact: 'unavailable' });
    script.speaks(script.turn, [2_000]);
    const call = goOn(loaded(script, 30_000));
    expect(call.session.intent).to.deep.equal({ kind: 'person', reason: 'risk', announced: true });
    call.session.personFinished('nobody');
    await call.attach().untilListening();
    expect(call.heardFromSanad).to.deep.equal([lines.nobodyReached.join(' ')]);
  });

  it('brings the person whose announcing was cut off', async () => {
    const script = new CallScript().answered();
    script.hypothesis(1, { risk: 'high' });
    script.tell({ type: 'escalationAdvanced', escalation: 1, fact: 'unavailable' });
    const call = goOn(loaded(script, 900));
    call.attach();
    await call.run(20_000);
    expect(call.heardFromSanad).to.deep.equal([lines.connecting.join(' ')]);
    expect(call.session.intent).to.deep.include({ kind: 'person', reason: 'risk' });
  });

  it('follows the people who are being rung for it, and says first what it had not heard yet', async () => {
    const script = new CallScript().answered();
    script.hypothesis(1, { risk: 'high' });
    const call = goOn(loaded(script, 900));
    await call.attach().untilListening();
    expect(call.heardFromSanad).to.deep.equal([lines.stayWithMe.join(' ')]);
    expect(call.escalation.asked, 'nobody is rung anew').to.deep.equal([]);
    call.escalationFact({ type: 'ready' });
    expect(call.session.intent).to.deep.equal({ kind: 'room', escalation: 1 });
  });

  it('goes to the room in which a person waits, though its server was lost on the way', () => {
    const script = new CallScript().answered();
    script.hypothesis(1, { risk: 'high' });
    for (const fact of ['accepted', 'ready'] as const) script.tell({ type: 'escalationAdvanced', escalation: 1, fact });
    expect(goOn(loaded(script, 300)).session.intent).to.deep.equal({ kind: 'room', escalation: 1 });
  });

  it('is not taken for lost because its server took long to be missed: somebody just asked for it', async () => {
    const script = new CallScript().answered();
    script.tell({ type: 'streamLost' });
    const call = goOn(loaded(script, 90_000));
    await call.time.tickAsync(1_000);
    expect(call.outcomes).to.deep.equal([]);
    await call.attach().untilListening();
    expect(call.heardFromSanad).to.deep.equal([lines.lineBack.join(' ')]);
  });

  it('is known again although it was closed as lost when its heartbeat stayed away', () => {
    const script = new CallScript().answered();
    const log = entriesOf(script.log);
    const call = resumeCall(stored(log, { endedAt: after(9_000), outcome: 'lost' }), languagePacks, after(200_000));
    expect(call).to.be.an('object');
  });

  it('is nobody’s any more when its own server had given it up, so that a person finds out', () => {
    const script = new CallScript().answered();
    script.tell({ type: 'streamLost' });
    script.wait(60_000);
    const call = stored(entriesOf(script.log), { endedAt: after(script.at), outcome: 'lost' });
    expect(resumeCall(call, languagePacks, after(script.at + 9_000))).to.equal('unknown');
  });

  it('that ended stays ended', () => {
    const script = new CallScript().answered();
    script.tell({ type: 'hungUp' });
    const call = stored(entriesOf(script.log), { endedAt: after(script.at), outcome: 'hungUp' });
    expect(resumeCall(call, languagePacks, after(script.at + 900))).to.equal('ended');
    const unmarked = stored(entriesOf(script.log));
    expect(resumeCall(unmarked, languagePacks, after(script.at + 900)), 'its end was not written').to.equal('ended');
  });

  it('is unknown when nothing of it was kept', () => {
    expect(resumeCall(stored([]), languagePacks, after(900))).to.equal('unknown');
    expect(resumeCall(null, languagePacks, after(900))).to.equal('unknown');
  });
});

const entrySchema = z.object({
  seq: z.number(),
  at: z.number(),
  event: z.looseObject({ type: z.string() }),
  effects: z.array(z.unknown()),
});

function goldenLog(name: string): readonly StoredLogEntry[] {
  const [, ...texts] = readFileSync(path.join(goldenFolder, name), 'utf8').trim().split('\n');
  return texts
    .map((text) => entrySchema.parse(JSON.parse(text)))
    .map(({ seq, at, event, effects }) => ({ seq, atMs: at, eventType: event.type, entry: { event, effects } }));
}

describe('a server that dies at any moment of a golden call', () => {
  eachOnItsOwn();
  for (const name of readdirSync(goldenFolder).filter((file) => file.endsWith('.jsonl'))) {
    it(`leaves in ${name} a call that another takes up, and the caller hears something at once`, async function () {
      this.timeout(60_000);
      const log = goldenLog(name);
      for (let cut = 1; cut < log.length; cut++) {
        const kept = log.slice(0, cut);
        const at = kept.at(-1)?.atMs ?? 0;
        const call = resumeCall(stored(kept), languagePacks, after(at + 2_000));
        if (call === 'ended' || call === 'unknown') {
          expect(call, `cut at ${cut}`).to.equal('ended');
          continue;
        }
        expect(brokenInvariants(call.state, call.state, []), `cut at ${cut}`).to.deep.equal([]);
        // Every fortieth is also spoken with: the rest have states that recur.
        if (cut % 40 !== 1) continue;
        const live = goOn(call);
        if (live.session.intent.kind === 'person') continue;
        live.attach();
        await live.run(1_000);
        expect(live.stream.heardMs, `cut at ${cut}`).to.be.greaterThan(0);
        live.restore();
      }
    });
  }

  it('folds its log into the state the first server had', () => {
    const script = new CallScript().answered().startsToSpeak().wait(400).hypothesis(1);
    expect(fold(script.log)).to.deep.equal(script.state);
  });
});
