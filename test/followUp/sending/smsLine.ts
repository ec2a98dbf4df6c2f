/** A line that writes and is written to: real database, real webhooks, a sandbox carrier, and a clock that can be put forward. */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/clock.ts';
import { freePort } from '../../../src/embedded/port.ts';
import { screenReply } from '../../../src/followUp/replies/screening.ts';
import { ReplyDoor } from '../../../src/followUp/replies/door.ts';
import { sendingTiming, sendMessage, type MessageRef, type SenderOptions } from '../../../src/followUp/sending/send.ts';
import { startHttp, type HttpServer } from '../../../src/http/server.ts';
import { smsRoutes, smsStatusPath, smsStatusQuery } from '../../../src/http/smsWebhooks.ts';
import { silentLog } from '../../../src/log.ts';
import { createMetrics } from '../../../src/metrics.ts';
import { startCarrier, type Carrier } from '../../../src/sandbox/carrier/carrier.ts';
import { findOrCreateCaller } from '../../../src/store/callers.ts';
import { recordConsent } from '../../../src/store/consents.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { approveMessage, draftMessage, editMessage } from '../../../src/store/messages.ts';
import { bySanad } from '../../../src/store/messageRows.ts';
import { ensureOrganisation, type Organisation } from '../../../src/store/organisations.ts';
import { createReplyStore, type ReplyStore } from '../../../src/store/replies.ts';
import { createKeyKeeper, type KeyKeeper } from '../../../src/store/sealing.ts';
import { createSmsStore, type SmsStore } from '../../../src/store/smsSending.ts';
import { createCarrierRequest } from '../../../src/twilio/carrierRequest.ts';
import { createOutboundSms } from '../../../src/twilio/outboundSms.ts';
import { createReceivedSms, type ReceivedSms } from '../../../src/twilio/receivedSms.ts';
import { Desk } from '../../http/edge.ts';
import { asking, freshDataKey, line } from '../../store/keeping.ts';
import { testDatabase } from '../../support/servers.ts';

const account = { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'sandbox-auth-token-0123456789' };
/** A named person: the one who sits at the machine. */
const operator = { kind: 'localOperator', id: null } as const;

export class SmsLine {
  readonly url: string;
  readonly database: Database;
  readonly keys: KeyKeeper;
  readonly organisation: Organisation;
  readonly carrier: Carrier;
  readonly publicUrl: string;
  readonly messages: SmsStore;
  readonly replies: ReplyStore;
  readonly door: ReplyDoor;
  readonly received: ReceivedSms;
  readonly sender: SenderOptions & { readonly store: SmsStore };
  readonly driven: string[] = [];
  /** Put forward by tests. */
  aheadMs = 0;
  #http: HttpServer | null = null;
  #numbers = 0;
  readonly #drop: () => Promise<void>;

  private constructor(parts: {
    readonly url: string;
    readonly database: Database;
    readonly keys: KeyKeeper;
    readonly organisation: Organisation;
    readonly carrier: Carrier;
    readonly publicUrl: string;
    readonly drop: () => Promise<void>;
  }) {
    const { database, keys, carrier, publicUrl } = parts;
    this.url = parts.url;
    this.database = database;
    this.keys = keys;
    this.organisation = parts.organisation;
    this.carrier = carrier;
    this.publicUrl = publicUrl;
    this.#drop = parts.drop;
    const now = () => new Date(Date.now() + this.aheadMs);
    this.messages = createSmsStore({ database, keys, now });
    this.replies = createReplyStore({ database, keys, screen: screenReply, ownNumber: line, now });
    this.door = new ReplyDoor({
      replies: this.replies,
      messages: this.messages,
      drive: (escalationId) => void this.driven.push(escalationId),
      log: silentLog,
    });
    const request = createCarrierRequest(
      { ...account, apiBaseUrl: carrier.apiBaseUrl, requestMs: 1_000 },
      { clock: systemClock, log: silentLog, metrics: createMetrics('calls') },
    );
    this.received = createReceivedSms(request, line.dialledNumber);
    this.sender = {
      store: this.messages,
      sms: createOutboundSms(request),
      senders: { number: line.dialledNumber, name: null },
      statusCallback: (message) => publicUrl + smsStatusPath + smsStatusQuery(message),
      timing: sendingTiming,
      log: silentLog,
    };
  }

  static async open(): Promise<SmsLine> {
    const { url, drop } = await testDatabase();
    const database = openDatabase({ url });
    const keys = createKeyKeeper(freshDataKey());
    const organisation = await ensureOrganisation(database, keys, line);
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const carrier = await startCarrier({
      ...account,
      phoneNumber: line.dialledNumber,
      voiceUrl: `${publicUrl}/twilio/voice`,
      smsUrl: `${publicUrl}/twilio/sms`,
      timings: { messageStepMs: 5 },
    });
    const made = new SmsLine({ url, database, keys, organisation, carrier, publicUrl, drop });
    made.#http = await startHttp({
      settings: {
        HOST: '127.0.0.1',
        PORT: port,
        PUBLIC_URL: publicUrl,
        TWILIO_ACCOUNT_SID: account.accountSid,
        TWILIO_AUTH_TOKEN: account.authToken,
        TWILIO_PHONE_NUMBER: line.dialledNumber,
        FALLBACK_PHONE_NUMBER: undefined,
      },
      desk: new Desk(),
      checks: [],
      routes: smsRoutes({ door: made.door, clock: systemClock, log: silentLog }),
      clock: systemClock,
      log: silentLog,
      metrics: createMetrics('calls'),
    });
    return made;
  }

  /** A caller whom nobody else has, who agreed to be written to. */
  async caller(number = `+9689100${String((this.#numbers += 1)).padStart(4, '0')}`) {
    const { database, keys, organisation } = this;
    const callerId = await database.within(organisation.id, async (tx) => {
      const { id } = await findOrCreateCaller(tx, keys, organisation, number);
      await recordConsent(
        tx,
        keys,
        organisation.id,
        {
          callerId: id,
          callId: null,
          kind: 'sms',
          answer: 'given',
          textVersion: '1',
          language: 'ar-OM',
          how: 'staff',
          at: new Date(),
          evidence: null,
        },
        { actor: { kind: 'localOperator', id: null, name: 'test' } },
      );
      return id;
    });
    return { callerId, number };
  }

  draft(callerId: string, body = 'كيف حالك اليوم؟'): Promise<MessageRef> {
    const { database, keys, organisation } = this;
    return database.within(organisation.id, async (tx) => {
      const at = new Date();
      const drafted = await draftMessage(tx, keys, {
        organisationId: organisation.id,
        callerId,
        followUpId: null,
        callId: null,
        kind: 'custom',
        language: 'ar-OM',
        body,
        dueAt: at,
        by: bySanad,
        at,
      });
      if (drafted.kind === 'refused') throw new Error(`no draft: ${drafted.why}`);
      // Tests run at any hour of Muscat.
      await editMessage(tx, keys, drafted.id, { by: operator, at, urgent: true });
      return { organisationId: organisation.id, messageId: drafted.id };
    });
  }

  approve({ messageId }: MessageRef) {
    return this.database.within(this.organisation.id, (tx) =>
      approveMessage(tx, messageId, { by: operator, at: new Date() }),
    );
  }

  async approved(callerId: string): Promise<MessageRef> {
    const message = await this.draft(callerId);
    await this.approve(message);
    return message;
  }

  send(message: MessageRef): Promise<number | null> {
    return sendMessage(message, this.sender);
  }

  async state({ messageId }: MessageRef): Promise<string> {
    const [row] = await this.rows<{ state: string; code: number | null; reason: string | null }>(
      'select state, error_code as code, reason from messages where id = $1',
      [messageId],
    );
    return [row?.state, row?.code, row?.reason].filter((part) => part !== null).join(' ');
  }

  sentTo(number: string): readonly string[] {
    return this.carrier.messages().flatMap(({ to, body }) => (to === number ? [body] : []));
  }

  write(from: string, body: string) {
    return this.carrier.sendMessage({ from, body });
  }

  rows<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return asking(this.url, async (client) => {
      const tables = ['messages', 'message_events', 'opt_outs', 'outbox', 'escalations', 'callback_tasks', 'audit_log'];
      for (const table of tables) await client.query(`alter table ${table} no force row level security`);
      const { rows } = await client.query<Row & Record<string, unknown>>(sql, [...values]);
      return rows;
    });
  }

  async close(): Promise<void> {
    await this.carrier.close();
    await this.#http?.close();
    await this.database.close();
    await this.#drop();
  }
}

export const freshMessageSid = (): string => `SM${randomUUID().replaceAll('-', '')}`;
