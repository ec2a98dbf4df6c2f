import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { findOrCreateCaller } from '../../src/store/callers.ts';
import { escalateReply } from '../../src/store/replyEscalations.ts';
import { callerNumber } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { accepts, briefing, TestLine, until, type TestServer } from './line.ts';

const one = '+96891110001';
const writes = { ...briefing, trigger: 'في رسالة نصية ما اريد اعيش', location: null } as const;

describe('bringing a person to somebody who wrote', function () {
  this.timeout(serverStartMs + 30_000);
  let line: TestLine;
  let server: TestServer;

  beforeEach(async () => {
    line = await TestLine.open();
    server = await line.serve();
  });
  afterEach(() => line.close());

  const message = (level: 'moderate' | 'high' = 'high', messageId: string = randomUUID()) =>
    line.database.within(line.organisation.id, async (tx) => {
      const caller = await findOrCreateCaller(tx, line.keys, line.organisation, callerNumber);
      return escalateReply(tx, line.keys, {
        organisationId: line.organisation.id,
        callerId: caller.id,
        messageId,
        messageSid: `SM${messageId.replaceAll('-', '')}`,
        briefing: { ...writes, level },
      });
    });
  const tasks = () =>
    line.rows<{ kind: string; state: string }>('select kind, state from callback_tasks order by kind, ordinal');

  it('rings people, reads them the message after the key, then rings whoever wrote, and brings both together', async () => {
    await line.person(one);
    line.carrier.setPhone(one, accepts());
    line.carrier.setPhone(callerNumber, accepts());
    const escalationId = (await message()) ?? '';
    await line.untilState(escalationId, 'bridged');
    const said = line.saidTo(one);
    expect(said.indexOf('ما اريد اعيش')).to.be.greaterThan(said.indexOf('اضغط واحد'));
    const heard = line.saidTo(callerNumber);
    expect(heard).to.contain('للتحدث معه اضغط واحد').and.to.not.contain('سند').and.to.not.contain('خطر');
    expect(line.legsTo(callerNumber)).to.have.length(1);
    expect((await tasks()).map(({ kind }) => kind)).to.deep.equal(['humanCallback']);
  });

  it('lets the person go and calls back when whoever wrote does not pick up; a task with a deadline stands', async () => {
    await line.person(one);
    line.carrier.setPhone(one, accepts());
    line.carrier.setPhone(callerNumber, { kind: 'busy' });
    const escalationId = (await message()) ?? '';
    const { outcome } = await line.untilState(escalationId, 'closed');
    expect(outcome).to.equal('callerGone');
    const kinds = (await tasks()).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['automaticCallback', 'automaticCallback', 'humanCallback', 'supervisor']);
    await until(() => line.legsTo(callerNumber).length >= 2, 'a call back');
  });

  it('ends nothing in silence when nobody is on call: the writer is called, and a task stands, at each level', async () => {
    line.carrier.setPhone(callerNumber, { kind: 'busy' });
    const escalationId = (await message('moderate')) ?? '';
    await line.untilState(escalationId, 'closed');
    expect(await tasks()).to.deep.equal([{ kind: 'humanCallback', state: 'waiting' }]);
  });

  it('is one escalation for one message, and for the messages that follow while it is open', async () => {
    await line.person(one);
    const messageId = randomUUID();
    const first = await message('moderate', messageId);
    expect(await message('moderate', messageId)).to.equal(null);
    expect(await message('high')).to.equal(first);
    const { escalation } = await line.state(first ?? '');
    await until(async () => (await line.state(first ?? '')).escalation?.level === 'high', 'the higher level');
    expect(escalation?.state).to.not.equal('closed');
    expect(server.desk.callbacks).to.deep.equal([]);
  });
});
