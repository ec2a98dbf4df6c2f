import type { LanguagePack } from '../languagePack.ts';
import { omaniPrompt } from '../prompts/omani.ts';
import { arabicWords } from '../words/arabic.ts';
import { englishWords } from '../words/english.ts';
import { merge } from '../words/merge.ts';
import { omaniAsking } from './omaniAsking.ts';
import { omaniConsent } from './omaniConsent.ts';
import { omaniSafety } from './omaniSafety.ts';
import { versionOf } from './version.ts';

/**
 * Omani Arabic. Fixed lines address the caller in the respectful plural, which fits a man, a woman and a family, and speak
 * of Sanad without gendered participles, so that one recording fits every caller and both voices.
 *
 * The wording follows what is published about the dialect; a native Omani clinician has not reviewed it yet.
 */
const lines: LanguagePack['lines'] = {
  ...omaniSafety,
  ...omaniConsent,
  ...omaniAsking,
  greeting: [
    'السلام عليكم، أنا سند، برنامج ذكاء اصطناعي وماني إنسان.',
    'أسمعكم، ولو تبوا إنسان، اضغطوا صفر.',
    'تقدروا تتكلموا براحتكم؟',
  ],
  identity: ['وللعلم، أنا سند، برنامج ذكاء اصطناعي وماني إنسان.'],
  lineBack: ['السموحة، انقطع الخط.', 'أنا سند، رجعت معكم، ونكمل من وين ما وقفنا.'],
  silenceFirst: ['أنا هنا معكم، خذوا راحتكم.'],
  silenceSecond: ['أنا بعدني على الخط.', 'لو الكلام صعب الحين، عادي، كلمة وحدة تكفي.'],
  silenceGoodbye: [
    'ما أسمع صوت، فبسكر الخط الحين.',
    'وفي أي ساعة، ليل ولا نهار، تقدروا ترجعوا تتصلوا.',
    'في أمان الله.',
  ],
  goodbye: ['شكرا إنكم تكلمتوا معي.', 'الخط مفتوح لكم في أي ساعة.', 'في أمان الله.'],
  cannotHear: ['السموحة، الصوت ما واصلني زين.', 'لو تبوا إنسان يكلمكم، اضغطوا صفر.'],
  thinkingTrouble: ['أنا معكم وأسمعكم.', 'خبروني أكثر عن هالشي.'],
  offerPerson: ['السموحة، عندي خلل وما أقدر أرد زين الحين.', 'لو تبوا إنسان يكلمكم، قولوا إنسان، أو اضغطوا صفر.'],
  personLeft: ['أنا سند، رجعت معكم على الخط.', 'كيف تحسوا الحين؟'],
  voiceTrouble: ['السموحة، صوتي انقطع شوي.', 'أنا بعدني معكم.'],
  lengthNotice: [
    'باقي لنا تقريبا خمس دقايق في هالمكالمة.',
    'وعقبها تقدروا تتصلوا مرة ثانية في أي وقت.',
    'إيش أهم شي تبوا تقولوه الحين؟',
  ],
  lengthGoodbye: ['وصلنا لنهاية وقت هالمكالمة.', 'تقدروا تتصلوا مرة ثانية الحين، أو في أي ساعة.', 'في أمان الله.'],
  fault: ['السموحة، صار خلل عندي.', 'الحين أوصلكم بإنسان، خلكم على الخط.'],
};

const words = merge(arabicWords, englishWords);

export const omani: LanguagePack = {
  id: 'ar-OM',
  version: versionOf('omani', 1, { lines, words, omaniPrompt }),
  recognise: 'ar-OM',
  voices: {
    female: { language: 'ar-OM', name: 'ar-OM-AyshaNeural' },
    male: { language: 'ar-OM', name: 'ar-OM-AbdullahNeural' },
  },
  carrierVoice: { language: 'ar-AE', voice: 'Polly.Hala-Neural' },
  systemPrompt: omaniPrompt,
  lines,
  words,
};
