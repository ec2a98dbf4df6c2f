/** A language pack: everything Sanad needs to hold a call in one way of speaking. Texts are versioned with the code. */
import type { SpeechLanguage } from '../speech/recogniser.ts';
import type { Voice } from '../speech/synthesiser.ts';
import type { LineName } from '../call/lineName.ts';

export interface LanguagePack {
  readonly id: 'ar-OM' | 'ar' | 'en';
  /** Changes whenever a text of the pack changes; written on every call. */
  readonly version: string;
  readonly recognise: SpeechLanguage;
  readonly voices: { readonly female: Voice; readonly male: Voice };
  /** Twilio's own voice, for the one case in which ours is down (`<Say>`): no Omani voice exists there. */
  readonly carrierVoice: { readonly language: string; readonly voice: string };
  readonly systemPrompt: string;
  /** Each fixed line, as the sentences to be spoken one after another. */
  readonly lines: Readonly<Record<LineName, readonly string[]>>;
  readonly words: {
    readonly backchannels: readonly string[];
    readonly asksForHuman: readonly string[];
    /** "Bring nobody, call nobody." */
    readonly refusesPerson: readonly string[];
    /** Somebody is listening where the caller is. */
    readonly overheard: readonly string[];
    readonly asksToStop: readonly string[];
    readonly saysGoodbye: readonly string[];
    /** Words which, standing last, mean that the thought goes on. */
    readonly trailing: readonly string[];
    readonly painful: readonly string[];
  };
}
