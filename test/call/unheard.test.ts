import { expect } from 'chai';
import { CallScript, ofType } from '../support/callScript.ts';

const said = (call: CallScript): readonly string[] =>
  ofType(call.effects(), 'startReply').map(({ source }) => (source.kind === 'line' ? source.line : 'model'));

/** A voice of so many milliseconds of which no word is recognised, and what is said within the next 2.5 s. */
function unheardVoice(call: CallScript, ms: number): readonly string[] {
  call.startsToSpeak().wait(ms).pauses().wait(2_500);
  const lines = said(call);
  if (call.state.floor.kind === 'thinking') call.speaks(call.turn, [2_000]);
  return lines;
}

describe('a caller whose words are not recognised', () => {
  it('is told at once when a whole sentence was lost, instead of being left in silence', () => {
    const call = new CallScript().answered();
    expect(unheardVoice(call, 3_000)).to.deep.equal(['cannotHear']);
  });

  it('gets a person when it goes on: another language, or a tongue that no longer obeys, is no reason to be left alone', () => {
    const call = new CallScript().answered();
    const lines = [unheardVoice(call, 3_000), unheardVoice(call, 4_000), unheardVoice(call, 5_000)].flat();
    expect(lines).to.deep.equal(['cannotHear', 'cannotHear', 'bringingPerson']);
    expect(call.state.transfer).to.deep.include({ kind: 'requested', reason: 'unheard' });
  });

  it('is given longer when the voice was short, as in weeping', () => {
    const call = new CallScript().answered();
    const lines = [1, 2, 3, 4, 5, 6].map(() => unheardVoice(call, 1_200));
    expect(lines).to.deep.equal([[], ['cannotHear'], [], ['cannotHear'], [], ['bringingPerson']]);
  });

  it('is heard again with the first word: the count begins anew', () => {
    const call = new CallScript({ speculateAfterMs: null }).answered();
    unheardVoice(call, 3_000);
    unheardVoice(call, 3_000);
    call.says(1);
    call.speaks(call.turn, [1_000]).effects();
    expect(unheardVoice(call, 3_000)).to.deep.equal(['cannotHear']);
  });

  it('is not interrupted to be told that our ears are away, until he pauses or has talked to them for twelve seconds', () => {
    const call = new CallScript().answered().startsToSpeak().wait(1_000);
    call.tell({ type: 'hearingLost' });
    call.wait(7_000);
    expect(said(call)).to.deep.equal([]);
    call.pauses().wait(1_000);
    expect(said(call)).to.deep.equal(['cannotHear']);
    const longer = new CallScript().answered().startsToSpeak().wait(1_000);
    longer.tell({ type: 'hearingLost' });
    longer.wait(12_000);
    expect(said(longer)).to.deep.equal(['cannotHear']);
  });
});
