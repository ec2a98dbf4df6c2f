import type { AskingLines } from '../safetyLines.ts';

/** Small questions in Modern Standard Arabic; same forms and the same state of review as the Omani lines. */
export const standardArabicAsking: AskingLines = {
  askReturning: ['وسؤال قصير، هل سبق أن تحدثتم مع سند؟ واحد نعم، اثنان لا.'],
  returningYes: ['أهلا بكم من جديد.', 'تفضلوا بالكلام، أنا أسمعكم.'],
  returningNo: ['أهلا بكم.', 'تفضلوا بالكلام، أنا أسمعكم.'],
  askMood: [
    'وإن أحببتم، قولوا رقما من واحد، مزاج متعب جدا، إلى عشرة، مزاج جيد جدا، أو اضغطوه، والنجمة عشرة.',
    'كيف مزاجكم الآن؟',
  ],
  askMoodEnd: ['وقبل أن ننهي، مرة أخرى رقم من واحد إلى عشرة، والنجمة عشرة.', 'كيف مزاجكم الآن؟'],
  moodNoted: ['شكرا لأنكم أخبرتموني.', 'تفضلوا بالكلام، أنا أسمعكم.'],
};
