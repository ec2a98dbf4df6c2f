import { all, endedBy, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const providerFailure: Scenario = {
  name: 'provider-failure',
  sentence:
    'One model stalls and the other takes over; the connection of speech recognition breaks in mid-sentence and no word is lost; then both models are down, and Sanad says a scripted line and offers a person.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.untilQuiet();
    play.aside('from here on OpenAI takes requests and never answers');
    await play.control.models.setFaults([{ scope: 'openai', fault: { kind: 'hang' }, times: null }]);
    await play.say('cannot-sleep');
    await play.untilQuiet();
    await play.control.models.clearFaults();
    play.aside('OpenAI answers again; the recogniser will be cut off in the middle of a sentence');
    await play.control.speech.setFaults([
      { scope: 'recognition', fault: { kind: 'reset', at: 'phrase' }, afterMs: 900 },
    ]);
    await play.say('trailing-because');
    await play.line.silence(800);
    await play.say('work-pressure');
    await play.untilQuiet();
    play.aside('from here on both models are down');
    await play.control.models.setFaults([
      { scope: 'openai', fault: { kind: 'status', status: 500 }, times: null },
      { scope: 'anthropic', fault: { kind: 'status', status: 529 }, times: null },
    ]);
    await play.say('better-now');
    await play.answer('thanks');
    await play.untilQuiet();
  },
  faults: all(
    wasConversation,
    understood('صاحي لين الفجر', 'خبرت', 'ضغط وايد فالشغل والمدير ما يرحم', 'أحسن شوي', 'مشكور'),
    endedBy('caller'),
    ({ turns }) => {
      const kinds = turns.filter(({ speaker }) => speaker === 'sanad').map(({ kind }) => kind);
      const wanted = ['line', 'turn', 'turn', 'line', 'line'];
      return kinds.join() === wanted.join()
        ? []
        : [`Sanad answered with ${kinds.join(', ')}, not ${wanted.join(', ')}`];
    },
  ),
};
