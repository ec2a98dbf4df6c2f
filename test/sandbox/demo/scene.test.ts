import { expect } from 'chai';
import type { CallEvent } from '../../../src/call/event.ts';
import { reduce } from '../../../src/call/reduce.ts';
import { defaultTurnTaking } from '../../../src/call/settings.ts';
import { initialState, type CallState } from '../../../src/call/state.ts';
import type { Block } from '../../../src/sandbox/demo/block.ts';
import { Scene } from '../../../src/sandbox/demo/scene.ts';
import type { Saying } from '../../../src/session/ports.ts';
import type { TurnRecord } from '../../../src/store/records.ts';
import { listeningWords, meaning } from '../../support/callScript.ts';

/** A call seen by a scene, with the real core deciding. */
class Watched {
  readonly scene = new Scene();
  readonly done: Block[] = [];
  #state: CallState = initialState;
  saying: Saying | null = null;
  /** The last that was asked for. */
  escalation = 0;

  constructor() {
    this.at(0, { type: 'callStarted', settings: { language: 'ar-OM', turnTaking: defaultTurnTaking } });
    this.at(0, { type: 'streamStarted' });
    this.at(100, { type: 'replySounded', turn: 1 });
  }

  at(at: number, event: CallEvent): this {
    const { state, effects } = reduce(this.#state, { at, event });
    this.#state = state;
    for (const effect of effects) if (effect.type === 'escalate') this.escalation = effect.escalation;
    const saying = this.saying;
    this.done.push(...this.scene.take({ type: 'step', step: { callSid: 'CA', at, event, effects, state, saying } }));
    return this;
  }

  record(part: Partial<TurnRecord>): this {
    const record: TurnRecord = {
      type: 'turn',
      callId: 'call',
      seq: 1,
      speaker: 'sanad',
      kind: 'line',
      text: '',
      heardText: '',
      atMs: 100,
      durationMs: 0,
      interrupted: false,
      confidence: null,
      firstSoundMs: null,
      ...part,
    };
    this.done.push(...this.scene.take({ type: 'record', record }));
    return this;
  }

  /** What is complete since this was last asked. */
  fresh(): readonly Block[] {
    return this.done.splice(0);
  }
}

const lineUp: Block = { kind: 'remark', atMs: 0, mood: 'plain', sign: '☎', text: 'the line is up' };

const greeting = (heard: string, rest: string, speaking: boolean): Block => ({
  kind: 'sanad',
  atMs: 100,
  line: 'greeting',
  heard,
  rest,
  speaking,
  firstSoundMs: null,
});

describe('what is shown of a call', () => {
  it('follows a line of Sanad word by word as it is heard', () => {
    const call = new Watched();
    call.saying = { turn: 1, text: 'السلام عليكم ورحمة الله', heard: 'السلام عليكم' };
    call.at(700, { type: 'markReturned', generation: 0, turn: 1, position: { sentence: 0, ms: 600 } });
    expect(call.scene.live()).to.deep.equal([greeting('السلام عليكم', 'ورحمة الله', true)]);
    expect(call.fresh()).to.deep.equal([lineUp]);
  });

  it('shows words of the caller as they come, and once more when they are final', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call.fresh();
    call
      .at(5_000, { type: 'speechStarted', sinceMs: 4_940 })
      .at(5_300, { type: 'wordsHypothesised', utterance: 1, text: 'من كم', meaning: meaning({ wordCount: 2 }) });
    expect(call.scene.live().filter(({ kind }) => kind === 'caller')).to.deep.equal([
      { kind: 'caller', as: 'speaking', atMs: 4_940, text: 'من كم', patience: null },
    ]);
    call.at(6_000, { type: 'wordsRecognised', utterance: 1, text: 'من كم يوم', meaning: meaning(), differs: true });
    expect(call.scene.live()).to.deep.equal([]);
    expect(call.fresh().filter(({ kind }) => kind === 'caller')).to.deep.equal([
      { kind: 'caller', as: 'turn', atMs: 4_940, text: 'من كم يوم', patience: null },
    ]);
  });

  it('shows nothing of a sound without words', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call.fresh();
    call.at(5_000, { type: 'speechStarted', sinceMs: 4_940 }).at(5_400, { type: 'speechPaused', sinceMs: 5_280 });
    expect([call.scene.live(), call.fresh()]).to.deep.equal([[], []]);
  });

  it('tells a false alarm from an interruption, in the order in which things began', () => {
    const call = new Watched();
    call.saying = { turn: 1, text: 'السلام عليكم ورحمة الله', heard: '' };
    call
      .at(1_000, { type: 'sentenceSent', turn: 1, sentence: 0, durationMs: 5_000 })
      .at(1_700, { type: 'markReturned', generation: 0, turn: 1, position: { sentence: 0, ms: 1_600 } })
      .at(2_060, { type: 'speechStarted', sinceMs: 2_000 })
      .at(2_250, { type: 'deadlineReached', name: 'bargeIn' })
      .at(2_420, { type: 'speechPaused', sinceMs: 2_300 })
      .at(3_500, { type: 'deadlineReached', name: 'confirmWords' });
    expect(call.fresh()).to.deep.equal([lineUp]);
    call.record({ text: 'السلام عليكم ورحمة الله', heardText: 'السلام عليكم ورحمة الله' });
    expect(call.fresh()).to.deep.equal([
      greeting('السلام عليكم ورحمة الله', '', false),
      {
        kind: 'remark',
        atMs: 2_250,
        mood: 'barge',
        sign: '▮▮',
        text: "Sanad falls silent, 250 ms into the caller's voice",
      },
      {
        kind: 'remark',
        atMs: 3_500,
        mood: 'good',
        sign: '▶▶',
        text: 'a false alarm: Sanad goes on from the last mark (1.6 s into sentence 1)',
      },
    ]);
  });

  it('tells what an interruption left unsaid', () => {
    const call = new Watched();
    call.saying = { turn: 1, text: 'السلام عليكم ورحمة الله', heard: '' };
    call
      .at(1_060, { type: 'speechStarted', sinceMs: 1_000 })
      .at(1_250, { type: 'deadlineReached', name: 'bargeIn' })
      .at(1_500, { type: 'wordsHypothesised', utterance: 1, text: 'لحظة لحظة', meaning: meaning({ wordCount: 2 }) })
      .record({ text: 'السلام عليكم ورحمة الله', heardText: 'السلام عليكم', interrupted: true });
    expect(call.scene.live()).to.deep.equal([
      { kind: 'caller', as: 'speaking', atMs: 1_000, text: 'لحظة لحظة', patience: null },
      {
        kind: 'remark',
        atMs: 1_250,
        mood: 'barge',
        sign: '▮▮',
        text: "Sanad falls silent, 250 ms into the caller's voice",
      },
      {
        kind: 'remark',
        atMs: 1_500,
        mood: 'barge',
        sign: '▮▮',
        text: 'words confirm the interruption: the rest is dropped',
      },
    ]);
    expect(call.fresh()).to.deep.equal([lineUp, greeting('السلام عليكم', 'ورحمة الله', false)]);
  });

  it('marks a listening word as one', () => {
    const call = new Watched();
    call
      .at(1_060, { type: 'speechStarted', sinceMs: 1_000 })
      .at(1_200, { type: 'wordsRecognised', utterance: 1, text: 'ايوه', meaning: listeningWords, differs: false });
    expect(call.scene.live().filter(({ kind }) => kind === 'caller')).to.deep.equal([
      { kind: 'caller', as: 'backchannel', atMs: 1_000, text: 'ايوه', patience: null },
    ]);
  });

  it('gives the time to the first sound of an answer, from the last voiced frame', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call
      .at(900, { type: 'replySent', turn: 1, sentences: 1 })
      .at(1_000, { type: 'deadlineReached', name: 'silence' })
      .at(5_060, { type: 'speechStarted', sinceMs: 5_000 })
      .at(5_500, { type: 'wordsHypothesised', utterance: 1, text: 'yes', meaning: meaning() })
      .at(6_120, { type: 'speechPaused', sinceMs: 6_000 })
      .at(6_700, { type: 'replySounded', turn: 2 });
    const [block] = call.scene.live().filter(({ kind }) => kind === 'sanad');
    expect(block?.kind === 'sanad' ? block.firstSoundMs : null).to.equal(700);
  });

  it('names what failed, and what answered instead', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call.fresh();
    const blocks = call.scene.take({ type: 'failure', atMs: 7_000, provider: 'openai', fault: 'noFirstToken' });
    call.at(7_100, { type: 'replySounded', turn: 2 });
    expect([...blocks, ...call.fresh()]).to.deep.equal([
      { kind: 'remark', atMs: 7_000, mood: 'fault', sign: '✗', text: 'OpenAI (stand-in): no first word in time' },
      { kind: 'remark', atMs: 7_100, mood: 'good', sign: '✓', text: 'Claude (stand-in) answers instead' },
    ]);
  });

  it('raises the alarm once for each level of risk', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call.fresh();
    const words = (at: number, utterance: number) =>
      call.at(at, { type: 'wordsHypothesised', utterance, text: '…', meaning: meaning({ risk: 'moderate' }) });
    words(5_000, 1);
    words(5_400, 2);
    const all = [...call.fresh(), ...call.scene.end()];
    expect(all.filter((block) => block.kind === 'remark' && block.mood === 'risk')).to.deep.equal([
      { kind: 'remark', atMs: 5_000, mood: 'risk', sign: '!', text: 'risk none → moderate' },
    ]);
  });

  it('shows keys, rings and what the carrier says', () => {
    const scene = new Scene();
    const entries = [
      { type: 'verb', verb: 'Say', detail: 'لحظة من فضلك.', atMs: 5 },
      { type: 'leg-rings', to: '+96891234567', callSid: 'CA', atMs: 6 },
      { type: 'mark-received', name: 'g0', atMs: 7 },
    ] as const;
    expect(entries.flatMap((entry) => scene.take({ type: 'carrier', atMs: 10, entry }))).to.deep.equal([
      { kind: 'carrier', atMs: 10, text: 'لحظة من فضلك.' },
      { kind: 'remark', atMs: 10, mood: 'plain', sign: '☎', text: 'a phone rings: +96891234567' },
    ]);
  });

  it('names whose telephone does what, and keeps what the carrier says there apart from what the caller hears', () => {
    const scene = new Scene(new Map([['+96891111111', 'مريم']]));
    const entries = [
      { type: 'status', status: 'queued', atMs: 1 },
      { type: 'status', status: 'initiated', atMs: 1 },
      { type: 'status', status: 'ringing', atMs: 1 },
      { type: 'status', status: 'in-progress', atMs: 2 },
      { type: 'verb', verb: 'Gather', detail: 'http://x', atMs: 2 },
      { type: 'verb', verb: 'Say', detail: 'اضغط واحد.', atMs: 2 },
      { type: 'digit', digit: '1', atMs: 3 },
      { type: 'conference', event: 'participant-join', conferenceSid: 'CF', name: 'r', atMs: 4 },
      { type: 'conference', event: 'conference-start', conferenceSid: 'CF', name: 'r', atMs: 4 },
      { type: 'conference', event: 'participant-leave', conferenceSid: 'CF', name: 'r', atMs: 5 },
      { type: 'status', status: 'completed', atMs: 6 },
    ] as const;
    const blocks = entries.flatMap((entry) =>
      scene.take({ type: 'leg', atMs: entry.atMs * 1_000, to: '+96891111111', entry }),
    );
    const line = (atMs: number, mood: 'plain' | 'good', sign: string, text: string): Block => ({
      kind: 'remark',
      atMs,
      mood,
      sign,
      text,
    });
    expect(blocks).to.deep.equal([
      line(1_000, 'plain', '☏', 'مريم +96891111111: rings'),
      line(2_000, 'plain', '☏', 'مريم +96891111111: is answered'),
      { kind: 'phone', atMs: 2_000, whose: 'مريم +96891111111', text: 'اضغط واحد.' },
      line(3_000, 'good', '#', 'مريم +96891111111: presses 1'),
      line(4_000, 'plain', '☏', 'مريم +96891111111: in the room'),
      line(4_000, 'good', '☎', 'two in the room: they hear each other'),
      line(5_000, 'plain', '☏', 'مريم +96891111111: out of the room'),
      line(6_000, 'plain', '☏', 'مريم +96891111111: the call is over'),
    ]);
  });

  it('says how a telephone ended that nobody picked up, and shows a number that is nobody’s as it is', () => {
    const ends = (['busy', 'no-answer', 'failed', 'canceled'] as const).flatMap((status) =>
      new Scene().take({ type: 'leg', atMs: 0, to: '+96890000000', entry: { type: 'status', status, atMs: 0 } }),
    );
    expect(ends.map((block) => (block.kind === 'remark' ? block.text : block.kind))).to.deep.equal([
      '+96890000000: is busy',
      '+96890000000: nobody answered',
      '+96890000000: cannot be reached',
      '+96890000000: stops ringing',
    ]);
  });

  it('shows the caller in the room', () => {
    const entry = { type: 'conference', event: 'participant-join', conferenceSid: 'CF', name: 'r', atMs: 0 } as const;
    expect(new Scene().take({ type: 'carrier', atMs: 9, entry })).to.deep.equal([
      { kind: 'remark', atMs: 9, mood: 'plain', sign: '☎', text: 'the caller: in the room' },
    ]);
  });

  it('tells what becomes of bringing a person, from the ringing to the talk', () => {
    const call = new Watched().record({ text: 'hello', heardText: 'hello' });
    call.fresh();
    call.at(5_000, {
      type: 'wordsRecognised',
      utterance: 1,
      text: '…',
      meaning: meaning({ risk: 'high' }),
      differs: true,
    });
    for (const [at, fact] of (['nobody', 'accepted', 'ready'] as const).entries())
      call.at(6_000 + at * 1_000, { type: 'escalationAdvanced', escalation: call.escalation, fact });
    const remarks = [...call.fresh(), ...call.scene.end()].flatMap((block) =>
      block.kind === 'remark' ? [[block.mood, block.text]] : [],
    );
    expect(remarks).to.deep.include.members([
      ['risk', 'people are rung, Sanad stays (the caller is in danger)'],
      ['fault', 'everybody was rung in vain; ringing goes on'],
      ['good', 'somebody has taken the call and is being told what it is about'],
      ['good', 'the person is in the room: the caller goes there, Sanad leaves the line'],
    ]);
    expect(remarks).to.not.deep.include(['barge', 'words confirm the interruption: the rest is dropped']);
  });

  it('leaves nothing out when the call ends in the middle', () => {
    const call = new Watched();
    call.saying = { turn: 1, text: 'hello there', heard: 'hello' };
    call.at(700, { type: 'markReturned', generation: 0, turn: 1, position: { sentence: 0, ms: 600 } });
    call.fresh();
    expect(call.scene.end()).to.deep.equal([greeting('hello', 'there', true)]);
    expect(call.scene.live()).to.deep.equal([]);
  });

  it('shows a text message with whose it is', () => {
    const scene = new Scene();
    const seen = { type: 'message', atMs: 5, whose: 'the caller writes', text: 'سلام' } as const;
    expect(scene.take(seen)).to.deep.equal([{ kind: 'message', atMs: 5, whose: 'the caller writes', text: 'سلام' }]);
  });
});
