import { expect } from 'chai';
import fc from 'fast-check';
import { consentAskedBy, isForbidden } from '../../src/call/consent.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { replay, withoutWords } from '../../src/call/replay.ts';
import type { Meaning } from '../../src/call/meaning.ts';
import type { CallState } from '../../src/call/state.ts';
import { anyCallWithConsent, walk } from '../support/anyCall.ts';
import { said, type CallScript } from '../support/callScript.ts';
import { asked, goesOn, recorded } from '../support/consentScript.ts';
import { hearsOut, talk } from '../support/dangerScript.ts';

const key = (call: CallScript, digit: string): CallScript => {
  call.tell({ type: 'digitPressed', digit });
  return call;
};
const yes: Partial<Meaning> = { answer: 'yes', wordCount: 1, backchannel: true };
const no: Partial<Meaning> = { answer: 'no', wordCount: 1 };

/** Sanad has asked whether words may be kept, and was heard out. */
const askedToKeep = (): CallScript => {
  const call = goesOn(asked(2));
  call.effects();
  return call;
};
const atGoodbye = (): CallScript => goesOn(asked(1, ['followUp', 'sms']), { asks: 'goodbye' });

describe('consent to keeping words', () => {
  it('is asked with the third answer at the earliest: the call begins with listening', () => {
    const call = asked(0);
    const lines = [1, 2, 3, 4].flatMap(() => said(goesOn(call)));
    expect(lines).to.deep.equal(['model', 'model', 'model + askKeepWords', 'model + askKeepWordsAgain']);
  });

  it('is not asked of somebody who gave it before, nor until that is known', () => {
    const returning = asked(0, ['followUp', 'sms']);
    const unknown = talk();
    for (const call of [returning, unknown])
      expect([1, 2, 3, 4, 5].flatMap(() => said(goesOn(call)))).to.not.include('model + askKeepWords');
  });

  it('is not asked in the answers after painful words', () => {
    const call = goesOn(asked(2), { painful: true });
    expect(said(call)).to.deep.equal(['model']);
    expect([1, 2].flatMap(() => said(goesOn(call)))).to.deep.equal(['model', 'model + askKeepWords']);
  });

  const answers: readonly (readonly [string, Partial<Meaning>, string, string])[] = [
    ['yes', yes, 'keepWords given askKeepWords words', 'wordsKept'],
    ['no', no, 'keepWords refused askKeepWords words', 'wordsNotKept'],
    ['do not keep them', { consent: 'takesBackWords' }, 'keepWords refused askKeepWords words', 'wordsNotKept'],
  ];
  for (const [name, part, record, line] of answers)
    it(`takes "${name}" for the answer, once, and thanks`, () => {
      const call = askedToKeep();
      call.says(9, part);
      const effects = call.effects();
      expect(recorded(effects)).to.deep.equal([record]);
      expect(effects).to.deep.include({
        type: 'startReply',
        turn: call.turn,
        source: { kind: 'line', line },
        hold: false,
        preface: null,
        followedBy: null,
      });
      expect([1, 2, 3, 4].flatMap(() => said(goesOn(hearsOut(call))))).to.deep.equal(Array(4).fill('model'));
    });

  it('takes key 1 for yes and key 2 for no, and no other key for anything', () => {
    for (const [digit, answer, line] of [
      ['1', 'given', 'wordsKept'],
      ['2', 'refused', 'wordsNotKept'],
    ] as const) {
      const call = key(key(askedToKeep(), '5'), digit);
      const effects = call.effects();
      expect(recorded(effects)).to.deep.equal([`keepWords ${answer} askKeepWords key`]);
      expect(said(key(hearsOut(call), digit))).to.deep.equal([]);
      expect(effects.flatMap((e) => (e.type === 'startReply' ? [e.source] : []))).to.deep.equal([
        { kind: 'line', line },
      ]);
    }
  });

  it('takes an answer over the last words of the question, and thanks after them', () => {
    const call = asked(2).says(3);
    call.sounds(call.turn, [1_000, 3_000]).wait(1_200).hears(call.turn, { sentence: 1, ms: 200 }).effects();
    call.final(4, yes);
    call.wait(2_800).hears(call.turn, { sentence: 1, ms: 3_000 });
    const effects = call.effects();
    expect(recorded(effects)).to.deep.equal(['keepWords given askKeepWords words']);
    expect(call.state.floor.kind).to.equal('thinking');
    expect(effects.some((e) => e.type === 'startReply' && e.source.kind === 'line')).to.equal(true);
  });

  it('has not asked who breaks in before the question, and lets them talk', () => {
    const call = asked(2).says(3);
    call.sounds(call.turn, [2_000, 3_000]).wait(500).hears(call.turn, { sentence: 0, ms: 500 });
    call.says(4).effects();
    expect(call.state.consent).to.include({ question: null, calmReplies: 0 });
    expect(call.state.consent.asked.keepWords).to.equal(0);
    expect(said(hearsOut(key(call, '1')))).to.deep.equal([]);
  });

  it('is put off by "later", and asked in simpler words when it comes up again', () => {
    const call = askedToKeep();
    const lines = [said(goesOn(call, { consent: 'later' })), ...[1, 2].map(() => said(goesOn(call)))].flat();
    expect(lines).to.deep.equal(['model', 'model', 'model + askKeepWordsAgain']);
  });

  it('passed over twice is not asked again, and is no answer', () => {
    const call = asked(2);
    const effects = Array.from({ length: 8 }, () => goesOn(call).effects()).flat();
    const questions = effects.flatMap((e) => (e.type === 'startReply' && e.followedBy !== null ? [e.followedBy] : []));
    expect(questions).to.deep.equal(['askKeepWords', 'askKeepWordsAgain']);
    expect(recorded(effects)).to.deep.equal([]);
  });

  it('stands through a silence, and a hang-up or a lost line is no answer', () => {
    const call = askedToKeep().wait(12_100);
    hearsOut(call).effects();
    expect(recorded(goesOn(call, yes).effects())).to.deep.equal(['keepWords given askKeepWords words']);
    for (const type of ['hungUp', 'streamLost'] as const) {
      const gone = askedToKeep();
      gone.tell({ type });
      expect(recorded(gone.effects())).to.deep.equal([]);
    }
  });
});

describe('consent in danger', () => {
  for (const level of ['moderate', 'high', 'imminent'] as const)
    it(`is not asked at ${level}, and a question under way gives way to safety`, () => {
      const whileAsked: readonly (readonly [string, CallScript])[] = [
        ['not yet asked', asked(2)],
        ['asked', askedToKeep()],
        ['being prepared', asked(2).says(3)],
      ];
      for (const [when, call] of whileAsked) {
        call.tell({ type: 'riskRaised', level, situation: 'self', source: 'classifier' });
        call.effects();
        hearsOut(call);
        const effects = [key(call, '1').effects(), ...[1, 2, 3].map(() => goesOn(call, yes).effects())].flat();
        expect(recorded(effects), when).to.deep.equal([]);
        const asks = effects.some((e) => e.type === 'startReply' && consentAskedBy(e.followedBy) !== null);
        expect(asks, when).to.equal(false);
      }
    });

  it('is not agreed to by a yes in words of danger', () => {
    const call = askedToKeep().final(9, { ...yes, risk: 'high' });
    expect(recorded(call.effects())).to.deep.equal([]);
  });

  it('can be taken back all the same, and that is answered', () => {
    const call = talk().final(1, { risk: 'high' });
    hearsOut(call).effects();
    call.says(2, { consent: 'takesBackWords' });
    expect(recorded(call.effects())).to.deep.equal(['keepWords withdrawn unasked words']);
    expect(call.state.playout.reply?.source).to.deep.equal({ kind: 'line', line: 'wordsTakenBack' });
  });

  it('is not asked while somebody listens, nor while a person is brought', () => {
    const overheard = goesOn(asked(2), { overheard: true });
    const brought = hearsOut(key(asked(2), '0'));
    for (const call of [overheard, brought]) {
      call.effects();
      for (let n = 0; n < 4; n++) goesOn(call);
      expect(said(call).filter((line) => line.includes('askKeepWords'))).to.deep.equal([]);
    }
  });
});

describe('consent to being rung and written to', () => {
  it('is asked when the caller says goodbye, one after the other, and then Sanad says goodbye too', () => {
    const call = atGoodbye();
    expect(said(call)).to.deep.equal(['askFollowUp']);
    expect(recorded(goesOn(call, yes).effects())).to.deep.equal(['followUp given askFollowUp words']);
    const effects = goesOn(call, yes).effects();
    expect(recorded(effects)).to.deep.equal(['sms given askSms words']);
    call.wait(2_000);
    expect(call.state.line).to.deep.equal({ kind: 'over', outcome: 'goodbye' });
  });

  it('ends with a no: nobody who may not be rung is asked about messages', () => {
    const call = atGoodbye();
    call.effects();
    expect(said(goesOn(call, no))).to.deep.equal(['goodbye']);
  });

  it('holds up no second goodbye, no silence and no goodbye in the first words', () => {
    const again = atGoodbye();
    again.effects();
    expect(said(goesOn(again, { asks: 'goodbye' }))).to.deep.equal(['goodbye']);
    const silent = atGoodbye();
    silent.effects();
    expect(said(silent.wait(12_100))).to.deep.equal(['goodbye']);
    expect(said(goesOn(asked(0), { asks: 'goodbye' }))).to.deep.equal(['goodbye']);
  });

  it('takes no part in a goodbye in which safety is asked for', () => {
    const call = asked(1, ['followUp', 'sms']);
    call.tell({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'judge' });
    expect(said(goesOn(call, { asks: 'goodbye' }))).to.deep.equal(['askBeforeClosing']);
  });

  it('goes on with the call when the caller does', () => {
    const call = atGoodbye();
    call.effects();
    expect(said(goesOn(call, { wordCount: 8 }))).to.deep.equal(['model']);
    expect(said(goesOn(call, { asks: 'goodbye' }))).to.deep.equal(['askFollowUpAgain']);
  });

  it('is taken back at any time, recorded once, and answered each time', () => {
    const call = asked(1);
    const effects = goesOn(call, { consent: 'takesBackContact' }).effects();
    expect(recorded(effects)).to.deep.equal(['followUp withdrawn unasked words', 'sms withdrawn unasked words']);
    call.says(8, { consent: 'takesBackContact' });
    expect(recorded(call.effects())).to.deep.equal([]);
    expect(call.state.playout.reply?.source).to.deep.equal({ kind: 'line', line: 'contactTakenBack' });
  });
});

describe('in every call', () => {
  it('consent is asked only at low and below, at most twice, and recorded only for an answer', () => {
    fc.assert(
      fc.property(anyCallWithConsent, (call) => {
        const { log, states, problems } = walk(call);
        expect(problems).to.deep.equal([]);
        const answered = new Map<string, number>();
        log.forEach(({ event, effects }, index) => {
          for (const effect of effects) {
            if (effect.type === 'startReply') asksRightly(effect, states[index]);
            if (effect.type !== 'recordConsent') continue;
            expect(isAnswer(event, effect.answer)).to.equal(true);
            const about = `${effect.kind} ${effect.answer === 'withdrawn' ? 'back' : 'answer'}`;
            answered.set(about, (answered.get(about) ?? 0) + 1);
          }
        });
        expect([...answered.values()].every((times) => times === 1)).to.equal(true);
        const blanked = log.map((entry) => ({ ...entry, event: withoutWords(entry.event) }));
        expect(replay(blanked).divergence).to.equal(null);
      }),
      { numRuns: 80 },
    );
  }).timeout(30_000);
});

function asksRightly(
  { source, followedBy }: { readonly source: unknown; readonly followedBy: Parameters<typeof consentAskedBy>[0] },
  state: CallState | undefined,
): void {
  const line = state?.playout.reply?.source.kind === 'line' ? state.playout.reply.source.line : null;
  if (state === undefined || (consentAskedBy(followedBy) === null && consentAskedBy(line) === null)) return;
  expect(isForbidden(state), JSON.stringify(source)).to.equal(false);
}

function isAnswer(event: CallEvent, answer: 'given' | 'refused' | 'withdrawn'): boolean {
  if (event.type === 'digitPressed') return event.digit === (answer === 'given' ? '1' : '2') && answer !== 'withdrawn';
  if (event.type !== 'wordsRecognised') return false;
  const { answer: plain, consent } = event.meaning;
  const back = consent === 'takesBackWords' || consent === 'takesBackContact';
  if (answer === 'given') return plain === 'yes' && !back;
  return answer === 'withdrawn' ? back : back || plain === 'no';
}
