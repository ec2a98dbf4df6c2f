import { z } from 'zod';
import { higherRisk, type RiskLevel } from '../call/meaning.ts';
import type { ClinicianProfile } from '../summary/summary.ts';
import type { SpokenTurn } from '../summary/transcript.ts';
import { readAssessments, readShownTurns } from './callQueries.ts';
import { keyOfCall, readCall } from './calls.ts';
import { readProfile } from './clinicianProfiles.ts';
import { consentsAbout, wordsMayBeKept } from './consents.ts';
import type { Transaction } from './database.ts';
import { keyState, type KeyState } from './opened.ts';
import { readCount, readRows, run } from './rows.ts';
import type { KeyKeeper } from './sealing.ts';

/** What a summary is made from; the reason why there will be none otherwise. */
export type Summarisable =
  | {
      readonly kind: 'call';
      readonly turns: readonly SpokenTurn[];
      readonly language: string;
      readonly profile: ClinicianProfile;
    }
  | { readonly kind: 'none'; readonly why: 'unknown' | 'onTheLine' | 'done' | 'noConsent' | 'noWords' };

/** Only of words that the caller agreed to be kept: a summary is words too. Throws `SealBroken`. */
export async function summarisable(tx: Transaction, keys: KeyKeeper, callId: string): Promise<Summarisable> {
  const call = await readCall(tx, callId);
  if (call === null) return { kind: 'none', why: 'unknown' };
  if (call.ended_at === null) return { kind: 'none', why: 'onTheLine' };
  const held = await run(tx, 'select id from call_summaries where call_id = ?', [callId]);
  if (readCount(held) > 0) return { kind: 'none', why: 'done' };
  const consents = await consentsAbout(tx, call.caller_id === null ? [] : [call.caller_id], [callId]);
  if (!wordsMayBeKept(consents, callId)) return { kind: 'none', why: 'noConsent' };
  const turns = await spokenTurns(
    tx,
    keyState(() => keyOfCall(keys, call)),
    callId,
  );
  if (turns.length === 0) return { kind: 'none', why: 'noWords' };
  return { kind: 'call', turns, language: call.language, profile: await readProfile(tx, call.organisation_id) };
}

async function spokenTurns(tx: Transaction, key: KeyState, callId: string): Promise<readonly SpokenTurn[]> {
  const turns = await readShownTurns(tx, key, callId);
  const assessments = await readAssessments(tx, callId);
  const callers = turns.filter(({ speaker }) => speaker === 'caller');
  const levelOf = (atMs: number): RiskLevel | null => {
    const next = callers.find((turn) => turn.atMs > atMs)?.atMs ?? Infinity;
    const own = assessments.filter((each) => each.atMs >= atMs && each.atMs < next).map(({ level }) => level);
    return own.length === 0 ? null : own.reduce(higherRisk);
  };
  return turns.flatMap(({ speaker, words, heard, atMs }): readonly SpokenTurn[] => {
    const said = speaker === 'sanad' ? heard : words;
    if (said?.kind !== 'text' || said.text.trim() === '') return [];
    return [{ speaker, words: said.text, level: speaker === 'caller' ? levelOf(atMs) : null }];
  });
}

/** Calls that ended within the time given and were not looked at for a summary: what a queue may have lost. */
export async function callsWithoutSummary(
  tx: Transaction,
  organisationId: string,
  since: Date,
  most: number,
): Promise<readonly string[]> {
  const result = await run(
    tx,
    `select c.id from calls c left join call_summaries s on s.call_id = c.id
     where c.organisation_id = ? and c.ended_at >= ? and s.id is null and c.words_removed_at is null
       and exists (select from consents k where k.kind = 'keepWords' and k.answer = 'given'
         and (k.call_id = c.id or k.caller_id = c.caller_id))
     order by c.ended_at limit ?`,
    [organisationId, since, most],
  );
  return readRows(z.object({ id: z.string() }), result).map(({ id }) => id);
}
