import { open, SealBroken, type BrokenReason, type Place, type SealingKey } from './sealing.ts';

/** A sealed value as staff are shown it: one that cannot be opened must not hide the others. */
export type Opened =
  | { readonly kind: 'text'; readonly text: string }
  /** Removed by retention, or never kept because there was no consent. */
  | { readonly kind: 'removed' }
  /** The key was destroyed: the caller was erased. */
  | { readonly kind: 'erased' }
  | { readonly kind: 'broken'; readonly why: BrokenReason };

/** A key that may have been destroyed, or may not open. */
export type KeyState =
  | { readonly kind: 'key'; readonly key: SealingKey }
  | { readonly kind: 'erased' }
  | { readonly kind: 'broken'; readonly why: BrokenReason };

export function openWith(state: KeyState, place: Place, sealed: Buffer | null): Opened {
  if (sealed === null) return { kind: 'removed' };
  if (state.kind !== 'key') return state;
  return brokenOr(() => ({ kind: 'text', text: open(state.key, place, sealed) }));
}

/** `key`: gives null when it was destroyed, and throws `SealBroken` when it cannot be trusted. */
export function keyState(key: () => SealingKey | null): KeyState {
  return brokenOr(() => {
    const found = key();
    return found === null ? { kind: 'erased' } : { kind: 'key', key: found };
  });
}

function brokenOr<T>(act: () => T): T | { readonly kind: 'broken'; readonly why: BrokenReason } {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof SealBroken) return { kind: 'broken', why: fault.reason };
    throw fault;
  }
}
