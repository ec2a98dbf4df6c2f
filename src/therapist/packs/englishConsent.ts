import type { ConsentLines } from '../safetyLines.ts';

/** Consent in English: short words, one question at a time. */
export const englishConsent: ConsentLines = {
  askKeepWords: [
    'One small question, and if you say no, we just go on.',
    'May we keep what you say, so that next time you need not start over? One for yes, two for no.',
  ],
  askKeepWordsAgain: ['Shall we keep what you said, yes or no?'],
  askFollowUp: ['Before you go, may we ring you in a few days to ask how you are? One for yes, two for no.'],
  askFollowUpAgain: ['Shall we ring you later, yes or no?'],
  askSms: ['And if you do not pick up, may we send you a short text message? One for yes, two for no.'],
  askSmsAgain: ['Shall we send you a message, yes or no?'],
  wordsKept: ['Thank you. If you change your mind, say delete my words.', 'Please go on, I am listening.'],
  wordsNotKept: ['All right, we will not keep your words.', 'Please go on, I am listening.'],
  contactAgreed: ['Thank you, I wrote that down.', 'Please go on, I am listening.'],
  contactDeclined: ['All right, we will not ring or write.', 'Please go on, I am listening.'],
  wordsTakenBack: [
    'All right, I wrote down that your words are not to stay, and they will be deleted.',
    'Please go on, I am listening.',
  ],
  contactTakenBack: ['All right, we will not ring you or send you messages.', 'Please go on, I am listening.'],
  askBeforeAudio: [
    'Hello, this is Sanad, an AI program, not a person.',
    'If you agree that the program hears what you say and keeps it, press one. If you want a person, press two.',
  ],
  askBeforeAudioAgain: ['One, to talk with the program, which keeps your words. Two, to talk with a person.'],
};
