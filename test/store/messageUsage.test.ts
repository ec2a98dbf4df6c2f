import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { recordNotSent, recordSent, recordStatus } from '../../src/store/messageSending.ts';
import { run } from '../../src/store/rows.ts';
import { readUsage } from '../../src/store/usageQueries.ts';
import { recordedLine, type RecordedLine } from '../callers/recordedCalls.ts';
import { serverStartMs } from '../support/servers.ts';

describe('the segments of a message', function () {
  this.timeout(serverStartMs);
  let on: RecordedLine;
  before(async () => {
    on = await recordedLine();
  });
  after(() => on.close());

  it('are counted once with the call, when the carrier has the message, and not before', async () => {
    const organisationId = on.organisation.id;
    const { database } = on.store;
    const callId = await on.call();
    const callerId = await on.callerIdOf(callId);
    const queued = async (id: string): Promise<string> => {
      await database.within(organisationId, (tx) =>
        run(
          tx,
          `insert into messages (id, organisation_id, caller_id, call_id, direction, kind, language, state, approved_at, due_at,
             request_id, requested_at, requests, segments, created_at, updated_at)
           values (?, ?, ?, ?, 'out', 'custom', 'ar', 'queued', now(), now(), ?, now(), 1, 3, now(), now())`,
          [id, organisationId, callerId, callId, randomUUID()],
        ),
      );
      return id;
    };
    const [sent, unsent] = [await queued(randomUUID()), await queued(randomUUID())];
    const at = new Date();
    await database.within(organisationId, (tx) => recordNotSent(tx, unsent, { code: null, reason: 'refused' }, at));
    await database.within(organisationId, (tx) => recordSent(tx, sent, 'SM1', at));
    for (const status of ['sent', 'delivered', 'delivered'])
      await database.within(organisationId, (tx) => recordStatus(tx, sent, { status, sid: 'SM1', failure: null }, at));
    const period = { organisationId, from: new Date(0), to: new Date(at.getTime() + 86_400_000), zone: 'UTC' };
    const used = await database.within(organisationId, (tx) => readUsage(tx, period));
    expect(
      used.filter(({ kind }) => kind === 'message').map(({ requests, amount }) => [requests, amount]),
    ).to.deep.equal([[1, 3]]);
  });
});
