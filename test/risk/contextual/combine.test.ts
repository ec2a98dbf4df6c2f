import { expect } from 'chai';
import fc from 'fast-check';
import { isAtLeast, riskLevels } from '../../../src/call/meaning.ts';
import {
  isDenial,
  judgeIsDue,
  levelOf,
  mayLower,
  raise,
  type LoweringCase,
} from '../../../src/risk/contextual/combine.ts';
import type { ContextualOutcome } from '../../../src/risk/contextual/contextualRisk.ts';
import type { RiskOpinion } from '../../../src/risk/contextual/opinion.ts';
import { judgement, opinion } from './opinions.ts';

const base = { stage: 'classifier', provider: 'openai', tookMs: 1, faults: [] } as const;
const holding = (changes: Partial<RiskOpinion>): ContextualOutcome => ({
  ...base,
  type: 'opinion',
  model: 'm',
  opinion: opinion(changes),
});
const levels = fc.constantFrom(...riskLevels);

describe('an opinion', () => {
  it('raises the level and never lowers it, whatever it says', () => {
    const outcomes = fc.oneof(
      fc
        .record({
          level: levels,
          negated: fc.boolean(),
          intentToday: fc.boolean(),
          commandVoices: fc.boolean(),
          refersToMedia: fc.boolean(),
          time: fc.constantFrom('now', 'recent', 'past', 'hypothetical', 'none'),
          plan: fc.constantFrom('none', 'vague', 'detailed', 'prepared', 'underWay'),
          clarification: fc.constantFrom('none', 'bareDenial', 'reasoned'),
        })
        .map(holding),
      levels.map((level): ContextualOutcome => ({ ...base, type: 'levelOnly', level })),
      fc
        .constantFrom('timeout', 'refused', 'invalidOutput', 'providerFailed', 'overloaded', 'aborted', 'fault')
        .map((reason): ContextualOutcome => ({ ...base, type: 'failed', reason })),
    );
    fc.assert(
      fc.property(levels, outcomes, (current, outcome) => {
        const raised = raise(current, outcome);
        expect(isAtLeast(raised, current)).to.equal(true);
        if (outcome.type === 'opinion') expect(isAtLeast(raised, outcome.opinion.level)).to.equal(true);
        if (outcome.type === 'failed') expect(raised).to.equal(current);
      }),
    );
  });

  it('calls for what its own fields amount to when that is more than it says', () => {
    const here = { level: 'moderate', time: 'now' } as const;
    expect(levelOf(opinion({ ...here, commandVoices: true }))).to.equal('high');
    expect(levelOf(opinion({ ...here, plan: 'prepared' }))).to.equal('high');
    expect(levelOf(opinion({ ...here, intentToday: true }))).to.equal('imminent');
    expect(levelOf(opinion({ ...here, plan: 'underWay' }))).to.equal('imminent');
    expect(levelOf(opinion({ ...here, plan: 'vague' }))).to.equal('moderate');
  });

  it('does not, when it tells of a film, of long ago, or of what is denied', () => {
    const grave = { level: 'low', plan: 'prepared', commandVoices: true, time: 'now' } as const;
    expect(levelOf(opinion({ ...grave, refersToMedia: true }))).to.equal('low');
    expect(levelOf(opinion({ ...grave, negated: true }))).to.equal('low');
    expect(levelOf(opinion({ ...grave, time: 'past' }))).to.equal('low');
  });

  it('is about a denial when something is denied or taken back', () => {
    expect(isDenial(opinion({ negated: true }))).to.equal(true);
    expect(isDenial(opinion({ clarification: 'bareDenial' }))).to.equal(true);
    expect(isDenial(opinion({ level: 'high' }))).to.equal(false);
  });
});

describe('the course of a call', () => {
  const explained: LoweringCase = {
    course: 'high',
    floorSince: 'low',
    neutralQuestionsAnswered: 2,
    classifier: opinion({ level: 'low', clarification: 'reasoned' }),
    judge: judgement({ level: 'moderate', clarification: 'reasoned' }),
    lowered: 'never',
  };
  const cases = (changes: Partial<LoweringCase>) => mayLower({ ...explained, ...changes });

  it('may go down one step after a reasoned clarification, a second neutral question, and the agreement of both', () => {
    expect(mayLower(explained)).to.deep.equal({ type: 'lower', to: 'moderate' });
    expect(cases({ course: 'imminent' })).to.deep.equal({ type: 'lower', to: 'high' });
  });

  const reasoned = { clarification: 'reasoned' } as const;
  const staying: readonly (readonly [string, Partial<LoweringCase>, string])[] = [
    ['was asked only once', { neutralQuestionsAnswered: 1 }, 'askAgain'],
    ['only denied it', { classifier: opinion({ clarification: 'bareDenial', negated: true }) }, 'notReasoned'],
    ['explained it to the classifier only', { judge: judgement({ clarification: 'none' }) }, 'notReasoned'],
    ['has no judge', { judge: null }, 'noOpinion'],
    ['has no classifier', { classifier: null }, 'noOpinion'],
    ['is held as high by the judge', { judge: judgement({ ...reasoned, level: 'high' }) }, 'stillDangerous'],
    ['said something grave since', { floorSince: 'high' }, 'stillDangerous'],
    ['has the means ready', { classifier: opinion({ ...reasoned, plan: 'prepared' }) }, 'stillDangerous'],
    ['hears voices', { judge: judgement({ ...reasoned, commandVoices: true }) }, 'stillDangerous'],
    ['was missed, says the judge', { judge: judgement({ ...reasoned, missed: true }) }, 'stillDangerous'],
    ['is judged without confidence', { judge: judgement({ ...reasoned, confidence: 'low' }) }, 'unsure'],
    ['was lowered before', { lowered: 'once' }, 'loweredBefore'],
    ['is not in danger', { course: 'low' }, 'nothingToLower'],
  ];
  for (const [title, changes, why] of staying)
    it(`stays when the caller ${title}`, () => {
      expect(cases(changes)).to.deep.equal({ type: 'stay', why });
    });

  it('never goes down by more than one step, nor to less than what was heard', () => {
    fc.assert(
      fc.property(levels, levels, levels, levels, (course, floorSince, first, second) => {
        const lowering = cases({
          course,
          floorSince,
          classifier: opinion({ ...reasoned, level: first }),
          judge: judgement({ ...reasoned, level: second }),
        });
        if (lowering.type === 'stay') return;
        expect(riskLevels.indexOf(course) - riskLevels.indexOf(lowering.to)).to.equal(1);
        for (const heard of [floorSince, first, second]) expect(isAtLeast(lowering.to, heard)).to.equal(true);
      }),
    );
  });
});

describe('the judge', () => {
  it('looks after some turns, and at once when the level changed or danger was denied', () => {
    const calm = { callerTurnsSinceJudged: 1, levelChanged: false, denied: false };
    expect(judgeIsDue(calm)).to.equal(false);
    expect(judgeIsDue({ ...calm, callerTurnsSinceJudged: 4 })).to.equal(true);
    expect(judgeIsDue({ ...calm, callerTurnsSinceJudged: 2 }, 2)).to.equal(true);
    expect(judgeIsDue({ ...calm, levelChanged: true })).to.equal(true);
    expect(judgeIsDue({ ...calm, denied: true })).to.equal(true);
    expect(judgeIsDue({ callerTurnsSinceJudged: 0, levelChanged: true, denied: true })).to.equal(false);
  });
});
