import { expect } from 'chai';
import { realTime } from '../../src/sandbox/carrier/clock.ts';
import { type RestServer, startRestServer } from '../../src/sandbox/carrier/restServer.ts';
import { inspectSettings } from '../../src/settings.ts';
import { accountCheck, numberCheck } from '../../src/staff/doctor/carrierCheck.ts';
import { runCheck } from '../../src/staff/doctor/check.ts';

const accountSid = `AC${'0'.repeat(31)}7`;
const authToken = 'token-0123456789abcdef';
const publicUrl = 'https://sanad.example.om';

/** One of `GET …/IncomingPhoneNumbers.json`, as Twilio writes it. */
const asSet = {
  sid: `PN${'1'.repeat(32)}`,
  account_sid: accountSid,
  friendly_name: 'Sanad',
  phone_number: '+96824000000',
  voice_url: `${publicUrl}/twilio/voice`,
  voice_method: 'POST',
  voice_fallback_url: `${publicUrl}/twilio/fallback`,
  voice_fallback_method: 'POST',
  status_callback: `${publicUrl}/twilio/call-status`,
  status_callback_method: 'POST',
  voice_application_sid: '',
  trunk_sid: null,
  capabilities: { voice: true, sms: true, mms: false, fax: false },
};

describe('the number at Twilio', () => {
  let rest: RestServer;
  let numbers: readonly object[] = [];
  let status = 'active';

  before(async () => {
    rest = await startRestServer({
      accountSid,
      authToken,
      clock: realTime,
      handle: ({ path, query }) => {
        if (path === '') return { status: 200, body: { sid: accountSid, status } };
        expect(path).to.equal('/IncomingPhoneNumbers');
        expect(query.get('PhoneNumber')).to.equal('+96824000000');
        return { status: 200, body: { incoming_phone_numbers: numbers, page: 0, page_size: 50, uri: '' } };
      },
    });
  });
  after(async () => rest.close());

  async function look(...listed: readonly object[]): Promise<readonly string[]> {
    numbers = listed;
    const inspection = inspectSettings({
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_PHONE_NUMBER: '+96824000000',
      TWILIO_API_BASE_URL: rest.url,
      PUBLIC_URL: publicUrl,
    });
    const times = { timeoutMs: 2_000, graceMs: 100 };
    const rows = [
      ...(await runCheck(accountCheck, inspection, times)),
      ...(await runCheck(numberCheck, inspection, times)),
    ];
    return rows.map((row) => `${row.state}: ${row.detail}${'fix' in row ? ` → ${row.fix}` : ''}`);
  }

  it('is well when its calls, failures and changes come to us', async () => {
    expect(await look({ ...asSet, phone_number: '+968240000001' }, asSet)).to.deep.equal([
      'ok: account and token are good',
      'ok: TWILIO_PHONE_NUMBER belongs to the account',
      'ok: calls, failures and status changes of the number come to PUBLIC_URL',
    ]);
  });

  it('is no number of the account', async () => {
    const [, number, webhooks] = await look({ ...asSet, phone_number: '+968240000001' });
    expect(number).to.match(/^fault: TWILIO_PHONE_NUMBER is not a number of this account → Set TWILIO_PHONE_NUMBER/);
    expect(webhooks).to.equal('skipped: needs: Phone number');
  });

  it('takes no voice calls', async () => {
    const [, number] = await look({ ...asSet, capabilities: { ...asSet.capabilities, voice: false } });
    expect(number).to.match(/^fault: TWILIO_PHONE_NUMBER takes no voice calls → /);
  });

  it('rings elsewhere: says exactly what to set, and only that', async () => {
    const [, , demo] = await look({
      ...asSet,
      voice_url: 'https://demo.twilio.com/welcome/voice/',
      status_callback: '',
    });
    expect(demo).to.equal(
      'warning: VoiceUrl is another, StatusCallback is not set → In the Twilio console, at the number, set\nA call comes in (POST): https://sanad.example.om/twilio/voice\nCall status changes (POST): https://sanad.example.om/twilio/call-status',
    );
    const [, , fallback] = await look({ ...asSet, voice_fallback_url: null });
    expect(fallback).to.equal(
      'warning: VoiceFallbackUrl is not set → In the Twilio console, at the number, set\nPrimary handler fails (POST): https://sanad.example.om/twilio/fallback',
    );
  });

  it('asks by GET, which is served to nobody', async () => {
    const [, , webhooks] = await look({ ...asSet, voice_method: 'GET' });
    expect(webhooks).to.equal('warning: the number asks by GET → Set "A call comes in" to HTTP POST.');
  });

  it('is in the hands of something that hides its webhooks', async () => {
    const [, , trunk] = await look({ ...asSet, trunk_sid: `TK${'2'.repeat(32)}` });
    const [, , application] = await look({ ...asSet, voice_application_sid: `AP${'2'.repeat(32)}` });
    expect(trunk).to.match(/^warning: a SIP trunk takes the calls of the number → /);
    expect(application).to.match(/^warning: a TwiML app takes the calls of the number → /);
  });

  it('cannot be told when Twilio wants a pause', async () => {
    rest.fail({ fault: { kind: 'rate-limited' }, path: /IncomingPhoneNumbers/, times: 20 });
    const [account, number, webhooks] = await look(asSet);
    expect(account).to.equal('ok: account and token are good');
    expect(number).to.match(
      /^warning: Twilio did not say which numbers there are \((tooManyRequests|unreachable)\) → Ask again in a minute\.$/,
    );
    expect(webhooks).to.equal('skipped: needs: Phone number');
  });
});
