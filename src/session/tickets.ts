import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import type { AttachResult } from './callDesk.ts';

interface Ticket {
  readonly callSid: string;
  readonly expiresAt: number;
  used: boolean;
}

/** One-time tickets for the stream socket: bound to a call, void after a minute, refused when shown twice. */
export class Tickets {
  readonly #clock: Clock;
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(callSid: string): string {
    this.#sweep();
    const ticket = randomBytes(24).toString('base64url');
    this.#tickets.set(ticket, { callSid, expiresAt: this.#clock.now() + limits.ticketMs, used: false });
    return ticket;
  }

  /** A ticket shown for another call stays good for its own. */
  use(
    ticket: string | null,
    callSid: string,
  ): Extract<AttachResult, 'accepted' | 'unknownTicket' | 'usedTicket' | 'expiredTicket' | 'otherCall'> {
    const known = ticket === null ? undefined : this.#tickets.get(ticket);
    if (known === undefined) return 'unknownTicket';
    if (known.callSid !== callSid) return 'otherCall';
    if (known.used) return 'usedTicket';
    if (known.expiresAt < this.#clock.now()) return 'expiredTicket';
    known.used = true;
    return 'accepted';
  }

  /** Used ones are kept as long again as they were good, so that a second showing is told apart from a wrong one. */
  #sweep(): void {
    const now = this.#clock.now();
    for (const [ticket, { expiresAt }] of this.#tickets) {
      if (expiresAt + limits.ticketMs >= now) break;
      this.#tickets.delete(ticket);
    }
  }
}
