/** Whom each wave rings. */
import { listPeople, endRound } from './moves.ts';
import { isLive, type Candidate, type Draft, type Turn } from './snapshot.ts';
import type { EscalationTiming } from './timing.ts';

export const lastWave = 3;

/** Rings the next wave that has somebody to ring; with nobody left the round is over. */
export function planWave(turn: Turn, people: readonly Candidate[], timing: EscalationTiming): void {
  const { draft, at } = turn;
  draft.memory.listing = false;
  draft.memory.ownerId = ownerAmong(people) ?? draft.memory.ownerId;
  const order = willingFirst(draft, people);
  for (let wave = draft.wave + 1; wave <= lastWave; wave += 1) {
    const chosen = choose(draft, order, wave, timing);
    if (chosen.length === 0) continue;
    draft.wave = wave;
    draft.memory.waveAt = at;
    chosen.forEach((candidate, position) => addAttempt(turn, candidate, position));
    return;
  }
  // What still rings of an earlier wave may yet be answered.
  if (draft.attempts.some(isLive)) draft.wave = lastWave;
  else endRound(turn, timing);
}

/** Who said no or left again comes after all others from then on: the same few must not be asked round after round. */
function willingFirst(draft: Draft, people: readonly Candidate[]): readonly Candidate[] {
  const refusals = ({ personId }: Candidate) =>
    draft.attempts.filter(
      (attempt) => attempt.personId === personId && (attempt.state === 'declined' || attempt.state === 'left'),
    ).length;
  return [...people].sort((a, b) => refusals(a) - refusals(b));
}

function ownerAmong(people: readonly Candidate[]): string | null {
  const owner = people.find(({ tier }) => tier === 'supervisor') ?? people.find(({ tier }) => tier === 'listener');
  return owner?.personId ?? null;
}

function choose(
  draft: Draft,
  people: readonly Candidate[],
  wave: number,
  { waveSizes }: EscalationTiming,
): readonly Candidate[] {
  const inRound = draft.attempts.filter(({ round }) => round === draft.round);
  const among = (attempts: Draft['attempts'], { personId }: Candidate) =>
    attempts.some((attempt) => attempt.personId === personId);
  const ringing = draft.attempts.filter(isLive);
  const declined = inRound.filter(({ state }) => state === 'declined');
  // A telephone that could not be rung was not rung.
  const rung = inRound.filter(({ state }) => state !== 'failed');
  const free = people.filter((candidate) => !among(ringing, candidate) && !among(declined, candidate));
  const onCall = free.filter(({ tier }) => tier === 'listener' || tier === 'supervisor');
  if (wave === 1) return first(stayingOf(onCall, draft), draft).slice(0, waveSizes[0]);
  const next = onCall.filter((candidate) => !among(rung, candidate));
  if (wave === 2) return stayingOf(next, draft).slice(0, waveSizes[1]);
  return free.slice(0, waveSizes[2]);
}

/**
 * Those who have not accepted this caller before and gone again: they would take the call before all others, and lose it again. When
 * there is nobody else, they are better than nobody.
 */
function stayingOf(candidates: readonly Candidate[], { attempts }: Draft): readonly Candidate[] {
  const staying = candidates.filter(
    ({ personId }) => !attempts.some((attempt) => attempt.personId === personId && attempt.state === 'left'),
  );
  return staying.length > 0 ? staying : candidates;
}

/** Supervisors are for the second wave, unless every minute counts, or no listener's telephone is free. */
function first(onCall: readonly Candidate[], { level }: Draft): readonly Candidate[] {
  const listeners = onCall.filter(({ tier }) => tier === 'listener');
  return level === 'imminent' || listeners.every(({ line }) => line === 'engaged') ? onCall : listeners;
}

function addAttempt({ draft, at }: Turn, candidate: Candidate, position: number): void {
  draft.attempts.push({
    id: candidate.attemptId,
    personId: candidate.personId,
    round: draft.round,
    wave: draft.wave,
    position,
    state: 'planned',
    callSid: null,
    dueAt: at,
    dialledAt: null,
    ringingAt: null,
    answeredAt: null,
    acceptedAt: null,
    endedAt: null,
    answeredBy: null,
    lookUpAt: null,
    lookUps: 0,
  });
}

/** No telephone rings any more: nothing to wait for. */
export function goOnWhenExhausted(turn: Turn, timing: EscalationTiming): void {
  const { draft } = turn;
  const { listing, resumeAt } = draft.memory;
  if (draft.state !== 'ringing' || listing || resumeAt !== null || draft.attempts.some(isLive)) return;
  if (draft.wave < lastWave) listPeople(turn);
  else endRound(turn, timing);
}
