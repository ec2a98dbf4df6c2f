import { expect } from 'chai';
import { Attention } from '../../src/session/attention.ts';

function quiet(attention: Attention, frames: number) {
  return Array.from({ length: frames }, () => attention.frame(false)).filter((grain) => grain !== null);
}

describe('the attention of the recogniser', () => {
  it('is let go one second after the last voice, once', () => {
    const attention = new Attention();
    attention.frame(true);
    expect([quiet(attention, 49), quiet(attention, 1), quiet(attention, 500)]).to.deep.equal([[], ['coarse'], []]);
  });

  it('is back with the first voice, and said once', () => {
    const attention = new Attention();
    quiet(attention, 100);
    expect([attention.frame(true), attention.frame(true)]).to.deep.equal(['fine', null]);
  });

  it('is back with words that no voice announced', () => {
    const attention = new Attention();
    quiet(attention, 150);
    expect([attention.words(), attention.words(), quiet(attention, 49)]).to.deep.equal(['fine', null, []]);
  });
});
