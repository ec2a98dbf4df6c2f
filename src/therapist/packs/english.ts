import type { LanguagePack } from '../languagePack.ts';
import { englishPrompt } from '../prompts/english.ts';
import { arabicWords } from '../words/arabic.ts';
import { englishWords } from '../words/english.ts';
import { merge } from '../words/merge.ts';
import { englishAsking } from './englishAsking.ts';
import { englishConsent } from './englishConsent.ts';
import { englishSafety } from './englishSafety.ts';
import { versionOf } from './version.ts';

/** English: short words, since it is a second language for many callers. */
const lines: LanguagePack['lines'] = {
  ...englishSafety,
  ...englishConsent,
  ...englishAsking,
  greeting: [
    'Hello, this is Sanad, an AI program, not a person.',
    'I am listening. If you want a person, press zero.',
    'Can you talk freely right now?',
  ],
  identity: ['Just so you know, I am Sanad, an AI program, not a person.'],
  lineBack: ['Sorry, the line dropped.', 'This is Sanad, I am here again, and we can go on from where we were.'],
  silenceFirst: ['I am here with you, take your time.'],
  silenceSecond: ['I am still on the line.', 'If it is hard to speak, that is all right, one word is enough.'],
  silenceGoodbye: [
    'I cannot hear anyone, so I will close the line now.',
    'You can ring again at any hour, day or night.',
    'Take care.',
  ],
  goodbye: ['Thank you for talking with me.', 'The line is open to you at any hour.', 'Take care.'],
  cannotHear: ['I am sorry, I cannot hear you well.', 'If you want a person, press zero.'],
  thinkingTrouble: ['I am here, and I am listening.', 'Please tell me more about that.'],
  offerPerson: [
    'I am sorry, something is wrong on my side, and I cannot answer well right now.',
    'If you want a person, say person, or press zero.',
  ],
  personLeft: ['This is Sanad, I am back on the line with you.', 'How are you feeling now?'],
  voiceTrouble: ['Sorry, my voice broke off for a moment.', 'I am still with you.'],
  lengthNotice: [
    'We have about five minutes left in this call.',
    'After that you can ring again at any time.',
    'What matters most for you to say now?',
  ],
  lengthGoodbye: [
    'We have come to the end of the time for this call.',
    'You can ring again now, or at any hour.',
    'Take care.',
  ],
  fault: ['I am sorry, something went wrong here.', 'I am bringing a person now, please stay on the line.'],
};

const words = merge(englishWords, arabicWords);

export const english: LanguagePack = {
  id: 'en',
  version: versionOf('english', 1, { lines, words, englishPrompt }),
  recognise: 'en-GB',
  voices: {
    female: { language: 'en-GB', name: 'en-GB-SoniaNeural' },
    male: { language: 'en-GB', name: 'en-GB-RyanNeural' },
  },
  carrierVoice: { language: 'en-GB', voice: 'Polly.Amy-Neural' },
  systemPrompt: englishPrompt,
  lines,
  words,
};
