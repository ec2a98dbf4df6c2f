import type { LanguagePack } from './languagePack.ts';
import { english } from './packs/english.ts';
import { omani } from './packs/omani.ts';
import { standardArabic } from './packs/standardArabic.ts';

export { english } from './packs/english.ts';
export { omani } from './packs/omani.ts';
export { standardArabic } from './packs/standardArabic.ts';

/** All packs by id; Omani is what a call begins with. */
export const languagePacks: Readonly<Record<LanguagePack['id'], LanguagePack>> = {
  'ar-OM': omani,
  ar: standardArabic,
  en: english,
};
