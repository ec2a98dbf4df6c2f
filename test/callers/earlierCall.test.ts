import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { earlierCall } from '../../src/store/earlierCall.ts';
import { decideSummary, keepSummary } from '../../src/store/summaries.ts';
import { line } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { recordedLine, type RecordedLine } from './recordedCalls.ts';

const summary = {
  broughtBy: 'Sleeps badly since the exams.',
  tried: ['walking'],
  techniques: ['reflecting'],
  riskCourse: 'None showed.',
  nextStep: 'Ring a friend.',
  homework: null,
} as const;

describe('an earlier call of whoever says that they rang before', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  before(async () => {
    on = await recordedLine();
  });
  after(() => on.close());

  const found = async (from: string) =>
    earlierCall(on.store.database, on.store.keys, { dialledNumber: line.dialledNumber, from });
  const summarised = async (callId: string, approved: boolean): Promise<string> =>
    on.store.database.within(on.organisation.id, async (tx) => {
      const made = { callId, summary: { ...summary, techniques: [...summary.techniques], tried: [...summary.tried] } };
      return (await keepSummary(tx, on.store.keys, { ...made, source: 'staff', approved })) ?? '';
    });
  const answers = async (callId: string, kind: 'keepWords' | 'followUp', answer: 'given' | 'withdrawn') =>
    on.write({
      type: 'consentAnswered',
      callId,
      consentId: randomUUID(),
      kind,
      answer,
      how: 'voice',
      textVersion: '1',
      language: 'ar-OM',
      words: null,
      at: new Date(),
    });

  it('is the one that a clinician approved, and nothing before that', async () => {
    const from = '+96891110001';
    const callId = await on.call({ from, escalation: 'none' });
    expect(await found(from)).to.equal(null);
    const id = await summarised(callId, false);
    expect(await found(from)).to.equal(null);
    await on.store.database.within(on.organisation.id, (tx) =>
      decideSummary(tx, on.store.keys, { id, version: 1, staffId: null, to: 'approved' }),
    );
    expect(await found(from)).to.deep.equal(summary);
    expect(await found('+96891119999')).to.equal(null);
  });

  it('is nothing once consent to being kept was taken back, also when being rung is still agreed to', async () => {
    const from = '+96891110002';
    const callId = await on.call({ from, escalation: 'none' });
    await summarised(callId, true);
    await answers(callId, 'followUp', 'given');
    expect(await found(from)).to.deep.equal(summary);
    await answers(callId, 'keepWords', 'withdrawn');
    expect(await found(from)).to.equal(null);
  });
});
