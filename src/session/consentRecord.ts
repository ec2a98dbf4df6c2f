import { createHash, randomUUID } from 'node:crypto';
import type { CallEffect } from '../call/effect.ts';
import type { CallEvent } from '../call/event.ts';
import type { LineName } from '../call/lineName.ts';
import type { ConsentAnswered, MoodRated } from '../store/records.ts';
import type { LanguagePack } from '../therapist/languagePack.ts';
import type { CallIdentity } from './shared.ts';

/** The evidence of an answer: with which words it was asked, how and in which words it was given. `at`: now. */
export function consentRecord(
  { callId, pack }: Pick<CallIdentity, 'callId' | 'pack'>,
  { kind, answer, line, utterance }: Extract<CallEffect, { type: 'recordConsent' }>,
  event: CallEvent,
  at: Date,
): ConsentAnswered {
  const isSpoken = utterance !== null && event.type === 'wordsRecognised';
  return {
    type: 'consentAnswered',
    callId,
    consentId: randomUUID(),
    kind,
    answer,
    how: utterance === null ? 'key' : 'voice',
    // Taken back without being asked: there were no words of ours.
    textVersion: line === null ? 'unasked' : textVersionOf(pack, line),
    language: pack.id,
    words: isSpoken ? event.text : null,
    at,
  };
}

/** How the caller feels, in their own figure. `at`: now. */
export function moodRecord(
  { callId }: Pick<CallIdentity, 'callId'>,
  { moment, rating, how }: Extract<CallEffect, { type: 'recordMood' }>,
  at: Date,
): MoodRated {
  return { type: 'moodRated', callId, ratingId: randomUUID(), moment, rating, how, at };
}

/** The name of the line and a digest of its words, so that no text can change under an old version; at most 40 characters. */
export function textVersionOf(pack: Pick<LanguagePack, 'lines'>, line: LineName): string {
  const digest = createHash('sha256').update(JSON.stringify(pack.lines[line])).digest('hex');
  return `${line}-${digest.slice(0, 12)}`;
}
