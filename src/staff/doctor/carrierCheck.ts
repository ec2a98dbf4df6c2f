import { z } from 'zod';
import { systemClock } from '../../clock.ts';
import { silentLog } from '../../log.ts';
import { createMetrics } from '../../metrics.ts';
import { createCallControl } from '../../twilio/callControl.ts';
import { type CarrierFailure, type CarrierRequest, createCarrierRequest } from '../../twilio/carrierRequest.ts';
import { carrierPaths } from '../../twilio/twiml.ts';
import type { Settings } from '../../settings.ts';
import { defineCheck } from './check.ts';
import { fault, type Finding, ok, skipped, warning } from './finding.ts';
import { reasonOf } from './networkReason.ts';

const late = { state: 'fault', fix: 'See that port 443 to api.twilio.com is open.' } as const;
const account = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_API_BASE_URL'] as const;

type AccountSettings = Pick<Settings, (typeof account)[number]>;

function carrierOf(settings: AccountSettings, requestMs: number): CarrierRequest {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = settings;
  return createCarrierRequest(
    { accountSid, authToken, apiBaseUrl: settings.TWILIO_API_BASE_URL ?? null, requestMs },
    { clock: systemClock, log: silentLog, metrics: createMetrics('calls') },
  );
}

/** Do sid and token belong together, and is the account in use? Signatures of calls are made with the same token. */
export const accountCheck = defineCheck({
  rows: ['twilioAccount'],
  uses: account,
  late,
  run: async (settings, { report, timeoutMs }) => {
    const carrier = carrierOf(settings, timeoutMs);
    const answer = await createCallControl(carrier, settings.TWILIO_ACCOUNT_SID).verifyCredentials();
    if (!answer.ok) report('twilioAccount', accountFinding(answer.failure));
    else
      report('twilioAccount', answer.value === 'active' ? ok('account and token are good') : notActive(answer.value));
  },
});

function notActive(status: string): Finding {
  return fault(`the account is ${status}`, 'Open it again in the Twilio console (billing, or Twilio support).');
}

function accountFinding(failure: CarrierFailure): Finding {
  switch (failure.kind) {
    case 'refused':
      return fault(
        `Twilio refuses sid or token (${failure.status})`,
        'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those of one account (Twilio console, "Account Info").',
      );
    case 'gone':
      return fault('Twilio knows no such account', 'Correct TWILIO_ACCOUNT_SID (Twilio console, "Account Info").');
    case 'tooManyRequests':
      return fault('Twilio takes no more requests of this account now (429)', 'Ask again in a minute.');
    case 'unreachable':
    case 'unknown':
      return fault(
        `Twilio's REST interface is away: ${failure.cause === 'timeout' ? 'no answer' : reasonOf(failure.cause)}`,
        'See that port 443 to api.twilio.com is open. Its state: https://status.twilio.com',
      );
  }
}

/** The fields of an IncomingPhoneNumber that decide what rings; names as the SDK writes them. */
const numberShape = z.object({
  phoneNumber: z.string(),
  voiceUrl: z.string().nullable(),
  voiceMethod: z.string().nullable(),
  voiceFallbackUrl: z.string().nullable(),
  statusCallback: z.string().nullable(),
  voiceApplicationSid: z.string().nullable(),
  trunkSid: z.string().nullable(),
  capabilities: z.object({ voice: z.boolean() }),
});

export type IncomingNumber = z.infer<typeof numberShape>;

/** Is the number the account's, and does a call to it come to us? */
export const numberCheck = defineCheck({
  rows: ['phoneNumber', 'webhooks'],
  uses: [...account, 'TWILIO_PHONE_NUMBER', 'PUBLIC_URL'],
  late,
  run: async (settings, { report, timeoutMs }) => {
    const { TWILIO_PHONE_NUMBER: phoneNumber, PUBLIC_URL: publicUrl } = settings;
    const asked = await carrierOf(settings, timeoutMs).ask(
      { name: 'listNumbers', kind: 'look' },
      async (client) => client.incomingPhoneNumbers.list({ phoneNumber, limit: 20 }),
      z.array(numberShape),
    );
    // Twilio finds parts of numbers, too.
    const number = asked.ok ? asked.value.find((each) => each.phoneNumber === phoneNumber) : undefined;
    if (number?.capabilities.voice === true) {
      report('phoneNumber', ok('TWILIO_PHONE_NUMBER belongs to the account'));
      return report('webhooks', webhookFinding(number, publicUrl));
    }
    if (asked.ok) report('phoneNumber', number === undefined ? notOurs : noVoice);
    else report('phoneNumber', numberUnknown(asked.failure, settings));
    return report('webhooks', skipped('needs: Phone number'));
  },
});

const notOurs = fault(
  'TWILIO_PHONE_NUMBER is not a number of this account',
  'Set TWILIO_PHONE_NUMBER to one of the account (Twilio console, "Active numbers"), or buy it there.',
);
const noVoice = fault('TWILIO_PHONE_NUMBER takes no voice calls', 'Choose a number with the capability "Voice".');

/** What is wrong with the account is said in its own row. A stand-in for Twilio need not have this resource. */
function numberUnknown(failure: CarrierFailure, { TWILIO_API_BASE_URL: standIn }: AccountSettings): Finding {
  if (failure.kind === 'gone' && standIn !== undefined)
    return skipped('the stand-in at TWILIO_API_BASE_URL lists no numbers');
  if (failure.kind === 'refused' || failure.kind === 'gone') return skipped('needs: Twilio account');
  return warning(`Twilio did not say which numbers there are (${failure.kind})`, 'Ask again in a minute.');
}

/** What is not set as it must be, with what to set. A number that rings elsewhere is no fault of this server. */
export function webhookFinding(number: IncomingNumber, publicUrl: string): Finding {
  if (number.trunkSid || number.voiceApplicationSid) {
    const by = number.trunkSid ? 'a SIP trunk' : 'a TwiML app';
    return warning(`${by} takes the calls of the number`, 'Set the number to "Webhook" instead (Twilio console).');
  }
  const wanted = [
    ['A call comes in (POST)', 'VoiceUrl', number.voiceUrl, carrierPaths.voice],
    ['Primary handler fails (POST)', 'VoiceFallbackUrl', number.voiceFallbackUrl, carrierPaths.fallback],
    ['Call status changes (POST)', 'StatusCallback', number.statusCallback, carrierPaths.callStatus],
  ] as const;
  const wrong = wanted.filter(([, , url, path]) => url !== `${publicUrl}${path}`);
  if (number.voiceMethod !== null && number.voiceMethod !== 'POST' && wrong.length === 0)
    return warning(`the number asks by ${number.voiceMethod}`, 'Set "A call comes in" to HTTP POST.');
  if (wrong.length === 0) return ok('calls, failures and status changes of the number come to PUBLIC_URL');
  const named = wrong.map(([, name, url]) => `${name} ${url ? 'is another' : 'is not set'}`).join(', ');
  const fixes = wrong.map(([label, , , path]) => `${label}: ${publicUrl}${path}`);
  return warning(named, ['In the Twilio console, at the number, set', ...fixes].join('\n'));
}
