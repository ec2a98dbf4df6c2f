import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { systemClock, type Clock } from '../../src/clock.ts';
import type { InboundSms, SmsDoor, SmsReceived, SmsReport } from '../../src/followUp/replies/door.ts';
import { smsRoutes, smsStatusQuery } from '../../src/http/smsWebhooks.ts';
import { createLog } from '../../src/log.ts';
import type { Parameters } from '../twilio/signing.ts';
import { openEdge, type TestEdge } from './edge.ts';

const messageSid = `SM${'a'.repeat(32)}`;
const messageId = '00000000-0000-4000-8000-000000000001';
const organisationId = '00000000-0000-4000-8000-000000000002';
/** Its seconds are milliseconds. */
const hasty: Clock = { ...systemClock, setTimeout: (run, ms) => setTimeout(run, ms / 1_000) };
const nothing = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

describe('text messages that come in', () => {
  let edge: TestEdge | null = null;
  let received: InboundSms[] = [];
  let reports: SmsReport[] = [];
  let logged: PassThrough;

  async function open(answer: () => Promise<SmsReceived> = () => Promise.resolve({ kind: 'kept' })) {
    received = [];
    reports = [];
    logged = new PassThrough();
    const log = createLog('debug', logged);
    const door: SmsDoor = {
      received: (message) => {
        received.push(message);
        return answer();
      },
      reported: async (report) => {
        reports.push(report);
        await answer();
      },
    };
    edge = await openEdge({ routes: smsRoutes({ door, clock: hasty, log }), log });
    return edge.webhook;
  }
  afterEach(() => edge?.server.close());

  const written = (more: Record<string, string> = {}): Parameters =>
    Object.entries({
      MessageSid: messageSid,
      From: '+96899887766',
      To: '+96824000000',
      Body: 'سلام عليكم',
      ...more,
    });

  it('are kept, and answered with nothing', async () => {
    const webhook = await open();
    const response = await webhook('/twilio/sms', written());
    expect([response.status, await response.text()]).to.deep.equal([200, nothing]);
    const body = 'سلام عليكم';
    expect(received).to.deep.equal([
      { messageSid, from: '+96899887766', to: '+96824000000', body, carrierOptOut: false },
    ]);
  });

  it('leave neither their words nor their sender in the log, whatever fails', async () => {
    const webhook = await open(() => Promise.reject(new Error('about +96899887766: سلام عليكم')));
    expect((await webhook('/twilio/sms', written())).status).to.equal(503);
    const log = String(logged.read());
    expect(log).to.contain('could not be taken in');
    for (const secret of ['سلام', '99887766']) expect(log).to.not.contain(secret);
  });

  it('are tried again while the database is away for a moment', async () => {
    let times = 0;
    const webhook = await open(() => {
      times += 1;
      return times < 3 ? Promise.reject(new Error('away')) : Promise.resolve({ kind: 'kept' });
    });
    expect((await webhook('/twilio/sms', written())).status).to.equal(200);
    expect(received).to.have.length(3);
  });

  it('get a confirmation of a withdrawal only where the carrier gives none', async () => {
    const webhook = await open(() => Promise.resolve({ kind: 'optedOut', language: 'ar' }));
    const arabic = await webhook('/twilio/sms', written({ Body: 'إيقاف' }));
    expect(await arabic.text()).to.contain('<Message>لن تصلك رسائل أخرى.</Message>');
    const carriers = await webhook('/twilio/sms', written({ Body: ' Stop ' }));
    const advanced = await webhook('/twilio/sms', written({ Body: 'إيقاف', OptOutType: 'STOP' }));
    expect([await carriers.text(), await advanced.text()]).to.deep.equal([nothing, nothing]);
    expect(received.at(-1)?.carrierOptOut).to.equal(true);
  });

  it('are no message of a caller when no telephone number sent them', async () => {
    const webhook = await open();
    for (const From of ['OMANTEL', '90091', 'anonymous', '+266696687'])
      expect(await (await webhook('/twilio/sms', written({ From }))).text()).to.equal(nothing);
    expect(await (await webhook('/twilio/sms', written({ MessageSid: 'x' }))).text()).to.equal(nothing);
    expect(received).to.deep.equal([]);
  });

  it('are taken from the carrier alone', async () => {
    const webhook = await open();
    for (const path of ['/twilio/sms', `/twilio/sms/status${smsStatusQuery({ organisationId, messageId })}`])
      expect((await webhook(path, written(), { 'x-twilio-signature': 'forged' })).status).to.equal(403);
    expect([received, reports]).to.deep.equal([[], []]);
  });

  it('and those we sent are told of by our own id', async () => {
    const webhook = await open();
    const path = `/twilio/sms/status${smsStatusQuery({ organisationId, messageId })}`;
    const told = (more: Record<string, string>) =>
      webhook(path, Object.entries({ MessageSid: messageSid, To: '+96899887766', ...more }));
    await told({ MessageStatus: 'delivered' });
    await told({ MessageStatus: 'undelivered', ErrorCode: '30003' });
    expect(reports).to.deep.equal([
      { organisationId, messageId, messageSid, status: 'delivered', errorCode: null },
      { organisationId, messageId, messageSid, status: 'undelivered', errorCode: 30003 },
    ]);
    expect((await webhook('/twilio/sms/status', written({ MessageStatus: 'sent' }))).status).to.equal(400);
    expect((await told({})).status).to.equal(400);
  });
});
