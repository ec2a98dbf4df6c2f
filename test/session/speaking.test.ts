import { expect } from 'chai';
import type { CallFacts } from '../../src/therapist/prompt.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { HeldCall, oneSentence, plainVoice, type Setting } from '../support/heldCall.ts';

const { lines } = languagePacks.en;
let calls: HeldCall[] = [];
const answered = async (setting: Setting = {}): Promise<HeldCall> => {
  const call = new HeldCall(setting);
  calls.push(call);
  return call.answered();
};

/** A responder that notes what it is told of the call. */
function noting(facts: CallFacts[], answer = oneSentence): Setting {
  return {
    turnTaking: { speculateAfterMs: null },
    ports: {
      responderFor: () => ({
        reply: async function* (history, told, signal) {
          facts.push(told);
          for await (const text of answer(history, signal)) yield { type: 'sentence', text, guarded: null };
        },
        warm: () => {},
      }),
    },
  };
}

describe('the voice of a call', () => {
  afterEach(() => {
    for (const call of calls) call.restore();
    calls = [];
  });

  it('says fixed lines from the cache, without the speech service', async () => {
    const spoken: string[] = [];
    const call = await answered({
      speak: (text) => {
        spoken.push(text);
        return plainVoice(text);
      },
      ports: { cachedPhrase: (_voice, text) => ({ mulaw: new Uint8Array(text.length * 480), words: [] }) },
    });
    expect(spoken).to.deep.equal([]);
    expect(call.heardFromSanad).to.deep.equal([lines.greeting.join(' ')]);
    await call.says('I cannot sleep at night.');
    await call.run(600);
    expect(call.session.state.floor.kind).to.equal('replying');
  });

  it('tells the model that the caller cut in, until another reply was heard to its end', async () => {
    const facts: CallFacts[] = [];
    const call = await answered(
      noting(facts, async function* () {
        yield await Promise.resolve('a'.repeat(50));
      }),
    );
    await call.says('I cannot sleep at night.');
    await call.run(1_000);
    await call.says('But my brother says that I should.');
    await call.untilListening();
    await call.says('What do you think of that?');
    expect(facts.map(({ interrupted }) => interrupted)).to.deep.equal([false, true, false]);
  });

  it('tells it so also when a reply prepared early was thrown away in between', async () => {
    const facts: CallFacts[] = [];
    const setting = noting(facts, async function* () {
      yield await Promise.resolve('a'.repeat(50));
    });
    const call = await answered({ ...setting, turnTaking: { speculateAfterMs: 200 } });
    await call.says('I cannot sleep at night.');
    await call.run(1_000);
    call.voiceStarts();
    await call.run(300);
    call.hypothesis('but my brother', 2);
    call.voicePauses();
    await call.run(300);
    call.voiceStarts();
    await call.run(300);
    call.hypothesis('but my brother says that I should', 2);
    call.voicePauses();
    await call.run(2_000);
    expect(facts.slice(1).map(({ interrupted }) => interrupted)).to.deep.equal(facts.slice(1).map(() => true));
    expect(facts.length).to.be.at.least(3);
  });

  it('lets no two replies sound, and stops the model of one that is dropped', async () => {
    const aborted: boolean[] = [];
    const call = await answered({
      turnTaking: { speculateAfterMs: null },
      answer: async function* (_history, signal) {
        const index = aborted.push(false) - 1;
        signal.addEventListener('abort', () => (aborted[index] = true));
        await new Promise((resolve) => setTimeout(resolve, 700));
        yield 'a'.repeat(20);
      },
    });
    const { heardMs } = call.stream;
    await call.says('I cannot sleep at night.');
    call.voiceStarts();
    call.hypothesis('and I am tired', 2);
    call.voicePauses();
    call.final('and I am tired', 2);
    await call.run(900);
    await call.untilListening();
    expect(aborted).to.deep.equal([true, false]);
    expect(call.stream.heardMs - heardMs).to.equal(1_200);
  });

  it('does not speak while a reply is held over the caller’s voice, and speaks at once when it is let go', async () => {
    const call = await answered({
      turnTaking: { speculateAfterMs: null },
      answer: async function* () {
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield 'a'.repeat(20);
      },
    });
    const { heardMs } = call.stream;
    await call.says('I cannot sleep at night.');
    await call.run(100);
    call.voiceStarts();
    await call.run(180);
    expect(call.stream.heardMs).to.equal(heardMs);
    call.voicePauses();
    await call.run(100);
    expect(call.stream.heardMs - heardMs).to.be.greaterThan(40);
  });
});
