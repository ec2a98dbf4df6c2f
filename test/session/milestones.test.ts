import { expect } from 'chai';
import type { CallRecord } from '../../src/store/records.ts';
import { HeldCall, type Setting } from '../support/heldCall.ts';

const held: HeldCall[] = [];
const hold = (setting: Setting = {}): HeldCall => {
  const call = new HeldCall(setting);
  held.push(call);
  return call;
};
const kept = <Type extends CallRecord['type']>(call: HeldCall, type: Type) =>
  call.kept.filter((record): record is Extract<CallRecord, { type: Type }> => record.type === type);

describe('what is written down of a call as it goes', () => {
  afterEach(() => {
    // The latest first: each puts back the clock that it found.
    for (const call of held.splice(0).toReversed()) call.restore();
  });

  it('is answered when the carrier has played the first sound, and once', async () => {
    const call = hold();
    const beganMs = call.ports.clock.wall().getTime();
    await call.run(1_000);
    expect(kept(call, 'callAnswered'), 'no stream, nothing heard').to.deep.equal([]);
    await call.answered();
    await call.says('I cannot sleep at night.');
    await call.untilListening();
    const answered = kept(call, 'callAnswered');
    expect(answered).to.have.length(1);
    const afterMs = (answered[0]?.at.getTime() ?? 0) - beganMs;
    expect(afterMs, 'the mark tells later than it sounded').to.be.within(1_000, 1_200);
  });

  it('is not answered when the caller leaves before anything was heard', async () => {
    const call = hold().attach();
    call.session.dispatch({ type: 'hungUp' });
    expect([kept(call, 'callEnded').length, kept(call, 'callAnswered').length]).to.deep.equal([1, 0]);
  });

  it('is each change of the level of danger, with what it was before and where it came from', async () => {
    const call = await hold().answered();
    call.session.dispatch({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
    await call.says('I want to kill myself');
    expect(kept(call, 'riskDecided').map(({ before, level, source }) => [before, level, source])).to.deep.equal([
      ['none', 'moderate', 'classifier'],
      ['moderate', 'high', 'floor'],
    ]);
  });

  it('is the direct question once the caller has heard it', async () => {
    const call = await hold().answered();
    call.session.dispatch({ type: 'riskRaised', level: 'moderate', situation: 'self', source: 'classifier' });
    await call.says('I do not know.');
    expect(kept(call, 'directQuestion'), 'not heard yet').to.deep.equal([]);
    await call.untilListening();
    call.session.dispatch({ type: 'hungUp' });
    expect(kept(call, 'directQuestion').map(({ finding }) => finding)).to.deep.equal(['asked']);
  });

  it('is, at the end, that a sign was not asked about, or that it was told unasked', async () => {
    const endings = [
      ['moderate', ['notAsked']],
      ['high', ['toldUnasked']],
      ['low', []],
    ] as const;
    for (const [level, findings] of endings) {
      const call = await hold().answered();
      call.session.dispatch({ type: 'riskRaised', level, situation: 'self', source: 'classifier' });
      call.session.dispatch({ type: 'hungUp' });
      expect(
        kept(call, 'directQuestion').map(({ finding }) => finding),
        level,
      ).to.deep.equal(findings);
    }
  });
});
