import type { LanguagePack } from '../languagePack.ts';
import { standardArabicPrompt } from '../prompts/standardArabic.ts';
import { arabicWords } from '../words/arabic.ts';
import { englishWords } from '../words/english.ts';
import { merge } from '../words/merge.ts';
import { standardArabicAsking } from './standardArabicAsking.ts';
import { standardArabicConsent } from './standardArabicConsent.ts';
import { standardArabicSafety } from './standardArabicSafety.ts';
import { versionOf } from './version.ts';

/** Modern Standard Arabic, for callers whose dialect is far from Omani. Same forms of address as the Omani pack. */
const lines: LanguagePack['lines'] = {
  ...standardArabicSafety,
  ...standardArabicConsent,
  ...standardArabicAsking,
  greeting: [
    'السلام عليكم، أنا سند، برنامج ذكاء اصطناعي ولست إنسانا.',
    'أسمعكم، وإن أردتم إنسانا، فاضغطوا صفرا.',
    'هل تستطيعون الكلام براحتكم؟',
  ],
  identity: ['وللعلم، أنا سند، برنامج ذكاء اصطناعي ولست إنسانا.'],
  lineBack: ['عذرا، انقطع الخط.', 'أنا سند، عدت إليكم، ونكمل من حيث توقفنا.'],
  silenceFirst: ['أنا هنا معكم، خذوا وقتكم.'],
  silenceSecond: ['ما زلت معكم على الخط.', 'إن كان الكلام صعبا الآن فلا بأس، كلمة واحدة تكفي.'],
  silenceGoodbye: [
    'لا أسمع صوتا، فسأغلق الخط الآن.',
    'وفي أي ساعة من ليل أو نهار يمكنكم الاتصال مرة أخرى.',
    'في أمان الله.',
  ],
  goodbye: ['شكرا لأنكم تحدثتم معي.', 'الخط مفتوح لكم في أي ساعة.', 'في أمان الله.'],
  cannotHear: ['عذرا، لا يصلني الصوت جيدا.', 'إن أردتم أن يكلمكم إنسان، فاضغطوا صفر.'],
  thinkingTrouble: ['أنا معكم وأسمعكم.', 'أخبروني أكثر عن ذلك.'],
  offerPerson: ['عذرا، لدي خلل ولا أستطيع الرد جيدا الآن.', 'إن أردتم أن يكلمكم إنسان، فقولوا إنسان، أو اضغطوا صفر.'],
  personLeft: ['أنا سند، عدت معكم على الخط.', 'كيف تشعرون الآن؟'],
  voiceTrouble: ['عذرا، انقطع صوتي قليلا.', 'ما زلت معكم.'],
  lengthNotice: [
    'بقيت لنا نحو خمس دقائق في هذه المكالمة.',
    'وبعدها يمكنكم الاتصال مرة أخرى في أي وقت.',
    'ما أهم شيء تودون قوله الآن؟',
  ],
  lengthGoodbye: ['وصلنا إلى نهاية وقت هذه المكالمة.', 'يمكنكم الاتصال مرة أخرى الآن، أو في أي ساعة.', 'في أمان الله.'],
  fault: ['عذرا، حدث خلل عندي.', 'سأوصلكم الآن بإنسان، ابقوا على الخط.'],
};

const words = merge(arabicWords, englishWords);

export const standardArabic: LanguagePack = {
  id: 'ar',
  version: versionOf('standardArabic', 1, { lines, words, standardArabicPrompt }),
  recognise: 'ar-SA',
  voices: {
    female: { language: 'ar-SA', name: 'ar-SA-ZariyahNeural' },
    male: { language: 'ar-SA', name: 'ar-SA-HamedNeural' },
  },
  carrierVoice: { language: 'ar-AE', voice: 'Polly.Hala-Neural' },
  systemPrompt: standardArabicPrompt,
  lines,
  words,
};
