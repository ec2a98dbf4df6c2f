import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../src/limits.ts';
import { isSpoken, type CallRecord } from '../../src/store/records.ts';
import { WaitingWrites } from '../../src/store/waitingWrites.ts';
import { logEntry, turn } from './keeping.ts';

const wordless = (seq: number): CallRecord => logEntry('call', seq);
const spoken = (seq: number): CallRecord => logEntry('call', seq, { eventType: 'wordsRecognised' });
const seqs = (records: readonly CallRecord[]) => records.map((r) => ('seq' in r ? `${r.type} ${r.seq}` : r.type));

describe('writes that wait', () => {
  it('come out in the order in which they came', () => {
    const waiting = new WaitingWrites(10);
    for (const record of [wordless(1), turn('call', 1), spoken(2)]) waiting.add(record, 0);
    expect(seqs(waiting.take(2))).to.deep.equal(['log 1', 'turn 1']);
    expect(seqs(waiting.take(2))).to.deep.equal(['log 2']);
    expect(waiting.empty).to.equal(true);
  });

  it('make room by the oldest log entries without words, then by those with words, and never by turns', () => {
    const waiting = new WaitingWrites(3);
    for (const record of [turn('call', 1), spoken(1), wordless(2)]) expect(waiting.add(record, 0)).to.equal(0);
    const dropped = [turn('call', 2), wordless(3), turn('call', 3), turn('call', 4)].map((r) => waiting.add(r, 0));
    expect(dropped).to.deep.equal([1, 1, 1, 0]);
    expect(seqs(waiting.take(9))).to.deep.equal(['turn 1', 'turn 2', 'turn 3', 'turn 4']);
  });

  it('keep only the latest heartbeat of each call', () => {
    const waiting = new WaitingWrites(10);
    const beat = (callId: string, second: number): CallRecord => ({
      type: 'heartbeat',
      callId,
      at: new Date(second * 1_000),
    });
    for (const record of [beat('a', 1), beat('b', 1), beat('a', 2)]) waiting.add(record, 0);
    expect(waiting.size).to.equal(0);
    expect(waiting.take(1)).to.have.deep.members([beat('a', 2), beat('b', 1)]);
  });

  it('keep of each part of a call’s usage only the latest totals, in the place of the first', () => {
    const waiting = new WaitingWrites(10);
    const usage = (part: string, amount: number): CallRecord => ({
      type: 'usageCounted',
      callId: 'call',
      part,
      uses: [],
      stages: [{ stage: 'firstAudio', tookMs: [amount] }],
    });
    for (const record of [turn('call', 1), usage('a', 1), turn('call', 2), usage('b', 1), usage('a', 2)])
      expect(waiting.add(record, 0)).to.equal(0);
    expect(waiting.size).to.equal(4);
    expect(waiting.take(2)).to.deep.equal([turn('call', 1), usage('a', 2)]);
    waiting.add(usage('a', 3), 0);
    expect(waiting.take(9)).to.deep.equal([turn('call', 2), usage('b', 1), usage('a', 3)]);
    expect(waiting.empty).to.equal(true);
  });

  it('say since when the oldest waits', () => {
    const waiting = new WaitingWrites(1);
    expect(waiting.oldestSinceMs()).to.equal(null);
    waiting.add(wordless(1), 5);
    waiting.add(wordless(2), 7);
    expect(waiting.oldestSinceMs()).to.equal(7);
  });

  it('do as a plain list would that drops its first wordless entry, else its first spoken one, whatever comes and goes', () => {
    const step = fc.oneof(fc.constantFrom('turn', 'spoken', 'wordless'), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.integer({ min: 1, max: 20 }), (steps, bound) => {
        const waiting = new WaitingWrites(bound);
        const list: CallRecord[] = [];
        for (const [seq, next] of steps.entries()) {
          if (typeof next === 'number') {
            expect(waiting.take(next)).to.deep.equal(list.splice(0, next));
            continue;
          }
          const record = next === 'turn' ? turn('call', seq) : next === 'spoken' ? spoken(seq) : wordless(seq);
          list.push(record);
          const first = (wanted: boolean) => list.findIndex((r) => r.type === 'log' && isSpoken(r) === wanted);
          const victim = first(false) === -1 ? first(true) : first(false);
          const full = list.length > bound && victim !== -1;
          if (full) list.splice(victim, 1);
          expect(waiting.add(record, seq)).to.equal(full ? 1 : 0);
          expect(waiting.size).to.equal(list.length);
        }
        expect(waiting.take(Number.MAX_SAFE_INTEGER)).to.deep.equal(list);
      }),
    );
  });

  it('lose nothing that was spoken in a minute of 200 calls', () => {
    const waiting = new WaitingWrites(limits.bufferedWrites);
    let said = 0;
    for (let fifth = 0; fifth < 60 * 5; fifth += 1)
      for (let call = 0; call < 200; call += 1) {
        // 20 entries a second: every fourth with words (interim results come about five times a second), a turn every 3 s.
        const records = [spoken(fifth), wordless(fifth), wordless(fifth), wordless(fifth)];
        if (fifth % 15 === 0) records.push(turn('call', fifth));
        for (const record of records) {
          said += record.type === 'turn' || (record.type === 'log' && isSpoken(record)) ? 1 : 0;
          waiting.add(record, fifth * 200);
        }
      }
    const kept = waiting.take(Number.MAX_SAFE_INTEGER);
    expect(kept).to.have.length(limits.bufferedWrites);
    expect(kept.filter((r) => r.type === 'turn' || (r.type === 'log' && isSpoken(r)))).to.have.length(said);
  });

  it('stay quick when far more comes than there is room for', () => {
    const waiting = new WaitingWrites(20_000);
    const from = performance.now();
    for (let seq = 0; seq < 200_000; seq += 1) waiting.add(wordless(seq), seq);
    // 200,000 at once; a search from the start for each would take minutes.
    expect(performance.now() - from).to.be.below(2_000);
    expect(waiting.size).to.equal(20_000);
    expect(seqs(waiting.take(1))).to.deep.equal(['log 180000']);
  });
});
