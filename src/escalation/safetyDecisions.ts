/** What of an escalation belongs into the audit: that a person was asked for, who took the call, that they met, and how it ended. */
import type { TakenStep } from './ports.ts';
import type { Escalation } from './snapshot.ts';

export interface SafetyDecision {
  readonly action: 'escalationRequested' | 'escalationAccepted' | 'escalationBridged' | 'escalationClosed';
  /** `caller`: they do not want a person. */
  readonly by: 'sanad' | 'caller';
  /** Ids, tags and counts. */
  readonly facts: Readonly<Record<string, string | number | null>>;
}

/** In the order in which they were taken. */
export function decisionsOf(steps: readonly TakenStep[]): readonly SafetyDecision[] {
  return steps.flatMap(({ before, after }) => [
    ...(before.state === 'requested' ? [requestedBy(after)] : []),
    ...changes(before, after),
  ]);
}

function requestedBy({ reason, level }: Escalation): SafetyDecision {
  return { action: 'escalationRequested', by: reason === 'asked' ? 'caller' : 'sanad', facts: { reason, level } };
}

function changes(before: Escalation, after: Escalation): readonly SafetyDecision[] {
  const { level, round, wave, outcome } = after;
  const has = (state: Escalation['state']): boolean => before.state !== state && after.state === state;
  const decisions: SafetyDecision[] = [];
  if (has('accepted'))
    decisions.push({ action: 'escalationAccepted', by: 'sanad', facts: { level, round, wave, ...takenBy(after) } });
  if (has('bridged')) decisions.push({ action: 'escalationBridged', by: 'sanad', facts: { level, ...takenBy(after) } });
  if (has('closed') && outcome !== null)
    decisions.push({
      action: 'escalationClosed',
      by: outcome === 'declined' ? 'caller' : 'sanad',
      facts: { level, outcome, rounds: round },
    });
  return decisions;
}

/** Without a person: the telephone of last resort. */
function takenBy({ winner, attempts }: Escalation): Readonly<Record<string, string | null>> {
  return { attempt: winner, person: attempts.find(({ id }) => id === winner)?.personId ?? null };
}
