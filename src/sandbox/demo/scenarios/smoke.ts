import { all, endedBy, saidGoodbye, silenced, understood, wasConversation, wasCutOff } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

/** The shortest call in which everything that matters happens: heard, understood, answered, interrupted, ended. */
export const smoke: Scenario = {
  name: 'smoke',
  sentence: 'A short call that checks itself: the greeting is interrupted, an answer is heard, goodbye is said.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.sayOver('say-again', 1_200);
    await play.line.hears({ atLeastMs: 2_000 });
    await play.sayOver('goodbye', 0);
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    understood('عيد مرة ثانية', 'مع السلامة'),
    silenced(2, 800),
    wasCutOff,
    saidGoodbye,
    endedBy('line'),
  ),
};
