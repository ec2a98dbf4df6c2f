import type { AskingLines } from '../safetyLines.ts';

/** Small questions in Modern Standard Arabic; same forms and the same state of review as the Omani lines. */
export const standardArabicAsking: AskingLines = {
  askReturning: ['وسؤال قصير، هل سبق أن تحدثتم مع سند؟ واحد نعم، اثنان لا.'],
  returningYes: ['أهلا بكم من جديد.', 'تفضلوا بالكلام، أنا أسمعكم.'],
  returningNo: ['أهلا بكم.', 'تفضلوا بالكلام، أنا أسمعكم.'],
  askMood: [
    'وإن أحببتم، من واحد، مزاج متعب جدا، إلى عشرة، مزاج جيد جدا، كيف مزاجكم الآن؟',
    'قولوا الرقم أو اضغطوه، والنجمة عشرة.',
  ],
  askMoodEnd: ['وقبل أن ننهي، من واحد إلى عشرة، كيف مزاجكم الآن؟ قولوا الرقم أو اضغطوه، والنجمة عشرة.'],
  moodNoted: ['شكرا لأنكم أخبرتموني.', 'تفضلوا بالكلام، أنا أسمعكم.'],
};
