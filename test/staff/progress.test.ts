import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { allowedQuestions } from '../../src/store/allowedQuestions.ts';
import { eraseCaller } from '../../src/store/callerErasure.ts';
import { readCount, run } from '../../src/store/rows.ts';
import { removeWords } from '../../src/store/words.ts';
import { bar, sparkline } from '../../src/staff/callers/progress.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { line } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';

const because = ['--reason', 'preparing the next call'];

describe('sanad callers progress', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;

  before(async () => {
    on = await recordedLine();
  });
  after(() => on.close());

  const rated = async (callId: string, moment: 'start' | 'end', rating: number): Promise<void> =>
    on.write({ type: 'moodRated', callId, ratingId: randomUUID(), moment, rating, how: 'key', at: new Date() });
  const json = async (...words: readonly string[]) =>
    JSON.parse((await on.sanad('callers', ...words, '--json')).stdout);
  const kept = (callId: string): Promise<number> =>
    on.store.database.within(on.organisation.id, async (tx) =>
      readCount(await run(tx, 'select id from mood_ratings where call_id = ?', [callId])),
    );

  it('draws the figures of each call that may be kept, and says how many are left out', async () => {
    const from = '+96891112222';
    const [first, second, refused] = [
      await on.call({ from, endedHoursAgo: 50, escalation: 'none' }),
      await on.call({ from, endedHoursAgo: 20, escalation: 'none' }),
      // Asked again in a later call and refused for that one; the consent of before stands for the others.
      await on.call({ from, endedHoursAgo: 60, keepWords: 'refused', escalation: 'none' }),
    ];
    await rated(first, 'start', 2);
    await rated(first, 'end', 6);
    await rated(second, 'start', 9);
    await rated(refused, 'start', 1);
    await rated(first, 'start', 10);
    const found = await json('progress', from, ...because);
    expect(found.calls.map(({ start, end, change }: Record<string, unknown>) => [start, end, change])).to.deep.equal([
      [2, 6, 4],
      [9, null, null],
    ]);
    expect([found.withoutConsent, found.broken, found.averageChange]).to.deep.equal([1, 0, 4]);
    const drawn = (await on.sanad('callers', 'progress', from, ...because)).stdout;
    expect(drawn)
      .to.include(sparkline([2, 9]))
      .and.include(sparkline([6, null]))
      .and.include(bar(6))
      .and.include('+4');
    expect((await on.sanad('callers', 'progress', from, ...because, '--csv')).stdout).to.match(/,2,6,4,/);
    expect((await on.sanad('callers', 'progress', from)).code).to.not.equal(0);
  });

  it('keeps figures sealed, and loses them with the words of their call and with the caller', async () => {
    const [gone, erased] = [
      await on.call({ from: '+96893334444', escalation: 'none' }),
      await on.call({ from: '+96895556666', escalation: 'none' }),
    ];
    for (const call of [gone, erased]) await rated(call, 'start', 7);
    expect([await kept(gone), await kept(erased)]).to.deep.equal([1, 1]);
    const stored = await on.store.database.within(on.organisation.id, (tx) =>
      run(tx, "select encode(value, 'escape') as value from mood_ratings where call_id = ?", [gone]),
    );
    const [row] = (stored as { readonly rows: readonly { readonly value: string }[] }).rows;
    expect(row?.value.length).to.be.greaterThan(20);
    const { database, keys } = on.store;
    await database.within(on.organisation.id, (tx) => removeWords(tx, keys, [gone]));
    await rated(gone, 'end', 7);
    const callerId = await on.callerIdOf(erased);
    const actor = { kind: 'sanad', id: null, name: 'test' } as const;
    await database.within(on.organisation.id, (tx) =>
      eraseCaller(tx, keys, { callerId, actor, cancelCallbacks: true }),
    );
    expect([await kept(gone), await kept(erased)]).to.deep.equal([0, 0]);
  });

  it('lets nothing be asked until the organisation wants it, and nobody without a number whether they rang before', async () => {
    const asked = (known: boolean) =>
      allowedQuestions(on.store.database, on.store.keys, { dialledNumber: line.dialledNumber, known });
    expect(await asked(true)).to.deep.equal([]);
    for (const name of ['mood.ask', 'returning.greet'])
      expect((await on.sanad('settings', 'set', name, 'yes')).code, name).to.equal(0);
    expect(await asked(true)).to.deep.equal(['mood', 'returning']);
    expect(await asked(false)).to.deep.equal(['mood']);
  });
});

describe('figures as marks', () => {
  it('rise from the lowest to the highest mark, with a dot where there is none', () => {
    expect(sparkline([1, 4, 7, 10, null])).to.equal('▁▃▆█·');
    expect([bar(1), bar(10), bar(null)]).to.deep.equal(['█░░░░░░░░░ 1', '██████████ 10', '–']);
  });
});
