import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { floorMatrix } from '../support/floorMatrix.ts';

const file = new URL('../../docs/floor-matrix.md', import.meta.url);

describe('the matrix of floor and event', () => {
  it('is the one that was reviewed and committed', () => {
    const made = floorMatrix();
    if (process.env['UPDATE_MATRIX'] === '1') writeFileSync(file, made);
    expect(made).to.equal(readFileSync(file, 'utf8'));
  });

  it('gives a reason wherever nothing happens', () => {
    expect(floorMatrix()).to.not.match(/\| · *\|/);
  });
});
