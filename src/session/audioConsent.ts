import type { LanguagePack } from '../therapist/languagePack.ts';
import type { IncomingCall, NextStep } from './callDesk.ts';

/** Asked so often; whoever presses nothing is not kept from help by a key. */
const mostAsked = 2;

/**
 * `CONSENT_BEFORE_AUDIO`: what the caller gets before any sound of theirs is listened to. Null: they pressed 1, and the stream may open.
 * Every other way leads to a person: 2 says that no program shall listen, and who presses nothing may not be able to.
 */
export function beforeAudio({ consent }: IncomingCall, pack: LanguagePack): NextStep | null {
  const { digit, asked } = consent ?? { digit: null, asked: 0 };
  if (digit === '1') return null;
  if (digit === '2' || digit === '0' || asked >= mostAsked) return { kind: 'person', reason: 'asked' };
  const sentences = pack.lines[asked === 0 ? 'askBeforeAudio' : 'askBeforeAudioAgain'];
  return { kind: 'askForKey', asked: asked + 1, sentences, ...pack.carrierVoice };
}
