import { expect } from 'chai';
import * as fc from 'fast-check';
import { messageStates, moveMessage, type MessageEvent, type MessageState } from '../../src/followUp/messageState.ts';

const types = [
  'edited',
  'approved',
  'rejected',
  'queued',
  'accepted',
  'delivered',
  'undelivered',
  'refusedByCarrier',
  'notSent',
  'unknown',
  'givenUp',
  'cancelled',
] as const satisfies readonly MessageEvent['type'][];

/** Where each event leads from each state: a state, `.` for nothing new, `!` with why it is refused. */
function matrix(): Record<MessageState, Record<string, string>> {
  const told = (state: MessageState, type: MessageEvent['type']): string => {
    const move = moveMessage(state, { type });
    if (move.kind === 'moved') return move.state;
    return move.kind === 'unchanged' ? '.' : `!${move.why}`;
  };
  return Object.fromEntries(
    messageStates.map((state) => [state, Object.fromEntries(types.map((type) => [type, told(state, type)]))]),
  ) as Record<MessageState, Record<string, string>>;
}

describe('a message', () => {
  it('leaves draft towards the carrier by a person only', () => {
    const { edited, approved, rejected, cancelled, ...rest } = matrix().draft;
    expect([edited, approved, rejected, cancelled]).to.deep.equal(['draft', 'approved', 'rejected', 'cancelled']);
    expect(new Set(Object.values(rest))).to.deep.equal(new Set(['!notApproved']));
  });

  it('loses its approval with its words', () => {
    expect(matrix().approved['edited']).to.equal('draft');
  });

  it('is never requested again while the outcome of a request is not known', () => {
    const { queued, unknown, notSent, givenUp, accepted } = matrix().queued;
    expect([queued, unknown, notSent, givenUp, accepted]).to.deep.equal([
      '!underWay',
      '.',
      'approved',
      'failed',
      'sent',
    ]);
  });

  it('cannot be changed, approved, rejected or cancelled once its request is written down', () => {
    for (const state of ['queued', 'sent', 'delivered', 'failed', 'rejected', 'cancelled'] as const) {
      const row = matrix()[state];
      for (const type of ['edited', 'approved', 'rejected', 'cancelled', 'queued']) expect(row[type]).to.match(/^!/);
    }
  });

  it('takes reports of the carrier in any order, and the last truth stands', () => {
    const { sent, delivered, failed, approved } = matrix();
    expect([sent['delivered'], sent['undelivered'], sent['accepted']]).to.deep.equal(['delivered', 'failed', '.']);
    expect([delivered['accepted'], delivered['undelivered']]).to.deep.equal(['.', '.']);
    expect([failed['delivered'], failed['accepted']]).to.deep.equal(['delivered', '.']);
    // It was taken for not sent, and was: it must not be sent again.
    expect([approved['accepted'], approved['delivered']]).to.deep.equal(['sent', 'delivered']);
  });

  it('was approved before every request, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...types), { maxLength: 40 }), (events) => {
        let state: MessageState = 'draft';
        let approvedWords = false;
        for (const type of events) {
          const move = moveMessage(state, { type });
          if (move.kind !== 'moved') continue;
          if (type === 'approved') approvedWords = true;
          if (type === 'edited') approvedWords = false;
          if (type === 'queued') expect(approvedWords).to.equal(true);
          state = move.state;
        }
      }),
    );
  });
});
