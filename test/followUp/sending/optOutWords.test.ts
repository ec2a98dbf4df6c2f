import { expect } from 'chai';
import { isOptOut } from '../../../src/followUp/sending/optOutWords.ts';

describe('a message that takes back the consent to be written to', () => {
  const withdrawals = [
    'STOP',
    ' stop. ',
    'Stop!!!',
    'STOPALL',
    'Unsubscribe',
    'cancel',
    'END',
    'Quit',
    'opt-out',
    'stop texting me',
    'Please don’t text me again',
    'no more messages please',
    'remove my number',
    'إيقاف',
    'ايقاف',
    'إيـقـاف',
    'توقف',
    'أوقفوا الرسائل',
    'وقفوا المسجات لو سمحتوا',
    'الغاء',
    'إلغاء الاشتراك',
    'لا ترسلون',
    'لا ترسلون لي رسائل',
    'ما ترسلوا مرة ثانية',
    'لا تراسلوني بعد اليوم',
    'ما أبغى رسائل منكم',
    'لا أريد رسائل',
    'احذفوا رقمي من فضلكم',
  ];
  for (const message of withdrawals) it(`is: ${message}`, () => expect(isOptOut(message)).to.equal(true));

  const others = [
    '',
    '؟',
    '👍',
    'please',
    'شكرا',
    'make it stop',
    'please make it stop',
    'stop, please',
    'توقف لو سمحت',
    'I want it to end',
    'I cannot stop crying',
    'the end',
    'stop the pain',
    'ما أقدر أوقف أفكر',
    'أريد أوقف كل شي',
    'أبغى أنهي كل شي',
    'خلاص',
    'خلاص ما عاد أقدر',
    'لا ترسلون الإسعاف',
    'لا ترسلون أحد لبيتي',
    'ما أريد أعيش',
    'ما وصلتني رسائل',
    'الغاء الموعد',
    'cancel my appointment',
    'yes',
    'START',
  ];
  for (const message of others)
    it(`is not, and a person reads it: ${message}`, () => expect(isOptOut(message)).to.equal(false));
});
