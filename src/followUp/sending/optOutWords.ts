/**
 * Words with which a person says that they want no more messages. The whole message must be such words: "make it stop" is a plea
 * that a person has to read, and no withdrawal. Whoever writes something else about it is read by a person, too.
 */
import { normalise } from '../../text/normalise.ts';
import { compilePhrases } from '../../text/phrases.ts';

/** As people say it. The longest first: of several that begin alike, the first of the list is taken. */
const sentences = [
  '(stop|no more|no) (these|the|your|sending|sending me|sending me your|) (messages|texts|sms)',
  'stop (texting|messaging|contacting|writing to) me',
  '(do not|dont|never) (text|message|contact|write to|write) me',
  '(remove|delete) (me|my number)',
  'unsubscribe me',
  '(ايقاف|الغاء|وقف|وقفوا|وقفو|اوقفوا|اوقفو|توقفوا عن) (ارسال|) (الرسائل|الرسايل|المسجات|هذه الرسائل|هالرسائل|رسائلكم)',
  'الغاء (الاشتراك|اشتراكي|اشتراك)',
  '(لا|ما) (عاد|) (ترسلون|ترسلوا|ترسلو|ترسل|ترسلي|ترسلولي|ترسلوا لي|ترسلون لي|ترسل لي) (لي|) (رسائل|رسايل|مسجات|شي|)',
  '(لا|ما) (عاد|) (تراسلوني|تراسلوننا|تراسلني|تراسلونا|تكتبوا لي|تكتبون لي|تتواصلوا معي|تتواصلون معي|تتواصل معي)',
  '(لا اريد|لا ارغب في|ما اريد|ما ابغي|ما ابي|مابي|مابغي|ما ودي) (اي|هذه|) (رسائل|رسايل|مسجات|رسائلكم|هالرسائل|الرسائل|الرسايل|المسجات) (منكم|)',
  '(احذفوا|احذفو|شيلوا|شيلو|امسحوا|امسحو) (رقمي|رقم تلفوني|رقم هاتفي)',
] as const;

/** Those of the carrier (twilio.md §4.5), and their Arabic. */
const words = [
  'stop all',
  'stopall',
  'stop',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'opt out',
  'optout',
  'ايقاف',
  'ستوب',
  'قف',
  '(توقف|توقفوا|وقف|وقفوا|اوقف|اوقفوا|وقفو|اوقفو)',
  'الغاء',
] as const;

/** What politeness and anger add; never enough by itself. */
const around = compilePhrases([
  'please',
  'now',
  'again',
  'any more',
  'anymore',
  'thanks',
  'thank you',
  'لو سمحت',
  'لو سمحتم',
  'لو سمحتوا',
  'من فضلك',
  'من فضلكم',
  'رجاء',
  'ارجوكم',
  'الرجاء',
  'شكرا',
  'خلاص',
  'مره ثانيه',
  'مره اخري',
  'بعد اليوم',
  'بعد',
  'ابدا',
  'الحين',
]);

const withdrawals = compilePhrases([...sentences, ...words]);
/** Alone they may be a cry: "stop, please" is read by a person, "stop" is the carrier's word. */
const bare = new Set([
  'stop',
  'end',
  'cancel',
  'quit',
  'قف',
  'توقف',
  'توقفوا',
  'وقف',
  'وقفوا',
  'وقفو',
  'اوقف',
  'اوقفوا',
]);

/** Is this whole message a withdrawal? */
export function isOptOut(message: string): boolean {
  const text = normalise(message);
  if (withdrawals.areAllOf(text)) return true;
  const rest = normalise(around.without(text));
  return rest !== '' && !bare.has(rest) && withdrawals.areAllOf(rest);
}
