import type { ConsentLines } from '../safetyLines.ts';

/**
 * Consent in Omani Arabic: one short question at a time, last, with the no made as easy as the yes. A native Omani clinician has not
 * reviewed it yet.
 */
export const omaniConsent: ConsentLines = {
  askKeepWords: [
    'وسؤال صغير، والجواب على راحتكم، لو لا نكمل عادي.',
    'تسمحوا نحتفظ بكلامكم، عشان المرة الجاية ما تعيدوا من الأول؟ واحد نعم، اثنين لا.',
  ],
  askKeepWordsAgain: ['نحتفظ باللي قلتوه، نعم ولا لا؟'],
  askFollowUp: ['وقبل ما نخلص، تبوا نتصل فيكم في يوم ثاني نسأل عنكم؟ واحد نعم، اثنين لا.'],
  askFollowUpAgain: ['نتصل فيكم عقب، نعم ولا لا؟'],
  askSms: ['ولو ما رديتوا، تسمحوا نرسل لكم رسالة قصيرة؟ واحد نعم، اثنين لا.'],
  askSmsAgain: ['نرسل لكم رسالة، نعم ولا لا؟'],
  wordsKept: ['شكرا، ولو غيرتوا رايكم، قولوا احذفوا كلامي.', 'كملوا، أنا أسمعكم.'],
  wordsNotKept: ['زين، ما بنحتفظ بكلامكم.', 'كملوا، أنا أسمعكم.'],
  contactAgreed: ['شكرا، سجلت هالشي.', 'كملوا، أنا أسمعكم.'],
  contactDeclined: ['زين، ما بنتصل ولا بنرسل.', 'كملوا، أنا أسمعكم.'],
  wordsTakenBack: ['زين، سجلت إن كلامكم ما يبقى عندنا، وبينحذف.', 'كملوا، أنا أسمعكم.'],
  contactTakenBack: ['زين، ما بنتصل فيكم ولا بنرسل لكم رسايل.', 'كملوا، أنا أسمعكم.'],
  askBeforeAudio: [
    'السلام عليكم، هنا سند، برنامج ذكاء اصطناعي ومو إنسان.',
    'لو توافقوا إن البرنامج يسمع كلامكم ويحتفظ به، اضغطوا واحد. ولو تبوا إنسان يكلمكم، اضغطوا اثنين.',
  ],
  askBeforeAudioAgain: ['واحد، تتكلموا مع البرنامج ويحتفظ بكلامكم. اثنين، تتكلموا مع إنسان.'],
};
