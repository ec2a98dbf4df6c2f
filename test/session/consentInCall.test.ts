import { expect } from 'chai';
import { LiveDesk } from '../../src/session/liveDesk.ts';
import { textVersionOf } from '../../src/session/consentRecord.ts';
import type { ConsentAnswered } from '../../src/store/records.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { HeldCall, Surroundings } from '../support/heldCall.ts';

const pack = languagePacks.en;

function consents(around: Surroundings): readonly Omit<ConsentAnswered, 'consentId' | 'at' | 'callId'>[] {
  return around.kept.flatMap((record) => {
    if (record.type !== 'consentAnswered') return [];
    const { type, kind, answer, how, textVersion, language, words } = record;
    return [{ type, kind, answer, how, textVersion, language, words }];
  });
}

/** One turn of the caller, answered and heard to its end. */
async function says(call: HeldCall, text: string): Promise<void> {
  await call.says(text);
  await call.untilListening();
}

describe('consent in a whole call', () => {
  let around: Surroundings | null = null;
  afterEach(() => around?.restore());

  it('is asked after listening, kept as evidence with words and text version, and taken back by saying so', async () => {
    const call = new HeldCall();
    around = call;
    await call.answered();
    call.session.dispatch({ type: 'consentLookedUp', open: ['keepWords', 'followUp', 'sms'] });
    for (const text of ['it is my work', 'my manager is hard', 'nobody helps at all']) await says(call, text);
    expect(call.heardFromSanad.at(-1)).to.equal(['I hear you.', ...pack.lines.askKeepWords].join(' '));
    await says(call, 'yes please');
    await says(call, "please don't record me");
    const version = textVersionOf(pack, 'askKeepWords');
    const common = { type: 'consentAnswered', kind: 'keepWords', how: 'voice', language: 'en' } as const;
    expect(consents(call)).to.deep.equal([
      { ...common, answer: 'given', textVersion: version, words: 'yes please' },
      { ...common, answer: 'withdrawn', textVersion: 'unasked', words: "please don't record me" },
    ]);
    expect(version.length).to.be.below(41);
    expect(call.kept.filter(({ type }) => type === 'riskRaised')).to.deep.equal([]);
  });

  it('asks a yes to a question of ours about nothing else: the floor hears it without a question', async () => {
    const questions: (string | null)[] = [];
    const call = new HeldCall({
      ports: {
        assessRisk: (_text, question) => {
          questions.push(question);
          return { level: 'none', situation: null, means: [], signals: [] };
        },
      },
    });
    around = call;
    await call.answered();
    call.session.dispatch({ type: 'consentLookedUp', open: ['keepWords'] });
    for (const text of ['it is my work', 'my manager is hard', 'nobody helps at all']) await says(call, text);
    expect(questions.at(-1)).to.equal('I hear you.');
    await says(call, 'yes please');
    expect(questions.at(-1)).to.equal(null);
  });
});

describe('the desk that asks before any audio', () => {
  let around: Surroundings;
  let desk: LiveDesk;
  const admit = (consent?: { readonly asked: number; readonly digit: string | null }) =>
    desk.admit({ callSid: 'CA1', from: null, to: '+96820000000', ...(consent === undefined ? {} : { consent }) });

  beforeEach(() => {
    around = new Surroundings();
    const { ports } = around;
    const loadCall = () => Promise.resolve('unknown' as const);
    desk = new LiveDesk({ ports, packFor: () => pack, loadCall, consent: 'beforeAudio' });
  });
  afterEach(() => around.restore());

  it('gives no stream before a key is pressed, and asks twice', async () => {
    const voice = pack.carrierVoice;
    expect([await admit(), await admit({ asked: 1, digit: null })]).to.deep.equal([
      { kind: 'askForKey', asked: 1, sentences: pack.lines.askBeforeAudio, ...voice },
      { kind: 'askForKey', asked: 2, sentences: pack.lines.askBeforeAudioAgain, ...voice },
    ]);
    expect([desk.activeCalls, around.kept]).to.deep.equal([0, []]);
  });

  it('keeps key 1 as evidence and opens the stream', async () => {
    expect((await admit({ asked: 1, digit: '1' })).kind).to.equal('stream');
    expect(consents(around)).to.deep.equal([
      {
        type: 'consentAnswered',
        kind: 'keepWords',
        answer: 'given',
        how: 'key',
        textVersion: textVersionOf(pack, 'askBeforeAudio'),
        language: 'en',
        words: null,
      },
    ]);
  });

  for (const [name, consent] of [
    ['declines', { asked: 1, digit: '2' }],
    ['asks for a person', { asked: 1, digit: '0' }],
    ['presses nothing twice', { asked: 2, digit: null }],
  ] as const)
    it(`brings a person to whoever ${name}`, async () => {
      expect(await admit(consent)).to.deep.equal({ kind: 'person', reason: 'asked' });
      expect(desk.activeCalls).to.equal(0);
    });
});
