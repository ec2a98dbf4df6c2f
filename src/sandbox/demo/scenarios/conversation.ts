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
    'A caller who cannot sleep talks with Sanad for about a minute; a listening word, a cough, an interruption.',
  language: 'ar-OM',
  caller: async (play) => {
    await play.answer('can-talk');
    await play.answer('cannot-sleep');
    await play.sayOver('yes', 900);
    await play.answer('work-pressure');
    await play.soundOver({ mulaw: play.noise('cough'), afterMs: 1_200, as: 'the caller coughs' });
    await play.answer('trailing-but');
    await play.sayOver('interrupts', 1_500);
    await play.answer('thanks');
    await play.answer('goodbye');
    await play.line.stay();
  },
  faults: all(
    wasConversation,
    answered(6),
    understood('أقدر أتكلم', 'صاحي لين الفجر', 'ضغط', 'قدامهم', 'قصدي', 'مشكور', 'مع السلامة'),
    listened('ايوه'),
    wasCutOff,
    saidGoodbye,
    endedBy('line'),
  ),
};
