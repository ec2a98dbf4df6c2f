import { all, endedBy, saidGoodbye, understood, wasConversation, type Expectation } from '../expectations.ts';
import { callerNumber } from '../numbers.ts';
import type { Scenario } from '../scenario.ts';

const maryam = { name: 'مريم', number: '+96891111111', gender: 'f', role: 'listener' } as const;

const reply = 'ما أقدر أكمل، أفكر أقتل نفسي الليلة';

/** The person whose telephone rang was heard by whoever wrote, on the telephone that rang for them afterwards. */
const wasBrought: Expectation = ({ legs }) => {
  const writer = legs.find(({ to, digits }) => to === callerNumber && digits.some(({ digit }) => digit === '1'));
  if (writer === undefined) return ['whoever wrote was not rung, or did not take the call'];
  const heard = legs.some(({ to, hears }) => to === maryam.number && hears.some(({ whom }) => whom === writer.callSid));
  return heard ? [] : ['the person and whoever wrote never heard each other'];
};

export const followUp: Scenario = {
  name: 'follow-up',
  sentence:
    'The days after a call: it is summarised, a message is drafted, a person approves it, it is sent; the answer tells of danger, a person is rung at once, hears it, and is brought together with whoever wrote.',
  language: 'ar-OM',
  onCall: [maryam],
  caller: async (play) => {
    await play.answer('worn-out');
    await play.answer('goodbye');
    play.aside('Sanad asks whether words may be kept, whether to ring back, and whether to write');
    await play.answer('yes');
    await play.answer('yes');
    await play.answer('yes');
    await play.line.stay();
  },
  afterwards: async ({ staff, summary, aside, message, write, delivered, setPhoneOf, phrase, voice, settled }) => {
    const written = await summary();
    message(`summary of the call (by ${written.source}), read and approved by a person`, written.broughtBy);
    aside('a day later (no time passes here)');
    const draft = await staff.draft();
    message('draft, for a person to read', draft.body);
    aside('nothing has been sent: a named person has to approve these words');
    await staff.approve(draft);
    aside('approved; the job gives it to the carrier (simulated), once');
    await delivered(draft.body);
    message('on the caller’s telephone: nothing that tells what it is about', draft.body);
    setPhoneOf(maryam.number, {
      kind: 'answers',
      afterMs: 4_000,
      person: async (line) => {
        await line.asked();
        await line.silence(2_500);
        await line.press('1');
        await line.connected();
        await line.silence(400);
        await line.say(voice('on-call-hello'));
        await line.listenUntilQuiet({ ms: 900, withinMs: 10_000 });
        await line.say(voice('on-call-stays'));
        await line.listenUntilQuiet({ ms: 1_200, withinMs: 10_000 });
      },
    });
    setPhoneOf(callerNumber, {
      kind: 'answers',
      afterMs: 3_000,
      person: async (line) => {
        await line.asked();
        await line.silence(1_500);
        await line.press('1');
        await line.connected();
        await line.listenUntilQuiet({ ms: 900, withinMs: 15_000 });
        await line.say(phrase('will-stay'));
        await line.listenUntilQuiet({ ms: 2_500, withinMs: 15_000 });
      },
    });
    message('the caller answers', reply);
    await write(reply);
    aside('heard by the same floor as calls; nothing is answered, and a person is rung');
    await settled();
  },
  faults: all(wasConversation, understood('مع السلامة'), saidGoodbye, endedBy('line'), wasBrought),
};
