import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { readBacklog, shiftsAt } from '../../src/store/backlog.ts';
import { openDatabase } from '../../src/store/database.ts';
import { addPerson } from '../../src/store/onCallPeople.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import { addToOutbox } from '../../src/store/outbox.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';
import { freshDataKey, line } from './keeping.ts';

describe('what waits in the database', function () {
  this.timeout(serverStartMs);

  it('is told in counts and ages, with the shifts of those active at the line', async () => {
    const database = openDatabase({ url: (await testDatabase()).url });
    try {
      const keys = createKeyKeeper(freshDataKey());
      const organisation = await ensureOrganisation(database, keys, line);
      const none = { count: 0, oldestMs: 0 };
      expect(await readBacklog(database)).to.deep.equal({ outbox: none, escalations: [] });
      const shifts = [{ days: ['sun' as const], fromMinute: 480, toMinute: 960 }];
      const person = { languages: ['ar'], gender: null, priority: 1, role: 'listener', active: true } as const;
      await database.within(organisation.id, async (tx) => {
        await addToOutbox(tx, {
          organisationId: organisation.id,
          topic: 'after-call',
          payload: { callId: randomUUID() },
        });
        await addPerson(tx, keys, organisation, { ...person, name: 'A', number: '+96891234567', shifts });
      });
      const { outbox } = await readBacklog(database);
      expect(outbox.count).to.equal(1);
      expect(outbox.oldestMs).to.be.within(0, 600_000);
      expect(await shiftsAt(database, keys, line.dialledNumber)).to.deep.equal([{ active: true, shifts }]);
      expect(await shiftsAt(database, keys, '+96824999999')).to.deep.equal([]);
    } finally {
      await database.close();
    }
  });
});
