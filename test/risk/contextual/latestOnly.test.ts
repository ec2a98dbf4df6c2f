import { expect } from 'chai';
import type { ContextualOutcome } from '../../../src/risk/contextual/contextualRisk.ts';
import { createLatestOnly } from '../../../src/risk/contextual/latestOnly.ts';
import type { ContextualInput } from '../../../src/risk/contextual/transcript.ts';
import { opinion } from './opinions.ts';

const base = { stage: 'classifier', tookMs: 1, faults: [] } as const;
const answered: ContextualOutcome = { ...base, type: 'opinion', provider: 'openai', model: 'm', opinion: opinion({}) };
const failed: ContextualOutcome = { ...base, type: 'failed', reason: 'timeout' };

/** A classifier whose answers the test gives. */
function rehearsed() {
  const asked: { readonly words: string; readonly turns: number | undefined; readonly signal: AbortSignal }[] = [];
  const answers: ((outcome: ContextualOutcome) => void)[] = [];
  const latest = createLatestOnly((input, signal) => {
    asked.push({ words: input.turns.at(-1)?.words ?? '', turns: input.callerTurnsToAssess, signal });
    return new Promise((resolve) => answers.push(resolve));
  });
  const submit = (words: string) => latest.submit(inputOf(words)).then(({ type }) => type);
  const answer = async (outcome: ContextualOutcome) => {
    answers.shift()?.(outcome);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { latest, submit, answer, asked, shown: () => asked.map(({ words, turns }) => [words, turns]) };
}

const inputOf = (words: string): ContextualInput => ({
  turns: [{ speaker: 'caller', words }],
  language: 'ar-OM',
  floor: 'none',
  course: 'none',
});

describe('one classification at a time', () => {
  it('asks at once when nothing is under way', async () => {
    const { submit, answer, shown } = rehearsed();
    const first = submit('a');
    expect(shown()).to.deep.equal([['a', 1]]);
    await answer(answered);
    expect(await first).to.equal('opinion');
    void submit('b');
    expect(shown()).to.deep.equal([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('asks for the newest only of those who waited, and has it assess the words of the others, too', async () => {
    const { submit, answer, shown } = rehearsed();
    const results = ['a', 'b', 'c', 'd'].map(submit);
    expect(shown()).to.deep.equal([['a', 1]]);
    expect(await results[1]).to.equal('superseded');
    expect(await results[2]).to.equal('superseded');
    await answer(answered);
    expect(shown().slice(1)).to.deep.equal([['d', 3]]);
    await answer(answered);
    expect(await Promise.all(results)).to.deep.equal(['opinion', 'superseded', 'superseded', 'opinion']);
  });

  it('assesses words on which the providers failed together with the next', async () => {
    const { submit, answer, shown } = rehearsed();
    void submit('a');
    await answer(failed);
    void submit('b');
    await answer(failed);
    void submit('c');
    await answer(answered);
    void submit('d');
    expect(shown()).to.deep.equal([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 1],
    ]);
  });

  it('aborts what is under way at the end of the call', () => {
    const { latest, submit, asked } = rehearsed();
    void submit('a');
    expect(asked[0]?.signal.aborted).to.equal(false);
    latest.close();
    expect(asked[0]?.signal.aborted).to.equal(true);
  });
});
