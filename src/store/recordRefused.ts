/** A record cannot be kept, now or later. */
export type RefusedReason =
  /** Its call is not in the database. */
  | 'unknownCall'
  /** The call's key was destroyed: its caller asked to be forgotten. */
  | 'keyDestroyed'
  /** The entry of a log holds something that JSON cannot carry. */
  | 'notJson';

export class RecordRefused extends Error {
  readonly reason: RefusedReason;
  constructor(reason: RefusedReason) {
    super(`a record cannot be kept: ${reason}`);
    this.name = 'RecordRefused';
    this.reason = reason;
  }
}
