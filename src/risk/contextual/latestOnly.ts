import type { ContextualOutcome, ContextualRisk } from './contextualRisk.ts';
import type { ContextualInput } from './transcript.ts';

export interface LatestOnly {
  /**
   * Once for each turn of the caller. Asks at once when nothing is under way, else waits for that; of those who wait only the newest is
   * asked, and the others get `superseded` at once. No turn is lost with them: whatever has had no whole opinion, because it was
   * superseded or because the providers failed, is assessed together with the next.
   */
  readonly submit: (input: ContextualInput) => Promise<ContextualOutcome | { readonly type: 'superseded' }>;
  /** Aborts what is under way and what waits; everything submitted later is aborted, too. For the end of a call. */
  readonly close: () => void;
}

interface Submitted {
  readonly input: ContextualInput;
  readonly turn: number;
  readonly resolve: (result: ContextualOutcome | { readonly type: 'superseded' }) => void;
}

/**
 * Keeps one call's classifications to one at a time. What is under way is not aborted for what is newer: a caller who speaks in short
 * turns would never be assessed.
 */
export function createLatestOnly(classify: ContextualRisk['classify']): LatestOnly {
  const abort = new AbortController();
  let turns = 0;
  let assessedTurns = 0;
  let isBusy = false;
  let next: Submitted | null = null;

  const run = async ({ input, turn, resolve }: Submitted): Promise<void> => {
    isBusy = true;
    const outcome = await classify({ ...input, callerTurnsToAssess: turn - assessedTurns }, abort.signal);
    if (outcome.type === 'opinion') assessedTurns = turn;
    isBusy = false;
    resolve(outcome);
    const waiting = next;
    next = null;
    if (waiting !== null) void run(waiting);
  };

  return {
    submit: (input) =>
      new Promise((resolve) => {
        turns += 1;
        const submitted = { input, turn: turns, resolve };
        if (!isBusy) {
          void run(submitted);
          return;
        }
        next?.resolve({ type: 'superseded' });
        next = submitted;
      }),
    close: () => abort.abort(),
  };
}
