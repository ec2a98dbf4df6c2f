import { z } from 'zod';
import type { Transaction } from './database.ts';
import type { StoredTurn, TurnRecord } from './records.ts';
import { readRows, run, sealedColumn } from './rows.ts';
import { open, seal, type Place, type SealingKey } from './sealing.ts';

export const turnPlace = (column: 'words' | 'heard', callId: string, seq: number): Place => ({
  table: 'turns',
  column,
  row: `${callId}/${seq}`,
});

export interface KeyedTurn {
  readonly record: TurnRecord;
  readonly key: SealingKey;
}

/** All turns in one statement; a turn that is there already stays as it is. */
export async function insertTurns(tx: Transaction, organisationId: string, turns: readonly KeyedTurn[]): Promise<void> {
  if (turns.length === 0) return;
  const records = turns.map((turn) => turn.record);
  await run(
    tx,
    `insert into turns (organisation_id, call_id, seq, speaker, kind, at_ms, duration_ms, words, heard, interrupted,
       confidence, first_sound_ms)
     select ?::uuid, given.* from unnest(?::uuid[], ?::int[], ?::text[], ?::text[], ?::int[], ?::int[], ?::bytea[],
       ?::bytea[], ?::bool[], ?::real[], ?::int[]) as given
     on conflict (call_id, seq) do nothing`,
    [
      organisationId,
      records.map((r) => r.callId),
      records.map((r) => r.seq),
      records.map((r) => r.speaker),
      records.map((r) => r.kind),
      records.map((r) => Math.round(r.atMs)),
      records.map((r) => Math.round(r.durationMs)),
      turns.map(({ record: r, key }) => seal(key, turnPlace('words', r.callId, r.seq), r.text)),
      turns.map(({ record: r, key }) =>
        r.heardText === null ? null : seal(key, turnPlace('heard', r.callId, r.seq), r.heardText),
      ),
      records.map((r) => r.interrupted),
      records.map((r) => r.confidence),
      records.map((r) => (r.firstSoundMs === null ? null : Math.round(r.firstSoundMs))),
    ],
  );
}

const row = z.object({
  seq: z.number(),
  speaker: z.enum(['caller', 'sanad']),
  kind: z.enum(['turn', 'backchannel', 'line']),
  at_ms: z.number(),
  duration_ms: z.number(),
  // null once they were removed (retention): then the text is empty, and the rest of the turn is still true
  words: sealedColumn.nullable(),
  heard: sealedColumn.nullable(),
  interrupted: z.boolean(),
  confidence: z.number().nullable(),
  first_sound_ms: z.number().nullable(),
});

/** The turns of a call in order, those without text whose words were removed; throws `SealBroken` at the first that was tampered with. */
export async function readTurns(tx: Transaction, key: SealingKey, callId: string): Promise<readonly StoredTurn[]> {
  const result = await run(
    tx,
    `select seq, speaker, kind, at_ms, duration_ms, words, heard, interrupted, confidence, first_sound_ms
     from turns where call_id = ? order by seq`,
    [callId],
  );
  return readRows(row, result).map((r) => ({
    seq: r.seq,
    speaker: r.speaker,
    kind: r.kind,
    text: r.words === null ? '' : open(key, turnPlace('words', callId, r.seq), r.words),
    heardText: r.heard === null ? null : open(key, turnPlace('heard', callId, r.seq), r.heard),
    atMs: r.at_ms,
    durationMs: r.duration_ms,
    interrupted: r.interrupted,
    confidence: r.confidence,
    firstSoundMs: r.first_sound_ms,
  }));
}
