import { pause } from './clock.ts';
import { newSid, type Exchange } from './exchange.ts';
import { rfc2822 } from './leg.ts';
import { printPage } from './listing.ts';
import { isNumber } from './outbound.ts';
import { notFound, restError, type RestAnswer, type RestRequest } from './restServer.ts';
import {
  isWanted,
  longestBody,
  omaniLandline,
  optInWords,
  optOutWords,
  replyOf,
  segments,
  type MessageFate,
  type MessageStatus,
  type StoredMessage,
  type TextMessage,
} from './sms.ts';
import type { FormParameters } from './signature.ts';

export type { MessageFate, MessageStatus, TextMessage } from './sms.ts';

export class MessageResource {
  readonly #exchange: Exchange;
  readonly #senders: ReadonlySet<string>;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #fates = new Map<string, MessageFate>();
  readonly #underWay = new Set<Promise<void>>();

  /** @param senders numbers and names from which the application may send */
  constructor(exchange: Exchange, senders: ReadonlySet<string>) {
    this.#exchange = exchange;
    this.#senders = senders;
  }

  get sent(): readonly TextMessage[] {
    return [...this.#messages.values()].filter(({ direction }) => direction !== 'inbound');
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

  handle({ method, path, form, query }: RestRequest): RestAnswer | null {
    if (path === '/Messages' && method === 'POST') {
      return this.#create(form);
    }
    if (path === '/Messages' && method === 'GET') {
      return this.#list(query);
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
    const stored = this.#store({ ...message, direction: 'inbound', status: 'received' });
    const { sid } = stored;
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
    const answer = await this.#exchange.webhooks({ url, method: 'POST', parameters, recorder: null });
    const reply = answer.kind === 'answered' ? replyOf(answer.body) : null;
    if (reply !== null && this.#fates.get(message.from)?.kind !== 'opted-out') {
      const out = { from: message.to, to: message.from, body: reply };
      this.#begin(this.#store({ ...out, direction: 'outbound-reply', status: 'queued' }), { kind: 'delivered' }, null);
    }
    return answer;
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
    if (!this.#senders.has(from)) {
      return restError(400, 21606, `The 'From' phone number ${from} is not a valid message-capable number of yours.`);
    }
    const fate = this.#fates.get(to) ?? { kind: 'delivered' };
    if (fate.kind === 'opted-out') {
      return restError(400, 21610, 'Attempt to send to unsubscribed recipient');
    }
    if (omaniLandline.test(to)) {
      return restError(400, 21614, `'To' number is not a valid mobile number: ${to}`);
    }
    if (fate.kind === 'refused') {
      return restError(fate.status, fate.errorCode, 'Refused on demand');
    }
    const message = this.#store({ from, to, body, direction: 'outbound-api', status: 'queued' });
    const answer: RestAnswer = { status: 201, body: this.#print(message) };
    this.#begin(message, fate, form.get('StatusCallback'));
    return answer;
  }

  /** The newest first; by the day or the time at which they were sent, as the SDK asks for it. */
  #list(query: URLSearchParams): RestAnswer {
    const found = [...this.#messages.values()].filter((message) => isWanted(message, query)).toReversed();
    const address = `/2010-04-01/Accounts/${this.#exchange.accountSid}/Messages.json`;
    return printPage(address, 'messages', query, found, (message) => this.#print(message));
  }

  #store({
    status,
    ...message
  }: Pick<StoredMessage, 'from' | 'to' | 'body' | 'direction'> & { status: MessageStatus }) {
    const now = this.#exchange.clock.wall();
    const stored: StoredMessage = {
      ...message,
      sid: newSid('SM'),
      createdAt: now,
      sentAt: status === 'received' ? now : null,
      statuses: [status],
      errorCode: null,
    };
    this.#messages.set(stored.sid, stored);
    return stored;
  }

  #begin(message: StoredMessage, fate: MessageFate, callback: string | null): void {
    const delivery = this.#deliver(message, fate, callback);
    this.#underWay.add(delivery);
    void delivery.finally(() => this.#underWay.delete(delivery));
  }

  async #deliver(message: StoredMessage, fate: MessageFate, callback: string | null): Promise<void> {
    const { clock, timings } = this.#exchange;
    const reach = async (status: MessageStatus): Promise<void> => {
      message.statuses.push(status);
      await this.#callBack(message, status, callback);
    };
    await this.#callBack(message, 'queued', callback);
    await pause(clock, timings.messageStepMs);
    if (fate.kind === 'failed') {
      message.errorCode = fate.errorCode;
      return reach('failed');
    }
    message.sentAt = clock.wall();
    await reach('sent');
    if (fate.kind === 'never-reported') {
      return;
    }
    await pause(clock, timings.messageStepMs);
    if (fate.kind === 'undelivered') {
      message.errorCode = fate.errorCode;
      return reach('undelivered');
    }
    await reach('delivered');
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
      direction: message.direction,
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
