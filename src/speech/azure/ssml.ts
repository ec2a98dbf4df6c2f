import type { Voice } from '../synthesiser.ts';

/** One sentence as SSML. The voice is always named: the SDK has no default for ar-OM and would send none. */
export function sentenceSsml(text: string, voice: Voice, ratePercent: number): string {
  const rate = `${ratePercent >= 0 ? '+' : ''}${Math.round(ratePercent)}%`;
  return (
    `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escapeXml(voice.language)}">` +
    `<voice name="${escapeXml(voice.name)}"><prosody rate="${rate}">${escapeXml(text)}</prosody></voice></speak>`
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Also takes out what XML 1.0 cannot hold at all, and line ends, which the wire format gives a meaning of their own. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
