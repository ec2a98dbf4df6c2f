import { createHash } from 'node:crypto';

/**
 * The words of messages to callers. Anybody in the house may read them on the caller's telephone: no name, no line, no clinic, no
 * danger, no illness, nothing that says that there was a call. `personal` ones are used only where the caller has said that their
 * telephone is read by them alone; they too name nothing. Arabic fits one UCS-2 segment (70 units); a test counts.
 */
export const messageLanguages = ['ar-OM', 'ar', 'en'] as const;
export type MessageLanguage = (typeof messageLanguages)[number];

export const templateIds = [
  'caringFirst',
  'caringSecond',
  'caringWeekly',
  'caringFirstPersonal',
  'caringSecondPersonal',
  'caringWeeklyPersonal',
  'reminder',
] as const;
export type TemplateId = (typeof templateIds)[number];

export interface Template {
  readonly id: TemplateId;
  readonly words: Readonly<Record<MessageLanguage, readonly [string, ...string[]]>>;
  /** May be sent without a person looking at each, once a person has approved the template. */
  readonly mayServeUnseen: boolean;
}

const template = (
  id: TemplateId,
  omani: Template['words']['ar'],
  standard: Template['words']['ar'],
  english: Template['words']['ar'],
  mayServeUnseen = false,
): Template => ({ id, words: { 'ar-OM': omani, ar: standard, en: english }, mayServeUnseen });

export const templates: Readonly<Record<TemplateId, Template>> = {
  caringFirst: template(
    'caringFirst',
    ['السلام عليكم، حبينا نسلم عليك. نتمنى يومك طيب.'],
    ['السلام عليكم، أردنا أن نسلّم عليك. نتمنى لك يومًا طيبًا.'],
    ['Hello, just a greeting. We hope today is a kind day for you.'],
  ),
  caringSecond: template(
    'caringSecond',
    ['مساك الله بالخير، خطرت على بالنا. نتمنى أمورك طيبة.'],
    ['تحية طيبة، خطرت على بالنا. نرجو أن تكون أمورك بخير.'],
    ['Hello, you came to mind. We hope things are going well.'],
  ),
  caringWeekly: template(
    'caringWeekly',
    ['السلام عليكم، نسأل عنك ونتمنى لك أسبوع طيب.', 'هلا، نسلم عليك ونتمنى أيامك حلوة.'],
    ['السلام عليكم، نسأل عنك ونتمنى لك أسبوعًا طيبًا.', 'تحية طيبة، نتمنى لك أيامًا جميلة.'],
    ['Hello, thinking of you and wishing you a good week.', 'Hello, a small greeting. We wish you good days.'],
  ),
  caringFirstPersonal: template(
    'caringFirstPersonal',
    ['هلا، تكلمنا أمس ونسأل عنك. إذا تحب تتكلم، احنا هنا.'],
    ['مرحبًا، تحدثنا أمس ونسأل عنك. إن أردت الحديث فنحن هنا.'],
    ['Hello, we spoke yesterday and are thinking of you. We are here if you want to talk.'],
  ),
  caringSecondPersonal: template(
    'caringSecondPersonal',
    ['هلا، كيف حالك هالأيام؟ إذا تحب تتكلم، احنا هنا أي وقت.'],
    ['مرحبًا، كيف حالك هذه الأيام؟ نحن هنا إن أردت الحديث.'],
    ['Hello, how have you been these days? We are here if you want to talk.'],
  ),
  caringWeeklyPersonal: template(
    'caringWeeklyPersonal',
    ['هلا، مر أسبوع ونسأل عنك. احنا هنا متى ما حبيت تتكلم.'],
    ['مرحبًا، مر أسبوع ونسأل عنك. نحن هنا متى أردت الحديث.'],
    ['Hello, a week has passed and we are thinking of you. We are here whenever you want to talk.'],
  ),
  reminder: template(
    'reminder',
    ['السلام عليكم، نذكرك بموعدك {time}.'],
    ['السلام عليكم، نذكّرك بموعدك {time}.'],
    ['Hello, a reminder of your appointment {time}.'],
    true,
  ),
};

export function isTemplateId(text: string): text is TemplateId {
  return templateIds.some((id) => id === text);
}

/** Whatever a pack speaks; other languages are written to in Omani Arabic. */
export function messageLanguageOf(language: string): MessageLanguage {
  return messageLanguages.find((each) => each === language) ?? (language.startsWith('en') ? 'en' : 'ar-OM');
}

export interface Wording {
  readonly language: MessageLanguage;
  /** Chooses among several wordings; any whole number from 0. */
  readonly turn?: number;
  /** For `{time}`; one that is missing leaves its name standing, and the text is then refused. */
  readonly slots?: Readonly<Record<string, string>>;
}

export function wordsOf(id: TemplateId, { language, turn = 0, slots = {} }: Wording): string {
  const choices = templates[id].words[language];
  const words = choices[turn % choices.length] ?? choices[0];
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);
}

/** Of all its words: who approved a template approved these and no others. 32 bytes. */
export function fingerprintOf(id: TemplateId): Buffer {
  const { words } = templates[id];
  return createHash('sha256')
    .update(JSON.stringify(messageLanguages.map((language) => words[language])), 'utf8')
    .digest();
}
