import { expect } from 'chai';
import { limits } from '../../src/limits.ts';
import { omani } from '../../src/therapist/packs.ts';
import { buildRequest, callFactsHeading, plainFacts } from '../../src/therapist/prompt.ts';
import type { ChatMessage } from '../../src/therapist/languageModel.ts';

const caller = (text: string): ChatMessage => ({ role: 'caller', text });
const sanad = (text: string): ChatMessage => ({ role: 'sanad', text });

describe('the request to a model', () => {
  it('begins with the unchanged prompt of the pack, so that it can be cached', () => {
    const { system, maxTokens } = buildRequest(omani, { ...plainFacts, localHour: 2 }, [caller('ألو')]);
    expect(system.startsWith(`${omani.systemPrompt}\n\n${callFactsHeading}\n`)).to.equal(true);
    expect(system).to.include('late at night');
    expect(maxTokens).to.equal(limits.replyTokens);
  });

  it('tells the facts of the call and nothing that is not so', () => {
    const facts = (changes: Partial<typeof plainFacts>) =>
      buildRequest(omani, { ...plainFacts, ...changes }, [caller('ألو')]).system.split(callFactsHeading)[1] ?? '';
    expect(facts({}).trim()).to.equal(
      'You do not know whether the caller is a man or a woman: use forms that fit both.',
    );
    expect(facts({ address: 'feminine' })).to.include('address her in the feminine');
    expect(facts({ resumed: true })).to.include('had dropped');
    expect(facts({ interrupted: true })).to.include('cut in');
    expect(facts({ personComing: true })).to.include('A person is being brought');
    expect(facts({ risk: 'moderate' })).to.include('The line asks the caller directly');
    expect(facts({ followed: true })).to.include('ask nothing and promise nothing');
    expect(facts({ risk: 'imminent' })).to.include('right now');
  });

  it('starts with the caller, joins neighbours of one speaker, and leaves out what was not heard', () => {
    const { messages } = buildRequest(omani, plainFacts, [
      sanad('السلام عليكم'),
      caller('ألو'),
      sanad(' '),
      caller('تعبت'),
    ]);
    expect(messages).to.deep.equal([caller('ألو\nتعبت')]);
  });

  it('keeps the newest messages within the limit of messages', () => {
    const history = Array.from({ length: limits.historyMessages * 2 }, (_, i) =>
      i % 2 === 0 ? caller(`c${i}`) : sanad(`s${i}`),
    );
    const { messages } = buildRequest(omani, plainFacts, [...history, caller('last')]);
    expect(messages.length).to.be.at.most(limits.historyMessages);
    expect(messages[0]?.role).to.equal('caller');
    expect(messages.at(-1)).to.deep.equal(caller('last'));
  });

  it('keeps within the limit of characters, and never without the last words', () => {
    const long = 'كلام '.repeat(limits.historyCharacters / 5 - 10);
    const { messages } = buildRequest(omani, plainFacts, [
      caller(long),
      sanad('نعم أسمعكم في هذا كله'),
      caller(`${long}${long}آخر`),
    ]);
    expect(messages).to.have.length(1);
    expect(messages[0]?.text).to.have.length(limits.historyCharacters);
    expect(messages[0]?.text.endsWith('آخر')).to.equal(true);
  });
});
