import type { SafetyDecision } from '../escalation/safetyDecisions.ts';
import { appendAudit, type AuditActor } from './audit.ts';
import type { Transaction } from './database.ts';
import type { KeyKeeper } from './sealing.ts';

const actors: Readonly<Record<SafetyDecision['by'], AuditActor>> = {
  sanad: { kind: 'sanad', id: null, name: 'Sanad' },
  caller: { kind: 'caller', id: null, name: 'caller' },
};

/** In the order in which they were taken. Throws as `appendAudit` does. */
export async function auditDecisions(
  tx: Transaction,
  keys: KeyKeeper,
  escalationId: string,
  decisions: readonly SafetyDecision[],
): Promise<void> {
  for (const { action, by, facts } of decisions)
    await appendAudit(tx, keys, {
      actor: actors[by],
      action,
      subject: { kind: 'escalation', id: escalationId },
      facts,
    });
}
