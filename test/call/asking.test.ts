import { expect } from 'chai';
import fc from 'fast-check';
import { smallQuestionIn } from '../../src/call/asking.ts';
import { isForbidden } from '../../src/call/consent.ts';
import type { CallEffect } from '../../src/call/effect.ts';
import type { AllowedQuestion } from '../../src/call/event.ts';
import { replay, withoutWords } from '../../src/call/replay.ts';
import { anyCallWithAsking, walk } from '../support/anyCall.ts';
import { ofType, said, type CallScript } from '../support/callScript.ts';
import { goesOn, recorded } from '../support/consentScript.ts';
import { hearsOut, talk } from '../support/dangerScript.ts';

const allowed = (...questions: readonly AllowedQuestion[]): CallScript => {
  const call = talk();
  call.tell({ type: 'questionsAllowed', questions });
  call.effects();
  return call;
};
const key = (call: CallScript, digit: string): CallScript => {
  call.tell({ type: 'digitPressed', digit });
  return call;
};
const moods = (effects: readonly CallEffect[]): readonly string[] =>
  ofType(effects, 'recordMood').map(({ moment, rating, how }) => `${moment} ${rating} ${how}`);

/** The caller has heard the question near the start. */
const askedMood = (...more: readonly AllowedQuestion[]): CallScript => {
  const call = goesOn(goesOn(allowed('mood', ...more)));
  call.effects();
  return call;
};
const rated = (): CallScript => {
  const call = hearsOut(askedMood().says(9, { rating: 7, wordCount: 1 }));
  call.effects();
  return call;
};
const askedAtEnd = (): CallScript => {
  const call = goesOn(rated(), { asks: 'goodbye' });
  call.effects();
  return call;
};

describe('how the caller feels', () => {
  it('is not asked unless the organisation wants it', () => {
    const call = talk();
    const effects = [1, 2, 3, 4].flatMap(() => goesOn(call).effects());
    expect(ofType(effects, 'startReply').every(({ followedBy }) => smallQuestionIn(followedBy) === null)).to.equal(
      true,
    );
    expect(said(goesOn(call, { asks: 'goodbye' }))).to.deep.equal(['goodbye']);
  });

  it('is asked with the second answer, once, and not again when it is passed over', () => {
    const call = allowed('mood');
    const lines = [1, 2, 3, 4, 5].flatMap(() => said(goesOn(call)));
    expect(lines).to.deep.equal(['model', 'model + askMood', 'model', 'model', 'model']);
    expect(said(goesOn(call, { asks: 'goodbye' }))).to.deep.equal(['goodbye']);
  });

  it('is not asked with an answer to painful words, nor for the first time late in the call', () => {
    const call = goesOn(allowed('mood'));
    call.effects();
    expect([1, 2, 3, 4, 5, 6].flatMap(() => said(goesOn(call, { painful: true })))).to.deep.equal(
      Array(6).fill('model'),
    );
    expect([1, 2].flatMap(() => said(goesOn(call)))).to.deep.equal(['model', 'model']);
  });

  it('takes every figure that is said, and every key from 1 to 9 and the star for ten', () => {
    for (let rating = 1; rating <= 10; rating++) {
      const spoken = askedMood().says(9, { rating, wordCount: 1 });
      const effects = spoken.effects();
      expect(moods(effects)).to.deep.equal([`start ${rating} voice`]);
      expect(ofType(effects, 'startReply').map(({ source }) => source)).to.deep.equal([
        { kind: 'line', line: 'moodNoted' },
      ]);
      const pressed = key(askedMood(), rating === 10 ? '*' : String(rating)).effects();
      expect(moods(pressed)).to.deep.equal([`start ${rating} key`]);
    }
  });

  it('takes 0 for a person and # for nothing', () => {
    const person = key(askedMood(), '0').effects();
    expect(moods(person)).to.deep.equal([]);
    expect(ofType(person, 'escalate')).to.have.length(1);
    expect(key(askedMood(), '#').effects()).to.deep.equal([]);
  });

  it('takes one figure, and later figures for words', () => {
    const call = rated();
    expect(moods(key(call, '3').effects())).to.deep.equal([]);
    expect(moods(goesOn(call, { rating: 4, wordCount: 1 }).effects())).to.deep.equal([]);
  });

  it('lets the model answer who says more than the figure', () => {
    const long = askedMood().says(9, { rating: 3, wordCount: 8 }).effects();
    expect(moods(long)).to.deep.equal(['start 3 voice']);
    expect(ofType(long, 'startReply').filter(({ source }) => source.kind === 'line')).to.deep.equal([]);
    const goingOn = askedMood();
    goingOn.startsToSpeak().wait(400).final(9, { rating: 3, wordCount: 1 }).final(10, { painful: true, wordCount: 5 });
    goingOn.pauses().wait(3_000);
    const answers = ofType(goingOn.effects(), 'startReply').filter(({ source }) => source.kind === 'line');
    expect(answers).to.deep.equal([]);
  });

  it('is asked again at the goodbye of who answered, and the call ends with the answer', () => {
    for (const answer of [
      { rating: 8, wordCount: 1 },
      { answer: 'no' as const, wordCount: 1 },
    ]) {
      const call = goesOn(rated(), { asks: 'goodbye' });
      expect(said(call)).to.deep.equal(['askMoodEnd']);
      const effects = goesOn(call, answer).effects();
      expect(moods(effects)).to.deep.equal('rating' in answer ? ['end 8 voice'] : []);
      expect(call.wait(2_000).state.line).to.deep.equal({ kind: 'over', outcome: 'goodbye' });
    }
  });

  it('holds up no second goodbye and no silence at the end', () => {
    expect(said(goesOn(askedAtEnd(), { asks: 'goodbye' }))).to.deep.equal(['goodbye']);
    expect(said(askedAtEnd().wait(12_100))).to.deep.equal(['goodbye']);
    expect(said(goesOn(askedAtEnd(), { wordCount: 9 }))).to.deep.equal(['model']);
  });

  it('leaves room for consent: an answer between two questions, and what is asked at the goodbye follows', () => {
    const call = allowed('mood', 'returning');
    call.tell({ type: 'consentLookedUp', open: ['keepWords', 'followUp', 'sms'] });
    const lines = [1, 2, 3, 4, 5, 6].flatMap(() => said(goesOn(call)));
    expect(lines).to.deep.equal([
      'model',
      'model + askReturning',
      'model',
      'model + askMood',
      'model',
      'model + askKeepWords',
    ]);
    const end = askedMood();
    end.tell({ type: 'consentLookedUp', open: ['followUp', 'sms'] });
    goesOn(goesOn(end, { rating: 2, wordCount: 1 }));
    expect(said(goesOn(end, { asks: 'goodbye' })).at(-1)).to.equal('askMoodEnd');
    expect(said(goesOn(end, { rating: 5, wordCount: 1 }))).to.deep.equal(['askFollowUp']);
    expect(recorded(goesOn(end, { answer: 'yes' }).effects())).to.deep.equal(['followUp given askFollowUp words']);
  });
});

describe('small questions in danger', () => {
  for (const level of ['moderate', 'high', 'imminent'] as const)
    it(`are not asked at ${level}, and one under way gives way`, () => {
      const whileAsked: readonly CallScript[] = [
        goesOn(allowed('mood')),
        askedMood(),
        goesOn(allowed('mood')).says(3),
        askedAtEnd(),
        goesOn(goesOn(allowed('returning'))),
      ];
      for (const call of whileAsked) {
        call.tell({ type: 'riskRaised', level, situation: 'self', source: 'classifier' });
        call.effects();
        hearsOut(call);
        const effects = [
          key(call, '2').effects(),
          ...[1, 2, 3].map(() => goesOn(call, { rating: 2 }).effects()),
        ].flat();
        expect(moods(effects)).to.deep.equal([]);
        const asks = ofType(effects, 'startReply').some(
          ({ source, followedBy }) =>
            smallQuestionIn(followedBy) !== null || (source.kind === 'line' && smallQuestionIn(source.line) !== null),
        );
        expect(asks).to.equal(false);
        expect(call.state.line.kind).to.equal('up');
      }
    });

  it('are not answered by a figure in words of danger', () => {
    expect(moods(askedMood().final(9, { rating: 1, wordCount: 1, risk: 'high' }).effects())).to.deep.equal([]);
  });

  it('are not asked while somebody listens', () => {
    const call = goesOn(allowed('mood', 'returning'), { overheard: true });
    const effects = [1, 2, 3].flatMap(() => goesOn(call).effects());
    expect(ofType(effects, 'startReply').some(({ followedBy }) => smallQuestionIn(followedBy) !== null)).to.equal(
      false,
    );
  });
});

describe('who has rung before', () => {
  const askedReturning = (): CallScript => {
    const call = goesOn(goesOn(allowed('returning')));
    call.effects();
    return call;
  };

  it('says so by a word or a key, and is welcomed without anything of an earlier call', () => {
    for (const [answer, digit, line] of [
      ['yes', '1', 'returningYes'],
      ['no', '2', 'returningNo'],
    ] as const) {
      const words = askedReturning();
      expect(said(words.says(9, { answer, wordCount: 1 })).at(-1)).to.equal(line);
      const pressed = key(askedReturning(), digit);
      expect(said(pressed)).to.deep.equal([line]);
      for (const call of [words, pressed]) expect(call.state.asking.rangBefore).to.equal(answer);
    }
  });

  it('has said nothing when the question is passed over', () => {
    const call = goesOn(goesOn(askedReturning(), { wordCount: 9 }), { answer: 'yes', wordCount: 1 });
    expect(call.state.asking.rangBefore).to.equal(null);
  });
});

describe('in every call with small questions', () => {
  it('the invariants hold, figures are recorded once a moment and only for an answer, and the log replays without words', () => {
    let figures = 0;
    fc.assert(
      fc.property(anyCallWithAsking, (call) => {
        const { log, states, problems } = walk(call);
        expect(problems).to.deep.equal([]);
        const moments = log.flatMap(({ event, effects }) =>
          ofType(effects, 'recordMood').map(({ moment, rating }) => {
            const given = event.type === 'wordsRecognised' ? event.meaning.rating : Number(keyed(event));
            expect(rating).to.equal(given);
            return moment;
          }),
        );
        figures += moments.length;
        expect(new Set(moments).size).to.equal(moments.length);
        log.forEach(({ effects }, index) => {
          const state = states[index];
          for (const { followedBy } of ofType(effects, 'startReply'))
            if (state !== undefined && smallQuestionIn(followedBy) !== null) expect(isForbidden(state)).to.equal(false);
        });
        const blanked = log.map((entry) => ({ ...entry, event: withoutWords(entry.event) }));
        expect(replay(blanked).divergence).to.equal(null);
      }),
      { numRuns: 80 },
    );
    expect(figures).to.be.greaterThan(5);
  }).timeout(30_000);
});

function keyed(event: { readonly type: string; readonly digit?: string }): string {
  return event.digit === '*' ? '10' : (event.digit ?? '');
}
