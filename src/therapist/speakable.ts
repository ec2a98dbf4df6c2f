/**
 * Turns what a model writes into what a voice can say: without markdown, list markers, emoji, quotation marks, stage
 * directions in brackets or asterisks. Works code point by code point, so that it does not matter how a stream is cut.
 */
export interface Cleaner {
  /** The code points that can be said for sure after this one; often itself, often nothing yet. */
  readonly push: (codePoint: string) => string;
  /** What was held back and turns out to be words. */
  readonly flush: () => string;
}

/** A bracket that is not closed within so many UTF-16 units was no stage direction; its words are said. */
const heldCharacters = 120;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '（': '）', '【': '】' };
const marker = /[#`~|>_•●▪◦·※►✓✔]/u;
const unspeakable =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Cf}\p{Co}\uFE0E\uFE0F\u20E3]/u;
const keycap = /[\d#*]/;
const quotation = /["“”„«»‹›]/u;
const dash = /[—–]/u;

type Held =
  | { readonly kind: 'none' }
  | { readonly kind: 'bracket'; readonly closer: string; readonly text: string }
  | { readonly kind: 'star'; readonly text: string; readonly standsAlone: boolean }
  | { readonly kind: 'starRun' }
  /** The beginning of a line, as long as it could be a list marker such as `12.` or `-`. */
  | { readonly kind: 'lineStart'; readonly text: string };

export function createCleaner(): Cleaner {
  let held: Held = { kind: 'lineStart', text: '' };
  /** The last code point said that is no space: tells whether a `*…*` stands alone. */
  let lastSaid = '';

  const say = (text: string): string => {
    const visible = text.trimEnd();
    if (visible !== '') lastSaid = visible.slice(-1);
    return text;
  };

  const release = (): string => {
    const was = held;
    held = { kind: 'none' };
    if (was.kind === 'none' || was.kind === 'starRun') return '';
    return say(was.text);
  };

  const inBracket = (was: Held & { kind: 'bracket' }, point: string): string => {
    if (point === was.closer) {
      held = { kind: 'none' };
      return ' ';
    }
    if (point === '\n' || was.text.length >= heldCharacters) return release() + plain(point);
    held = { ...was, text: was.text + speakablePoint(point) };
    return '';
  };

  const inStars = (was: Held & { kind: 'star' }, point: string): string => {
    if (point === '*') {
      held = { kind: 'none' };
      return was.standsAlone ? ' ' : say(was.text);
    }
    if (point === '\n' || was.text.length >= heldCharacters) return release() + plain(point);
    held = { ...was, text: was.text + speakablePoint(point) };
    return '';
  };

  const afterStar = (point: string): string => {
    held = { kind: 'none' };
    // `**` is emphasis and `* ` a bullet: both go, the words stay.
    if (point === '*') return '';
    if (/\s/.test(point)) return plain(point);
    held = { kind: 'star', text: '', standsAlone: lastSaid === '' || /[.!?؟…\n]/.test(lastSaid) };
    return inStars(held, point);
  };

  const atLineStart = (was: Held & { kind: 'lineStart' }, point: string): string => {
    if (/[ \t]/.test(point) && /^(?:[-+–—]|\d{1,2}[.)])$/.test(was.text)) {
      held = { kind: 'lineStart', text: '' };
      return '';
    }
    if (/^(?:[-+–—]|\d{1,2}[.)]?)$/.test(was.text + point)) {
      held = { kind: 'lineStart', text: was.text + point };
      return '';
    }
    if (was.text === '' && /[ \t]/.test(point)) return '';
    return release() + plain(point);
  };

  const plain = (point: string): string => {
    if (point === '\n' || point === '\r') {
      held = { kind: 'lineStart', text: '' };
      lastSaid = '\n';
      return '\n';
    }
    const closer = closers[point];
    if (closer !== undefined) {
      held = { kind: 'bracket', closer, text: '' };
      return '';
    }
    if (point === '*') {
      held = { kind: 'starRun' };
      return '';
    }
    return say(speakablePoint(point));
  };

  return {
    push: (point) => {
      switch (held.kind) {
        case 'none':
          return plain(point);
        case 'bracket':
          return inBracket(held, point);
        case 'star':
          return inStars(held, point);
        case 'starRun':
          return afterStar(point);
        case 'lineStart':
          return atLineStart(held, point);
      }
    },
    flush: release,
  };
}

function speakablePoint(point: string): string {
  if (marker.test(point) || quotation.test(point)) return '';
  if (unspeakable.test(point) && !keycap.test(point)) return '';
  if (dash.test(point)) return ',';
  if (point === '۔' || point === '。') return '.';
  return point === '\t' || point === '\u00A0' ? ' ' : point;
}
