import { expect } from 'chai';
import { systemClock } from '../../src/clock.ts';
import { limits } from '../../src/limits.ts';
import { Tickets } from '../../src/session/tickets.ts';

function tickets() {
  let now = 0;
  return { all: new Tickets({ ...systemClock, now: () => now }), pass: (ms: number) => (now += ms) };
}

describe('a stream ticket', () => {
  it('opens its call', () => {
    const { all } = tickets();
    expect(all.use(all.issue('CA1'), 'CA1')).to.equal('accepted');
  });

  it('is refused when it was used before', () => {
    const { all } = tickets();
    const ticket = all.issue('CA1');
    all.use(ticket, 'CA1');
    expect(all.use(ticket, 'CA1')).to.equal('usedTicket');
  });

  it('is refused for another call, and stays good for its own', () => {
    const { all } = tickets();
    const ticket = all.issue('CA1');
    expect(all.use(ticket, 'CA2')).to.equal('otherCall');
    expect(all.use(ticket, 'CA1')).to.equal('accepted');
  });

  it('is refused after its time', () => {
    const { all, pass } = tickets();
    const ticket = all.issue('CA1');
    pass(limits.ticketMs + 1);
    expect(all.use(ticket, 'CA1')).to.equal('expiredTicket');
  });

  it('is refused when nobody issued it, or none was shown', () => {
    const { all } = tickets();
    expect(all.use('guess', 'CA1')).to.equal('unknownTicket');
    expect(all.use(null, 'CA1')).to.equal('unknownTicket');
  });

  it('is forgotten some time after', () => {
    const { all, pass } = tickets();
    const ticket = all.issue('CA1');
    pass(2 * limits.ticketMs + 1);
    all.issue('CA2');
    expect(all.use(ticket, 'CA1')).to.equal('unknownTicket');
  });
});
