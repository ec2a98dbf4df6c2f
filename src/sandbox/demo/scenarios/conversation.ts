import {
  all,
  answered,
  endedBy,
  listened,
  saidGoodbye,
  understood,
  wasConversation,
  wasCutOff,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';

export const conversation: Scenario = {
  name: 'conversation',
  sentence:
    'A man who cannot sleep talks with Sanad for about a minute; a cough, a listening word, an interruption, a thought left unfinished, goodbye and what he agrees to.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.soundOver({ mulaw: play.noise('cough'), afterMs: 2_500, as: 'the caller coughs' });
    await play.answer('can-talk');
    await play.line.silence(250);
    await play.say('cannot-sleep');
    await play.sayOver('yes', 900);
    await play.answer('work-pressure');
    await play.sayOver('interrupts', 1_500);
    await play.answer('trailing-because');
    await play.answer('thanks');
    await play.answer('goodbye');
    play.aside('Sanad asks whether words may be kept, and whether to ring back');
    await play.answer('yes');
    await play.answer('no');
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    answered(5),
    understood('أقدر أتكلم', 'صاحي لين الفجر', 'ضغط', 'قصدي', 'خبرت', 'مشكور', 'مع السلامة'),
    listened('ايوه'),
    wasCutOff,
    saidGoodbye,
    endedBy('line'),
  ),
};
