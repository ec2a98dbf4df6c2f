import { all, answered, endedBy, saidGoodbye, understood, wasConversation, wasCutOff } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const english: Scenario = {
  name: 'english',
  sentence: 'The same line in English: a greeting, two troubles, an interruption and a goodbye.',
  language: 'en',
  caller: async (play) => {
    await play.answer('en-yes');
    await play.answer('en-work');
    await play.sayOver('en-sleep', 2_000);
    await play.answer('en-goodbye');
    play.aside('Sanad asks whether words may be kept; the caller agrees, and then only wants to go');
    await play.answer('en-yes');
    await play.answer('en-goodbye');
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    answered(4),
    understood('yes', 'pressure at work', 'sleep', 'goodbye'),
    wasCutOff,
    saidGoodbye,
    endedBy('line'),
  ),
};
