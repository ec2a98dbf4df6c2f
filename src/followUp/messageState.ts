/**
 * The way of one message to a caller. Pure. What the carrier reports may come twice, late and in any order; what people decide may be
 * decided twice. No event but a person's approval leads out of `draft` towards the carrier, and what may have been sent is not sent
 * again before it is known that it was not.
 */
export const messageStates = [
  'draft',
  'approved',
  'queued',
  'sent',
  'delivered',
  'failed',
  'rejected',
  'cancelled',
] as const;

/**
 * `queued`: the request is written down; it was made, is being made, or its outcome is not known. `sent`: the carrier has it.
 * `failed`: for good, a person looks.
 */
export type MessageState = (typeof messageStates)[number];

export type MessageEvent =
  | { readonly type: 'edited' }
  | { readonly type: 'approved' }
  | { readonly type: 'rejected' }
  /** The request to the carrier was written down, to be made by whoever wrote it. */
  | { readonly type: 'queued' }
  | { readonly type: 'accepted' }
  | { readonly type: 'delivered' }
  | { readonly type: 'undelivered' }
  | { readonly type: 'refusedByCarrier' }
  /** It is certain that the carrier does not have it: another request may follow. */
  | { readonly type: 'notSent' }
  /** The request timed out. */
  | { readonly type: 'unknown' }
  /** Nobody will ever know whether it was sent. */
  | { readonly type: 'givenUp' }
  | { readonly type: 'cancelled' };

export type MessageRefusal =
  /** Somebody must approve the words first. */
  | 'notApproved'
  | 'alreadyApproved'
  /** Its request is written down: it may be on its way, and can be neither changed nor called back. */
  | 'underWay'
  | 'alreadySent'
  /** Failed, rejected or cancelled. */
  | 'over';

export type MessageMove =
  | { readonly kind: 'moved'; readonly state: MessageState }
  /** Told before, or overtaken by what is known already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly why: MessageRefusal };

export function moveMessage(state: MessageState, { type }: MessageEvent): MessageMove {
  switch (type) {
    case 'edited':
      // Approval was of other words.
      return isOpen(state) ? moved('draft') : refused(whyClosed(state));
    case 'approved':
      if (state === 'draft') return moved('approved');
      return refused(state === 'approved' ? 'alreadyApproved' : whyClosed(state));
    case 'rejected':
      return isOpen(state) ? moved('rejected') : refused(whyClosed(state));
    case 'cancelled':
      return isOpen(state) ? moved('cancelled') : refused(whyClosed(state));
    case 'queued':
      if (state === 'approved') return moved('queued');
      return refused(state === 'draft' ? 'notApproved' : whyClosed(state));
    default:
      return told(state, type);
  }
}

type Told = Exclude<MessageEvent['type'], 'edited' | 'approved' | 'rejected' | 'cancelled' | 'queued'>;

/** What is learnt from the carrier about a request that was written down. */
function told(state: MessageState, type: Told): MessageMove {
  // Of an approved one no request is written down, so this is of an earlier request that was settled.
  if (isOpen(state)) return state === 'draft' ? refused('notApproved') : toldLate(type);
  if (state === 'rejected' || state === 'cancelled') return refused('over');
  switch (type) {
    case 'accepted':
      return state === 'queued' ? moved('sent') : unchanged;
    case 'delivered':
      // Also after it was given up: then we know better now.
      return state === 'delivered' ? unchanged : moved('delivered');
    case 'undelivered':
      return state === 'queued' || state === 'sent' ? moved('failed') : unchanged;
    case 'notSent':
      return state === 'queued' ? moved('approved') : unchanged;
    case 'refusedByCarrier':
    case 'givenUp':
      return state === 'queued' ? moved('failed') : unchanged;
    case 'unknown':
      return unchanged;
  }
}

/** Of a request that was taken for not made: the carrier had it after all, and it must not be sent again. */
function toldLate(type: Told): MessageMove {
  if (type === 'accepted') return moved('sent');
  return type === 'delivered' ? moved('delivered') : unchanged;
}

/** Not yet on its way. */
export function isOpen(state: MessageState): state is 'draft' | 'approved' {
  return state === 'draft' || state === 'approved';
}

function whyClosed(state: MessageState): MessageRefusal {
  switch (state) {
    case 'queued':
      return 'underWay';
    case 'sent':
    case 'delivered':
      return 'alreadySent';
    default:
      return 'over';
  }
}

const unchanged: MessageMove = { kind: 'unchanged' };

function moved(state: MessageState): MessageMove {
  return { kind: 'moved', state };
}

function refused(why: MessageRefusal): MessageMove {
  return { kind: 'refused', why };
}
