import { createCarrierRequest } from '../../twilio/carrierRequest.ts';
import { createOutboundSms } from '../../twilio/outboundSms.ts';
import { explainSmsError } from '../../twilio/smsErrors.ts';
import { systemClock } from '../../clock.ts';
import { readSmsNumber, senderFor } from '../../followUp/sending/smsNumber.ts';
import { limits } from '../../limits.ts';
import { createMetrics } from '../../metrics.ts';
import { callerWithNumber } from '../../store/callerQueries.ts';
import { showMessage } from '../../store/messageQueries.ts';
import { readRows, run } from '../../store/rows.ts';
import { phoneHmac } from '../../store/sealing.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shortId } from '../listing.ts';
import { readTelephoneNumber } from '../onCall/telephoneNumber.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import { findMessage } from './findMessage.ts';
import { z } from 'zod';

/** Sends the text of a message to the telephone of somebody on call, to see how it looks there. Never to a caller. */
export async function sendTest(access: StaffAccess, words: string, to: string): Promise<Outcome> {
  access.demand('approveMessages');
  const read = readTelephoneNumber(to);
  if (!read.ok) return misused('wrongNumber', read.message);
  const found = await access.database.within(access.organisationId, async (tx) => {
    const named = await findMessage(tx, words);
    if (named.kind === 'refused') return named;
    if (named.kind === 'checkInCall')
      return { kind: 'refused' as const, outcome: refused('checkInCall', 'A check-in call has no text to be tried.') };
    const ours = await run(tx, 'select 1 as one from on_call_people where number_hmac = ? and removed_at is null', [
      phoneHmac(access.organisation.lookup, read.number),
    ]);
    const isStaff = readRows(z.object({ one: z.number() }), ours).length > 0;
    const isCaller = (await callerWithNumber(tx, access.organisation, read.number)) !== null;
    if (!isStaff || isCaller) return { kind: 'refused' as const, outcome: notOurs(isCaller) };
    const whole = await showMessage(tx, access.keys, named.id, true);
    const text =
      whole?.message.direction === 'out' && whole.message.text?.kind === 'text' ? whole.message.text.text : null;
    if (text === null)
      return {
        kind: 'refused' as const,
        outcome: refused('noText', `${shortId(named.id)} has no text of ours to be tried.`),
      };
    await access.noteIn(tx, 'messageTried', { kind: 'message', id: named.id });
    return { kind: 'text' as const, id: named.id, text };
  });
  return found.kind === 'refused' ? found.outcome : send(access, read.number, found.text);
}

function notOurs(isCaller: boolean): Outcome {
  return refused(
    isCaller ? 'callersNumber' : 'notOnCall',
    isCaller
      ? 'Somebody has called from this number. Callers get messages only by approval: follow-ups approve ID'
      : 'A test goes only to the telephone of somebody on call. Add it with: on-call add, or give another number.',
  );
}

async function send(access: StaffAccess, to: string, body: string): Promise<Outcome> {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = access.settings;
  if (accountSid === undefined || authToken === undefined)
    return refused('settings', 'Sending needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. See: npm run sanad -- doctor');
  const number = readSmsNumber(to);
  if (!number.ok) return refused(number.reason, explainSmsError(number.code));
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const carrier = createCarrierRequest(
    {
      accountSid,
      authToken,
      apiBaseUrl: access.settings.TWILIO_API_BASE_URL ?? null,
      requestMs: limits.carrierRequestMs,
    },
    { clock: systemClock, log: silent, metrics: createMetrics('calls') },
  );
  const name = access.settings.SMS_SENDER_NAME ?? null;
  const from = senderFor(number.country, { number: access.ownNumber, name });
  // Nobody waits for its report.
  const statusCallback = `${access.settings.PUBLIC_URL ?? 'https://localhost'}/twilio/sms/status`;
  const sent = await createOutboundSms(carrier).sendSms({ to, from, body, statusCallback });
  switch (sent.kind) {
    case 'accepted':
      return {
        kind: 'done',
        json: { sent: true, sid: sent.sid, from },
        print: ({ line }) => line(`The carrier took it, from ${from}. It should be there within a minute.`),
      };
    case 'refused':
      return refused(sent.reason, explainSmsError(sent.code));
    case 'unknown':
      return refused(
        'unknown',
        'The carrier did not answer: it may have been sent or not. Look at the telephone first.',
      );
  }
}
