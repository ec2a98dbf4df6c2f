import type { Opened } from '../../store/opened.ts';

/** A sealed text as staff read it. Null: it was not asked for. */
export function openedText(text: Opened | null): string {
  switch (text?.kind) {
    case undefined:
      return '';
    case 'text':
      return text.text;
    case 'removed':
      return '(removed)';
    case 'erased':
      return '(erased)';
    case 'broken':
      return `(cannot be opened: ${text.why})`;
  }
}
