/**
 * Taking consent back, and putting a question for it off, in all languages at once since callers mix them. Phrase syntax as in
 * src/text/phrases.ts. Written from what is published of the dialect; a native Omani clinician has not reviewed it yet.
 */

const words =
  '(كلامي|كلامنا|اللي قلته|اللي اقوله|الكلام|مكالمتي|المكالمة|هالمكالمة|صوتي|معلوماتي|بياناتي|شي|شيء|شيئا|اي شي|اي شيء)';
const myWords = '(كلامي|كلامنا|اللي قلته|اللي اقوله|مكالمتي|هالمكالمة|صوتي|معلوماتي|بياناتي|كل شي قلته|التسجيل)';

export const takesBackWords = [
  `(لا|ما|مابا) (تحتفظ|تحتفظي|تحتفظوا|تحتفظون|احتفظوا|نحتفظ) (ب|) ${words}`,
  '(لا|ما|مابا) (تحتفظ|تحتفظي|تحتفظوا|تحتفظون) (بكلامي|بكلامنا|باللي قلته|باللي اقوله|بمكالمتي|بالمكالمة|بهالمكالمة|بصوتي|بمعلوماتي|ببياناتي|بشي|بشيء|باي شي|باي شيء)',
  `(لا|ما|مابا) (تسجل|تسجلي|تسجلوا|تسجلون|تحفظ|تحفظي|تحفظوا|تحفظون|تخزن|تخزنوا) ${words}`,
  '(لا|ما|مابا) (تسجلني|تسجليني|تسجلوني|تسجلونني)',
  `(احذف|احذفي|احذفوا|امسح|امسحي|امسحوا|شيل|شيلوا|الغ|الغوا) ${myWords}`,
  `(ابا|ابغي|ابغا|ابي|اريد|ودي) (اني|ان|انكم|) (تحذف|تحذفي|تحذفوا|تحذفون|تمسح|تمسحوا|تمسحون) ${myWords}`,
  '(ما|لا) (ابا|اباكم|ابغي|ابغاكم|ابي|ابيكم|اريد|اريدكم|ودي) (ان|انكم|) (تحتفظ|تحتفظي|تحتفظوا|تحتفظون) (بكلامي|باللي قلته|باللي اقوله|بمكالمتي|بالمكالمة|بصوتي|بشي|بشيء|باي شي)',
  `(ما|لا) (ابا|اباكم|ابغي|ابغاكم|ابي|ابيكم|اريد|اريدكم|ودي) (ان|انكم|) (تسجل|تسجلي|تسجلوا|تسجلون|تحفظ|تحفظوا|تحفظون) ${words}`,
  '(dont|do not|stop) (record|recording|keep|keeping|save|saving|store|storing) (me|this|this call|the call|my call|my words|my voice|what i say|what i said|anything|anything i say)',
  '(delete|erase|remove|forget) (my words|my recording|the recording|this recording|my call|this call|what i said|what i say|everything i said|my data)',
  '(i want|i need|id like|i would like) you to (delete|erase|remove) (my words|my recording|the recording|my call|this call|what i said|everything i said|my data)',
];

export const takesBackContact = [
  '(لا|ما|مابا) (ترسل|ترسلي|ترسلوا|ترسلون|ترسلولي|تطرش|تطرشي|تطرشوا|تطرشون|تكتب|تكتبوا) (لي|) (رسالة|رسايل|رسائل|مسجات|مسج|اي رسالة|اي رسايل|شي|شيء)',
  '(لا|ما|مابا) (تتصل|تتصلي|تتصلوا|تتصلون|تدق|تدقي|تدقوا|تدقون) (فيني|في|بي|علي|لي) (مرة ثانية|بعدين|عقب|ابدا|)',
  '(ما|لا) (ابا|اباكم|ابغي|ابغاكم|ابي|ابيكم|اريد|اريدكم|ودي) (ان|انكم|) (ترسلوا|ترسلون|تطرشوا|تطرشون) (لي|) (رسالة|رسايل|رسائل|مسجات|شي|شيء)',
  '(ما|لا) (ابا|اباكم|ابغي|ابغاكم|ابي|ابيكم|اريد|اريدكم|ودي) (ان|انكم|) (تتصلوا|تتصلون|تدقوا|تدقون) (فيني|بي|علي|لي)',
  '(dont|do not|stop) (send|sending) (me) (messages|a message|any messages|texts|a text|text messages|any texts|anything)',
  '(dont|do not|stop) (text|texting|message|messaging|ring|ringing|call|calling) me (again|back|later|anymore|any more|)',
];

/** "Not now": no answer, and no no. */
export const putsOff = [
  '(بعدين|عقب|مو الحين|مب الحين|مش الحين|ما الحين|ليس الان|لاحقا|خلها بعدين|خلوها بعدين|خليها بعدين|مو وقته|مب وقته|مرة ثانية|في وقت ثاني)',
  '(later|not now|not right now|another time|maybe later|ask me later|some other time)',
];
