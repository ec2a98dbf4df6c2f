import { pause } from './clock.ts';
import { newSid, type Exchange } from './exchange.ts';
import { rfc2822 } from './leg.ts';
import { isNumber } from './outbound.ts';
import { notFound, restError, type RestAnswer, type RestRequest } from './restServer.ts';
import type { FormParameters } from './signature.ts';

export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'undelivered';

export interface TextMessage {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly statuses: readonly MessageStatus[];
  readonly errorCode: number | null;
}

/** What becomes of a text message to a number. */
export type MessageFate =
  | { readonly kind: 'delivered' }
  /** Sent, and the receiving network says no: 30003 unreachable, 30005 unknown, 30007 filtered. */
  | { readonly kind: 'undelivered'; readonly errorCode: number }
  /** Refused at once with 21610. */
  | { readonly kind: 'opted-out' };

interface StoredMessage extends TextMessage {
  readonly statuses: MessageStatus[];
  errorCode: number | null;
  sentAt: Date | null;
}

/** Omani landlines take no text messages: refused with 21614 (numbering of libphonenumber: 2[1-6]xxxxxx). */
const omaniLandline = /^\+9682[1-6]\d{6}$/;
const longestBody = 1_600;
/** English words that the carrier itself takes as "no more messages", for numbers as ours. */
const optOutWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const optInWords = new Set(['START', 'YES', 'UNSTOP']);

export class MessageResource {
  readonly #exchange: Exchange;
  readonly #numbers: ReadonlySet<string>;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #fates = new Map<string, MessageFate>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(exchange: Exchange, numbers: ReadonlySet<string>) {
    this.#exchange = exchange;
    this.#numbers = numbers;
  }

  get sent(): readonly TextMessage[] {
    return [...this.#messages.values()];
  }

  setFate(number: string, fate: MessageFate): void {
    this.#fates.set(number, fate);
  }

  /** Every message that was accepted has reached its last status. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  handle({ method, path, form }: RestRequest): RestAnswer | null {
    if (path === '/Messages' && method === 'POST') {
      return this.#create(form);
    }
    const sid = /^\/Messages\/(SM[0-9a-f]{32})$/.exec(path)?.[1];
    if (sid === undefined) {
      return null;
    }
    const message = this.#messages.get(sid);
    return message
      ? { status: 200, body: this.#print(message) }
      : notFound(`/2010-04-01/Accounts/${this.#exchange.accountSid}${path}.json`);
  }

  /** A text message to the application's number. Opt-out words are obeyed by the carrier and still passed on. */
  async receive(url: string, message: { readonly from: string; readonly to: string; readonly body: string }) {
    const word = message.body.trim().toUpperCase();
    if (optOutWords.has(word)) {
      this.#fates.set(message.from, { kind: 'opted-out' });
    } else if (optInWords.has(word)) {
      this.#fates.delete(message.from);
    }
    const sid = newSid('SM');
    const parameters: FormParameters = [
      ['MessageSid', sid],
      ['SmsSid', sid],
      ['SmsMessageSid', sid],
      ['AccountSid', this.#exchange.accountSid],
      ['From', message.from],
      ['To', message.to],
      ['Body', message.body],
      ['NumMedia', '0'],
      ['NumSegments', String(segments(message.body))],
      ['SmsStatus', 'received'],
      ['ApiVersion', '2010-04-01'],
    ];
    return this.#exchange.webhooks({ url, method: 'POST', parameters, recorder: null });
  }

  #create(form: URLSearchParams): RestAnswer {
    const to = form.get('To');
    const from = form.get('From') ?? '';
    const body = form.get('Body') ?? '';
    if (!to) {
      return restError(400, 21604, "A 'To' phone number is required.");
    }
    if (!isNumber(to)) {
      return restError(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    }
    if (body === '') {
      return restError(400, 21602, 'Message body is required.');
    }
    if (body.length > longestBody) {
      return restError(400, 21617, `The concatenated message body exceeds the ${longestBody} character limit`);
    }
    if (!this.#numbers.has(from)) {
      return restError(400, 21606, `The 'From' phone number ${from} is not a valid message-capable number of yours.`);
    }
    const fate = this.#fates.get(to) ?? { kind: 'delivered' };
    if (fate.kind === 'opted-out') {
      return restError(400, 21610, 'Attempt to send to unsubscribed recipient');
    }
    if (omaniLandline.test(to)) {
      return restError(400, 21614, `'To' number is not a valid mobile number: ${to}`);
    }
    const message: StoredMessage = {
      sid: newSid('SM'),
      from,
      to,
      body,
      createdAt: this.#exchange.clock.wall(),
      sentAt: null,
      statuses: ['queued'],
      errorCode: null,
    };
    this.#messages.set(message.sid, message);
    const answer: RestAnswer = { status: 201, body: this.#print(message) };
    const delivery = this.#deliver(message, fate, form.get('StatusCallback'));
    this.#underWay.add(delivery);
    void delivery.finally(() => this.#underWay.delete(delivery));
    return answer;
  }

  async #deliver(message: StoredMessage, fate: MessageFate, callback: string | null): Promise<void> {
    const { clock, timings } = this.#exchange;
    await this.#callBack(message, 'queued', callback);
    await pause(clock, timings.messageStepMs);
    message.sentAt = clock.wall();
    message.statuses.push('sent');
    await this.#callBack(message, 'sent', callback);
    await pause(clock, timings.messageStepMs);
    message.errorCode = fate.kind === 'undelivered' ? fate.errorCode : null;
    const last = fate.kind === 'undelivered' ? 'undelivered' : 'delivered';
    message.statuses.push(last);
    await this.#callBack(message, last, callback);
  }

  async #callBack(message: StoredMessage, status: MessageStatus, url: string | null): Promise<void> {
    if (url === null) {
      return;
    }
    const parameters: FormParameters = [
      ['MessageSid', message.sid],
      ['SmsSid', message.sid],
      ['MessageStatus', status],
      ['SmsStatus', status],
      ['To', message.to],
      ['From', message.from],
      ['AccountSid', this.#exchange.accountSid],
      ['ApiVersion', '2010-04-01'],
      ...(message.errorCode === null ? [] : [['ErrorCode', String(message.errorCode)] as const]),
    ];
    await this.#exchange.webhooks({ url, method: 'POST', parameters, recorder: null });
  }

  #print(message: StoredMessage): Readonly<Record<string, unknown>> {
    const uri = `/2010-04-01/Accounts/${this.#exchange.accountSid}/Messages/${message.sid}`;
    return {
      sid: message.sid,
      account_sid: this.#exchange.accountSid,
      api_version: '2010-04-01',
      body: message.body,
      date_created: rfc2822(message.createdAt),
      date_updated: rfc2822(this.#exchange.clock.wall()),
      date_sent: message.sentAt ? rfc2822(message.sentAt) : null,
      direction: 'outbound-api',
      error_code: message.errorCode,
      error_message: null,
      from: message.from,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: String(segments(message.body)),
      price: null,
      price_unit: 'USD',
      status: message.statuses.at(-1),
      subresource_uris: { media: `${uri}/Media.json` },
      to: message.to,
      uri: `${uri}.json`,
    };
  }
}

/** Arabic is sent as UCS-2: 70 characters, 67 each when split; plain ASCII 160 and 153. */
function segments(body: string): number {
  const [whole, part] = /^[\u0020-\u007e\n\r]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= whole ? 1 : Math.ceil(body.length / part);
}
