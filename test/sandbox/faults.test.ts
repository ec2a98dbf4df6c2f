import { expect } from 'chai';
import { FaultBoard } from '../../src/sandbox/faults.ts';

type Fault = { readonly kind: 'close'; readonly code: number } | { readonly kind: 'silent' };

describe('a board of planned faults', () => {
  let board: FaultBoard<Fault, 'a' | 'b'>;
  beforeEach(() => {
    board = new FaultBoard();
  });

  it('gives a fault once when nothing else is said', () => {
    board.set({ scope: 'a', fault: { kind: 'silent' } });
    expect([board.take('a', 'silent'), board.take('a', 'silent')]).to.deep.equal([
      { fault: { kind: 'silent' }, afterMs: 0 },
      undefined,
    ]);
  });

  it('gives it as often as planned, or until cleared', () => {
    board.set([
      { scope: 'a', fault: { kind: 'silent' }, times: 2 },
      { scope: 'b', fault: { kind: 'silent' }, times: null },
    ]);
    expect([1, 2, 3].map(() => board.take('a', 'silent') !== undefined)).to.deep.equal([true, true, false]);
    expect([1, 2, 3].map(() => board.take('b', 'silent') !== undefined)).to.deep.equal([true, true, true]);
    board.clear();
    expect(board.take('b', 'silent')).to.equal(undefined);
  });

  it('gives only what fits: scope, kind and place', () => {
    board.set([
      { scope: 'a', fault: { kind: 'close', code: 1 } },
      { scope: 'a', fault: { kind: 'close', code: 2 }, afterMs: 30 },
    ]);
    expect(board.take('b', 'close')).to.equal(undefined);
    expect(board.take('a', 'silent')).to.equal(undefined);
    expect(board.take('a', 'close', ({ code }) => code === 2)).to.deep.equal({
      fault: { kind: 'close', code: 2 },
      afterMs: 30,
    });
    expect(board.remaining()).to.deep.equal([{ scope: 'a', fault: { kind: 'close', code: 1 }, times: 1 }]);
  });

  it('adds to what is planned, and replaces it only when set', () => {
    board.set({ scope: 'a', fault: { kind: 'silent' } });
    board.add({ scope: 'b', fault: { kind: 'silent' } });
    expect(board.remaining()).to.have.length(2);
    board.set([]);
    expect(board.remaining()).to.deep.equal([]);
  });

  it('refuses more plans than anybody needs', () => {
    const many = Array.from({ length: 1_001 }, () => ({ scope: 'a' as const, fault: { kind: 'silent' as const } }));
    expect(() => board.set(many)).to.throw(RangeError);
  });
});
