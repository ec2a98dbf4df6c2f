import { createHash } from 'node:crypto';

/**
 * The id of a call's n-th escalation: derived, so that a call that goes on at another server, or a log that is folded again, means
 * the same one and nobody is rung twice. A UUID of version 8 (RFC 9562, made our own way).
 */
export function escalationIdOf(callId: string, count: number): string {
  const hex = createHash('sha256').update(`${callId}:escalation:${count}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The room in which caller and person meet. Room names are known across the carrier's account, so it says nothing. */
export function roomOf(escalationId: string): string {
  return `room-${escalationId}`;
}
