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
  const cleaning = new Cleaning();
  return { push: (point) => cleaning.push(point), flush: () => cleaning.release() };
}

class Cleaning {
  private held: Held = { kind: 'lineStart', text: '' };
  /** The last code point said that is no space: tells whether a `*…*` stands alone. */
  private lastSaid = '';

  push(point: string): string {
    const { held } = this;
    switch (held.kind) {
      case 'none':
        return this.plain(point);
      case 'bracket':
        return this.withinHeld(held, point, held.closer, true);
      case 'star':
        return this.withinHeld(held, point, '*', held.standsAlone);
      case 'starRun':
        return this.afterStar(point);
      case 'lineStart':
        return this.atLineStart(held.text, point);
    }
  }

  /** Says what was held: it was no marker and no stage direction after all. */
  release(): string {
    const was = this.held;
    this.held = { kind: 'none' };
    return was.kind === 'none' || was.kind === 'starRun' ? '' : this.say(was.text);
  }

  private say(text: string): string {
    const visible = text.trimEnd();
    if (visible !== '') this.lastSaid = visible.slice(-1);
    return text;
  }

  private withinHeld(
    was: Extract<Held, { readonly kind: 'bracket' | 'star' }>,
    point: string,
    closer: string,
    isDirection: boolean,
  ): string {
    if (point === closer) {
      if (!isDirection) return this.release();
      this.held = { kind: 'none' };
      return ' ';
    }
    if (point === '\n' || was.text.length >= heldCharacters) return this.release() + this.plain(point);
    this.held = { ...was, text: was.text + speakablePoint(point) };
    return '';
  }

  private afterStar(point: string): string {
    this.held = { kind: 'none' };
    // `**` is emphasis and `* ` a bullet: both go, the words stay.
    if (point === '*') return '';
    if (/\s/.test(point)) return this.plain(point);
    const standsAlone = this.lastSaid === '' || /[.!?؟…\n]/.test(this.lastSaid);
    this.held = { kind: 'star', text: speakablePoint(point), standsAlone };
    return '';
  }

  private atLineStart(text: string, point: string): string {
    if (/[ \t]/.test(point) && /^(?:[-+–—]|\d{1,2}[.)])$/.test(text)) {
      this.held = { kind: 'lineStart', text: '' };
      return '';
    }
    if (/^(?:[-+–—]|\d{1,2}[.)]?)$/.test(text + point)) {
      this.held = { kind: 'lineStart', text: text + point };
      return '';
    }
    if (text === '' && /[ \t]/.test(point)) return '';
    return this.release() + this.plain(point);
  }

  private plain(point: string): string {
    if (point === '\n' || point === '\r') {
      this.held = { kind: 'lineStart', text: '' };
      this.lastSaid = '\n';
      return '\n';
    }
    const closer = closers[point];
    if (closer !== undefined) {
      this.held = { kind: 'bracket', closer, text: '' };
      return '';
    }
    if (point === '*') {
      this.held = { kind: 'starRun' };
      return '';
    }
    return this.say(speakablePoint(point));
  }
}

function speakablePoint(point: string): string {
  if (marker.test(point) || quotation.test(point)) return '';
  if (unspeakable.test(point) && !keycap.test(point)) return '';
  if (dash.test(point)) return ',';
  if (point === '۔' || point === '。') return '.';
  return point === '\t' || point === '\u00A0' ? ' ' : point;
}
