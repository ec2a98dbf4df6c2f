import { expect } from 'chai';
import { HeldCall, PlayedStream, plainVoice, type Setting } from '../support/heldCall.ts';
import { languagePacks as packs } from '../../src/therapist/packs.ts';

let calls: HeldCall[] = [];
const hold = (setting: Setting = {}): HeldCall => {
  const call = new HeldCall(setting);
  calls.push(call);
  return call;
};

/** Hooks of these tests only: at the root they would run around every test of the process. */
function eachOnItsOwn(): void {
  afterEach(() => {
    for (const call of calls) call.restore();
    calls = [];
  });
}

describe('a live call', () => {
  eachOnItsOwn();
  it('greets, answers, and keeps what was heard of both', async () => {
    const call = await hold().answered();
    await call.says('I cannot sleep at night.');
    await call.untilListening();
    expect(call.heardFromSanad).to.deep.equal([packs.en.lines.greeting.join(' '), 'I hear you.']);
    expect(call.asked.map((history) => history.at(-1))).to.deep.include({
      role: 'caller',
      text: 'I cannot sleep at night.',
    });
  });

  it('ends with one record and one word to its desk, and no timer left', async () => {
    const call = await hold().answered();
    call.session.dispatch({ type: 'hungUp' });
    expect(call.outcomes).to.deep.equal(['hangUp']);
    expect(call.kept.filter((record) => record.type === 'callEnded')).to.have.length(1);
    await call.time.tickAsync(5_000);
    expect(call.time.countTimers()).to.equal(0);
    const before = call.kept.length;
    call.session.dispatch({ type: 'hungUp' });
    call.session.dispatch({ type: 'digitPressed', digit: '0' });
    await call.time.tickAsync(60_000);
    expect(call.kept.length).to.equal(before);
  });

  it('takes a second stream in place of the first, says that the line dropped, and hears only the second', async () => {
    const call = await hold().answered();
    const first = call.stream;
    call.attach();
    expect(first.isClosed).to.equal(true);
    first.tell({ type: 'closed', code: 1000 });
    first.tell({ type: 'digit', digit: '0' });
    expect(call.session.state.transfer.kind).to.equal('none');
    await call.untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(packs.en.lines.lineBack.join(' '));
  });

  it('goes on when the stream closes in the very moment in which something is sent', async () => {
    const call = hold();
    const closing = new PlayedStream();
    const send = closing.sendMark;
    const broken = Object.assign(closing, {
      sendMark: (name: string) => {
        send(name);
        closing.tell({ type: 'closed', code: 1006 });
      },
    });
    call.attach(broken);
    await call.run(200);
    expect(call.session.state.line.kind).to.equal('down');
    await call.attach().untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(packs.en.lines.lineBack.join(' '));
  });
});

describe('a disclosure', () => {
  eachOnItsOwn();
  it('that the recogniser finishes only after the stream was lost still brings a person', async () => {
    const call = await hold().answered();
    call.voiceStarts();
    await call.run(400);
    call.stream.tell({ type: 'closed', code: 1006 });
    call.final('I am going to kill myself', 1);
    expect(call.session.state.safety.level).to.equal('high');
    await call.time.tickAsync(850);
    call.attach();
    await call.run(20_000);
    expect(call.escalation.asked.map(({ briefing }) => briefing.reason)).to.deep.equal(['risk']);
    expect(call.heardFromSanad).to.include(packs.en.lines.stayWithMe.join(' '));
  });

  it('is given silence to be finished in: no more audio comes from a stream that is gone', async () => {
    const call = await hold().answered();
    const [recogniser] = call.recognisers;
    const before = recogniser?.frames ?? 0;
    call.stream.tell({ type: 'closed', code: 1006 });
    expect((recogniser?.frames ?? 0) - before).to.be.at.least(40);
  });

  it('does not keep the recogniser for longer than three seconds without a stream', async () => {
    const call = await hold().answered();
    call.stream.tell({ type: 'closed', code: 1006 });
    expect(call.recognisers[0]?.closed).to.equal(false);
    await call.time.tickAsync(3_000);
    expect(call.recognisers[0]?.closed).to.equal(true);
  });

  it('is heard by the same recogniser when the stream is soon back, by a new one when it had failed', async () => {
    const call = await hold().answered();
    call.stream.tell({ type: 'closed', code: 1006 });
    await call.time.tickAsync(900);
    call.attach();
    expect(call.recognisers).to.have.length(1);
    call.recognisers[0]?.tell({ type: 'lost', fault: 'disconnected', retryInMs: 500 });
    call.stream.tell({ type: 'closed', code: 1006 });
    await call.time.tickAsync(900);
    call.attach();
    expect(call.recognisers.map(({ closed }) => closed)).to.deep.equal([true, false]);
  });
});

/** Every port that can throw, and throws. */
const faults: readonly { readonly where: string; readonly setting: () => Setting }[] = [
  {
    where: 'the recogniser cannot be opened',
    setting: () => ({ ports: { openRecogniser: fails } }),
  },
  {
    where: 'the voice cannot be opened',
    setting: () => ({ ports: { openSynthesiser: fails } }),
  },
  {
    where: 'the voice activity fails on every frame',
    setting: () => ({ ports: { createVoiceActivity: () => ({ frame: fails }) } }),
  },
  {
    where: 'nothing can be kept',
    setting: () => ({ ports: { keep: fails } }),
  },
  {
    where: 'whoever watches the call fails',
    setting: () => ({ ports: { observe: fails } }),
  },
];

function fails(): never {
  throw new Error('injected');
}

describe('a fault of our own', () => {
  eachOnItsOwn();
  for (const { where, setting } of faults) {
    it(`ends with a person when ${where}`, async () => {
      const call = hold(setting());
      call.attach();
      await call.run(25_000);
      expect(call.session.intent.kind).to.equal('person');
      expect(call.stream.isClosed).to.equal(true);
    });
  }

  it('in the understanding of words, where it could hide a disclosure, ends with a person', async () => {
    const call = await hold({ ports: { assessRisk: fails } }).answered();
    expect(() => call.final('I am going to kill myself', 1)).to.not.throw();
    await call.run(20_000);
    expect(call.session.intent).to.deep.include({ kind: 'person', reason: 'fault' });
  });

  it('in sending audio ends with a person, and is no rejection that nobody hears', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown): void => void rejected.push(reason);
    process.on('unhandledRejection', note);
    try {
      const call = hold();
      const stream = Object.assign(new PlayedStream(), { sendAudio: fails, sendMark: fails });
      call.attach(stream);
      await call.run(10_000);
      await new Promise((resolve) => setImmediate(resolve));
      expect(rejected).to.deep.equal([]);
      expect(call.session.intent.kind).to.equal('person');
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('that comes again does not end the call behind the person’s back: when nobody answers, Sanad owns up to it', async () => {
    let broken = false;
    const frame = (): null => {
      const now = broken;
      broken = false;
      return now ? fails() : null;
    };
    const call = await hold({ ports: { createVoiceActivity: () => ({ frame }) } }).answered();
    broken = true;
    await call.run(40);
    expect(call.session.state.transfer).to.deep.equal({ kind: 'announcing', reason: 'fault' });
    broken = true;
    await call.run(40);
    expect(call.session.intent).to.deep.equal({ kind: 'person', reason: 'fault', announced: false });
    // The telephone of a person rings for minutes; nothing of ours may close the call meanwhile.
    await call.time.tickAsync(240_000);
    expect(call.outcomes).to.deep.equal([]);
    expect(call.session.intent.kind).to.equal('person');
    call.session.personFinished('nobody');
    await call.attach().untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(packs.en.lines.nobodyForNow.join(' '));
  });

  it('that never ends brings a person every time the stream is back, and never leaves the caller to silence', async () => {
    const call = hold({ ports: { createVoiceActivity: () => ({ frame: fails }) } });
    for (let round = 0; round < 5; round++) {
      call.attach();
      await call.run(100);
      expect(call.session.intent.kind, `round ${round}`).to.equal('person');
      expect(call.stream.isClosed).to.equal(true);
      call.session.personFinished('nobody');
    }
  });

  it('keeps no call open: its desk is told of the end although the end cannot be recorded', async () => {
    let broken = false;
    const keep = (): void => {
      if (broken) fails();
    };
    const call = await hold({ ports: { keep } }).answered();
    broken = true;
    call.session.dispatch({ type: 'hungUp' });
    expect(call.outcomes).to.deep.equal(['hangUp']);
  });
});

describe('more events than a call can take', () => {
  eachOnItsOwn();
  it('at once end with a person', async () => {
    let flood = true;
    const call: HeldCall = hold({
      ports: {
        observe: () => {
          if (!flood) return;
          flood = false;
          for (let n = 0; n < 3_000; n++) call.session.dispatch({ type: 'digitPressed', digit: '5' });
        },
      },
    });
    flood = true;
    call.attach();
    await call.run(20_000);
    expect(call.session.intent).to.deep.include({ kind: 'person', reason: 'fault' });
  });
});

describe('an answer that is none', () => {
  eachOnItsOwn();
  const lines = packs.en.lines;

  it('because no sentence comes of it is a fixed line', async () => {
    const call = await hold({ answer: async function* () {} }).answered();
    await call.says('I cannot sleep at night.');
    await call.untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(lines.thinkingTrouble.join(' '));
  });

  it('because it never ends lets the caller have the floor again within seconds', async () => {
    const call = await hold({
      answer: async function* (_history, signal) {
        yield 'I hear you.';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    }).answered();
    await call.says('I cannot sleep at night.');
    await call.run(7_000);
    expect(call.session.state.floor.kind).to.equal('listening');
    expect(call.heardFromSanad.at(-1)).to.equal('I hear you.');
  });

  it('because the voice throws before its first audio is the carrier’s voice', async () => {
    let silent = false;
    const call = await hold({
      speak: (text) => (silent ? fails() : plainVoice(text)),
    }).answered();
    silent = true;
    await call.says('I cannot sleep at night.');
    await call.run(1_000);
    expect(call.session.intent).to.deep.include({ kind: 'say', line: 'voiceTrouble' });
  });

  it('because the voice goes on after it was told to stop is not heard', async () => {
    const call = await hold({
      speak: async function* (text) {
        for (let n = 0; n < 40; n++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          yield { type: 'audio', mulaw: new Uint8Array(400) };
        }
        yield* plainVoice(text);
      },
    }).answered();
    await call.says('I cannot sleep at night.');
    for (let ms = 0; ms < 3_000 && call.session.state.floor.kind !== 'replying'; ms += 20) await call.run(20);
    call.voiceStarts();
    call.hypothesis('wait please listen', 2);
    const { heardMs } = call.stream;
    await call.run(300);
    expect(call.session.state.floor.kind).to.equal('callerSpeaking');
    expect(call.stream.heardMs).to.equal(heardMs);
  });

  it('but only says that it is an AI, because the model failed behind it, is followed by a fixed line', async () => {
    const call = hold({
      answer: async function* () {
        await Promise.resolve();
        if (call.stream.heardMs >= 0) throw new Error('no model answers');
        yield '';
      },
    });
    call.attach();
    await call.run(600);
    await call.says('I cannot sleep at night.');
    await call.untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal([...lines.identity, ...lines.thinkingTrouble].join(' '));
  });
});
