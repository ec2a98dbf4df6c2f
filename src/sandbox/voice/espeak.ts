import type { SpokenAudio, SpokenLanguage } from './spoken.ts';

/** The espeak-ng program as it is found on this machine; `env` carries its data path where it was only unpacked. */
export interface EspeakProgram {
  readonly command: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface EspeakRequest {
  readonly text: string;
  readonly language: SpokenLanguage;
  /** espeak-ng's voice variant, for instance `f2` or `m3`. */
  readonly variant?: string;
  /** Words per minute, 80..450. */
  readonly rate?: number;
  /** 0..99 */
  readonly pitch?: number;
}

/** Refused with an Error that never holds the text when the program fails or is missing. */
export async function speakWithEspeak(program: EspeakProgram, request: EspeakRequest): Promise<SpokenAudio> {
  throw new Error(`not ready: ${program.command} ${request.language}`);
}
