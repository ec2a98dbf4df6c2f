import { parseXml } from './xml.ts';

/** Text messages as the sandbox carrier knows them. */

export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'received';

export interface TextMessage {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** `outbound-reply`: the application's answer to a message, given as TwiML. */
  readonly direction: 'outbound-api' | 'outbound-reply' | 'inbound';
  readonly createdAt: Date;
  readonly statuses: readonly MessageStatus[];
  readonly errorCode: number | null;
}

export interface StoredMessage extends TextMessage {
  readonly statuses: MessageStatus[];
  errorCode: number | null;
  sentAt: Date | null;
}

/** What becomes of a text message to a number. */
export type MessageFate =
  | { readonly kind: 'delivered' }
  /** Sent, and the receiving network says no: 30003 unreachable, 30005 unknown, 30007 filtered. */
  | { readonly kind: 'undelivered'; readonly errorCode: number }
  /** Accepted, and never sent: 30001 queue overflow, 30034 a sender that is not registered. */
  | { readonly kind: 'failed'; readonly errorCode: number }
  /** Sent, and no network ever says whether it arrived. */
  | { readonly kind: 'never-reported' }
  /** Refused at once: 21211, 21408, 21608 … */
  | { readonly kind: 'refused'; readonly status: number; readonly errorCode: number }
  /** Refused at once with 21610. */
  | { readonly kind: 'opted-out' };

/** Omani landlines take no text messages: refused with 21614 (numbering of libphonenumber: 2[1-6]xxxxxx). */
export const omaniLandline = /^\+9682[1-6]\d{6}$/;
export const longestBody = 1_600;
/** English words that the carrier itself takes as "no more messages", for numbers as ours; Arabic ones it does not know. */
export const optOutWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
export const optInWords = new Set(['START', 'YES', 'UNSTOP']);

/** Arabic is sent as UCS-2: 70 characters, 67 each when split; plain ASCII 160 and 153. */
export function segments(body: string): number {
  const [whole, part] = /^[\u0020-\u007e\n\r]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= whole ? 1 : Math.ceil(body.length / part);
}

/** Does a message belong into the list that was asked for? Times are whole seconds, as the carrier keeps them. */
export function isWanted({ from, to, sentAt }: StoredMessage, query: URLSearchParams): boolean {
  const wanted = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
  if (!wanted('To', to) || !wanted('From', from)) return false;
  const [least, most] = [query.get('DateSent>'), query.get('DateSent<')];
  if (least === null && most === null) return true;
  if (sentAt === null) return false;
  const second = Math.floor(sentAt.getTime() / 1_000) * 1_000;
  return (least === null || second >= Date.parse(least)) && (most === null || second <= Date.parse(most));
}

/** The words of `<Response><Message>`, with which an application answers a message; null when it says nothing. */
export function replyOf(document: string): string | null {
  const read = parseXml(document);
  const message = read.ok ? read.root.children.find(({ name }) => name === 'Message') : undefined;
  if (message === undefined) return null;
  const body = message.children.find(({ name }) => name === 'Body');
  const words = (body?.text ?? message.text).trim();
  return words === '' ? null : words;
}
