import type { RiskLevel } from '../../call/meaning.ts';
import { emptyMemory, type Candidate, type Turn } from '../../escalation/snapshot.ts';
import type { EscalationTiming } from '../../escalation/timing.ts';
import { lastWave, planWave } from '../../escalation/waves.ts';

export interface PlannedWave {
  readonly wave: number;
  /** In the order of ringing. */
  readonly people: readonly Candidate[];
}

/** The waves of one round in which nobody answers, planned by the escalation's own rules on an escalation that is none. */
export function wavesOf(
  candidates: readonly Candidate[],
  level: RiskLevel,
  timing: EscalationTiming,
): readonly PlannedWave[] {
  const turn = imagined(level);
  const waves: PlannedWave[] = [];
  for (let planned = 0; planned < lastWave; planned += 1) {
    const before = turn.draft.attempts.length;
    // The same person may be rung in two waves, as two attempts.
    planWave(
      turn,
      candidates.map((each) => ({ ...each, attemptId: `${planned}:${each.attemptId}` })),
      timing,
    );
    const added = turn.draft.attempts.slice(before);
    if (added.length === 0) break;
    const people = added.flatMap(({ personId }) => candidates.find((each) => each.personId === personId) ?? []);
    waves.push({ wave: turn.draft.wave, people });
    for (const attempt of added) attempt.state = 'noAnswer';
  }
  return waves;
}

function imagined(level: RiskLevel): Turn {
  return {
    at: 0,
    orders: [],
    draft: {
      id: '',
      reason: 'risk',
      level,
      state: 'ringing',
      round: 1,
      wave: 0,
      winner: null,
      outcome: null,
      nextAt: null,
      requestedAt: 0,
      placedAt: 0,
      ringingAt: 0,
      acceptedAt: null,
      joiningAt: null,
      bridgedAt: null,
      fallbackAt: null,
      closedAt: null,
      memory: { ...emptyMemory },
      attempts: [],
    },
  };
}
