import { expect } from 'chai';
import type { CallEvent } from '../../src/call/event.ts';
import type { RecogniserEvent } from '../../src/speech/recogniser.ts';
import { HeldCall, type Setting } from '../support/heldCall.ts';

let calls: HeldCall[] = [];
const answered = async (setting: Setting = {}): Promise<HeldCall> => {
  const call = new HeldCall(setting);
  calls.push(call);
  return call.answered();
};

/** What the core was told, of these kinds. */
function told(call: HeldCall, ...types: readonly CallEvent['type'][]) {
  return call.kept.flatMap((record) => {
    if (record.type !== 'log' || !types.some((type) => type === record.eventType)) return [];
    return [(record.entry as { readonly event: CallEvent }).event];
  });
}

describe('the ears of a call', () => {
  afterEach(() => {
    for (const call of calls) call.restore();
    calls = [];
  });

  it('tell the core of partial words only when they amount to something else', async () => {
    const call = await answered();
    for (const text of ['I', 'I cannot', 'I can not', 'I cannot sleep']) call.hypothesis(text, 1);
    call.hypothesis('I cannot rest', 1);
    expect(told(call, 'wordsHypothesised').map((event) => ('text' in event ? event.text : ''))).to.deep.equal([
      'I',
      'I cannot',
      'I can not',
    ]);
  });

  it('tell it of every danger in them, whatever else stays the same', async () => {
    const call = await answered();
    call.hypothesis('I want to help my mother', 1);
    call.hypothesis('I want to kill myself too', 1);
    expect(call.session.state.safety.level).to.equal('high');
    expect(call.session.state.transfer.kind).to.equal('requested');
    expect(call.escalation.asked).to.have.length(1);
  });

  it('say whether final words are others than the last partial ones, but for how they are written', async () => {
    const call = await answered();
    call.hypothesis('I cannot sleep', 1);
    call.final('I cannot sleep.', 1);
    call.hypothesis('my brother', 2);
    call.final('My mother.', 2);
    call.final('Yes.', 3);
    const finals = told(call, 'wordsRecognised').map((event) => ('differs' in event ? event.differs : null));
    expect(finals).to.deep.equal([false, true, false]);
  });

  it('forget words that were none', async () => {
    const call = await answered();
    call.hypothesis('hm', 1);
    call.recognisers[0]?.tell({ type: 'noMatch', utterance: 1 });
    expect(told(call, 'wordsVoided')).to.deep.equal([{ type: 'wordsVoided', utterance: 1 }]);
    await call.run(3_000);
    expect(call.asked).to.deep.equal([]);
  });

  it('count utterances on when a new recogniser counts from one again', async () => {
    const call = await answered();
    call.final('I cannot sleep at night.', 1);
    call.stream.tell({ type: 'closed', code: 1006 });
    await call.time.tickAsync(4_000);
    call.attach();
    call.final('Are you there?', 1);
    const utterances = told(call, 'wordsRecognised').map((event) => ('utterance' in event ? event.utterance : 0));
    expect(utterances).to.deep.equal([1, 2]);
  });

  it('tell how long they are away, and listen to nothing of a recogniser that was given up', async () => {
    const events: ((event: RecogniserEvent) => void)[] = [];
    const call = await answered({
      ports: {
        // One that goes on talking after it was closed.
        openRecogniser: ({ onEvent }) => {
          events.push(onEvent);
          const nothing = (): void => {};
          return { write: nothing, quiet: nothing, upload: nothing, close: () => Promise.resolve() };
        },
      },
    });
    events[0]?.({ type: 'lost', fault: 'disconnected', retryInMs: 500 });
    expect(call.session.state.hearing).to.equal('down');
    events[0]?.({ type: 'restored', lostForMs: 300, replayedMs: 300 });
    expect(call.session.state.hearing).to.equal('up');
    call.session.dispatch({ type: 'hungUp' });
    const before = call.kept.length;
    events[0]?.({ type: 'hypothesis', utterance: 9, text: 'too late', offsetMs: 0 });
    expect(call.kept.length).to.equal(before);
  });

  it('can be told something while they are being opened', async () => {
    const call = new HeldCall({
      ports: {
        openRecogniser: ({ onEvent }) => {
          onEvent({ type: 'lost', fault: 'unauthorised', retryInMs: null });
          const nothing = (): void => {};
          return { write: nothing, quiet: nothing, upload: nothing, close: () => Promise.resolve() };
        },
      },
    });
    calls.push(call);
    await call.answered();
    expect(call.logged).to.deep.equal([]);
  });

  it('begin anew with a stream: a voice that was cut off by the line does not hide the next', async () => {
    let made = 0;
    const call = await answered({
      ports: {
        createVoiceActivity: () => {
          made += 1;
          return { frame: () => null };
        },
      },
    });
    const before = made;
    call.stream.tell({ type: 'closed', code: 1006 });
    call.attach();
    expect(made).to.equal(before + 1);
  });

  it('close a stream that has gone dead, and the carrier may open another', async () => {
    const call = await answered();
    call.stream.tell({ type: 'stalled' });
    expect(call.stream.isClosed).to.equal(true);
    expect(call.session.state.line).to.deep.equal({ kind: 'down', openWith: 'lineBack' });
    expect(call.session.intent).to.deep.equal({ kind: 'stream' });
  });

  it('do not take the carrier’s “stop” for a hang-up', async () => {
    const call = await answered();
    call.stream.tell({ type: 'stopped' });
    expect(call.session.state.line.kind).to.equal('up');
    expect(call.outcomes).to.deep.equal([]);
  });
});
