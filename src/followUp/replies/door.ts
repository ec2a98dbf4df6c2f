/** What the carrier's webhooks tell of messages: those that come in, and what became of ours. */
import { isAtLeast } from '../../call/meaning.ts';
import type { Log } from '../../log.ts';
import type { ReplyStore } from '../../store/replies.ts';
import type { SmsStore } from '../../store/smsSending.ts';
import { refusalOf } from '../../twilio/smsErrors.ts';
import { isOptOut } from '../sending/optOutWords.ts';
import { languageOfReply } from './screening.ts';

/** A message that somebody wrote to the line. */
export interface InboundSms {
  /** The carrier's: a message that comes twice has the same. */
  readonly messageSid: string;
  /** E.164. */
  readonly from: string;
  /** The line's number: it chooses the organisation. */
  readonly to: string;
  /** May be empty: a picture alone. */
  readonly body: string;
  /** The carrier took it for a withdrawal, and answers it itself. */
  readonly carrierOptOut: boolean;
}

export interface SmsReport {
  /** Ours, both from our own address. */
  readonly organisationId: string;
  readonly messageId: string;
  readonly messageSid: string;
  /** As the carrier words it. */
  readonly status: string;
  readonly errorCode: number | null;
}

export type SmsReceived =
  /** Kept for a person to read; more has been done when there was danger in it. */
  { readonly kind: 'kept' } | { readonly kind: 'optedOut'; readonly language: 'ar' | 'en' };

/** Both reject when the database is away; both may be told the same more than once, and in any order. */
export interface SmsDoor {
  readonly received: (message: InboundSms) => Promise<SmsReceived>;
  readonly reported: (report: SmsReport) => Promise<void>;
}

export interface ReplyDoorOptions {
  readonly replies: ReplyStore;
  readonly messages: Pick<SmsStore, 'reported'>;
  /** Drives an escalation at once, instead of at the keeper's next look. */
  readonly drive: (escalationId: string) => void;
  readonly log: Log;
}

export class ReplyDoor implements SmsDoor {
  readonly #options: ReplyDoorOptions;

  constructor(options: ReplyDoorOptions) {
    this.#options = options;
  }

  readonly received = async (message: InboundSms): Promise<SmsReceived> => {
    const { replies, log } = this.#options;
    const { carrierOptOut, ...written } = message;
    const language = languageOfReply(written.body);
    const optOut = carrierOptOut || isOptOut(written.body);
    const kept = await replies.keep({ ...written, language, optOut });
    if (kept === null) return { kind: 'kept' };
    const { messageId, level, escalationId } = kept;
    const fields = { messageId, level, optOut, escalationId };
    if (isAtLeast(level, 'moderate')) log.warn('somebody wrote of danger', fields);
    else log.info('a text message came', fields);
    this.escalated(escalationId);
    if (!optOut) return { kind: 'kept' };
    return { kind: 'optedOut', language: language === 'en' ? 'en' : 'ar' };
  };

  readonly reported = async ({
    organisationId,
    messageId,
    messageSid,
    status,
    errorCode,
  }: SmsReport): Promise<void> => {
    const { reason } = refusalOf(errorCode);
    await this.#options.messages.reported({ organisationId, messageId, sid: messageSid, status, errorCode, reason });
  };

  escalated(escalationId: string | null): void {
    if (escalationId !== null) this.#options.drive(escalationId);
  }
}
