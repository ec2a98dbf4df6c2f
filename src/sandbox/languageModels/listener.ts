import { feelings, openers, themes, type Theme } from './listenerTexts.ts';

/**
 * What the stand-in says: reflective listening by simple rules, after Weizenbaum's ELIZA. It looks for a feeling and a theme
 * in the caller's last words, says them back, and asks one question; the turn chooses among wordings. The same words in the
 * same place always get the same answer. It understands nothing and is no model.
 */

export type ListenerLanguage = 'ar' | 'en';

export interface HeardMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export function languageOf(messages: readonly HeardMessage[]): ListenerLanguage {
  const last = messages.findLast((message) => message.role === 'user')?.text ?? '';
  const latin = last.match(/[a-z]/gi)?.length ?? 0;
  const arabic = last.match(/[\u0621-\u064A]/g)?.length ?? 0;
  return latin > arabic ? 'en' : 'ar';
}

/** Two or three spoken sentences to the caller's last words. */
export function listen(messages: readonly HeardMessage[], language: ListenerLanguage): string {
  const said = messages.filter((message) => message.role === 'user');
  const last = simplify(said.at(-1)?.text ?? '');
  const turn = Math.max(0, said.length - 1);
  const theme = themes[language].find(({ hears }) => hears.test(last));
  if (theme !== undefined) return themed(theme, turn, feelingIn(last, language));
  const feeling = feelingIn(last, language);
  const { withFeeling, plain } = openers[language];
  if (feeling === null) return pick(plain, turn);
  return pick(withFeeling, turn).replace('{feeling}', feeling);
}

function themed(theme: Theme, turn: number, feeling: string | null): string {
  const reflection = pick(theme.reflects, turn);
  const addition = feeling !== null && theme.named !== undefined ? ` ${theme.named.replace('{feeling}', feeling)}` : '';
  return `${reflection}${addition} ${pick(theme.asks, turn)}`.trim();
}

function feelingIn(said: string, language: ListenerLanguage): string | null {
  return feelings[language].find(([hears]) => hears.test(said))?.[1] ?? null;
}

function pick(wordings: readonly string[], turn: number): string {
  return wordings[turn % wordings.length] ?? '';
}

/** Of its own, so that a slip in the application's normalising does not hide in both. */
export function simplify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u064B-\u0652\u0640'’]/g, '')
    .replace(/[أإآ]/g, 'ا')
    .replace(/ة/g, 'ه')
    .replace(/ى/g, 'ي');
}
