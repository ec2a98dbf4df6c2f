/**
 * What the carrier's error codes for text messages mean, as staff read it and as the next step depends on it. Sources: twilio.md §4.2,
 * §4.5, §7.1; the carrier's pages on each code. A code that is not listed is a failure that a person looks into.
 */

export type RefusalReason =
  /** The person said STOP, to us or to the carrier: for good. */
  | 'optedOut'
  /** No number, or none that can ever receive a text message. */
  | 'numberUnusable'
  /** Switched off, out of reach, full: it may work another day. */
  | 'unreachable'
  /** A network took it for unwanted, or does not say why. */
  | 'blockedByNetwork'
  /** Our account, sender or country settings: nothing goes out until somebody changes them. */
  | 'senderNotAllowed'
  /** Empty, too long, or otherwise not as the carrier takes it. */
  | 'badMessage'
  /** More than the carrier takes at once: nothing was sent, and later it will be. */
  | 'tooMany'
  /** The carrier was not reached, and nothing was sent. */
  | 'carrierAway'
  | 'other';

export interface SmsError {
  readonly code: number;
  readonly reason: RefusalReason;
  /** One sentence: what happened, and what to do. */
  readonly sentence: string;
}

const askForNumber = 'Ask for another number at the next call.';
const tellAdministrator = 'Nothing goes out this way until an administrator has changed it.';

/** In the order of the codes. Below 30000 the carrier refused the request; from 30000 on the message failed on its way. */
export const smsErrors: readonly SmsError[] = [
  {
    code: 20003,
    reason: 'senderNotAllowed',
    sentence: `The carrier does not accept our account or its key. ${tellAdministrator}`,
  },
  { code: 20404, reason: 'senderNotAllowed', sentence: `The carrier does not know our account. ${tellAdministrator}` },
  { code: 20429, reason: 'tooMany', sentence: 'Too many requests at once; it is sent again by itself.' },
  { code: 21211, reason: 'numberUnusable', sentence: `The carrier takes it for no telephone number. ${askForNumber}` },
  {
    code: 21212,
    reason: 'senderNotAllowed',
    sentence: `The carrier does not accept our sender. ${tellAdministrator}`,
  },
  {
    code: 21266,
    reason: 'badMessage',
    sentence: 'Sender and receiver are the same number: this is the line itself. Reject the message.',
  },
  {
    code: 21408,
    reason: 'senderNotAllowed',
    sentence: `Text messages to that country are switched off in our account. ${tellAdministrator}`,
  },
  { code: 21602, reason: 'badMessage', sentence: 'The message was empty. Write it anew.' },
  { code: 21604, reason: 'numberUnusable', sentence: `There was no number to send to. ${askForNumber}` },
  {
    code: 21606,
    reason: 'senderNotAllowed',
    sentence: `Our sender may not write to that number. ${tellAdministrator}`,
  },
  {
    code: 21608,
    reason: 'senderNotAllowed',
    sentence: `The account is on trial or has no approved profile, and may write only to verified numbers. ${tellAdministrator}`,
  },
  {
    code: 21610,
    reason: 'optedOut',
    sentence: 'The person asked for no more messages. None will be sent any more; calls are another matter.',
  },
  {
    code: 21612,
    reason: 'senderNotAllowed',
    sentence: `Our sender cannot reach that number's network. ${tellAdministrator}`,
  },
  {
    code: 21614,
    reason: 'numberUnusable',
    sentence: `A landline, or another number without text messages. Call instead, or ask for a mobile number.`,
  },
  { code: 21617, reason: 'badMessage', sentence: 'The message was longer than 1,600 characters. Shorten it.' },
  {
    code: 30001,
    reason: 'tooMany',
    sentence:
      'Too many messages waited at the carrier, and this one was given up. Draft it anew if it is still wanted.',
  },
  {
    code: 30002,
    reason: 'senderNotAllowed',
    sentence: `The carrier has suspended our account. ${tellAdministrator}`,
  },
  {
    code: 30003,
    reason: 'unreachable',
    sentence: 'The telephone was off or out of reach for too long. Try a call, or another day.',
  },
  {
    code: 30004,
    reason: 'blockedByNetwork',
    sentence: 'The telephone or its network blocks our messages. Call instead.',
  },
  {
    code: 30005,
    reason: 'numberUnusable',
    sentence: `The number is not in use any more, or never was. ${askForNumber}`,
  },
  {
    code: 30006,
    reason: 'numberUnusable',
    sentence: 'A landline, or a network that takes no text messages. Call instead, or ask for a mobile number.',
  },
  {
    code: 30007,
    reason: 'blockedByNetwork',
    sentence:
      'A network filtered it as unwanted. Do not send it again as it is; an administrator has to ask the carrier.',
  },
  {
    code: 30008,
    reason: 'blockedByNetwork',
    sentence: 'It failed on its way, and the network does not say why. It may have arrived. Try a call.',
  },
  {
    code: 30022,
    reason: 'tooMany',
    sentence: 'The network takes no more messages of ours for today. Draft it anew if it is still wanted.',
  },
  {
    code: 30034,
    reason: 'senderNotAllowed',
    sentence: `Our sender is not registered with the receiving country's networks. ${tellAdministrator}`,
  },
  {
    code: 30410,
    reason: 'unreachable',
    sentence: 'The receiving network did not answer in time. It may have arrived. Try a call.',
  },
];

const byCode = new Map(smsErrors.map((error) => [error.code, error]));

/** What a refusal means; with a code that is not listed, and with none, nothing that could be tried again. */
export function refusalOf(code: number | null): { readonly reason: RefusalReason; readonly mayRetry: boolean } {
  const reason = (code === null ? undefined : byCode.get(code)?.reason) ?? 'other';
  // What failed on its way may have arrived, whatever the network says: only a request that was refused is made again.
  return { reason, mayRetry: code === 20429 };
}

/** One sentence for staff: what happened, and what to do. Never empty. */
export function explainSmsError(code: number | null): string {
  if (code === null) return 'The carrier gave no code. Try a call, and look into the carrier’s own log.';
  return (
    byCode.get(code)?.sentence ??
    `The carrier gave the error ${code}, which is described at https://www.twilio.com/docs/errors/${code}. Try a call.`
  );
}
