import { expect } from 'chai';
import { replyJobs } from '../../../src/jobs/replies.ts';
import { silentLog } from '../../../src/log.ts';
import type { ContextualRisk } from '../../../src/risk/contextual/contextualRisk.ts';
import { serverStartMs } from '../../support/servers.ts';
import { freshMessageSid, SmsLine } from '../sending/smsLine.ts';

describe('what people write to the line', function () {
  this.timeout(serverStartMs + 20_000);
  let line: SmsLine;
  before(async () => {
    line = await SmsLine.open();
  });
  after(() => line.close());
  afterEach(() => {
    line.carrier.clearFaults();
    line.driven.length = 0;
  });

  const escalationsOf = (number: string) =>
    line.rows<{ id: string; level: string; origin: string; task: string }>(
      `select e.id, e.level, e.origin, t.kind as task from escalations e join callback_tasks t on t.escalation_id = e.id
       join calls c on c.id = e.call_id join messages m on m.caller_id = c.caller_id and m.direction = 'in'
       where m.provider_sid = $1`,
      [number],
    );
  const arrived = (from: string, body: string, messageSid = freshMessageSid()) =>
    line.door
      .received({ messageSid, from, to: '+96824000000', body, carrierOptOut: false })
      .then((answer) => ({ answer, messageSid }));

  it('is kept sealed, once, and brings nobody when there is no danger in it', async () => {
    const { number } = await line.caller();
    const { messageSid } = await arrived(number, 'شكرا جزيلا، الحمد لله');
    await arrived(number, 'شكرا جزيلا، الحمد لله', messageSid);
    const kept = await line.rows<{ kind: string; body: Buffer }>(
      'select kind, body from messages where provider_sid = $1',
      [messageSid],
    );
    expect(kept.map(({ kind }) => kind)).to.deep.equal(['reply']);
    expect(String(kept[0]?.body)).to.not.contain('شكرا');
    expect([await escalationsOf(messageSid), line.driven]).to.deep.equal([[], []]);
  });

  it('brings a person at once when there is danger in it, with a task that stands, however often it is told', async () => {
    const { number } = await line.caller();
    const answer = await line.write(number, 'بلعت كل الحبوب');
    expect(answer).to.include({ kind: 'answered', status: 200 });
    expect(answer.kind === 'answered' && answer.body).to.match(/<Response\/>$/);
    const [sid] = (
      await line.rows<{ sid: string }>('select provider_sid as sid from messages order by created_at desc limit 1')
    ).map((row) => row.sid);
    await arrived(number, 'بلعت كل الحبوب', sid);
    const [escalation, ...more] = await escalationsOf(sid ?? '');
    expect(escalation?.level).to.be.oneOf(['high', 'imminent']);
    expect(escalation).to.include({ origin: 'message', task: 'humanCallback' });
    expect(more).to.deep.equal([]);
    expect(line.driven).to.deep.equal([escalation?.id]);
  });

  it('brings a person to somebody who has never called', async () => {
    const { messageSid } = await arrived('+96891990001', 'I want to kill myself tonight');
    expect(await escalationsOf(messageSid)).to.have.length(1);
  });

  it('is a withdrawal and a cry at once when it is both', async () => {
    const { number, callerId } = await line.caller();
    const draft = await line.draft(callerId);
    const { answer } = await arrived(number, 'إيقاف');
    expect(answer).to.deep.equal({ kind: 'optedOut', language: 'ar' });
    expect(await line.state(draft)).to.equal('cancelled optedOut');
    const { messageSid } = await arrived(number, 'make it stop, I want to die');
    expect(await escalationsOf(messageSid)).to.have.length(1);
    const audit = await line.rows<{ action: string }>(`select action from audit_log where action = 'consentWithdrawn'`);
    expect(audit.length).to.be.greaterThan(0);
  });

  it('is confirmed to whoever withdraws in Arabic, since the carrier does not know the word', async () => {
    const { number } = await line.caller();
    await line.write(number, 'الغاء');
    expect(line.sentTo(number)).to.deep.equal(['لن تصلك رسائل أخرى.']);
    await line.write(number, 'STOP');
    expect(line.sentTo(number)).to.have.length(1);
  });

  describe('and the jobs that look after it', () => {
    const jobs = (classify: ContextualRisk['classify']) => {
      const { replies: store, door, received } = line;
      const options = { store, door, received, contextual: { classify }, now: () => Date.now(), log: silentLog };
      const [secondReading, missed] = replyJobs(options);
      const signal = new AbortController().signal;
      const running = (payload: Readonly<Record<string, string>>) => ({ id: 'job', payload, attempt: 1, signal });
      return {
        readAgain: async (messageSid: string) => {
          const [row] = await line.rows<{ id: string }>('select id from messages where provider_sid = $1', [
            messageSid,
          ]);
          await secondReading?.run(running({ organisationId: line.organisation.id, messageId: row?.id ?? '' }));
        },
        missed: () => missed?.run(running({})),
      };
    };
    const opinion =
      (level: 'none' | 'high'): ContextualRisk['classify'] =>
      () =>
        Promise.resolve({ type: 'levelOnly', stage: 'classifier', level, provider: 'openai', tookMs: 1, faults: [] });

    it('let a classifier hear what the floor does not, once', async () => {
      const { number } = await line.caller();
      const { messageSid } = await arrived(number, 'وصيت أخوي على عيالي');
      await jobs(opinion('none')).readAgain(messageSid);
      expect(await escalationsOf(messageSid)).to.deep.equal([]);
      await jobs(opinion('high')).readAgain(messageSid);
      await jobs(opinion('high')).readAgain(messageSid);
      expect((await escalationsOf(messageSid)).map(({ level }) => level)).to.deep.equal(['high']);
      expect(line.driven).to.have.length(1);
    });

    it('fail, to be tried again, when no classifier answers', async () => {
      const { messageSid } = await arrived((await line.caller()).number, 'وصيت أخوي على عيالي');
      const away: ContextualRisk['classify'] = () =>
        Promise.resolve({ type: 'failed', stage: 'classifier', reason: 'overloaded', tookMs: 1, faults: [] });
      const outcome = await jobs(away)
        .readAgain(messageSid)
        .catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(Error).and.to.have.property('name', 'NoOpinion');
    });

    it('fetch what we could not take in, and bring a person all the same', async () => {
      const { number } = await line.caller();
      line.carrier.failWebhooks({ fault: { kind: 'dropped' }, path: /sms/ });
      await line.write(number, 'بلعت كل الحبوب');
      expect(line.driven).to.deep.equal([]);
      await jobs(opinion('none')).missed();
      expect(line.driven).to.have.length(1);
      await jobs(opinion('none')).missed();
      expect(line.driven).to.have.length(1);
    });
  });
});
