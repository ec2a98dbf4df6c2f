import { expect } from 'chai';
import { askForReports } from '../../../src/jobs/sms.ts';
import { silentLog } from '../../../src/log.ts';
import { until } from '../../escalation/line.ts';
import { serverStartMs } from '../../support/servers.ts';
import { SmsLine } from './smsLine.ts';

const second = 1_000;

describe('an approved message', function () {
  this.timeout(serverStartMs + 20_000);
  let line: SmsLine;
  before(async () => {
    line = await SmsLine.open();
  });
  after(() => line.close());
  afterEach(() => {
    line.carrier.clearFaults();
    line.aheadMs = 0;
  });

  const becomes = (message: Parameters<SmsLine['state']>[0], state: string) =>
    until(async () => (await line.state(message)) === state, state);

  it('goes out once, and what becomes of it is told', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    expect(await line.send(message)).to.equal(null);
    await becomes(message, 'delivered');
    expect(await line.send(message)).to.equal(null);
    expect(line.sentTo(number)).to.have.length(1);
    const steps = await line.rows<{ type: string }>(
      'select type from message_events where message_id = $1 order by seq',
      [message.messageId],
    );
    const types = steps.map(({ type }) => type);
    expect(types.slice(0, 4)).to.deep.equal(['drafted', 'edited', 'approved', 'queued']);
    expect(types.at(-1)).to.equal('delivered');
  });

  it('does not go out before a person has approved it, nor after they rejected it', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.draft(callerId);
    expect(await line.send(message)).to.equal(null);
    expect([await line.state(message), line.sentTo(number)]).to.deep.equal(['draft', []]);
  });

  it('goes out once for two servers that take it at the same moment', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    await Promise.all([line.send(message), line.send(message), line.send(message)]);
    await becomes(message, 'delivered');
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('is found in the list when the answer was lost, and is not sent again', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    line.carrier.failRest({ fault: { kind: 'response-lost' }, method: 'POST' });
    line.carrier.failWebhooks({ fault: { kind: 'dropped' }, path: /sms/, times: 10 });
    expect(await line.send(message)).to.equal(20 * second);
    expect(await line.state(message)).to.equal('queued');
    // Too early to look: the request could still be under way.
    line.aheadMs = 5 * second;
    expect(await line.send(message)).to.be.within(14 * second, 15 * second);
    line.aheadMs = 25 * second;
    expect(await line.send(message)).to.equal(null);
    expect(await line.state(message)).to.equal('sent');
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('is known to be out by the carrier’s report alone when the answer never came', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    line.carrier.failRest({ fault: { kind: 'never-answered' }, method: 'POST' });
    await line.send(message);
    await becomes(message, 'delivered');
    line.aheadMs = 200 * second;
    expect(await line.send(message)).to.equal(null);
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('goes out once when the server died between writing the request down and making it', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    expect((await line.messages.begin(message)).kind).to.equal('request');
    line.aheadMs = 60 * second;
    expect(await line.send(message), 'still in doubt').to.equal(30 * second);
    expect(line.sentTo(number)).to.deep.equal([]);
    line.aheadMs = 130 * second;
    expect(await line.send(message), 'never made').to.equal(30 * second);
    expect(await line.state(message)).to.contain('approved');
    line.aheadMs = 170 * second;
    expect(await line.send(message)).to.equal(null);
    await becomes(message, 'delivered');
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('is looked for as long as the list cannot be read, then given up, and never sent again', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    await line.messages.begin(message);
    line.carrier.failRest({ fault: { kind: 'server-error' }, method: 'GET', times: 2 });
    line.aheadMs = 300 * second;
    expect(await line.send(message)).to.equal(30 * second);
    line.aheadMs = 7 * 3_600 * second;
    expect(await line.send(message)).to.equal(null);
    expect(await line.state(message)).to.equal('failed outcomeUnknown');
    expect(await line.send(message)).to.equal(null);
    expect(line.sentTo(number)).to.deep.equal([]);
  });

  it('is not moved back by reports that come twice and out of order', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    line.carrier.failWebhooks({ fault: { kind: 'doubled', afterMs: 60 }, path: /sms/, times: 10 });
    await line.send(message);
    await becomes(message, 'delivered');
    const sid = line.carrier.messages().find(({ to }) => to === number)?.sid ?? '';
    for (const status of ['queued', 'sent', 'undelivered', 'nonsense'])
      await line.door.reported({ ...message, messageSid: sid, status, errorCode: null });
    expect(await line.state(message)).to.equal('delivered');
  });

  it('is asked for when no report came for ten minutes', async () => {
    const { callerId } = await line.caller();
    const message = await line.approved(callerId);
    line.carrier.failWebhooks({ fault: { kind: 'dropped' }, path: /sms/, times: 10 });
    await line.send(message);
    const { sms } = line.sender;
    const ask = () => askForReports({ store: line.messages, sms, log: silentLog }, new AbortController().signal);
    await ask();
    expect(await line.state(message)).to.equal('sent');
    line.aheadMs = 660 * second;
    await ask();
    expect(await line.state(message)).to.equal('delivered');
  });

  it('fails with the carrier’s code and a reason when it does not arrive', async () => {
    const { callerId, number } = await line.caller();
    line.carrier.setMessageFate(number, { kind: 'undelivered', errorCode: 30003 });
    const message = await line.approved(callerId);
    await line.send(message);
    await becomes(message, 'failed 30003 unreachable');
    expect(await line.send(message)).to.equal(null);
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('is sent later when the carrier was asked too much, since nothing was sent', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    line.carrier.failRest({ fault: { kind: 'rate-limited' }, method: 'POST', times: 10 });
    expect(await line.send(message)).to.equal(30 * second);
    expect(await line.state(message)).to.equal('approved 20429 tooMany');
    line.carrier.clearFaults();
    expect(await line.send(message), 'not before its time').to.be.within(20 * second, 30 * second);
    line.aheadMs = 31 * second;
    await line.send(message);
    await becomes(message, 'delivered');
    expect(line.sentTo(number)).to.have.length(1);
  });

  it('is not offered to the carrier when it goes to a landline', async () => {
    const { callerId, number } = await line.caller('+96824123456');
    const message = await line.approved(callerId);
    await line.send(message);
    expect(await line.state(message)).to.equal('failed 21614 numberUnusable');
    expect(line.sentTo(number)).to.deep.equal([]);
  });

  it('is the last one when the carrier says that the person wants none', async () => {
    const { callerId, number } = await line.caller();
    line.carrier.setMessageFate(number, { kind: 'opted-out' });
    const [message, other] = [await line.approved(callerId), await line.draft(callerId)];
    await line.send(message);
    expect(await line.state(message)).to.equal('failed 21610 optedOut');
    expect(await line.state(other)).to.equal('cancelled optedOut');
    line.carrier.setMessageFate(number, { kind: 'delivered' });
    const later = await line.draft(callerId);
    expect(await line.approve(later)).to.deep.include({ kind: 'refused', why: 'optedOut' });
  });

  it('is called off when the person took back their consent after it was approved', async () => {
    const { callerId, number } = await line.caller();
    const message = await line.approved(callerId);
    await line.write(number, 'لا ترسلون لي رسائل');
    expect(await line.send(message)).to.equal(null);
    expect(await line.state(message)).to.equal('cancelled optedOut');
    expect(line.sentTo(number).filter((body) => body !== 'لن تصلك رسائل أخرى.')).to.deep.equal([]);
  });

  it('is found by the look at what was forgotten, whatever the queue lost', async () => {
    const { callerId } = await line.caller();
    const message = await line.approved(callerId);
    const forgotten = await line.messages.toSend(1_000);
    expect(forgotten).to.deep.include(message);
  });
});
