import type { CallEffect, Outcome } from '../../call/effect.ts';

/** What the core and the providers name in one word, for people. */

export const handOverWords: Readonly<Record<Extract<CallEffect, { type: 'handOver' }>['reason'], string>> = {
  asked: 'the caller asked',
  risk: 'the caller is in danger',
  fault: 'Sanad has a fault',
  unheard: 'Sanad cannot hear',
};

export const escalationWords: Readonly<Record<Extract<CallEffect, { type: 'escalate' }>['reason'], string>> = {
  asked: 'the caller asked',
  risk: 'the caller is in danger',
  unheard: 'Sanad cannot hear',
  dropped: 'the person was lost',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  hungUp: 'the caller hung up',
  goodbye: 'goodbye was said',
  silence: 'nobody was to be heard',
  length: 'the longest call',
  lost: 'the line was lost',
};

const providerNames: Readonly<Record<string, string>> = {
  openai: 'OpenAI (stand-in)',
  anthropic: 'Claude (stand-in)',
  recogniser: 'speech recognition (stand-in)',
  synthesiser: 'speech synthesis (stand-in)',
};

export function providerName(provider: string): string {
  return providerNames[provider] ?? provider;
}

const faultWords: Readonly<Record<string, string>> = {
  noFirstToken: 'no first word in time',
  stalled: 'stopped in the middle',
  disconnected: 'the connection broke',
  unreachable: 'cannot be reached',
  truncated: 'ended without its last event',
  service: 'answers with an error',
  rateLimited: 'takes no more requests now',
  empty: 'ended without a word',
};

export function faultText(fault: string): string {
  return faultWords[fault] ?? fault;
}
