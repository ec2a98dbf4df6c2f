import { setTimeout as pause } from 'node:timers/promises';
import { isAtLeast } from '../call/meaning.ts';
import { appendAudit, type AuditActor } from './audit.ts';
import { faultCode, type Database } from './database.ts';
import type { RiskDecided } from './records.ts';
import type { KeyKeeper } from './sealing.ts';

export interface RiskAuditOptions {
  readonly database: Database;
  readonly keys: KeyKeeper;
  /** This decision will be missing in the audit; the call knows nothing of it. */
  readonly onMissing: (decision: RiskDecided, code: string) => void;
}

const sanad: AuditActor = { kind: 'sanad', id: null, name: 'Sanad' };
const retriesMs = [200, 1_000] as const;
/** Decisions that may wait; a call makes a handful of them. */
const mostWaiting = 2_000;

/**
 * Adds what calls decided about danger to the audit, once they are written: afterwards and apart, because whoever adds to the audit
 * waits for all others that do, and no call shall wait for it. In the order in which it was decided. Never throws.
 */
export class RiskAudit {
  readonly #options: RiskAuditOptions;
  #auditing: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: RiskAuditOptions) {
    this.#options = options;
  }

  note(organisationId: string, decisions: readonly RiskDecided[]): void {
    if (decisions.length === 0) return;
    if (this.#waiting + decisions.length > mostWaiting) return this.#missing(decisions, 'full');
    this.#waiting += decisions.length;
    this.#auditing = this.#addAfter(this.#auditing, organisationId, decisions);
  }

  /** When all that was noted so far is in the audit, or given up. */
  settled(): Promise<void> {
    return this.#auditing;
  }

  async #addAfter(earlier: Promise<void>, organisationId: string, decisions: readonly RiskDecided[]): Promise<void> {
    await earlier;
    await this.#add(organisationId, decisions);
    this.#waiting -= decisions.length;
  }

  async #add(organisationId: string, decisions: readonly RiskDecided[]): Promise<void> {
    const { database, keys } = this.#options;
    for (const retryMs of [...retriesMs, null]) {
      try {
        await database.within(organisationId, async (tx) => {
          for (const { callId, before, level, source, atMs } of decisions)
            await appendAudit(tx, keys, {
              actor: sanad,
              action: isRaise(before, level) ? 'riskRaised' : 'riskLowered',
              subject: { kind: 'call', id: callId },
              facts: { before, level, source, atMs: Math.round(atMs) },
            });
        });
        return;
      } catch (fault) {
        if (retryMs === null) return this.#missing(decisions, faultCode(fault));
        await pause(retryMs);
      }
    }
  }

  #missing(decisions: readonly RiskDecided[], code: string): void {
    for (const decision of decisions) this.#options.onMissing(decision, code);
  }
}

function isRaise(before: RiskDecided['level'], level: RiskDecided['level']): boolean {
  return !isAtLeast(before, level);
}
