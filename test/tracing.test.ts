import { trace } from '@opentelemetry/api';
import { expect } from 'chai';
import type { CallEvent } from '../src/call/event.ts';
import { limits } from '../src/limits.ts';
import { createMetrics } from '../src/metrics.ts';
import type { ObservedStep } from '../src/session/ports.ts';
import { watchingTurns } from '../src/session/turnWatch.ts';
import type { LanguageModel } from '../src/therapist/languageModel.ts';
import { timedModel } from '../src/therapist/timedModel.ts';
import { startTrace } from '../src/tracing.ts';
import { CollectingProvider, type CollectedSpan, type ProviderKind } from './support/collectedSpans.ts';
import { HeldCall, oneSentence, plainVoice, type Answer, type Setting } from './support/heldCall.ts';

const callId = '11111111-1111-4111-8111-111111111111';
const longAnswer: Answer = async function* () {
  await Promise.resolve();
  yield 'You have carried this for a long time, and all of it alone.';
};

describe('traces of calls', () => {
  let call: HeldCall;
  let steps: ObservedStep[] = [];

  afterEach(() => {
    call?.restore();
    trace.disable();
  });

  function registered(kind: ProviderKind = {}): CollectingProvider {
    const provider = new CollectingProvider(kind);
    trace.setGlobalTracerProvider(provider);
    return provider;
  }

  /** A call as the desk holds it, its greeting heard. */
  async function answered(setting: Setting = {}): Promise<HeldCall> {
    steps = [];
    const observe = (_callId: string, step: ObservedStep) => void steps.push(step);
    call = new HeldCall({ ...setting, ports: { observe }, watching: watchingTurns });
    return call.answered();
  }

  /** The times of day at which the core took these steps. */
  const times = (of: (step: ObservedStep) => boolean): readonly number[] =>
    steps.filter(of).map(({ at }) => 1_000_000 + at);
  const timeOf = (type: CallEvent['type']): number | undefined => times(({ event }) => event.type === type).at(-1);
  const timeOfEffect = (type: string): number | undefined =>
    times(({ effects }) => effects.some((effect) => effect.type === type)).at(-1);

  function expectNested(spans: readonly CollectedSpan[]): void {
    for (const { name, startMs, endMs, ends, parent } of spans) {
      expect(ends, `ends of ${name}`).to.equal(1);
      expect(endMs, `end of ${name}`).to.be.at.least(startMs);
      if (parent === null) expect(name).to.equal('call');
      else expect([startMs >= parent.startMs, (endMs ?? 0) <= (parent.endMs ?? 0)], name).to.deep.equal([true, true]);
    }
  }

  it('hold a span for the call, in it one for each turn of the caller, in that one for each stage', async () => {
    const spans = registered();
    await answered({ answer: slowly(() => call), speak: slowVoice(() => call) });
    await call.says('I feel tired today.');
    await call.untilListening();
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    expectNested(spans.spans);
    const [turn] = spans.named('turn');
    const stages = ['finalWords', 'endOfTurn', 'firstToken', 'firstSentence', 'firstAudio', 'replyPlaying'];
    // A reply may be prepared before the turn is over, so their order is not said here.
    expect(spans.spans.map(({ name }) => name)).to.have.members(['call', 'turn', ...stages]);
    expect(stages.map((name) => spans.named(name)[0]?.parent)).to.deep.equal(stages.map(() => turn));
    expect(turn?.parent).to.equal(spans.named('call')[0]);
    expect([turn?.fact('outcome'), turn?.fact('source'), turn?.fact('risk')]).to.deep.equal([
      'answered',
      'model',
      'none',
    ]);
  });

  it('give each span the time at which its stage was, not at which it was told', async () => {
    const spans = registered();
    await answered({ answer: slowly(() => call), speak: slowVoice(() => call) });
    await call.says('I feel tired today.');
    await call.untilListening();
    const listeningAt = call.time.now;
    await call.run(500);
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    const span = (name: string) => spans.named(name)[0];
    const took = (name: string) => (span(name)?.endMs ?? 0) - (span(name)?.startMs ?? 0);
    const [started, paused] = (['speechStarted', 'speechPaused'] as const).map((type) =>
      steps.flatMap(({ event }) => (event.type === type ? [1_000_000 + event.sinceMs] : [])),
    );
    expect([span('call')?.startMs, span('call')?.endMs]).to.deep.equal([1_000_000, timeOf('hungUp')]);
    expect(span('turn')?.startMs).to.equal(started?.[0]);
    expect([span('finalWords')?.startMs, span('endOfTurn')?.startMs]).to.deep.equal([paused?.[0], paused?.[0]]);
    expect(span('finalWords')?.endMs).to.equal(timeOf('wordsRecognised'));
    expect(span('endOfTurn')?.endMs).to.equal(times(isEndOfTurn).at(-1));
    expect([took('firstToken'), took('firstSentence'), took('firstAudio')]).to.deep.equal([300, 500, 150]);
    expect(span('firstAudio')?.startMs).to.equal(span('firstSentence')?.endMs);
    expect(span('replyPlaying')?.startMs).to.equal(timeOf('replySounded'));
    expect([span('replyPlaying')?.endMs, span('turn')?.endMs].map((at) => listeningAt - (at ?? 0) < 40)).to.deep.equal([
      true,
      true,
    ]);
  });

  it('end an interrupted reply when it fell silent, and begin the next turn with the voice over it', async () => {
    const spans = registered();
    await answered({ answer: longAnswer });
    await call.says('I feel tired today.');
    await call.run(1_000);
    await call.says('Wait, there is something else.');
    await call.untilListening();
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    expectNested(spans.spans);
    const [first, second] = spans.named('turn');
    const [playing] = spans.named('replyPlaying');
    const silencedAt = timeOfEffect('clearPlayout') ?? 0;
    expect([playing?.fact('outcome'), first?.fact('outcome'), second?.fact('outcome')]).to.deep.equal([
      'interrupted',
      'interrupted',
      'answered',
    ]);
    expect([playing?.endMs, first?.endMs]).to.deep.equal([silencedAt, silencedAt]);
    expect(second?.startMs).to.be.lessThan(silencedAt);
    expect(spans.named('call')[0]?.fact('turns')).to.equal(2);
  });

  it('hold one span for a reply that went on after a false alarm', async () => {
    const spans = registered();
    await answered({ answer: longAnswer });
    await call.says('I feel tired today.');
    await call.run(600);
    call.voiceStarts();
    await call.run(600);
    call.voicePauses();
    await call.untilListening();
    const facts = spans.named('replyPlaying').map((span) => [span.fact('outcome'), span.fact('falseAlarms')]);
    expect(facts).to.deep.equal([['answered', 1]]);
    expect(spans.named('turn').map((span) => span.fact('outcome'))).to.deep.equal(['answered']);
  });

  it('say which turn was cut off with the line, and which was never answered', async () => {
    const spans = registered();
    await answered({ answer: longAnswer });
    await call.says('I feel tired today.');
    await call.run(600);
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    call.restore();
    const silent: Answer = async function* () {
      await new Promise(() => {});
      yield '';
    };
    await answered({ answer: silent });
    await call.says('I feel tired today.');
    await call.run(200);
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    expectNested(spans.spans);
    expect(spans.named('turn').map((span) => span.fact('outcome'))).to.deep.equal(['cutOff', 'unanswered']);
    expect(spans.named('call').map((span) => span.fact('outcome'))).to.deep.equal(['hungUp', 'hungUp']);
  });

  it('hold ids, levels, counts and codes only: no word and no number of anybody', async () => {
    const spans = registered();
    await answered();
    await call.says('My name is Salim, ring +968 9123 4567. I want to kill myself.');
    await call.untilListening();
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    const codes = /^(none|low|moderate|high|imminent|model|line|answered|hungUp)$/;
    const values = spans.spans.flatMap(({ attributes }) => Object.values(attributes));
    const others = values.filter((value) => (typeof value === 'string' ? !codes.test(value) : Number(value) > 100));
    expect(others).to.deep.equal([callId]);
    expect(values).to.include('high');
  });

  it('leave out what is no id, level, count or code, whoever hands it in', () => {
    const spans = registered();
    startTrace('call', 1, {
      callId,
      outcome: 'أنا تعبان',
      source: '91234567',
      risk: 'I am tired',
      turns: 96_891_234_567,
    });
    expect(spans.spans.map(({ attributes }) => attributes)).to.deep.equal([{ 'sanad.callId': callId }]);
  });

  for (const broken of ['everything', 'tracer', 'spans'] as const)
    it(`never harm a call when the provider throws (${broken})`, async () => {
      const untraced = await recordsOfATalk();
      const provider = registered({ broken });
      expect(await recordsOfATalk()).to.deep.equal(untraced);
      expect(call.logged).to.deep.equal([]);
      expect(provider.spans.length).to.equal({ everything: 0, tracer: 1, spans: provider.asked }[broken]);
    });

  it('cost one question and no more when this call is not sampled, and none when no provider is registered', async () => {
    const untraced = await recordsOfATalk();
    expect(startTrace('call', 1, { callId })).to.equal(null);
    const provider = registered({ sampled: false });
    expect(await recordsOfATalk()).to.deep.equal(untraced);
    expect(provider.asked).to.equal(1);
  });

  it('are bounded, and tell how much was left out', () => {
    const provider = registered();
    const root = startTrace('call', 0, { callId });
    for (let n = 0; n < limits.spansPerCall + 9; n += 1) root?.child('turn', n).child('endOfTurn', n).end(n);
    root?.end(1);
    expect(provider.spans.length).to.equal(limits.spansPerCall);
    const seen = limits.spansPerCall - 1;
    const offered = limits.spansPerCall + 9 + Math.ceil(seen / 2);
    expect(provider.spans[0]?.fact('spansLeftOut')).to.equal(offered - seen);
  });

  async function recordsOfATalk() {
    await answered({ answer: oneSentence });
    await call.says('I feel tired today.');
    await call.untilListening();
    call.session.dispatch({ type: 'hungUp' });
    await call.run(20);
    call.restore();
    return call.kept;
  }
});

function isEndOfTurn({ event }: ObservedStep): boolean {
  return event.type === 'deadlineReached' && event.name === 'endOfTurn';
}

/** A model whose first word takes 300 ms and whose sentence 200 more, timed as in the running server: knowing no call. */
function slowly(of: () => HeldCall): Answer {
  return async function* (_history, signal) {
    const { clock } = of().ports;
    const wait = (ms: number) => new Promise<void>((done) => void clock.setTimeout(done, ms));
    const model: LanguageModel = {
      name: 'openai',
      warm: () => Promise.resolve(null),
      stream: async function* () {
        await wait(300);
        yield { type: 'text', text: 'I hear ' };
        await wait(200);
        yield { type: 'text', text: 'you.' };
      },
    };
    const timed = timedModel(model, { clock, metrics: createMetrics('calls') });
    let sentence = '';
    for await (const chunk of timed.stream({ system: '', messages: [], maxTokens: 1 }, signal))
      if (chunk.type === 'text') sentence += chunk.text;
    yield sentence;
  };
}

/** 150 ms to the first audio. */
function slowVoice(of: () => HeldCall): NonNullable<Setting['speak']> {
  return async function* (text) {
    await new Promise<void>((done) => void of().ports.clock.setTimeout(done, 150));
    yield* plainVoice(text);
  };
}
