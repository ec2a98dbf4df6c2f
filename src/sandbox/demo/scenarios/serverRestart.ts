import { all, answered, endedBy, saidGoodbye, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const serverRestart: Scenario = {
  name: 'server-restart',
  sentence:
    'The server that holds the call goes away in the middle of an answer: another takes the call over from the database, says so, and goes on.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.answer('can-talk');
    await play.answer('cannot-sleep');
    await play.line.hears({ atLeastMs: 800 });
    play.aside('a second server starts, and the one that holds the call is stopped');
    await play.replaceServer();
    await play.line.hears({ atLeastMs: 500 });
    await play.answer('work-pressure');
    await play.answer('goodbye');
    play.aside('Sanad asks whether words may be kept, and whether to ring back');
    await play.answer('no');
    await play.answer('no');
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    answered(4),
    understood('أقدر أتكلم', 'صاحي لين الفجر', 'ضغط', 'مع السلامة'),
    saidGoodbye,
    endedBy('line'),
    ({ report }) => (report.streams === 2 ? [] : [`the call used ${report.streams} streams, not two`]),
  ),
};
