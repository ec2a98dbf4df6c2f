import { normalise } from '../text/normalise.ts';
import { segmentsOf, type Segments } from './segments.ts';

/** What must not stand in a message, whoever wrote it. Pure. */

/** Words that tell a reader what the message is about. Arabic as `normalise` leaves it. */
const telling = [
  'sanad',
  'سند',
  'clinic',
  'hospital',
  'doctor',
  'therapy',
  'therapist',
  'psychiatr',
  'psycholog',
  'counsel',
  'suicid',
  'self harm',
  'kill',
  'crisis',
  'emergency',
  'depress',
  'anxiety',
  'mental',
  'diagnos',
  'medication',
  'abuse',
  'addict',
  'hotline',
  'helpline',
  'عياده',
  'مستشفي',
  'دكتور',
  'طبيب',
  'علاج',
  'معالج',
  'نفسي',
  'انتحار',
  'تنتحر',
  'اذيه نفسك',
  'تاذي نفسك',
  'ازمه',
  'طوارئ',
  'اكتئاب',
  'قلق',
  'تشخيص',
  'دواء',
  'ادويه',
  'ادمان',
  'عنف',
  'خط المساعده',
  'خط الدعم',
  'مرشد',
  'استشار',
] as const;

/** Three segments: more is a letter, and a network may part it. */
const mostSegments = 3;

export type WordingFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooLong'; readonly segments: number; readonly most: number }
  /** A slot of a template that nobody filled. */
  | { readonly kind: 'unfilled' }
  /** A relative who reads it would know. */
  | { readonly kind: 'telling'; readonly word: string };

export type Checked =
  | { readonly kind: 'sound'; readonly text: string; readonly segments: Segments }
  | { readonly kind: 'faulty'; readonly fault: WordingFault };

/** Trimmed and without control characters. Neither personal nor other wordings may hold a telling word. */
export function checkWording(text: string): Checked {
  const clean = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  if (clean === '') return faulty({ kind: 'empty' });
  if (/\{\w+\}/.test(clean)) return faulty({ kind: 'unfilled' });
  const segments = segmentsOf(clean);
  if (segments.segments > mostSegments)
    return faulty({ kind: 'tooLong', segments: segments.segments, most: mostSegments });
  const plain = ` ${normalise(clean)} `;
  // Arabic words carry their article and prepositions before them; of English ones only the beginning counts.
  const word = telling.find((each) => plain.includes(/^[a-z]/.test(each) ? ` ${each}` : each));
  return word === undefined ? { kind: 'sound', text: clean, segments } : faulty({ kind: 'telling', word });
}

function faulty(fault: WordingFault): Checked {
  return { kind: 'faulty', fault };
}
