/** How many parts a text message is billed and delivered as (GSM 03.38, 3GPP TS 23.040; twilio.md §7.2). Pure. */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Each takes two places: an escape and itself. */
const extension = '\f^{}\\[~]|€';
const basicSet = new Set(basic);
const extensionSet = new Set(extension);

/** Units of one message alone, and of each part when there are several (the rest is taken by the header that joins them). */
const sizes = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const;

export interface Segments {
  readonly encoding: 'gsm7' | 'ucs2';
  /** Septets, or 16-bit units: a character outside the basic plane has two. */
  readonly units: number;
  readonly segments: number;
}

/** One character that is not in GSM-7 makes the whole message UCS-2. An empty text is one segment. */
export function segmentsOf(text: string): Segments {
  const characters = Array.from(text);
  const encoding = characters.every((each) => basicSet.has(each) || extensionSet.has(each)) ? 'gsm7' : 'ucs2';
  const widths = characters.map((each) => (encoding === 'ucs2' ? each.length : extensionSet.has(each) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, part } = sizes[encoding];
  return { encoding, units, segments: units <= alone ? 1 : partsOf(widths, part) };
}

/** An escape is not parted from its character, nor the halves of a surrogate pair: a part may stay one unit short. */
function partsOf(widths: readonly number[], size: number): number {
  let parts = 1;
  let filled = 0;
  for (const width of widths) {
    if (filled + width > size) {
      parts += 1;
      filled = 0;
    }
    filled += width;
  }
  return parts;
}
