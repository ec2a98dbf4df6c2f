import { expect } from 'chai';
import { callerNumber } from '../store/keeping.ts';
import { serverStartMs } from '../support/servers.ts';
import { accepts, TestLine, until, type TestServer } from './line.ts';

const [one, two, three] = ['+96891110001', '+96891110002', '+96891110003'] as const;

const mayHear = (line: TestLine, callSid: string) =>
  line.carrier.legs().find((leg) => leg.callSid === callSid)?.hears ?? [];

describe('bringing a person', function () {
  this.timeout(serverStartMs + 150_000);
  let line: TestLine;
  let server: TestServer;

  beforeEach(async () => {
    line = await TestLine.open();
    server = await line.serve();
  });
  afterEach(() => line.close());

  it('rings, takes the key, briefs, and brings caller and person together; then it is over', async () => {
    await line.person(one);
    line.carrier.setPhone(one, { ...accepts(), hangsUp: { when: 'connected', afterMs: 8_000 } });
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'bridged');
    const [leg] = line.legsTo(one);
    await until(() => mayHear(line, call.callSid).some(({ whom }) => whom === leg?.callSid), 'the voice');
    const said = line.saidTo(one);
    expect(said.indexOf('اضغط واحد')).to.be.greaterThan(-1);
    expect(said.indexOf('خطر مرتفع')).to.be.greaterThan(said.indexOf('اضغط واحد'));
    expect(said).to.contain('ما اريد اعيش').and.to.contain('مسقط').and.to.contain('أدوية');
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('helped');
    expect(server.desk.facts.map(({ type }) => type)).to.deep.equal(['ringing', 'accepted', 'ready']);
    await until(() => server.desk.afterPersons.length === 1, 'Sanad back');
    expect(server.desk.afterPersons).to.deep.equal(['spoke']);
    call.hangUp();
    await call.ended;
    expect(line.carrier.legs().flatMap(({ errors, warnings }) => [...errors, ...warnings])).to.deep.equal([]);
    expect(line.legsTo(one)).to.have.length(1);
    const audited = () =>
      line.rows<{ action: string; facts: { outcome?: string } }>(
        'select action, facts from audit_log where subject_id = $1 order by seq',
        [call.escalationId],
      );
    await until(async () => (await audited()).length >= 4, 'the audit');
    expect((await audited()).map(({ action, facts }) => `${action} ${facts.outcome ?? ''}`.trim())).to.deep.equal([
      'escalationRequested',
      'escalationAccepted',
      'escalationBridged',
      'escalationClosed helped',
    ]);
  });

  it('brings the person also when the audit cannot be written, and says so', async () => {
    await line.rows('alter table audit_log rename to audit_log_lost');
    await line.person(one);
    line.carrier.setPhone(one, accepts());
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'bridged');
    await until(() => line.logged.join('').includes('missing in the audit'), 'the error');
  });

  it('says nothing private before the key, and leaves no word or number in the log', async () => {
    await line.person(one);
    line.carrier.setPhone(one, { kind: 'voicemail', answersAfterMs: 500 });
    const call = await line.callFor(server);
    const first = async () => {
      const [attempt] = await line.rows<{ state: string; answered_by: string | null }>(
        'select state, answered_by from escalation_attempts order by round, wave limit 1',
      );
      return attempt;
    };
    await until(async () => (await first())?.state === 'noKey', 'the end of the recording');
    expect(line.saidTo(one)).to.not.contain('خطر').and.to.not.contain('ما اريد اعيش');
    expect((await first())?.answered_by).to.equal('machine_start');
    call.hangUp();
    await call.ended;
    await line.untilState(call.escalationId, 'closed');
    const log = line.logged.join('');
    expect(log).to.contain(call.escalationId);
    for (const secret of [one, callerNumber, one.slice(4), 'ما اريد اعيش', 'مسقط', 'Person'])
      expect(log).to.not.contain(secret);
  });

  it('asks once more after a wrong key, and takes the right one', async () => {
    await line.person(one);
    line.carrier.setPhone(one, {
      kind: 'person',
      answersAfterMs: 500,
      keys: [
        { digits: '7', afterMs: 2_000 },
        { digits: '1', afterMs: 2_000 },
      ],
    });
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'bridged');
    expect(line.saidTo(one).split('اضغط واحد')).to.have.length(3);
  });

  it('takes the first of two who press 1 at once, and thanks the other', async () => {
    for (const number of [one, two]) {
      await line.person(number);
      line.carrier.setPhone(number, { kind: 'person', answersAfterMs: 2_000, keys: [{ digits: '1', afterMs: 5_000 }] });
    }
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'bridged');
    const attempts = await line.rows<{ state: string }>('select state from escalation_attempts order by state');
    expect(attempts.map(({ state }) => state)).to.be.deep.oneOf([
      ['joined', 'released'],
      ['joined', 'tooLate'],
    ]);
    await until(() => /taken it/.test(line.saidTo(one) + line.saidTo(two)), 'the thanks');
    expect([one, two].filter((number) => line.saidTo(number).includes('خطر مرتفع'))).to.have.length(1);
  });

  it('goes on to the next when somebody says that they cannot', async () => {
    await line.person(one);
    await line.person(two, { role: 'supervisor' });
    line.carrier.setPhone(one, { kind: 'person', keys: [{ digits: '2', afterMs: 1_000 }] });
    line.carrier.setPhone(two, accepts());
    const call = await line.callFor(server);
    const { escalation } = await line.untilState(call.escalationId, 'bridged');
    const winner = escalation?.attempts.find(({ id }) => id === escalation.winner);
    expect(winner?.wave).to.equal(2);
    expect(line.saidTo(one)).to.contain('Thank you').and.to.not.contain('خطر');
  });

  it('says honestly that nobody came, promises a call back, and rings on', async () => {
    await line.person(one);
    line.carrier.setPhone(one, { kind: 'busy' });
    const call = await line.callFor(server);
    await until(() => server.desk.facts.filter(({ type }) => type === 'nobody').length >= 2, 'the second round');
    const nobody = server.desk.facts.filter(({ type }) => type === 'nobody');
    expect(nobody.slice(0, 2)).to.deep.equal([
      { type: 'nobody', rounds: 1 },
      { type: 'nobody', rounds: 2 },
    ]);
    const tasks = await line.rows<object>(
      'select kind, state, owner_person_id is not null as owned from callback_tasks',
    );
    expect(tasks).to.deep.equal([{ kind: 'humanCallback', state: 'waiting', owned: true }]);
    line.carrier.setPhone(one, accepts());
    await line.untilState(call.escalationId, 'bridged');
  });

  it('lets everybody go when the caller hangs up, and calls back twice', async () => {
    await line.person(one);
    line.carrier.setPhone(callerNumber, { kind: 'busy' });
    line.carrier.setPhone(one, { kind: 'person', answersAfterMs: 15_000 });
    const call = await line.callFor(server);
    await until(() => server.desk.facts.length > 0, 'the ringing');
    call.hangUp();
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('callerGone');
    await until(() => line.legsTo(callerNumber).length === 2, 'both calls back');
    await until(() => line.legsTo(one)[0]?.status === 'canceled', 'the release');
    await until(
      async () => (await tasksOf()).every(({ state, kind }) => kind === 'supervisor' || state === 'done'),
      'their end',
    );
    expect((await tasksOf()).map(({ kind, outcome: end }) => [kind, end])).to.deep.equal([
      ['automaticCallback', 'noAnswer'],
      ['automaticCallback', 'noAnswer'],
      ['supervisor', null],
    ]);
  });

  const tasksOf = () =>
    line.rows<{ kind: string; state: string; outcome: string | null }>(
      'select kind, state, outcome from callback_tasks order by kind, ordinal',
    );

  it('meets a caller who picks up the call back with what is known, and does not call again', async () => {
    await line.person(one);
    line.carrier.setPhone(one, { kind: 'no-answer' });
    line.carrier.setPhone(callerNumber, { kind: 'person', answersAfterMs: 500 });
    const call = await line.callFor(server);
    await until(() => server.desk.facts.length > 0, 'the ringing');
    call.hangUp();
    await until(() => server.desk.callbacks.length === 1, 'the answer');
    expect(server.desk.callbacks[0]).to.deep.include({
      from: callerNumber,
      to: line.settings.TWILIO_PHONE_NUMBER,
      escalationId: call.escalationId,
      level: 'high',
      language: 'ar-OM',
    });
    await until(async () => (await tasksOf())[1]?.state === 'cancelled', 'the second is not needed');
    expect(line.legsTo(callerNumber)).to.have.length(1);
  });

  it('does not call again who picked up and left before it was written down that they did', async () => {
    await line.person(one);
    line.carrier.setPhone(one, { kind: 'no-answer' });
    line.carrier.setPhone(callerNumber, { kind: 'person', answersAfterMs: 60_000 });
    const call = await line.callFor(server);
    await until(() => server.desk.facts.length > 0, 'the ringing');
    call.hangUp();
    await until(async () => (await tasksOf())[0]?.state === 'calling', 'the call back');
    const [task] = await line.rows<{ id: string }>(`select id from callback_tasks where state = 'calling'`);
    const { callbacks } = server.escalations.store;
    await callbacks.end(task?.id ?? '', 'unknown');
    await callbacks.end(task?.id ?? '', 'answered');
    expect((await tasksOf()).slice(0, 2)).to.deep.equal([
      { kind: 'automaticCallback', state: 'done', outcome: 'answered' },
      { kind: 'automaticCallback', state: 'cancelled', outcome: 'reached' },
    ]);
  });

  it('calls back once at a time when both calls are due, and not again once the caller has picked up', async () => {
    const late = await line.serve({ answers: false, timing: { automaticCallbackMs: [0, 0] } });
    await server.escalations.stop();
    await line.person(one);
    line.carrier.setPhone(one, { kind: 'no-answer' });
    // It rings for several looks at what is due.
    line.carrier.setPhone(callerNumber, { kind: 'person', answersAfterMs: 5_000 });
    const call = await line.callFor(server, {}, late);
    await until(() => line.legsTo(one).length > 0, 'the ringing');
    call.hangUp();
    late.escalations.desk.tell(call.escalationId, { type: 'callerGone' });
    await until(() => server.desk.callbacks.length === 1, 'the answer');
    const stateOf = async () => (await tasksOf()).map(({ state }) => state);
    await until(async () => (await stateOf()).includes('cancelled'), 'the other is not needed');
    expect(line.legsTo(callerNumber)).to.have.length(1);
  });

  it('tells the person when the caller has gone while they were briefed', async () => {
    await line.person(one);
    line.carrier.setPhone(one, accepts());
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'accepted');
    call.hangUp();
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('callerGone');
    await until(() => line.saidTo(one).includes('The caller has left'), 'the words');
    expect(line.saidTo(one)).to.not.contain('is being connected');
  });

  it('brings the caller back when the person who accepted never comes, and rings the others', async () => {
    await line.person(one);
    const other = await line.person(two, { priority: 2 });
    // Accepts, and is gone in the middle of the briefing; would do so each time, and sooner than the other.
    line.carrier.setPhone(one, { ...accepts(200), hangsUp: { when: 'asked', afterMs: 7_000 } });
    line.carrier.setPhone(two, { kind: 'no-answer' });
    const call = await line.callFor(server);
    await until(() => line.legsTo(two).length === 1, 'both telephones');
    line.carrier.setPhone(two, accepts(2_000));
    const { escalation } = await line.untilState(call.escalationId, 'bridged');
    const winner = escalation?.attempts.find(({ id }) => id === escalation.winner);
    expect(winner?.personId).to.equal(other);
    expect(server.desk.facts.map(({ type }) => type)).to.include('dropped');
  });

  it('rings the telephone of last resort when nobody is in the rota', async () => {
    await server.stop();
    const another = await line.serve({ lastResort: three });
    line.carrier.setPhone(three, accepts());
    const call = await line.callFor(another);
    await line.untilState(call.escalationId, 'bridged');
  });

  it('says at once that nobody can be rung when there is nobody at all', async () => {
    const call = await line.callFor(server);
    await until(() => server.desk.facts.length > 0, 'the fact');
    expect(server.desk.facts[0]).to.deep.equal({ type: 'unavailable' });
    server.escalations.desk.tell(call.escalationId, { type: 'handedOver' });
    const { outcome } = await line.untilState(call.escalationId, 'closed');
    expect(outcome).to.equal('handedOver');
  });

  it('keeps request, assessment and the work for it in one transaction', async () => {
    const call = await line.callFor(server);
    await line.untilState(call.escalationId, 'fallback');
    const [kept] = await line.rows<object>(
      `select e.level, a.source, a.signals, o.topic, o.payload from escalations e
         join risk_assessments a on a.call_id = e.call_id join outbox o on o.payload->>'escalationId' = e.id::text`,
    );
    expect(kept).to.deep.equal({
      level: 'high',
      source: 'escalation',
      signals: ['risk', 'medicine'],
      topic: 'escalation',
      payload: { escalationId: call.escalationId },
    });
  });
});
