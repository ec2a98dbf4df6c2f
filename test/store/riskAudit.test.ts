import { expect } from 'chai';
import { listAudit } from '../../src/store/audit.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import type { RiskDecided } from '../../src/store/records.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { asking, line, openStore, started, type Kept } from './keeping.ts';

describe('decisions about danger', function () {
  this.timeout(serverStartMs);
  let url: string;
  let store: Kept;

  beforeEach(async () => {
    ({ url } = await testDatabase());
    store = openStore(url);
  });
  afterEach(async () => {
    await store.writer.close(1_000);
    await store.database.close();
  });

  const decided = (callId: string, change: Partial<RiskDecided>): RiskDecided => ({
    type: 'riskDecided',
    callId,
    atMs: 1_200,
    before: 'none',
    level: 'high',
    source: 'floor',
    ...change,
  });

  it('stand in the audit in their order, of the call and without a word, when the call is written', async () => {
    const call = started();
    const { callId } = call;
    store.writer.append(call);
    store.writer.append(decided(callId, {}));
    store.writer.append(decided(callId, { before: 'high', level: 'moderate', source: 'answer', atMs: 60_000 }));
    expect(await store.writer.flush(10_000)).to.equal(0);
    const organisation = await ensureOrganisation(store.database, store.keys, line);
    const entries = await store.database.within(organisation.id, (tx) =>
      listAudit(tx, organisation, { subjectId: callId, most: 10 }),
    );
    expect(entries.map(({ action, actor, facts }) => [action, actor.kind, facts])).to.deep.equal([
      ['riskLowered', 'sanad', { before: 'high', level: 'moderate', source: 'answer', atMs: 60_000 }],
      ['riskRaised', 'sanad', { before: 'none', level: 'high', source: 'floor', atMs: 1_200 }],
    ]);
  });

  it('that cannot be audited are told of, and the call is kept all the same', async () => {
    await asking(url, (client) => client.query('alter table audit_log add constraint "none" check (seq < 0)'));
    const call = started();
    store.writer.append(call);
    store.writer.append(decided(call.callId, {}));
    store.writer.append({ type: 'riskRaised', callId: call.callId, level: 'high' });
    expect(await store.writer.flush(10_000)).to.equal(0);
    expect(store.alarms).to.deep.equal([{ type: 'unaudited', callId: call.callId, level: 'high', code: '23514' }]);
    const { rows } = await asking(url, async (client) => {
      await client.query('alter table calls no force row level security');
      return client.query('select highest_risk from calls');
    });
    expect(rows).to.deep.equal([{ highest_risk: 'high' }]);
  });
});
