import type { AskingLines } from '../safetyLines.ts';

/** Small questions in English. The first is put to everybody alike, so it says nothing about whoever rings. */
export const englishAsking: AskingLines = {
  askReturning: ['A small question, have you talked with Sanad before? One for yes, two for no.'],
  returningYes: ['Good that you rang again.', 'Please go on, I am listening.'],
  returningNo: ['Good that you rang.', 'Please go on, I am listening.'],
  askMood: [
    'If you like, say a number from one, very low, to ten, very well, or press it, and the star is ten.',
    'How do you feel now?',
  ],
  askMoodEnd: ['Before you go, a number from one to ten again, and the star is ten.', 'How do you feel now?'],
  moodNoted: ['Thank you for telling me.', 'Please go on, I am listening.'],
};
