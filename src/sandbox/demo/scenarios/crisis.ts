import { all, endedBy, understood, wasConversation } from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { personJoined, ringingSoon } from './escalationExpectations.ts';

const maryam = { name: 'مريم', number: '+96891111111', gender: 'f', role: 'listener' } as const;
const said = { name: 'سعيد', number: '+96892222222', gender: 'm', role: 'listener' } as const;

export const crisis: Scenario = {
  name: 'crisis',
  sentence:
    'The caller says that he thinks of killing himself: telephones ring while Sanad stays with him, one person takes the call with a key, is told what it is about, and comes onto the line.',
  language: 'ar-OM',
  onCall: [maryam, said],
  caller: async (play) => {
    play.setPhoneOf(said.number, { kind: 'voicemail', answersAfterMs: 6_000 });
    play.setPhoneOf(maryam.number, {
      kind: 'answers',
      afterMs: 9_000,
      person: async (line) => {
        await line.asked();
        await line.silence(2_500);
        await line.press('1');
        await line.connected();
        await line.silence(400);
        play.aside('the person on call speaks to the caller');
        await line.say(play.voice('on-call-hello'));
        await line.listenUntilQuiet({ ms: 900, withinMs: 10_000 });
        await line.say(play.voice('on-call-stays'));
        await line.listenUntilQuiet({ ms: 1_200, withinMs: 10_000 });
        play.aside('they have talked; the person leaves');
      },
    });
    await play.answer('worn-out');
    await play.answer('kill-myself');
    await play.answer('alone-at-home');
    await play.answer('in-seeb');
    await play.bridged();
    await play.line.hears({ atLeastMs: 500 });
    await play.untilQuiet();
    play.aside('the caller answers the person');
    await play.say('will-stay');
    await play.line.listenUntilQuiet({ ms: 2_500 });
  },
  faults: all(
    wasConversation,
    understood('بصراحة أفكر أقتل نفسي'),
    ringingSoon(2_000),
    personJoined(maryam.number),
    endedBy('caller'),
  ),
};
