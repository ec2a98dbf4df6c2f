import type { CallEvent } from '../call/event.ts';
import type { RiskLevel } from '../call/meaning.ts';
import type { CallMs } from '../call/time.ts';
import type { Briefing, CallNews } from '../escalation/model.ts';
import type { UsageCounted } from './usageRecord.ts';

export type { ProviderUse, StageTimes, UsageCounted, UsageKind } from './usageRecord.ts';

/** What a live call gives the store to keep. Pure values; the writer seals the words and the number. */
export type CallRecord =
  | RiskAssessed
  | CallStarted
  | CallAnswered
  | TurnRecord
  | LogRecord
  | RiskRaised
  | RiskDecided
  | DirectQuestion
  | EscalationRequested
  | EscalationNews
  | ConsentAnswered
  | MoodRated
  | HeartbeatRecord
  | UsageCounted
  | CallEndedRecord;

export interface CallStarted {
  readonly type: 'callStarted';
  /** UUID, made by the server. */
  readonly callId: string;
  readonly callSid: string;
  /** The number dialled, E.164: it chooses the organisation. */
  readonly organisationNumber: string;
  /** The caller's number, E.164, or null when it is withheld. */
  readonly from: string | null;
  readonly language: string;
  readonly packVersion: string;
  readonly startedAt: Date;
}

/** The first sound of ours reached the caller. */
export interface CallAnswered {
  readonly type: 'callAnswered';
  readonly callId: string;
  readonly at: Date;
}

export type Speaker = 'caller' | 'sanad';

/** `line` is a fixed line of the language pack, `backchannel` a listening word that did not take the floor. */
export type TurnKind = 'turn' | 'backchannel' | 'line';

export interface TurnRecord {
  readonly type: 'turn';
  readonly callId: string;
  /** Counts the turns of a call; the store keeps the first record of a number and ignores another. */
  readonly seq: number;
  readonly speaker: Speaker;
  readonly kind: TurnKind;
  /** What the caller said, or what Sanad meant to say. */
  readonly text: string;
  /** Of Sanad's words those that the caller heard; null for the caller's own. */
  readonly heardText: string | null;
  readonly atMs: CallMs;
  readonly durationMs: number;
  readonly interrupted: boolean;
  /** 0..1 by the recogniser; null when it gave none, and for Sanad. */
  readonly confidence: number | null;
  /** From the caller's last voiced frame to Sanad's first audio; null for the caller. */
  readonly firstSoundMs: number | null;
}

export interface LogRecord {
  readonly type: 'log';
  readonly callId: string;
  /** Counts the entries of a call's log, without gaps. */
  readonly seq: number;
  readonly atMs: CallMs;
  readonly eventType: string;
  /** Event and effects, as JSON can carry them. */
  readonly entry: unknown;
}

/** The call reached this level; a lower one than was reached before changes nothing. */
export interface RiskRaised {
  readonly type: 'riskRaised';
  readonly callId: string;
  readonly level: RiskLevel;
}

/** The level of a call changed: an entry of the audit, added when the call's other records are written. */
export interface RiskDecided {
  readonly type: 'riskDecided';
  readonly callId: string;
  readonly atMs: CallMs;
  readonly before: RiskLevel;
  /** Lower than before only after two questions, and by one step. */
  readonly level: RiskLevel;
  readonly source: RiskAssessed['source'];
}

/** Whether the caller heard a direct question about suicide; `asked` stays. */
export interface DirectQuestion {
  readonly type: 'directQuestion';
  readonly callId: string;
  readonly finding: 'asked' | 'toldUnasked' | 'notAsked';
}

/** What a stage of detection made of the caller's words, in tags; the words are in the turn. */
export interface RiskAssessed {
  readonly type: 'riskAssessed';
  readonly callId: string;
  readonly atMs: CallMs;
  readonly level: RiskLevel;
  readonly source: 'floor' | 'classifier' | 'judge' | 'answer' | 'carried';
  readonly signals: readonly string[];
}

/** A person is wanted: kept with its assessment and its work in one transaction. An id that is there already stays as it is. */
export interface EscalationRequested {
  readonly type: 'escalationRequested';
  readonly callId: string;
  readonly escalationId: string;
  readonly briefing: Briefing;
  readonly at: Date;
}

/** What the live call says of its escalation; taken in by whoever drives it next, in this order. */
export interface EscalationNews {
  readonly type: 'escalationNews';
  readonly callId: string;
  readonly escalationId: string;
  /** UUID of this piece of news: a second one with it is not kept. */
  readonly newsId: string;
  readonly news: CallNews;
  readonly at: Date;
}

/** Somebody waits for these: they are written at once, and the writer tells when they are. */
export function isUrgent(record: CallRecord): record is EscalationRequested | EscalationNews {
  return record.type === 'escalationRequested' || record.type === 'escalationNews';
}

/** What the caller answered when asked for consent, or took back. Kept once, with its entry in the audit. */
export interface ConsentAnswered {
  readonly type: 'consentAnswered';
  readonly callId: string;
  /** UUID of this answer, made by the server: a second one with it is not kept. */
  readonly consentId: string;
  readonly kind: 'keepWords' | 'followUp' | 'sms';
  readonly answer: 'given' | 'refused' | 'withdrawn';
  readonly how: 'voice' | 'key';
  /** Of the words with which it was asked: 1 to 40 characters. */
  readonly textVersion: string;
  readonly language: string;
  /** The words of the answer; null for a key. */
  readonly words: string | null;
  readonly at: Date;
}

/** How the caller felt, in their own figure: 1 (worst) to 10 (best). One of each moment is kept for a call, the first. */
export interface MoodRated {
  readonly type: 'moodRated';
  readonly callId: string;
  /** UUID, made by the server. */
  readonly ratingId: string;
  readonly moment: 'start' | 'end';
  readonly rating: number;
  readonly how: 'voice' | 'key';
  readonly at: Date;
}

/** This server holds the call. Of several that wait, only the latest is written. */
export interface HeartbeatRecord {
  readonly type: 'heartbeat';
  readonly callId: string;
  readonly at: Date;
}

export interface CallCounters {
  readonly turns: number;
  readonly bargeIns: number;
  readonly falseBargeIns: number;
}

export interface CallEndedRecord {
  readonly type: 'callEnded';
  readonly callId: string;
  /** The core's outcome of the call; 1 to 40 letters. */
  readonly outcome: string;
  readonly endedAt: Date;
  readonly counters: CallCounters;
}

/** Events whose log entries hold words of the caller: kept longest when the buffer is full. */
export const spokenEvents: readonly string[] = [
  'wordsHypothesised',
  'wordsRecognised',
] satisfies readonly CallEvent['type'][];

export function isSpoken(record: LogRecord): boolean {
  return spokenEvents.includes(record.eventType);
}

/** A call as it is read back, so that another server can go on with it. */
export interface StoredCall {
  readonly callId: string;
  readonly organisationId: string;
  readonly callSid: string;
  readonly language: string;
  readonly packVersion: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: string | null;
  readonly highestRisk: RiskLevel;
  /** In order, from the first up to the first that is missing: what comes after a gap cannot be replayed. */
  readonly log: readonly StoredLogEntry[];
  /** The number of the first missing entry that others follow; null when the log is whole. */
  readonly logGapAt: number | null;
  readonly turns: readonly StoredTurn[];
}

export interface StoredLogEntry {
  readonly seq: number;
  readonly atMs: CallMs;
  readonly eventType: string;
  readonly entry: unknown;
}

export type StoredTurn = Omit<TurnRecord, 'type' | 'callId'>;

export interface OpenCall {
  readonly callId: string;
  readonly organisationId: string;
  readonly callSid: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
}
