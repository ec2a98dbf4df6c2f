import { expect } from 'chai';
import { recordGolden } from '../support/goldenCall.ts';
import {
  effectsOf,
  eventsOf,
  openRehearsal,
  personNumber,
  type RehearsedCall,
  type Rehearsal,
} from '../support/rehearsal.ts';

const linesOf = (call: RehearsedCall): readonly string[] =>
  effectsOf(call, 'startReply').map(({ source }) => (source.kind === 'line' ? source.line : 'model'));

const answered = { kind: 'answers', afterMs: 300 } as const;

/** Each line runs its own server and sandbox, since a fault is a fault for every call of it. */
describe('calls on which something fails', function () {
  this.timeout(200_000);
  const lines: Rehearsal[] = [];
  const open = async (options: Parameters<typeof openRehearsal>[0] = {}): Promise<Rehearsal> => {
    const line = await openRehearsal(options);
    lines.push(line);
    line.carrier.setPhone(personNumber, {
      ...answered,
      person: async (phone) => {
        await phone.say(line.phrase('hello'));
        await phone.silence(300);
      },
    });
    return line;
  };
  let models: RehearsedCall;
  let voice: RehearsedCall;
  let ears: RehearsedCall;
  let deaf: RehearsedCall;
  let restarted: RehearsedCall;
  let voiceless: RehearsedCall;
  let lastHistory: readonly string[] = [];
  let restart: { readonly downAtMs: number; readonly backAtMs: number };

  before(async () => {
    [models, voice, ears, deaf, restarted, voiceless] = await Promise.all([
      modelsFail(),
      voiceFails(),
      earsAreCut(),
      earsAreGone(),
      serverIsKilled(),
      voiceIsNotThere(),
    ]);
    for (const [name, call] of Object.entries({ models, voice, ears, deaf })) recordGolden(`failing-${name}`, call);
  });
  after(async () => {
    await Promise.all(lines.map((line) => line.close()));
  });

  async function modelsFail(): Promise<RehearsedCall> {
    const line = await open();
    return line.call(async (caller) => {
      await caller.listenUntilQuiet({ ms: 1_700 });
      line.models.faults.set({ scope: 'openai', fault: { kind: 'hang' } });
      await caller.say(line.phrase('cannot-sleep'));
      await caller.listenUntilQuiet({ ms: 1_700 });
      line.models.faults.set({ scope: 'openai', fault: { kind: 'stall', afterTokens: 4 } });
      await caller.say(line.phrase('work-pressure'));
      await caller.listenUntilQuiet({ ms: 2_200 });
      line.models.faults.set([
        { scope: 'openai', fault: { kind: 'status', status: 500 }, times: null },
        { scope: 'anthropic', fault: { kind: 'status', status: 529 }, times: null },
      ]);
      await caller.say(line.phrase('exam'));
      await caller.listenUntilQuiet({ ms: 1_700 });
      await caller.say(line.phrase('lonely'));
      await caller.listenUntilQuiet({ ms: 1_700 });
    });
  }

  async function voiceFails(): Promise<RehearsedCall> {
    const line = await open();
    return line.call(async (caller) => {
      await caller.listenUntilQuiet({ ms: 1_700 });
      line.speech.faults.set({
        scope: 'synthesis',
        fault: { kind: 'close', at: 'midSynthesis', code: 1000 },
        times: null,
      });
      await caller.say(line.phrase('cannot-sleep'));
      await caller.listenUntilQuiet({ ms: 1_500, withinMs: 40_000 });
      line.speech.faults.clear();
      await caller.say(line.phrase('exam'));
      await caller.listenUntilQuiet({ ms: 1_700 });
    });
  }

  async function earsAreCut(): Promise<RehearsedCall> {
    const line = await open();
    return line.call(async (caller) => {
      await caller.listenUntilQuiet({ ms: 1_700 });
      line.speech.faults.set({ scope: 'recognition', fault: { kind: 'reset', at: 'phrase' } });
      await caller.say(line.phrase('cannot-sleep'));
      await caller.listenUntilQuiet({ ms: 1_700 });
      await caller.say(line.phrase('exam'));
      await caller.listenUntilQuiet({ ms: 1_700 });
    });
  }

  async function earsAreGone(): Promise<RehearsedCall> {
    const line = await open({ restDown: true });
    line.speech.faults.set({ scope: 'recognition', fault: { kind: 'hangUpgrade' }, times: null });
    return line.call(async (caller) => {
      await caller.listenUntilQuiet({ ms: 1_700 });
      await caller.silence(40_000);
    });
  }

  async function voiceIsNotThere(): Promise<RehearsedCall> {
    const line = await open({ voiceless: true, restDown: true });
    return line.call(async (caller) => {
      await caller.silence(14_000);
      await caller.press('0');
      // Nobody can be rung over REST, which is known after five seconds; then the carrier dials.
      await caller.silence(14_000);
    });
  }

  async function serverIsKilled(): Promise<RehearsedCall> {
    const reply = (messages: readonly { readonly text: string }[]): string => {
      lastHistory = messages.map((message) => message.text);
      return 'أسمعك. كيف تحس الحين؟';
    };
    const line = await open({ models: { reply } });
    let downAtMs = 0;
    const call = await line.call(async (caller) => {
      await caller.listenUntilQuiet({ ms: 1_700 });
      await caller.say(line.phrase('cannot-sleep'));
      await caller.listenUntilQuiet({ ms: 1_700 });
      await line.failOver();
      downAtMs = caller.nowMs();
      await caller.silence(3_000);
      await caller.listenUntilQuiet({ ms: 1_700 });
      await caller.say(line.phrase('exam'));
      await caller.listenUntilQuiet({ ms: 1_700 });
    });
    const back = call.report.timeline.find((entry) => entry.type === 'line-audible' && entry.atMs > downAtMs);
    restart = { downAtMs, backAtMs: back?.atMs ?? Infinity };
    return call;
  }

  it('a model that gives no first token is overtaken by the other', () => {
    const [first] = effectsOf(models, 'recordReply').slice(1);
    expect(first).to.deep.include({ interrupted: false });
    expect(linesOf(models)[1]).to.equal('model');
  });

  it('a model that stalls in the middle is taken over in the middle', () => {
    const second = effectsOf(models, 'recordReply')[2];
    expect(second?.interrupted).to.equal(false);
    expect(second?.heard?.sentence).to.be.at.least(0);
  });

  it('when both models fail a fixed line is said, and the second time a person is offered', () => {
    expect(linesOf(models).filter((name) => name !== 'model')).to.deep.equal([
      'greeting',
      'thinkingTrouble',
      'offerPerson',
    ]);
  });

  it('a voice that breaks off is followed by a line of our own, and the next turn is answered', () => {
    expect(linesOf(voice)).to.include('voiceTrouble');
    expect(linesOf(voice).at(-1)).to.equal('model');
    expect(effectsOf(voice, 'recordReply').at(-1)).to.deep.include({ interrupted: false });
  });

  it('a recogniser connection that is cut loses no word and doubles none', () => {
    const words = eventsOf(ears, 'wordsRecognised').map((event) => event.text);
    expect(words).to.deep.equal([lines[0]?.textOf('cannot-sleep'), lines[0]?.textOf('exam')]);
  });

  it('a recogniser that is not to be had is owned up to, and a person who can hear is rung', () => {
    const said = linesOf(deaf).filter((name) => !name.startsWith('ringing'));
    expect(said.slice(0, 5)).to.deep.equal(['greeting', 'cannotHear', 'bringingPerson', 'connecting', 'personLeft']);
    expect(effectsOf(deaf, 'handOver')[0]).to.deep.equal({ type: 'handOver', reason: 'unheard', announced: true });
  });

  it('a voice that was never there lets the carrier greet, and brings a person without a line of ours', () => {
    expect(voiceless.report.said.join(' ')).to.include('سند');
    expect(effectsOf(voiceless, 'sayByCarrier')[0]).to.deep.equal({
      type: 'sayByCarrier',
      line: 'greeting',
      afterwards: 'stream',
    });
    expect(effectsOf(voiceless, 'handOver')).to.deep.equal([{ type: 'handOver', reason: 'asked', announced: false }]);
    expect(voiceless.report.children.map((leg) => leg.statuses.at(-1))).to.deep.equal(['completed']);
  });

  it('a server that goes away in the middle of a call is followed by another within three seconds, which knows what was said', () => {
    expect(linesOf(restarted).slice(-2)).to.deep.equal(['lineBack', 'model']);
    expect(restart.backAtMs - restart.downAtMs).to.be.below(3_000);
    expect(lastHistory.slice(0, 2).join(' ')).to.include(lines[0]?.textOf('cannot-sleep'));
  });

  it('none of it breaks the carrier’s rules', () => {
    for (const { report } of [models, voice, ears, deaf, restarted, voiceless])
      expect(report.warnings).to.deep.equal([]);
  });
});
