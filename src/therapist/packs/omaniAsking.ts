import type { AskingLines } from '../safetyLines.ts';

/**
 * Small questions in Omani Arabic. The first is put to everybody alike, so it says nothing about whoever rings. A native Omani clinician
 * has not reviewed them yet.
 */
export const omaniAsking: AskingLines = {
  askReturning: ['وسؤال صغير، سبق وتكلمتوا مع سند؟ واحد نعم، اثنين لا.'],
  returningYes: ['زين إنكم اتصلتوا مرة ثانية.', 'كملوا، أنا أسمعكم.'],
  returningNo: ['زين إنكم اتصلتوا.', 'كملوا، أنا أسمعكم.'],
  askMood: [
    'ولو تحبوا، قولوا رقم من واحد، مزاج تعبان وايد، لين عشرة، مزاج زين وايد، أو اضغطوه، والنجمة عشرة.',
    'كيف مزاجكم الحين؟',
  ],
  askMoodEnd: ['وقبل ما نخلص، مرة ثانية رقم من واحد لين عشرة، والنجمة عشرة.', 'كيف مزاجكم الحين؟'],
  moodNoted: ['شكرا إنكم قلتوا لي.', 'كملوا، أنا أسمعكم.'],
};
