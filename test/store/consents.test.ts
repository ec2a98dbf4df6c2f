import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { listAudit } from '../../src/store/audit.ts';
import { carriedRisk } from '../../src/store/carriedRisk.ts';
import { openConsents } from '../../src/store/openConsents.ts';
import { consentsOf, mayContact, standingAnswer, wordsMayBeKept, type Consent } from '../../src/store/consents.ts';
import type { ConsentAnswered } from '../../src/store/records.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { serverStartMs } from '../support/servers.ts';
import { callerNumber, line } from './keeping.ts';

const [first, second] = ['call-1', 'call-2'];
const answer = (hour: number, given: Consent['answer'], callId: string | null, kind: Consent['kind'] = 'keepWords') =>
  ({
    id: `${hour}`,
    callerId: 'caller',
    callId,
    kind,
    answer: given,
    textVersion: '1',
    language: 'ar-OM',
    how: 'voice',
    at: new Date(hour * 3_600_000),
  }) satisfies Consent;

describe('what holds of several answers', () => {
  it('is nothing, where nobody was asked', () => {
    expect(standingAnswer([], 'keepWords', first)).to.equal('unasked');
    expect(wordsMayBeKept([answer(1, 'given', first, 'sms')], first)).to.equal(false);
  });

  it('is the answer of the call in question, else the latest, in whatever order they come', () => {
    const answers = [answer(5, 'refused', second), answer(1, 'given', first)];
    expect(wordsMayBeKept(answers, first)).to.equal(true);
    expect(wordsMayBeKept(answers, second)).to.equal(false);
    expect(wordsMayBeKept(answers, 'call-3')).to.equal(false);
    expect(wordsMayBeKept(answers.toReversed(), first)).to.equal(true);
  });

  it('is the last word where a call has two', () => {
    expect(wordsMayBeKept([answer(1, 'given', first), answer(2, 'refused', first)], first)).to.equal(false);
    expect(wordsMayBeKept([answer(1, 'refused', first), answer(2, 'given', first)], first)).to.equal(true);
  });

  it('is a withdrawal for all calls, until consent is given again', () => {
    const answers = [answer(1, 'given', first), answer(2, 'given', second), answer(3, 'withdrawn', null)];
    expect([first, second, null].map((id) => standingAnswer(answers, 'keepWords', id))).to.deep.equal(
      Array(3).fill('withdrawn'),
    );
    expect(wordsMayBeKept([...answers, answer(4, 'given', 'call-3')], first)).to.equal(true);
  });

  it('is kept apart for each kind', () => {
    const answers = [answer(1, 'given', first), answer(2, 'withdrawn', first, 'followUp')];
    expect(standingAnswer(answers, 'keepWords')).to.equal('given');
    expect(standingAnswer(answers, 'followUp')).to.equal('withdrawn');
    expect(standingAnswer(answers, 'sms')).to.equal('unasked');
  });
});

describe('an answer in a call', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  beforeEach(async () => {
    on = await recordedLine();
  });
  afterEach(() => on.close());

  const record = (callId: string, change: Partial<ConsentAnswered> = {}): ConsentAnswered => ({
    type: 'consentAnswered',
    callId,
    consentId: randomUUID(),
    kind: 'followUp',
    answer: 'given',
    how: 'key',
    textVersion: '2',
    language: 'ar-OM',
    words: null,
    at: new Date('2026-11-20T21:00:00Z'),
    ...change,
  });
  const audited = async () =>
    (await on.store.database.within(on.organisation.id, (tx) => listAudit(tx, on.organisation, { most: 50 }))).map(
      ({ action, subject }) => [action, subject.kind],
    );

  it('is kept as evidence, once, with its entry in the audit', async () => {
    const callId = await on.call({ live: true, escalation: 'none', keepWords: null });
    const callerId = await on.callerIdOf(callId);
    const given = record(callId);
    await on.write(given, given);
    await on.write({ ...given, answer: 'refused' });
    const kept = await on.store.database.within(on.organisation.id, (tx) => consentsOf(tx, callerId));
    expect(kept).to.deep.equal([
      {
        id: given.consentId,
        callerId,
        callId,
        kind: 'followUp',
        answer: 'given',
        how: 'key',
        textVersion: '2',
        language: 'ar-OM',
        at: given.at,
      },
    ]);
    expect(await audited()).to.deep.equal([['consentGiven', 'caller']]);
  });

  it('holds for the call alone when the number is withheld', async () => {
    const callId = await on.call({ from: null, live: true, escalation: 'none', keepWords: null });
    await on.write(record(callId, { kind: 'keepWords', how: 'voice', words: 'ايوه' }));
    const [rows] = await on.asOwner('select caller_id, call_id, evidence is not null as sealed from consents');
    expect(rows).to.deep.equal([{ caller_id: null, call_id: callId, sealed: true }]);
    expect(await audited()).to.deep.equal([['consentGiven', 'call']]);
  });

  it('lets a caller be rung only while it stands, and never one who was blocked or erased', async () => {
    const callId = await on.call({ escalation: 'none', keepWords: null });
    const callerId = await on.callerIdOf(callId);
    const may = (by: 'followUp' | 'sms') =>
      on.store.database.within(on.organisation.id, (tx) => mayContact(tx, callerId, by));
    expect(await may('followUp')).to.equal(false);
    await on.write(record(callId));
    expect([await may('followUp'), await may('sms')]).to.deep.equal([true, false]);
    await on.write(record(callId, { answer: 'withdrawn', at: new Date() }));
    expect(await may('followUp')).to.equal(false);
    await on.write(record(callId, { at: new Date() }));
    expect(await may('followUp')).to.equal(true);
    await on.sanad('callers', 'erase', callerId, '--yes', '--reason', 'asked for it');
    expect(await may('followUp')).to.equal(false);
  });

  it('lets the danger of the last call be asked about in the next, for a week, and only while it stands', async () => {
    const callId = await on.call({ keepWords: null });
    const carried = () =>
      carriedRisk(on.store.database, on.store.keys, { dialledNumber: line.dialledNumber, from: callerNumber });
    expect(await carried(), 'nobody was asked').to.equal(null);
    await on.write(record(callId));
    expect(await carried()).to.equal('high');
    await on.asOwner("update calls set ended_at = now() - interval '8 days'");
    expect(await carried(), 'long ago').to.equal(null);
    await on.asOwner('update calls set ended_at = now()');
    await on.write(record(callId, { answer: 'withdrawn', at: new Date() }));
    expect(await carried(), 'withdrawn').to.equal(null);
    const stranger = { dialledNumber: line.dialledNumber, from: '+96890000001' };
    expect(await carriedRisk(on.store.database, on.store.keys, stranger)).to.equal(null);
  });

  it('is asked again in a later call only where it was neither given nor taken back', async () => {
    const callId = await on.call({ keepWords: null });
    const caller = { dialledNumber: line.dialledNumber, from: callerNumber };
    const open = () => openConsents(on.store.database, on.store.keys, caller);
    expect(await open()).to.deep.equal(['keepWords', 'followUp', 'sms']);
    await on.write(record(callId, { kind: 'followUp' }));
    await on.write(record(callId, { kind: 'keepWords', answer: 'refused' }));
    await on.write(record(callId, { kind: 'sms', answer: 'withdrawn' }));
    expect(await open()).to.deep.equal(['keepWords']);
  });

  it('that the database refuses takes nothing else of the call with it', async () => {
    const callId = await on.call({ live: true, escalation: 'none', keepWords: null });
    on.store.writer.append(record(callId, { textVersion: '' }));
    on.store.writer.append({ type: 'riskRaised', callId, level: 'imminent' });
    expect(await on.store.writer.flush(10_000)).to.equal(0);
    expect(on.store.alarms).to.deep.equal([{ type: 'refused', record: 'consentAnswered', callId, code: '23514' }]);
    const [rows] = await on.asOwner('select highest_risk from calls');
    expect(rows).to.deep.equal([{ highest_risk: 'imminent' }]);
  });
});
