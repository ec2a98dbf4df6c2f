import { expect } from 'chai';
import { printRecord, type KeptEscalation } from '../../../src/sandbox/demo/record.ts';
import { cells } from '../../../src/sandbox/demo/terminalText.ts';

const escalation: KeptEscalation = {
  id: 'a84db337-0000-4000-8000-000000000000',
  reason: 'risk',
  level: 'high',
  outcome: 'helped',
  moves: [
    { afterMs: 3, from: 'requested', to: 'ringing' },
    { afterMs: 11_900, from: 'ringing', to: 'accepted' },
  ],
  telephones: [
    { name: 'مريم', round: 1, wave: 1, state: 'left', rangMs: 200, answeredMs: 9_300, acceptedMs: 11_900 },
    { name: 'last resort', round: 1, wave: 3, state: 'noAnswer', rangMs: 104_600, answeredMs: null, acceptedMs: null },
  ],
  briefing: 'kept',
};

describe('the record of bringing a person, as the demo shows it', () => {
  it('says why, how far and how it went, in columns that Arabic names do not move', () => {
    const lines = printRecord({ escalations: [escalation], tasks: [] });
    expect(lines).to.deep.equal([
      'escalation  a84db337',
      'because     the caller is in danger',
      'level       high',
      'outcome     helped: the caller and a person spoke',
      "briefing    kept, sealed under the caller's own key",
      '',
      'What happened',
      '  +0.0 s   requested → ringing',
      '  +11.9 s  ringing → accepted',
      '',
      'Telephones',
      '  round  wave  whose        rang      answered  took it  ended',
      '  1      1     \u2067مريم\u2069         +0.2 s    +9.3 s    +11.9 s  spoke with the caller',
      '  1      3     last resort  +104.6 s  –         –        no answer',
    ]);
    expect(Math.max(...lines.map(cells))).to.be.below(80);
  });

  it('lists what is left to do with its deadline in Muscat', () => {
    const dueAt = new Date('2026-11-20T21:44:26Z');
    const tasks = [
      { kind: 'humanCallback', dueAt, state: 'waiting' },
      { kind: 'supervisor', dueAt, state: 'waiting' },
    ] as const;
    expect(printRecord({ escalations: [], tasks }).slice(1)).to.deep.equal([
      'Tasks that are left',
      '  a person calls back           due 01:44:26 in Muscat  waiting',
      '  the supervisor follows it up  due 01:44:26 in Muscat  waiting',
    ]);
  });

  it('says that an escalation is still open, and keeps a word that it does not know', () => {
    const [telephone] = escalation.telephones;
    const odd = { ...escalation, reason: 'other', outcome: null, briefing: 'none' } as const;
    const lines = printRecord({
      escalations: [{ ...odd, telephones: telephone === undefined ? [] : [{ ...telephone, state: 'ringing' }] }],
      tasks: [],
    });
    expect(lines.slice(1, 5)).to.deep.equal([
      'because     other',
      'level       high',
      'outcome     still open',
      'briefing    none',
    ]);
    expect(lines.at(-1)).to.match(/ringing$/);
  });

  it('has nothing to say when nobody was called for', () => {
    expect(printRecord({ escalations: [], tasks: [] })).to.deep.equal([]);
  });
});
