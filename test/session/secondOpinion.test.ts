import { expect } from 'chai';
import type { RiskLevel } from '../../src/call/meaning.ts';
import type { ContextualOutcome, ContextualRisk } from '../../src/risk/contextual/contextualRisk.ts';
import type { JudgeOpinion } from '../../src/risk/contextual/opinion.ts';
import type { ContextualInput } from '../../src/risk/contextual/transcript.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { HeldCall } from '../support/heldCall.ts';

const lines = languagePacks.en.lines;
const held: HeldCall[] = [];

function opinion(level: RiskLevel, part: Partial<JudgeOpinion> = {}): JudgeOpinion {
  return {
    level,
    subject: 'self',
    time: 'now',
    domain: 'suicide',
    means: [],
    plan: 'none',
    negated: false,
    intentToday: false,
    commandVoices: false,
    canTalkFreely: 'unknown',
    alone: 'unknown',
    childInvolved: false,
    refersToMedia: false,
    clarification: 'none',
    quote: null,
    confidence: 'high',
    missed: false,
    reasons: [],
    ...part,
  };
}

/** Opinions as they would come of models; what they were asked is kept. */
class Opinions implements ContextualRisk {
  readonly asked: { readonly stage: 'classifier' | 'judge'; readonly input: ContextualInput }[] = [];
  classified: JudgeOpinion | 'failed' = opinion('none');
  judged: JudgeOpinion | 'failed' = opinion('none');

  readonly classify = (input: ContextualInput): Promise<ContextualOutcome> => this.#answer('classifier', input);
  readonly judge = (input: ContextualInput): Promise<ContextualOutcome<JudgeOpinion>> => this.#answer('judge', input);

  #answer(stage: 'classifier' | 'judge', input: ContextualInput): Promise<ContextualOutcome<JudgeOpinion>> {
    this.asked.push({ stage, input });
    const formed = stage === 'judge' ? this.judged : this.classified;
    const told = { stage, tookMs: 300, faults: [] };
    return Promise.resolve(
      formed === 'failed'
        ? { ...told, type: 'failed', reason: 'timeout' }
        : { ...told, type: 'opinion', opinion: formed, provider: 'openai', model: 'm' },
    );
  }
}

async function answered(opinions: Opinions): Promise<HeldCall> {
  const call = new HeldCall({ ports: { contextualRisk: opinions } });
  held.push(call);
  return call.answered();
}

describe('a second opinion', () => {
  afterEach(() => {
    for (const call of held.splice(0)) call.restore();
  });

  it('is asked for each final turn of the caller, with Sanad’s own words in their places', async () => {
    const opinions = new Opinions();
    const call = await answered(opinions);
    await call.says('I cannot rest');
    await call.untilListening();
    await call.says('it is all the same to me');
    const newest = opinions.asked.findLast(({ stage }) => stage === 'classifier')?.input;
    expect(newest?.turns.map(({ speaker, words }) => `${speaker}: ${words}`)).to.deep.equal([
      `sanad: ${lines.greeting.join(' ')}`,
      'caller: I cannot rest',
      'sanad: I hear you.',
      'caller: it is all the same to me',
    ]);
  });

  it('brings a person when it sees danger where the floor heard none, also while Sanad answers', async () => {
    const opinions = new Opinions();
    opinions.classified = opinion('high', { quote: 'all the same' });
    const call = await answered(opinions);
    await call.says('it is all the same to me');
    await call.run(100);
    expect(call.session.state.safety.level).to.equal('high');
    expect(call.escalation.asked).to.have.length(1);
    await call.untilListening();
    expect(call.heardFromSanad.at(-1)).to.equal(lines.stayWithMe.join(' '));
  });

  it('gives the briefing the few words that decided, instead of a whole utterance', async () => {
    const opinions = new Opinions();
    opinions.classified = opinion('high', { quote: 'all the same', means: ['height'] });
    const call = await answered(opinions);
    await call.says('it is all the same to me');
    await call.run(100);
    const briefing = call.escalation.told.findLast((news) => news.type === 'briefing')?.briefing;
    expect(briefing ?? call.escalation.asked[0]?.briefing).to.deep.include({
      trigger: 'all the same',
      means: ['height'],
    });
  });

  it('never lowers what the floor heard', async () => {
    const opinions = new Opinions();
    const call = await answered(opinions);
    await call.says('I want to kill myself');
    await call.run(500);
    expect(call.session.state.safety.level).to.equal('high');
  });

  it('that fails leaves the floor as it is, and the call goes on', async () => {
    const opinions = new Opinions();
    opinions.classified = 'failed';
    opinions.judged = 'failed';
    const call = await answered(opinions);
    await call.says('I cannot rest');
    await call.untilListening();
    expect(call.session.state.safety.level).to.equal('none');
    expect(call.heardFromSanad.at(-1)).to.equal('I hear you.');
  });

  it('of the judge comes when the level has changed, and again after four turns', async () => {
    const opinions = new Opinions();
    const call = await answered(opinions);
    for (let turn = 0; turn < 4; turn += 1) {
      await call.says(`I am still here, number ${turn}`);
      await call.untilListening();
    }
    expect(opinions.asked.filter(({ stage }) => stage === 'judge')).to.have.length(1);
    opinions.classified = opinion('moderate');
    await call.says('something else');
    await call.run(100);
    expect(opinions.asked.filter(({ stage }) => stage === 'judge')).to.have.length(2);
  });

  it('stops with the call', async () => {
    const opinions = new Opinions();
    const call = await answered(opinions);
    call.session.dispatch({ type: 'hungUp' });
    call.final('I cannot rest', 9);
    expect(opinions.asked).to.deep.equal([]);
  });
});
