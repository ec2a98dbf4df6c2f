/**
 * What the carrier's own voice says when ours cannot. Arabic is in the standard language, since no Omani voice exists
 * there, and worded so that it addresses a man and a woman alike. No telephone number is ever spoken from here: emergency
 * numbers are reviewed settings, and these lines must be true without any.
 */
import type { PersonReason } from '../session/callDesk.ts';

export type CarrierLanguage = 'ar' | 'en';

export interface CarrierVoice {
  readonly language: string;
  readonly voice: string;
}

/** Gulf Arabic is the nearest that the carrier has (twilio.md §2.8). */
export const carrierVoices: Readonly<Record<CarrierLanguage, CarrierVoice>> = {
  ar: { language: 'ar-AE', voice: 'Polly.Hala-Neural' },
  en: { language: 'en-US', voice: 'Polly.Joanna-Neural' },
};

type Line = Readonly<Record<CarrierLanguage, string>>;

const moment: Line = {
  ar: 'لحظة من فضلك. يتم الآن تحويل المكالمة إلى شخص. الرجاء البقاء على الخط.',
  en: 'One moment please. You are being put through to a person. Please stay on the line.',
};

const busy: Line = {
  ar: 'نعتذر، سند مشغول الآن بمكالمات أخرى. يتم الآن تحويل المكالمة إلى شخص. الرجاء البقاء على الخط.',
  en: 'Sorry, Sanad is busy with other calls. You are being put through to a person. Please stay on the line.',
};

const fault: Line = {
  ar: 'نعتذر، حدث خلل عندنا. يتم الآن تحويل المكالمة إلى شخص. الرجاء البقاء على الخط.',
  en: 'Sorry, something went wrong on our side. You are being put through to a person. Please stay on the line.',
};

/** Said before a person is rung. */
export const beforePerson: Readonly<Record<PersonReason, Line>> = {
  asked: moment,
  risk: moment,
  full: busy,
  draining: moment,
  unheard: fault,
  fault,
};

/** A person is wanted and none is configured: honest, and Sanad stays. */
export const noPerson: Line = {
  ar: 'نعتذر، لا يمكن الوصول إلى شخص الآن. الرجاء البقاء على الخط، سند معك.',
  en: 'Sorry, nobody can be reached right now. Please stay on the line, Sanad is here.',
};

/** Sanad itself has failed, and no person is configured: the line is tried again. */
export const trying: Line = {
  ar: 'نعتذر، حدث خلل عندنا. الرجاء البقاء على الخط، نحاول مرة أخرى.',
  en: 'Sorry, something went wrong on our side. Please stay on the line, we are trying again.',
};

/** Everything was tried. The only line after which the call ends. */
export const nobodyAtAll: Line = {
  ar: 'نعتذر كثيرا، لم نستطع الوصول إلى أحد. إذا كان هناك خطر الآن، يرجى الاتصال بالطوارئ من هذا الهاتف. ويمكن الاتصال بنا مرة أخرى في أي وقت.',
  en: 'We are very sorry, nobody could be reached. If there is danger now, please call the emergency services from this telephone. You can call us again at any time.',
};
