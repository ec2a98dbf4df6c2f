import { all, endedBy, saidGoodbye, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const asksForAPerson: Scenario = {
  name: 'asks-for-a-person',
  sentence:
    "The caller presses 0: a person's telephone rings, the person answers, they talk and part, and Sanad is there again.",
  language: 'ar-OM',
  caller: async (play) => {
    play.setPhone({
      kind: 'answers',
      afterMs: 3_000,
      person: async (person) => {
        await person.silence(600);
        play.aside('the person speaks');
        await person.say(play.voice('how-are-you'));
        await person.listenUntilQuiet({ ms: 800, withinMs: 8_000 });
        play.aside('the person says a word and leaves');
        await person.say(play.voice('later'));
      },
    });
    await play.line.hears({ atLeastMs: 3_000 });
    await play.line.press('0');
    await play.bridged();
    await play.line.hears({ atLeastMs: 500 });
    await play.untilQuiet();
    play.aside('the caller answers');
    await play.say('better-now');
    // Longer than it takes from the person's last word to Sanad's first.
    await play.line.listenUntilQuiet({ ms: 1_500 });
    await play.say('thanks');
    await play.answer('goodbye');
    await play.line.stay();
  },
  faults: all(wasConversation, understood('مشكور', 'مع السلامة'), saidGoodbye, endedBy('line'), ({ report }) => {
    const spoke = report.children.some(({ statuses }) => statuses.includes('in-progress'));
    return spoke ? [] : ['the person never spoke with the caller'];
  }),
};
