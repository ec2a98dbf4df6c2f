import { expect } from 'chai';
import { normalise } from '../../src/text/normalise.ts';
import type { Caller } from '../../src/sandbox/carrier/caller.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { readStageFigures, readUsage, type UsageSum } from '../../src/store/usageQueries.ts';
import { recordGolden } from '../support/goldenCall.ts';
import {
  effectsOf,
  eventsOf,
  openRehearsal,
  personNumber,
  type RehearsedCall,
  type Rehearsal,
} from '../support/rehearsal.ts';

const reply =
  'أسمعك، وواضح إن اللي تمر فيه مب سهل عليك أبدا، خصوصا وإنت تحاول توفق بين البيت والشغل والنوم كل يوم. شو أكثر شي متعبك؟';

/** So long nothing is heard before these callers take it for their turn: on a busy machine a sentence may come a second after the one before. */
const turnOver = 1_700;

type Story = 'plain' | 'interruption' | 'cough' | 'listeningWord' | 'hangUp' | 'person' | 'silent' | 'withheld';

/** The stories run side by side, as calls do; each test then asks of its own what it requires. */
describe('calls over real sockets', function () {
  this.timeout(150_000);
  let line: Rehearsal;
  const asked: string[][] = [];
  const calls = new Map<Story, RehearsedCall>();
  const of = (story: Story): RehearsedCall => {
    const call = calls.get(story);
    if (call === undefined) throw new Error(`the call of ${story} did not happen`);
    return call;
  };

  /** Every story begins as one does: the greeting, then what keeps the caller awake. */
  const opens =
    (then: Caller): Caller =>
    async (caller) => {
      await caller.listenUntilQuiet({ ms: turnOver });
      await caller.say(line.phrase('cannot-sleep'));
      await then(caller);
    };

  before(async () => {
    line = await openRehearsal({
      models: {
        reply: (messages) => {
          asked.push(messages.map((message) => message.text));
          return reply;
        },
      },
    });
    line.carrier.setPhone(personNumber, {
      kind: 'answers',
      afterMs: 500,
      person: async (phone) => {
        await phone.asked();
        await phone.silence(300);
        await phone.press('1');
        await phone.connected();
        await phone.say(line.phrase('hello'));
        await phone.silence(500);
      },
    });
    const stories: Readonly<Record<Story, Caller>> = {
      plain: opens(async (caller) => {
        await caller.listenUntilQuiet({ ms: turnOver });
        await caller.say(line.phrase('work-pressure'));
        await caller.listenUntilQuiet({ ms: turnOver });
        await caller.say(line.phrase('goodbye'));
        await caller.listenUntilQuiet({ ms: turnOver });
        await caller.say(line.phrase('yes'));
        await caller.listenUntilQuiet({ ms: turnOver });
        await caller.say(line.phrase('goodbye'));
        await caller.stay();
      }),
      interruption: opens(async (caller) => {
        await caller.hears({ atLeastMs: 1_500 });
        await caller.say(line.phrase('interrupts'));
        await caller.listenUntilQuiet({ ms: turnOver });
      }),
      cough: opens(async (caller) => {
        await caller.hears({ atLeastMs: 1_500 });
        await caller.say(line.noise('cough'));
        await caller.listenUntilQuiet({ ms: 2_500 });
      }),
      listeningWord: opens(async (caller) => {
        await caller.hears({ atLeastMs: 1_200 });
        await caller.say(line.phrase('yes'));
        await caller.listenUntilQuiet({ ms: 2_500 });
      }),
      hangUp: opens(async (caller) => {
        await caller.hears({ atLeastMs: 800 });
        caller.hangUp();
      }),
      person: opens(async (caller) => {
        await caller.hears({ atLeastMs: 800 });
        await caller.press('0');
        await caller.connected();
        await caller.listenUntilQuiet({ ms: 1_500 });
        await caller.listenUntilQuiet({ ms: 1_500 });
      }),
      silent: async (caller) => {
        await caller.listenUntilQuiet({ ms: turnOver });
        await caller.hears({ atLeastMs: 500 });
      },
      withheld: async (caller) => {
        await caller.hears({ atLeastMs: 500 });
      },
    };
    const placed = Object.entries(stories).map(async ([story, caller]) => {
      const call = await line.call(caller, story === 'withheld' ? { from: null } : {});
      calls.set(story as Story, call);
      recordGolden(story, call);
    });
    await Promise.all(placed);
  });
  after(() => line.close());

  it('none of them breaks the carrier’s rules, and none is left behind', () => {
    for (const [story, { report }] of calls) {
      expect([story, report.warnings, report.errors]).to.deep.equal([story, [], []]);
    }
    expect(line.sanad.desk.activeCalls).to.equal(0);
  });

  it('a conversation: greeting, each turn answered once, goodbye spoken to its end, hang-up', () => {
    const call = of('plain');
    const words = eventsOf(call, 'wordsRecognised').map((event) => event.text);
    const spoken = ['cannot-sleep', 'work-pressure', 'goodbye', 'yes', 'goodbye'].map((id) => line.textOf(id));
    expect(words).to.deep.equal(spoken);
    const said = effectsOf(call, 'recordReply');
    expect(said.map((effect) => effect.interrupted)).to.deep.equal(Array(6).fill(false));
    expect(effectsOf(call, 'closeCall')).to.deep.equal([{ type: 'closeCall', outcome: 'goodbye' }]);
    expect(call.report.endedBy).to.equal('line');
  });

  it('who says goodbye is asked whether words may be kept and they may be rung, and is let go at the second goodbye', () => {
    const call = of('plain');
    const lines = effectsOf(call, 'startReply').flatMap(({ source }) => (source.kind === 'line' ? [source.line] : []));
    expect(lines).to.deep.equal(['greeting', 'askKeepWords', 'askFollowUp', 'goodbye']);
    const consents = effectsOf(call, 'recordConsent').map(({ kind, answer, line: asking }) => [kind, answer, asking]);
    expect(consents).to.deep.equal([['keepWords', 'given', 'askKeepWords']]);
  });

  it('an interruption silences Sanad within 350 ms, and the history holds only what was heard', () => {
    const { report } = of('interruption');
    const history =
      asked.find((messages) => normalise(messages.at(-1) ?? '') === normalise(line.textOf('interrupts'))) ?? [];
    const heard = history.at(-2) ?? '';
    expect(reply.startsWith(heard)).to.equal(true);
    expect(heard.split(' ').length).to.be.within(2, 16);
    const began = report.utterances.at(-1)?.firstVoicedMs ?? 0;
    const quiet = report.timeline.find((entry) => entry.type === 'line-quiet' && entry.atMs > began);
    // A few frames more than the goal: the tests share their two cores.
    expect((quiet?.atMs ?? Infinity) - began).to.be.below(350 + 60);
  });

  it('a cough silences Sanad for a moment only: it says on from the last mark, to the end', () => {
    const call = of('cough');
    const resumed = effectsOf(call, 'resumeReply');
    expect(resumed).to.have.length(effectsOf(call, 'clearPlayout').length);
    expect(effectsOf(call, 'recordReply').map((effect) => effect.interrupted)).to.deep.equal([false, false]);
    const words = eventsOf(call, 'wordsRecognised').map((event) => event.text);
    expect(words).to.deep.equal([line.textOf('cannot-sleep')]);
  });

  it('a listening word does not take the floor, and stays in the transcript', () => {
    const call = of('listeningWord');
    expect(effectsOf(call, 'recordCaller').map((effect) => effect.as)).to.deep.equal(['turn', 'backchannel']);
    expect(effectsOf(call, 'recordReply').map((effect) => effect.interrupted)).to.deep.equal([false, false]);
  });

  it('a hang-up in the middle of a reply closes the call and records what was heard', () => {
    const call = of('hangUp');
    expect(effectsOf(call, 'closeCall')).to.deep.equal([{ type: 'closeCall', outcome: 'hungUp' }]);
    expect(effectsOf(call, 'recordReply').at(-1)).to.deep.include({ interrupted: true });
  });

  it('key 0 in the middle of a reply rings a person; when they leave, Sanad is there again', () => {
    const call = of('person');
    expect(effectsOf(call, 'joinPerson')).to.deep.equal([{ type: 'joinPerson', escalation: 1 }]);
    expect(eventsOf(call, 'personFinished')).to.deep.equal([{ type: 'personFinished', outcome: 'spoke' }]);
    const lines = effectsOf(call, 'startReply').map(({ source }) => (source.kind === 'line' ? source.line : 'model'));
    expect(lines.filter((name) => name !== 'model')).to.deep.equal(['greeting', 'bringingPerson', 'personLeft']);
  });

  it('silence is answered gently after twelve seconds', () => {
    const call = of('silent');
    const greeting = effectsOf(call, 'recordReply')[0];
    expect(greeting?.interrupted).to.equal(false);
    const steps = call.steps;
    const listening = steps.find((step) => step.state.floor.kind === 'listening')?.at ?? 0;
    const answered = steps.find((step) =>
      step.effects.some((effect) => effect.type === 'startReply' && effect.turn === 2),
    );
    expect((answered?.at ?? 0) - listening).to.be.within(12_000, 12_050);
  });

  it('a withheld number is served like any other', () => {
    expect(eventsOf(of('withheld'), 'replySounded')).to.have.length(1);
  });

  it('what each provider did for them is counted, with the minutes of callers and of the person', async function () {
    this.timeout(30_000);
    const keys = createKeyKeeper(line.settings.DATA_KEY);
    const own = { name: 'Sanad', dialledNumber: line.settings.TWILIO_PHONE_NUMBER };
    const { id } = await ensureOrganisation(line.records, keys, own);
    const period = { organisationId: id, from: new Date(0), to: new Date(Date.now() + 60_000), zone: 'UTC' };
    const read = () => line.records.within(id, (tx) => readUsage(tx, period));
    const legs = (used: readonly UsageSum[]) => used.find(({ kind }) => kind === 'callerLeg')?.requests ?? 0;
    let used = await read();
    // The record lies a moment behind the call.
    for (let n = 0; n < 200 && legs(used) < calls.size; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      used = await read();
    }
    const names = used.map(({ provider, kind }) => `${provider} ${kind}`);
    expect(names).to.include.members([
      'azure recognition',
      'azure synthesis',
      'openai classifier',
      'openai reply',
      'twilio callerLeg',
      'twilio personLeg',
    ]);
    const usedFor = (kind: string) => used.find((each) => each.kind === kind);
    const spokenMs = [...calls.values()].reduce((sum, { steps }) => sum + (steps.at(-1)?.at ?? 0), 0);
    // With the silence at each end that lets the last words be finished.
    expect(usedFor('recognition')?.amount).to.be.within(spokenMs / 4, spokenMs + calls.size * 3_000);
    for (const kind of ['reply', 'classifier']) {
      expect(usedFor(kind)?.inputTokens, kind).to.be.above(1_000);
      expect(usedFor(kind)?.outputTokens, kind).to.be.above(10);
    }
    const stages = await line.records.within(id, (tx) => readStageFigures(tx, period, calls.size));
    expect(stages.stages.map(({ stage }) => stage)).to.include('firstReplyFrame');
  });

  it('the log of it all holds neither a word nor a number of the callers', () => {
    const log = line.logged();
    expect(log).to.include('listening');
    expect(log).to.not.match(/[\u0600-\u06FF]/);
    for (const secret of ['96899887766', '99887766', line.settings.AZURE_SPEECH_KEY, line.settings.TWILIO_AUTH_TOKEN]) {
      expect(log).to.not.include(secret);
    }
  });
});
