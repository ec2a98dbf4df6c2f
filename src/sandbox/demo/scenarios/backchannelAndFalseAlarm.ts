import { all, answered, endedBy, listened, nothingLeftUnsaid, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const backchannelAndFalseAlarm: Scenario = {
  name: 'backchannel-and-false-alarm',
  sentence:
    'Listening words do not take the turn, a cough does not stop Sanad, and a voice elsewhere in the room does, until no words of the caller come: then Sanad goes on from the last mark.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.sayOver('okay', 1_500);
    await play.line.silence(1_000);
    await play.soundOver({ mulaw: play.noise('cough'), afterMs: 800, as: 'the caller coughs' });
    await play.answer('long-story');
    await play.sayOver('okay', 1_000);
    await play.answer('lonely');
    await play.soundOver({
      mulaw: play.voice('later'),
      gainDb: -6,
      afterMs: 1_000,
      as: 'somebody in the room says a word, away from the telephone',
    });
    await play.line.listenUntilQuiet({ ms: 2_500 });
  },
  faults: all(wasConversation, answered(2), listened('طيب'), nothingLeftUnsaid, endedBy('caller'), ({ measures }) =>
    measures.silencedAfterMs.length > 0 ? [] : ['no false alarm silenced Sanad'],
  ),
};
