import { all, answered, endedBy, saidGoodbye, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const silence: Scenario = {
  name: 'silence',
  sentence:
    'A caller who hardly speaks: silence is answered gently, not filled, and in the end with a goodbye (waits of 5, 7 and 9 s here; 12, 25 and 45 s in earnest).',
  language: 'ar-OM',
  turnTaking: { silenceMs: [5_000, 7_000, 9_000] },
  caller: async (play) => {
    await play.line.listenUntilQuiet({ ms: 1_000 });
    play.aside('the caller says nothing');
    await play.line.hears({ atLeastMs: 500 });
    await play.answer('where-to-begin');
    await play.line.listenUntilQuiet({ ms: 1_000 });
    play.aside('the caller says nothing any more');
    await play.line.stay();
  },
  faults: all(wasConversation, answered(1), understood('من وين أبدأ'), saidGoodbye, endedBy('line'), ({ turns }) => {
    const lines = turns.filter(({ speaker, kind }) => speaker === 'sanad' && kind === 'line');
    // Greeting; one line for the first silence; two and the goodbye for the last.
    return lines.length === 5 ? [] : [`silence was answered ${lines.length - 1} times, not four times`];
  }),
};
