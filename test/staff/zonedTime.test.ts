import { expect } from 'chai';
import { csvText } from '../../src/staff/csv.ts';
import { readDuration, shownDuration } from '../../src/staff/listing.ts';
import { inZone, instantOf, readTimeWords, readZone, withZone } from '../../src/staff/zonedTime.ts';

const now = new Date('2026-11-26T21:30:00Z');
const read = (text: string, edge: 'from' | 'to', zone = 'Asia/Muscat') =>
  instantOf(readTimeWords(text), edge, zone, now).toISOString();

describe('a time that staff type', () => {
  it('is one of Muscat unless another zone or its own offset is named', () => {
    expect(read('2026-11-26 03:00', 'from')).to.equal('2026-11-25T23:00:00.000Z');
    expect(read('2026-11-26 03:00', 'from', 'UTC')).to.equal('2026-11-26T03:00:00.000Z');
    expect(read('2026-11-26T03:00:00+01:00', 'from')).to.equal('2026-11-26T02:00:00.000Z');
  });

  it('means the whole of a day, which is already tomorrow in Muscat at half past one', () => {
    expect([read('today', 'from'), read('today', 'to')]).to.deep.equal([
      '2026-11-26T20:00:00.000Z',
      '2026-11-27T20:00:00.000Z',
    ]);
    expect([read('yesterday', 'from'), read('2026-11-26', 'to')]).to.deep.equal([
      '2026-11-25T20:00:00.000Z',
      '2026-11-26T20:00:00.000Z',
    ]);
  });

  it('is right in a zone that changes its clocks, on both sides of the change', () => {
    expect(read('2026-03-28', 'to', 'Europe/London')).to.equal('2026-03-29T00:00:00.000Z');
    expect(read('2026-03-29', 'to', 'Europe/London')).to.equal('2026-03-29T23:00:00.000Z');
    expect(read('2026-10-25 12:00', 'from', 'Europe/London')).to.equal('2026-10-25T12:00:00.000Z');
  });

  it('may be so long ago', () => {
    expect(read('90m', 'from')).to.equal('2026-11-26T20:00:00.000Z');
    expect(read('7d', 'from')).to.equal('2026-11-19T21:30:00.000Z');
  });

  it('is refused when there is no such time', () => {
    for (const wrong of ['', '2026-02-30', '2026-11-26 24:30', '26.11.2026', 'soon'])
      expect(() => readTimeWords(wrong), wrong).to.throw('It is a day or a time');
    expect(() => readZone('Mars')).to.throw('It is a zone by its name');
  });

  it('is shown with its zone', () => {
    expect(withZone(now, 'Asia/Muscat')).to.equal('2026-11-27 01:30:00 (Asia/Muscat)');
    expect(inZone(new Date('2026-11-26T20:00:00Z'), 'Asia/Muscat')).to.equal('2026-11-27 00:00:00');
  });
});

describe('a length of time', () => {
  it('is typed as people write it, and shown so', () => {
    expect(['90', '90s', '5m', '1h', '2m30s'].map(readDuration)).to.deep.equal([90, 90, 300, 3_600, 150]);
    expect([0, 65, 3_725].map(shownDuration)).to.deep.equal(['0:00', '1:05', '1:02:05']);
    for (const wrong of ['', 'long', '-5', '1.5h']) expect(() => readDuration(wrong)).to.throw('It is a length');
  });
});

describe('a table for a spreadsheet', () => {
  it('holds nothing that a spreadsheet would run, quotes what it must, and keeps numbers numbers', () => {
    const values = ['=1+1', '+968', '-x', '@a', '\t=1', ' =1', '＝1', 'a,b', 'say "x"', 'two\nlines', 'سند'];
    const text = csvText([{ name: 'v', value: (v: string | number | null) => v }], [...values, -5, null]);
    expect(text).to.equal(
      `\uFEFF${['v', "'=1+1", "'+968", "'-x", "'@a", "'\t=1", "' =1", "'＝1", '"a,b"', '"say ""x"""', '"two\nlines"', 'سند', '-5', ''].join('\r\n')}\r\n`,
    );
  });
});
