import type { AskingLines } from '../safetyLines.ts';

/** Small questions in English. The first is put to everybody alike, so it says nothing about whoever rings. */
export const englishAsking: AskingLines = {
  askReturning: ['A small question, have you talked with Sanad before? One for yes, two for no.'],
  returningYes: ['Good that you rang again.', 'Please go on, I am listening.'],
  returningNo: ['Good that you rang.', 'Please go on, I am listening.'],
  askMood: [
    'If you like, from one, very low, to ten, very well, how do you feel now?',
    'Say the number, or press it, and the star is ten.',
  ],
  askMoodEnd: ['Before you go, from one to ten, how do you feel now? Say it or press it, and the star is ten.'],
  moodNoted: ['Thank you for telling me.', 'Please go on, I am listening.'],
};
