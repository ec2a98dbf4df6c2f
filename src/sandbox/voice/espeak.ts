import { spawn } from 'node:child_process';
import { encodeMulaw } from '../../audio/mulaw.ts';
import { toLevel } from './loudness.ts';
import { resampleTo8k } from './resample.ts';
import type { SpokenAudio, SpokenLanguage, SpokenWord } from './spoken.ts';
import { withVowelMarks } from './vowelMarks.ts';
import { spokenTokens, wordTimings } from './wordTimings.ts';

/**
 * The espeak-ng program as it is found on this machine. `env`, when given, is its whole environment, with the library and
 * data paths where it was only unpacked; without it, it inherits ours.
 */
export interface EspeakProgram {
  readonly command: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface EspeakRequest {
  readonly text: string;
  readonly language: SpokenLanguage;
  /**
   * espeak-ng's voice variant, for instance `steph` or `m3`. Those with an echo (f2 to f5) blur the pauses that word times are
   * found by, which costs them up to 150 ms.
   */
  readonly variant?: string;
  /** Words per minute, 80..450. */
  readonly rate?: number;
  /** 0..99 */
  readonly pitch?: number;
}

/** Before loudness and μ-law, for those who put it through a telephone line of their own. */
export interface RawSpeech {
  /** 8 kHz; the scale is espeak-ng's own. */
  readonly samples: Float64Array;
  readonly words: readonly SpokenWord[];
}

export class EspeakError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EspeakError';
  }
}

const textCharacters = 2000;
const runMs = 5000;
/** Two minutes of 22,050 Hz PCM16. */
const outputBytes = 120 * 44_100;
const defaultRate = 150;
/** `-g` counts units of about 10 ms; this makes gaps no natural pause reaches. */
const wideGap = 80;
const leadMs = 20;
const tailMs = 60;
const samplesPerMs = 8;
const headerBytes = 44;

/** Throws `EspeakError`, whose message never holds the text, when the program is missing, fails, or takes over 5 s. */
export async function speakWithEspeak(program: EspeakProgram, request: EspeakRequest): Promise<SpokenAudio> {
  const { samples, words } = await speakRaw(program, request);
  return { mulaw: encodeMulaw(toLevel(samples)), words };
}

/** As `speakWithEspeak`, unlevelled and uncoded. 20 ms of silence stand before the words, 60 ms after. */
export async function speakRaw(program: EspeakProgram, request: EspeakRequest): Promise<RawSpeech> {
  const text = speakable(request);
  const tokens = spokenTokens(request.text);
  if (tokens.length === 0) return { samples: new Float64Array(0), words: [] };
  const [plain, gapped] = await Promise.all([run(program, request, text, 0), run(program, request, text, wideGap)]);
  const words = wordTimings(plain.samples, gapped.samples, plain.sampleRate, tokens);
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) throw new EspeakError('espeak-ng spoke nothing');
  const sound = soundBetween(plain, first.offsetMs, last.offsetMs + last.durationMs);
  const samples = new Float64Array(sound.length + (leadMs + tailMs) * samplesPerMs);
  samples.set(sound, leadMs * samplesPerMs);
  return { samples, words: words.map((said) => ({ ...said, offsetMs: said.offsetMs - first.offsetMs + leadMs })) };
}

function soundBetween({ samples, sampleRate }: Recording, fromMs: number, toMs: number): Float64Array {
  const from = Math.floor((fromMs * sampleRate) / 1000);
  const to = Math.ceil((toMs * sampleRate) / 1000);
  return resampleTo8k(samples.subarray(from, to), sampleRate);
}

/** Double brackets are espeak-ng's phoneme notation; a text must not reach it. */
function speakable({ text, language }: EspeakRequest): string {
  const plain = text.slice(0, textCharacters).replace(/[[\]]/g, ' ');
  return language === 'ar' ? withVowelMarks(plain) : plain;
}

interface Recording {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

async function run(program: EspeakProgram, request: EspeakRequest, text: string, gap: number): Promise<Recording> {
  const { language, variant, rate = defaultRate, pitch = 50 } = request;
  const voice = variant === undefined ? language : `${language}+${variant}`;
  const options = ['-b', '1', '-v', voice, '-s', String(rate), '-p', String(pitch), '-g', String(gap), '-z'];
  const wav = await output(program, [...options, '--stdin', '--stdout'], text);
  if (wav.length < headerBytes || wav.toString('latin1', 0, 4) !== 'RIFF') {
    throw new EspeakError('espeak-ng gave no sound');
  }
  // The sizes in the header are placeholders when it writes to a pipe, so the rest of the bytes is the sound.
  const length = (wav.length - headerBytes) >> 1;
  const view = new DataView(wav.buffer, wav.byteOffset + headerBytes, length * 2);
  const samples = new Int16Array(length);
  for (let i = 0; i < length; i++) samples[i] = view.getInt16(i * 2, true);
  return { samples, sampleRate: wav.readUInt32LE(24) };
}

function output(program: EspeakProgram, options: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, options, {
      ...(program.env === undefined ? {} : { env: program.env }),
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: runMs,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > outputBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.on('error', () => reject(new EspeakError('espeak-ng could not be started')));
    // A program that ends early closes its input; its exit says what is wrong.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new EspeakError(`espeak-ng ended with ${code === null ? 'a signal' : `code ${code}`}`));
    });
    child.stdin.end(input);
  });
}
