import { all, endedBy, silenced, understood, wasConversation, wasCutOff } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const interruption: Scenario = {
  name: 'interruption',
  sentence:
    'A woman talks over the greeting and over an answer, and then asks Sanad to stop: what she did not hear was not said, and after "stop" Sanad is silent.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.sayOver('quarrel-home', 5_500);
    await play.sayOver('nobody-understands', 1_800);
    await play.sayOver('stop-please', 1_200);
    play.aside('the caller says nothing for four seconds, and neither does Sanad');
    await play.line.silence(4_000);
    await play.say('between-us');
    await play.line.listenUntilQuiet({ ms: 1_200 });
  },
  faults: all(
    wasConversation,
    understood('بيني وبين أبوي', 'محد يفهمني', 'وقف', 'بيننا'),
    silenced(3, 800),
    wasCutOff,
    endedBy('caller'),
    ({ report, measures }) => {
      const [stop, next] = report.utterances.slice(-2);
      const disturbed = measures.sanadBursts.some(
        ({ startMs }) => stop !== undefined && next !== undefined && startMs > stop.endMs && startMs < next.startMs,
      );
      return disturbed ? ['Sanad spoke after it was asked to stop'] : [];
    },
  ),
};
