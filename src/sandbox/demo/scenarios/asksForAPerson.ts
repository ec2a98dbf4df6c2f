import { all, endedBy, saidGoodbye, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { personNumber } from '../numbers.ts';
import { personJoined } from './escalationExpectations.ts';

export const asksForAPerson: Scenario = {
  name: 'asks-for-a-person',
  sentence:
    'The caller presses 0: a telephone rings, a person takes the call with a key, they talk and part, and Sanad is there again.',
  language: 'ar-OM',
  caller: async (play) => {
    play.setPhone({
      kind: 'answers',
      afterMs: 3_000,
      person: async (person) => {
        await person.asked();
        await person.silence(2_500);
        await person.press('1');
        await person.connected();
        await person.silence(400);
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
    play.aside('Sanad asks whether words may be kept, and whether to ring back');
    await play.answer('no');
    await play.answer('no');
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    understood('مشكور', 'مع السلامة'),
    personJoined(personNumber),
    saidGoodbye,
    endedBy('line'),
  ),
};
